"""Backups of both engines have one form."""

import resource
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, table

from baken.organisation.models import Unit, UnitKind
from baken.storage.audit import record, verify
from baken.storage.backup import BackupFailed, count_rows, make_backup, open_backup
from baken.storage.session import Database
from tests.databases import above_the_walls

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_a_backup_opens_and_holds_the_same(
    database: Database, organisation, tmp_path: Path
) -> None:
    with database.session(organisation.id) as session:
        for number in range(3):
            session.add(
                Unit(kind=UnitKind.TEAM, number=str(number), name="é", from_on=date(2026, 1, 1))
            )
        record(session, "units.added", by=None, subject="unit:3", facts={"n": 3}, at=AT)
    path = make_backup(database, tmp_path / "backups", at=AT)
    copy = open_backup(path)
    assert count_rows(copy) == count_rows(database)
    with above_the_walls(database) as everything:
        for name, n_rows in count_rows(copy).items():
            counted = select(func.count()).select_from(table(name))
            assert everything.execute(counted).scalar_one() == n_rows, name
    with copy.read(organisation.id) as session:
        assert sorted(unit.number for unit in session.scalars(select(Unit))) == ["0", "1", "2"]
        assert verify(session).first_bad is None
    copy.dispose()
    assert path.stat().st_mode & 0o077 == 0


def test_a_missing_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no backup"):
        open_backup(tmp_path / "none.sqlite")


def test_a_backup_without_room_is_said_and_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        with pytest.raises(BackupFailed, match="could not be written"):
            make_backup(database, tmp_path / "backups", at=AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "backups").glob("*.sqlite")) == []
    assert list((tmp_path / "backups").glob("*.unfinished")) == []
    assert make_backup(database, tmp_path / "backups", at=AT).is_file()


def test_a_folder_that_cannot_be_made_is_said(sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file")
    with pytest.raises(BackupFailed, match="could not be written"):
        make_backup(sqlite, tmp_path / "backups", at=AT)
