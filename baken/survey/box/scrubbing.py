"""Cleaning the files of the database, and looking whether a secret is left in one."""

import base64
import mmap
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from baken.storage.session import Database
from baken.survey.errors import CannotScrub


def scrub_files(database: Database) -> None:
    """Rewrite the files so that nothing deleted is left in them, journals included."""
    if database.is_sqlite:
        _scrub_sqlite(database)
        return
    # FULL writes the tables anew; the old files are removed with what was in their free space.
    with database.engine.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.exec_driver_sql("VACUUM FULL envelope")
        free.exec_driver_sql("VACUUM FULL draft")


def check_nothing_left(
    database: Database, folders: Iterable[Path], needles: Sequence[bytes]
) -> None:
    """Raise `CannotScrub` when one of the secrets stands in a file, as bytes, digits or base 64."""
    written = [form for needle in needles for form in _forms(needle)]
    for file in _files(database, folders):
        if any(_is_in(file, form) for form in written):
            raise CannotScrub(
                "survey.secret_found",
                "A key of the survey was found in {file}, where it should not be. The survey stays "
                "as it is; remove that file and go on.",
                file=file.name,
            )


def _scrub_sqlite(database: Database) -> None:
    with database.writing(), closing(database.engine.raw_connection()) as connection:
        cursor: Any = connection.cursor()
        for statement in (
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "VACUUM",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            try:
                answer = cursor.execute(statement).fetchone()
            except sqlite3.Error as error:  # written by another program, or no room for the copy
                raise _in_use() from error
            if answer is not None and answer[0]:  # the journal is being read
                raise _in_use()


def _in_use() -> CannotScrub:
    return CannotScrub(
        "survey.files_in_use",
        "The files of the database are in use. The survey stays as it is; "
        "this step is taken again later.",
    )


def _files(database: Database, folders: Iterable[Path]) -> Iterable[Path]:
    if database.is_sqlite and database.engine.url.database:
        main = Path(database.engine.url.database)
        yield from (main.with_name(main.name + end) for end in ("", "-wal", "-shm"))
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _forms(needle: bytes) -> tuple[bytes, ...]:
    return (needle, needle.hex().encode(), base64.b64encode(needle).rstrip(b"="))


def _is_in(file: Path, needle: bytes) -> bool:
    if not file.is_file() or file.stat().st_size == 0:
        return False
    with (
        file.open("rb") as opened,
        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(needle) >= 0
