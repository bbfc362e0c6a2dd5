"""Exporting an organisation: asked for by a person, written in the background, fetched once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts.passwords import is_easy
from baken.organisation.errors import NotFound
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.transfers.consents import allowed_parts
from baken.organisation.transfers.models import OrganisationExport
from baken.organisation.transfers.places import (
    FETCHED_WITHIN,
    forget_file,
    keep_key,
    kept_key,
    new_file,
    path_of,
)
from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.jobs import enqueue
from baken.storage.keys import INSTALLATION, KeyGone, KeyStore
from baken.storage.portability.errors import WeakPassphrase
from baken.storage.portability.manifest import Manifest
from baken.storage.portability.packing import Progress, write_export
from baken.storage.portability.sealing import FileKey
from baken.storage.session import Database, Session

Check = Callable[[Session], None]
JOB = "organisation.export"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export as pages show one."""

    id: UUID
    asked_at: datetime
    finished_at: datetime | None
    fetched_at: datetime | None
    n_bytes: int
    content_sha256: str
    can_be_fetched: bool
    parts: tuple[str, ...]


def ask_export(
    session: Session,
    keys: KeyStore,
    *,
    passphrase: str,
    check: Check,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """Ask for an export under a passphrase that only this person knows; return its job.

    The guarded parts go that are allowed today, whatever is said of them while it is written.
    """
    require(by, Action.EXPORT_ORGANISATION)
    check(session)
    parts = allowed_parts(session, today=today)
    row = OrganisationExport(asked_by=by.person_id, asked_at=now, parts=[*parts])
    session.add(row)
    session.flush()
    keep_key(keys, row.id, new_key(passphrase))
    record(
        session,
        "organisation.export_asked",
        by=by.person_id,
        subject=f"export:{row.id}",
        facts={"parts": ", ".join(parts)},
        at=now,
    )
    return enqueue(session, JOB, subject_id=row.id, by=by.person_id, now=now)


def make_export(
    database: Database,
    keys: KeyStore,
    folder: Path,
    export_id: UUID,
    *,
    organisation_id: UUID,
    check: Check,
    software_version: str,
    now: datetime,
    progress: Progress,
) -> None:
    """Write the file that was asked for; when it is there already, nothing is left to do.

    Cut off anywhere it starts again: half a file is written over, the key waits in the key store.
    """
    with database.read(organisation_id) as session:
        asked = _get(session, export_id)
        is_finished, parts = asked.finished_at is not None, tuple(asked.parts)
    if not is_finished:
        path = path_of(folder, export_id)
        with new_file(path) as out:
            manifest = write_organisation(
                database,
                out,
                _key(keys, export_id),
                organisation_id=organisation_id,
                parts=parts,
                check=check,
                software_version=software_version,
                now=now,
                progress=progress,
            )
        crash_point("export.written")
        with database.session(organisation_id) as session:
            row = _get(session, export_id)
            row.finished_at, row.n_bytes = now, path.stat().st_size
            row.content_sha256 = manifest.content_sha256
            record_exported(session, manifest, subject=f"export:{export_id}", now=now)
    crash_point("export.recorded")
    keys.destroy(INSTALLATION, "transfers", str(export_id))


def write_organisation(
    database: Database,
    out: object,
    key: FileKey,
    *,
    organisation_id: UUID,
    parts: Collection[str],
    check: Check,
    software_version: str,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Write one moment of an organisation to an open file, with the guarded parts named."""
    with database.snapshot(organisation_id) as session:
        check(session)
        return write_export(
            session,
            out,  # type: ignore[arg-type]
            key,
            parts=parts,
            software_version=software_version,
            now=now,
            progress=progress,
        )


def record_exported(session: Session, manifest: Manifest, *, subject: str, now: datetime) -> None:
    """Note in the record what left."""
    record(
        session,
        "organisation.exported",
        by=None,
        subject=subject,
        at=now,
        facts={
            "rows": sum(member.rows for member in manifest.members.values()),
            "content_sha256": manifest.content_sha256,
            "left_behind": ", ".join(manifest.left_behind),
        },
    )


def list_exports(
    session: Session, folder: Path, *, by: Actor, now: datetime, limit: int = 20
) -> list[ExportRow]:
    """Return the newest exports; which of them can still be fetched."""
    require(by, Action.EXPORT_ORGANISATION)
    newest = select(OrganisationExport).order_by(OrganisationExport.asked_at.desc())
    return [_row(row, folder, now) for row in session.scalars(newest.limit(limit))]


def fetch_export(
    session: Session, folder: Path, export_id: UUID, *, by: Actor, now: datetime
) -> Path:
    """Return the file to hand over now; afterwards `fetched` deletes it."""
    require(by, Action.EXPORT_ORGANISATION)
    row = _get(session, export_id)
    if not _row(row, folder, now).can_be_fetched:
        raise _gone()
    row.fetched_at = now
    record(
        session,
        "organisation.export_fetched",
        by=by.person_id,
        subject=f"export:{export_id}",
        at=now,
    )
    return path_of(folder, export_id)


def fetched(folder: Path, keys: KeyStore, export_id: UUID) -> None:
    """Delete a file that was handed over."""
    forget_file(folder, keys, export_id)


def new_key(passphrase: str) -> FileKey:
    """Return the key of a new file; raise `WeakPassphrase` for a passphrase that can be guessed."""
    if is_easy(passphrase.strip().casefold()):
        raise WeakPassphrase(
            "portability.passphrase_weak",
            "This passphrase is easy to guess. Choose five words that do not belong together, or "
            "let Baken make one.",
        )
    return FileKey.new(passphrase)


def _key(keys: KeyStore, export_id: UUID) -> FileKey:
    try:
        return kept_key(keys, export_id)
    except KeyGone as error:
        raise _gone() from error


def _gone() -> NotFound:
    return NotFound(
        "organisation.export_gone",
        "This file was fetched already, or is older than a day: it is gone. Export again.",
    )


def _get(session: Session, export_id: UUID) -> OrganisationExport:
    row = session.get(OrganisationExport, export_id)
    if row is None:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return row


def _row(row: OrganisationExport, folder: Path, now: datetime) -> ExportRow:
    in_time = row.finished_at is not None and now - row.finished_at <= FETCHED_WITHIN
    return ExportRow(
        id=row.id,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        fetched_at=row.fetched_at,
        n_bytes=row.n_bytes or 0,
        content_sha256=row.content_sha256 or "",
        can_be_fetched=in_time and path_of(folder, row.id).is_file(),
        parts=tuple(row.parts),
    )
