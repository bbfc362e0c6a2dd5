"""Writing the export of an organisation: table after table, never more than a few rows at once."""

import hashlib
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

from sqlalchemy import Column, func, select

from baken.storage.audit import verify
from baken.storage.portability.errors import NotPortable
from baken.storage.portability.leaving import Leaving
from baken.storage.portability.manifest import MANIFEST, Manifest, Member, known_revisions
from baken.storage.portability.sealing import FileKey, SealedWriter
from baken.storage.portability.tables import (
    EMPTIED,
    GUARDED,
    ORGANISATION,
    going_in_order,
    mapper_of,
    travelling_columns,
)
from baken.storage.portability.values import Content, encode, to_line
from baken.storage.session import Session

CHUNK_ROWS: Final = 200
Progress = Callable[[int, int], None]


def write_export(
    session: Session,
    out: BinaryIO,
    key: FileKey,
    *,
    parts: Collection[str],
    software_version: str,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Write everything of the session's organisation that leaves, encrypted, to `out`.

    Parameters
    ----------
    parts : collection
        The guarded parts that go as well (`tables.GUARDED`).
    session : Session
        From `Database.snapshot`: what is written meanwhile is not part of it.
    progress : callable
        Told the number of finished members and of all.
    """
    organisation_id = session.organisation_id
    if organisation_id is None:
        raise ValueError("An export is of one organisation.")
    verdict = verify(session)
    if verdict.first_bad is not None:
        raise NotPortable(
            "portability.chain_broken",
            "The record of what was done does not fit any more from entry {seq} on. Nothing was "
            "exported; restore the database from a backup made before, or ask for help.",
            seq=verdict.first_bad,
        )
    sealed = SealedWriter(out, key)
    members: dict[str, Member] = {}
    tables, leaving = going_in_order(), Leaving(parts)
    with zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(tables):
            progress(number, len(tables))
            members[table] = _write(archive, table, _rows(session, table, leaving))
        model = mapper_of(ORGANISATION).class_
        manifest = Manifest(
            organisation_id=organisation_id,
            name=session.get_one(model, organisation_id).name,
            software_version=software_version,
            revision=known_revisions()[0],
            exported_at=now.astimezone(UTC).isoformat(),
            audit_head=verdict.head,
            members=members,
            left_behind=tuple(part for part in GUARDED if part not in parts),
        )
        archive.writestr(_entry(MANIFEST), to_line(manifest.to_json()))
    sealed.finish()
    progress(len(tables), len(tables))
    return manifest


def count_going(session: Session) -> dict[str, int]:
    """Return how many rows of each table would leave."""
    return count_rows(session, [name for name in going_in_order() if name != ORGANISATION])


def count_rows(session: Session, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows the organisation has in each of these tables."""
    models = {name: mapper_of(name).class_ for name in tables}
    return {
        name: session.scalar(select(func.count()).select_from(model)) or 0
        for name, model in models.items()
    }


def _rows(session: Session, table: str, leaving: Leaving) -> Iterator[dict[str, Any]]:
    mapper = mapper_of(table)
    asked = select(mapper.class_).order_by(*mapper.primary_key)
    if table == ORGANISATION:
        asked = asked.where(mapper.class_.id == session.organisation_id)
    for row in session.scalars(asked.execution_options(yield_per=CHUNK_ROWS)):
        if leaving.goes(table, row):
            yield row_of(table, row, leaving.blank(table, row))


def row_of(table: str, row: Any, blank: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a row as it stands in the file, without what `blank` columns hold."""
    empty = EMPTIED.get(table, frozenset()) | blank
    mapper = mapper_of(table)
    return {
        column.name: _nothing(column)
        if column.name in empty
        else encode(getattr(row, mapper.get_property_by_column(column).key))
        for column in travelling_columns(table).values()
    }


def _nothing(column: Column[Any]) -> str | None:
    return None if column.nullable else ""


def _write(archive: zipfile.ZipFile, name: str, rows: Iterable[Mapping[str, Any]]) -> Member:
    digest, content = hashlib.sha256(), Content()
    with archive.open(_entry(f"{name}.jsonl"), "w", force_zip64=True) as member:
        for row in rows:
            line = to_line(row)
            digest.update(line)
            content.add(row)
            member.write(line)
    return Member(content.n_rows, digest.hexdigest(), content.hex())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
