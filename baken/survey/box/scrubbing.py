"""Cleaning the files of the database, and looking whether a secret is left in one."""

import base64
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from baken.storage.session import Database
from baken.survey.box.searching import find_in_files
from baken.survey.errors import CannotScrub


def scrub_files(database: Database) -> None:
    """Rewrite the files so that nothing deleted is left in them, journals included."""
    if database.is_sqlite:
        _scrub_sqlite(database)
        return
    # Writes the tables of envelopes and drafts anew, with the rights of their owner; the old files
    # are removed with what was in their free space.
    with database.transaction(None) as connection:
        connection.execute(select(func.scrub_envelopes()))


def check_nothing_left(
    database: Database, folders: Iterable[Path], needles: Sequence[bytes]
) -> None:
    """Raise `CannotScrub` when one of the secrets stands in a file, as bytes, digits or base 64."""
    written = [form for needle in needles for form in _forms(needle)]
    found = find_in_files(_files(database, folders), written)
    if found is not None:
        raise CannotScrub(
            "survey.secret_found",
            "A key of the survey was found in {file}, where it should not be. The survey stays "
            "as it is; remove that file and go on.",
            file=found.name,
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
