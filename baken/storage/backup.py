"""Backups: every table in one SQLite file, whatever engine the installation runs on.

One form for both engines means one way to restore and one way to check. The key store is never
part of it; it is copied by itself, to another place.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, Uuid, column, func, insert, select, table
from sqlalchemy.exc import SQLAlchemyError

from baken.storage.base import Base
from baken.storage.errors import BakenError
from baken.storage.guard import owned_tables
from baken.storage.migrate import migrate
from baken.storage.session import Database
from baken.storage.walls import enter

CHUNK_ROWS = 500

_ORGANISATION = table("organisation", column("id", Uuid()))


class BackupFailed(BakenError):
    """The copy is not what the original is."""

    kind = "conflict"


def make_backup(database: Database, folder: Path, *, at: datetime) -> Path:
    """Copy every table into a new file in `folder` and compare the number of rows of each.

    Returns
    -------
    Path
        The finished backup; a file that is still being written has another name.
    """
    path = folder / f"baken-{at:%Y%m%dT%H%M%S%fZ}.sqlite"
    unfinished = path.with_suffix(".unfinished")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        unfinished.unlink(missing_ok=True)
        if database.is_sqlite:
            _copy_file(database, unfinished)
        else:
            _copy_tables(database, unfinished)
        unfinished.chmod(0o600)
        _sync(unfinished)
        unfinished.rename(path)
        _sync(folder)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        with suppress(OSError):  # half a copy is none, and takes the room that is lacking
            unfinished.unlink(missing_ok=True)
        raise BackupFailed(
            "storage.backup_not_written",
            "The backup could not be written. The database itself is unchanged. Check whether "
            "the disk of the backups is full and try again.",
        ) from error
    return path


def open_backup(path: Path) -> Database:
    """Open a backup like any other database; dispose it after use."""
    if not path.is_file():
        raise BackupFailed("storage.no_backup", "There is no backup at {path}.", path=path)
    return Database(f"sqlite:///{path}")


def count_rows(database: Database) -> dict[str, int]:
    """Return the number of rows of every table, whichever organisation they belong to."""
    with database.transaction(None, read_only=True) as connection:
        return _count(connection)


def _count(connection: Connection) -> dict[str, int]:
    counts = _no_rows()
    for one in _tables_in_turn(connection):
        asked = select(func.count()).select_from(one)
        counts[one.name] += connection.execute(asked).scalar_one()
    return counts


def _copy_file(database: Database, path: Path) -> None:
    source_path = database.engine.url.database
    if not source_path:
        raise BackupFailed("storage.no_file", "A database in memory cannot be backed up.")
    with (
        closing(sqlite3.connect(source_path, timeout=10)) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
        if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupFailed("storage.backup_damaged", "The backup does not pass its check.")


def _copy_tables(database: Database, path: Path) -> None:
    path.write_bytes(_empty_database())
    target = Database(f"sqlite:///{path}")
    try:
        # One snapshot of everything: what is written meanwhile belongs to the next backup.
        isolated = database.engine.execution_options(isolation_level="REPEATABLE READ")
        with isolated.connect() as source, target.engine.begin() as out:
            counts = _no_rows()
            out.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for one in _tables_in_turn(source):
                for chunk in source.execute(select(one)).mappings().partitions(CHUNK_ROWS):
                    rows = [dict(row) for row in chunk]
                    out.execute(insert(one), rows)
                    counts[one.name] += len(rows)
            _compare(counts, _count(out))
    finally:
        target.dispose()
    _make_one_file(path)


@cache
def _empty_database() -> bytes:
    """A SQLite file of the newest form without a row; the migrations run once in a process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        migrate(f"sqlite:///{path}")
        _make_one_file(path)
        return path.read_bytes()


def _make_one_file(path: Path) -> None:
    """Leave no write-ahead log beside it."""
    with closing(sqlite3.connect(path)) as finished:
        finished.execute("PRAGMA journal_mode=DELETE")


def _no_rows() -> dict[str, int]:
    return {one.name: 0 for one in Base.metadata.sorted_tables}


def _tables_in_turn(connection: Connection) -> Iterator[Table]:
    """Give every table that can be read now; on PostgreSQL those of organisations once for each.

    The program's role sees one organisation at a time there, so a copy is made in rounds.
    """
    owned = owned_tables()
    if connection.dialect.name == "sqlite":
        yield from Base.metadata.sorted_tables
        return
    enter(connection, None)
    yield from (one for one in Base.metadata.sorted_tables if one not in owned)
    for organisation_id in connection.execute(select(_ORGANISATION.c.id)).scalars().all():
        enter(connection, organisation_id)
        yield from (one for one in Base.metadata.sorted_tables if one in owned)


def _compare(counts: dict[str, int], copied: dict[str, int]) -> None:
    wrong = [name for name, n_rows in counts.items() if copied[name] != n_rows]
    if wrong:
        raise BackupFailed(
            "storage.backup_differs",
            "The backup differs from the database in {tables}. It is not used; try again.",
            tables=", ".join(wrong),
        )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
