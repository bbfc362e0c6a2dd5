"""Importing an organisation: all of it or nothing, with an invitation for its first administrator.

Checked as a whole first; written in one transaction. A kill leaves nothing behind that the next
try does not replace.
"""

import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.errors import Conflict, Invalid, NotFound, OrganisationError
from baken.organisation.handing_out import HANDS_OUT, check_period, check_together, check_unit
from baken.organisation.invitations import send
from baken.organisation.models import Person
from baken.organisation.periods import Period
from baken.organisation.permissions import Grant, Role
from baken.organisation.roles import add_grant, list_grants, list_open_grants
from baken.organisation.transfers.models import Arrival
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
from baken.storage.errors import BakenError
from baken.storage.jobs import enqueue, unfinished_subjects
from baken.storage.keys import KeyGone, KeyStore
from baken.storage.portability.errors import damaged
from baken.storage.portability.packing import Progress
from baken.storage.portability.reading import Parcel
from baken.storage.portability.sealing import FileKey, SealedReader
from baken.storage.portability.writing import already_here, is_here, write_parcel
from baken.storage.session import Database, Session

Check = Callable[[Session], None]
JOB = "organisation.import"


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is invited as first administrator."""

    name: str
    mail: str

    @classmethod
    def named(cls, name: str, mail: str) -> "Contact":
        """Return the contact, or raise `Invalid` when name or address is missing."""
        if not name.strip() or "@" not in mail:
            raise Invalid(
                "organisation.contact_missing",
                "Name the main contact of the organisation, with a mail address: "
                "this person gets the invitation.",
            )
        return cls(name.strip(), mail.strip())


def receive_file(
    session: Session,
    keys: KeyStore,
    folder: Path,
    content: bytes,
    *,
    passphrase: str,
    contact: Contact,
    by: UUID,
    now: datetime,
) -> UUID:
    """Keep a file that somebody brought in, when the passphrase opens it; return the arrival.

    Parameters
    ----------
    by : UUID
        Account of the installer.
    """
    file = io.BytesIO(content)
    key = FileKey.of(file, passphrase)
    SealedReader(file, key).check_passphrase()
    arrival = Arrival(asked_by=by, asked_at=now, mail=contact.mail, name=contact.name)
    session.add(arrival)
    session.flush()
    with new_file(path_of(folder, arrival.id)) as out:
        out.write(content)
    keep_key(keys, arrival.id, key)
    enqueue(session, JOB, subject_id=arrival.id, by=by, now=now)
    record(session, "organisation.import_asked", by=by, subject=f"arrival:{arrival.id}", at=now)
    return arrival.id


def list_arrivals(session: Session, *, limit: int = 20) -> list[Arrival]:
    """Return the files that were brought in, the newest first."""
    return list(session.scalars(select(Arrival).order_by(Arrival.asked_at.desc()).limit(limit)))


def unpack_arrival(
    database: Database,
    keys: KeyStore,
    folder: Path,
    arrival_id: UUID,
    *,
    check: Check,
    now: datetime,
    today: date,
    progress: Progress,
) -> None:
    """Import the file of an arrival; whatever comes of it, file and key are gone afterwards."""
    with database.read(None) as session:
        arrival = session.get_one(Arrival, arrival_id)
        is_over, contact = arrival.finished_at is not None, Contact(arrival.name, arrival.mail)
        by = arrival.asked_by
    try:
        if not is_over:
            bring_in(
                database,
                _opened(folder, keys, arrival_id),
                check=check,
                contact=contact,
                by=by,
                now=now,
                today=today,
                progress=progress,
                arrival_id=arrival_id,
            )
    except BakenError as error:
        # What may go better by itself is tried again with the same file; every other no is final.
        if error.kind != "conflict":
            _finish(database, arrival_id, now=now)
            forget_file(folder, keys, arrival_id)
        raise
    crash_point("import.written")
    forget_file(folder, keys, arrival_id)


def bring_in(
    database: Database,
    parcel: Parcel,
    *,
    check: Check,
    contact: Contact,
    by: UUID | None,
    now: datetime,
    today: date,
    progress: Progress,
    arrival_id: UUID | None = None,
) -> UUID:
    """Check a parcel and write it; return the identifier of the organisation.

    Parameters
    ----------
    check : callable
        Told the session when everything is written: raises when something came in that could not
        have come about here.
    """
    organisation_id = parcel.manifest.organisation_id
    with database.read(organisation_id) as session:
        if is_here(session, parcel):
            raise already_here()
    parcel.check(progress)
    crash_point("import.checked")
    with database.session(organisation_id) as session:
        write_parcel(session, parcel)
        crash_point("import.rows_written")
        check(session)
        _check_roles(session, today=today)
        record(
            session,
            "organisation.imported",
            by=None,
            subject=f"organisation:{organisation_id}",
            at=now,
            facts={
                "rows": sum(member.rows for member in parcel.manifest.members.values()),
                "content_sha256": parcel.manifest.content_sha256,
                "left_behind": ", ".join(parcel.manifest.left_behind),
                "installer": str(by) if by else "",
            },
        )
        _welcome(session, contact, now=now, today=today)
        if arrival_id is not None:
            _close(session, arrival_id, organisation_id, now)
    return organisation_id


def _check_roles(session: Session, *, today: date) -> None:
    """Raise `DamagedExport` when somebody holds, or will hold, what nobody could have got here."""
    held: dict[UUID, list[tuple[Grant, Period]]] = defaultdict(list)
    for row in list_open_grants(session, since=today):
        grant, period = Grant(row.role, row.unit_id), Period(row.from_on, row.until_on)
        try:
            check_unit(row.role, row.unit_id)
            check_period(row.role, period)
            check_together(grant, period, held[row.person_id])
        except OrganisationError as error:
            raise damaged("a role that nobody could have got") from error
        held[row.person_id].append((grant, period))


def _welcome(session: Session, contact: Contact, *, now: datetime, today: date) -> None:
    """Let the contact hand out rights from today on, and invite them."""
    asked = select(Person).where(func.lower(Person.mail) == contact.mail.lower())
    person = session.scalars(asked.order_by(Person.id)).first()
    if person is None:
        person = Person(name=contact.name, mail=contact.mail)
        session.add(person)
        session.flush()
    held = {grant.role for grant in list_grants(session, person.id, today=today)}
    if held.isdisjoint(HANDS_OUT):
        # The rules of every other role: an adviser of the organisation is no administrator too.
        _make_administrator(session, person.id, today=today)
    # Nobody in the organisation has an account yet who could invite: it starts with this one.
    send(session, person.id, by=person.id, now=now)


def _make_administrator(session: Session, person_id: UUID, *, today: date) -> None:
    try:
        add_grant(
            session,
            person_id,
            Role.ADMINISTRATOR,
            unit_id=None,
            from_on=today,
            until_on=None,
            today=today,
        )
    except Conflict as error:
        raise Invalid(
            "organisation.contact_apart",
            "Whoever you named as main contact has a role in this organisation that does not go "
            "with handing out rights, such as adviser. Nothing was imported; bring the file in "
            "again and name somebody else.",
        ) from error


def _opened(folder: Path, keys: KeyStore, arrival_id: UUID) -> Parcel:
    path = path_of(folder, arrival_id)
    try:
        key = kept_key(keys, arrival_id)
        file: BinaryIO = io.BytesIO(path.read_bytes())
    except (KeyGone, FileNotFoundError) as error:
        raise NotFound(
            "organisation.arrival_gone",
            "The file that was brought in is gone. Nothing was imported; bring it in again.",
        ) from error
    return Parcel(file, key)


def forget_old_arrivals(session: Session, *, now: datetime) -> int:
    """Blank who was named in what nobody works at any more; return how many."""
    asked = select(Arrival).where(
        Arrival.finished_at.is_(None), Arrival.asked_at < now - FETCHED_WITHIN
    )
    busy = unfinished_subjects(session)
    old = [row.id for row in session.scalars(asked) if row.id not in busy]
    for arrival_id in old:
        _close(session, arrival_id, None, now)
    return len(old)


def _finish(database: Database, arrival_id: UUID, *, now: datetime) -> None:
    with database.session(None) as session:
        _close(session, arrival_id, None, now)


def _close(session: Session, arrival_id: UUID, organisation_id: UUID | None, now: datetime) -> None:
    arrival = session.get_one(Arrival, arrival_id)
    arrival.arrived_id, arrival.finished_at = organisation_id, now
    arrival.name = arrival.mail = ""
