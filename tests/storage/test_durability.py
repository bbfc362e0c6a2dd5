"""A database that could lose what it acknowledged is refused."""

import math
import sqlite3
from typing import Any

import msgspec
import pytest
from sqlalchemy import event

from baken.storage.durability import NotDurable, check_durability
from baken.storage.engine import make_engine
from baken.storage.session import Database
from tests.databases import above_the_walls


def test_the_databases_of_the_house_keep_what_they_acknowledge(database: Database) -> None:
    check_durability(database)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "is_refused"),
    [("synchronous=OFF", True), ("synchronous=NORMAL", True), ("synchronous=FULL", False),
     ("synchronous=EXTRA", False), ("journal_mode=MEMORY", True), ("journal_mode=OFF", True),
     ("journal_mode=DELETE", False)],
)  # fmt: skip
def test_sqlite_below_full_is_refused(sqlite_url: str, pragma: str, is_refused: bool) -> None:
    database = Database(sqlite_url)

    @event.listens_for(database.engine, "connect")
    def weaken(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    try:
        if is_refused:
            with pytest.raises(NotDurable, match="when the power fails"):
                check_durability(database)
        else:
            check_durability(database)
    finally:
        database.dispose()


@pytest.mark.postgresql
def test_postgresql_that_does_not_wait_for_the_disk_is_refused(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    name = database.engine.url.database
    with above_the_walls(database) as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    database.dispose()
    with pytest.raises(NotDurable, match="synchronous_commit=off"):
        check_durability(database)
    database.dispose()


def test_what_is_no_number_is_refused_as_json_instead_of_lost() -> None:
    write, read = make_engine("sqlite://").dialect._json_serializer, msgspec.json.decode
    assert read(write({"b": 0.1, "a": [None, "é"]})) == {"b": 0.1, "a": [None, "é"]}
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="JSON"):
            write({"mean": value})
    with pytest.raises(TypeError):
        write({"key": b"bytes"})
