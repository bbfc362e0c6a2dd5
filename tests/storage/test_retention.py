"""Backups live 35 days."""

from datetime import UTC, date, datetime
from pathlib import Path

from baken.storage.backup import make_backup
from baken.storage.retention import delete_old_backups
from baken.storage.session import Database

MADE = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)


def test_a_backup_goes_after_35_days_and_nothing_else_does(
    sqlite: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    path = make_backup(sqlite, folder, at=MADE)
    of_opening = make_backup(sqlite, folder / "opening-x", at=MADE)
    strange = folder / "baken-notes.txt"
    strange.write_text("mine")
    assert delete_old_backups(folder, today=date(2026, 3, 7)) == []
    assert sorted(delete_old_backups(folder, today=date(2026, 3, 8))) == sorted([path, of_opening])
    assert list(folder.iterdir()) == [strange]


def test_half_a_backup_goes_the_next_day(tmp_path: Path) -> None:
    half = tmp_path / "baken-20260131T230000000000Z.unfinished"
    half.write_bytes(b"half")
    assert delete_old_backups(tmp_path, today=date(2026, 2, 1)) == []
    assert delete_old_backups(tmp_path, today=date(2026, 2, 2)) == [half]


def test_a_folder_that_does_not_exist_yet_is_no_fault(tmp_path: Path) -> None:
    assert delete_old_backups(tmp_path / "none", today=date(2026, 2, 2)) == []
