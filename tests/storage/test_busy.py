"""Somebody else holds the database: one clear sentence, and nothing half written."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import func, select

from baken.organisation.models import Organisation
from baken.storage import engine, session
from baken.storage.session import Database, DatabaseBusy

pytestmark = pytest.mark.sqlite


@pytest.fixture
def impatient(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that waits a tenth of a second for its turn instead of ten seconds."""
    waits = [pragma for pragma in engine.PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(engine, "PRAGMAS", (*waits, "PRAGMA busy_timeout=100"))
    monkeypatch.setattr(session, "BUSY_TIMEOUT_MS", 100)
    return Database(sqlite_url)


def count(database: Database) -> int:
    with database.read(None) as opened:
        return opened.scalar(select(func.count()).select_from(Organisation)) or 0


def add(database: Database) -> None:
    with database.session(None) as opened:
        opened.add(Organisation(name="Een"))


def test_another_program_that_writes_is_waited_for_and_then_said(impatient: Database) -> None:
    path = impatient.engine.url.database or ""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="Nothing was saved; try again"):
            add(impatient)
        assert count(impatient) == 0  # readers do not wait
        other.execute("ROLLBACK")
    add(impatient)
    assert count(impatient) == 1
    impatient.dispose()


def test_a_writer_in_the_same_process_is_waited_for_and_then_said(impatient: Database) -> None:
    with impatient.writing(), pytest.raises(DatabaseBusy):
        add(impatient)
    add(impatient)
    assert count(impatient) == 1
    impatient.dispose()
