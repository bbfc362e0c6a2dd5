"""Files that belong to an entry: sealed under its key, read like it, gone with it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from baken.actionplan.register import sealing
from baken.actionplan.register.access import check_right
from baken.actionplan.register.authors import READ, find_own
from baken.actionplan.register.emergency import check_may_read
from baken.actionplan.register.entries import get_entry
from baken.actionplan.register.errors import InvalidEntry, NoRegister
from baken.actionplan.register.files import MOST_FILES, MOST_WAITING_FILES, File
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry, EntryAttachment, Register
from baken.actionplan.register.reading import FileReading, open_entry
from baken.actionplan.register.rules import EntryState, check_state
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.keys import KeyStore
from baken.storage.session import Session


def attach_own(
    session: Session, keys: KeyStore, register: Register, typed: str, file: File, *, today: date
) -> None:
    """Add a file to the entry of a receipt; what the author does stands in no record."""
    entry = find_own(session, keys, register, typed)
    check_state(EntryState(entry.state), EntryState.WAITING, EntryState.RECORDED)
    if entry.state is EntryState.WAITING:
        _check_room(session)
    _add(session, keys, entry, file, by=None, today=today)


def attach(
    session: Session,
    keys: KeyStore,
    entry_id: UUID,
    file: File,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Add a file that a worker brought to whoever keeps the register."""
    require(by, Action.KEEP_REGISTER)
    check_right(get_register(session), by, Right.CHANGE)
    entry = get_entry(session, entry_id)
    check_version(entry, seen)
    check_state(EntryState(entry.state), EntryState.RECORDED)
    _add(session, keys, entry, file, by=by.person_id, today=today)
    record(session, "register.attached", by=by.person_id, subject=f"entry:{entry.id}", at=now)


def read_file(
    session: Session, keys: KeyStore, entry_id: UUID, file_id: UUID, *, by: Actor, now: datetime
) -> File:
    """Open a file of an entry for somebody who may read the entry; it is recorded as a reading."""
    require(by, Action.READ_REGISTER)
    entry = get_entry(session, entry_id)
    check_may_read(session, get_register(session), by, entry, now=now)
    row = session.get(EntryAttachment, file_id)
    if row is None or row.entry_id != entry.id or entry.state is EntryState.DELETED:
        raise NoRegister
    file = open_file(keys, entry, row)
    record(session, READ, by=by.person_id, subject=f"entry:{entry.id}", at=now)
    return file


def open_file(keys: KeyStore, entry: Entry, row: EntryAttachment) -> File:
    """Open one file; who may is asked by the caller."""
    owner = entry.organisation_id
    key = sealing.get_key(keys, owner, sealing.key_name(entry.id))
    about = sealing.open_content(key, owner, row.id, row.about)
    content = sealing.open_bytes(key, owner, row.id, row.content)[: about["size"]]
    return File(about["name"], about["media_type"], content)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with an export, under the number of its entry."""

    number: int
    place: int
    file: File


def _check_room(session: Session) -> None:
    waiting = (
        select(func.count())
        .select_from(EntryAttachment)
        .join(Entry, Entry.id == EntryAttachment.entry_id)
        .where(Entry.state == EntryState.WAITING)
    )
    if (session.scalar(waiting) or 0) >= MOST_WAITING_FILES:
        raise InvalidEntry(
            "register.files_wait",
            "Many files wait for the person who keeps the register. Try again later, or give "
            "yours to that person. Your text is safe.",
        )


def _add(
    session: Session, keys: KeyStore, entry: Entry, file: File, *, by: UUID | None, today: date
) -> None:
    digest = hashlib.sha256(file.content).hexdigest()
    there: tuple[FileReading, ...] = open_entry(session, keys, entry).files
    if any(one.digest == digest for one in there):
        return  # the same form sent twice
    if len(there) >= MOST_FILES:
        raise InvalidEntry(
            "register.many_files",
            "This entry holds {most} files already. Give what you want to add to the person who "
            "keeps the register.",
            most=MOST_FILES,
        )
    key = sealing.get_key(keys, entry.organisation_id, sealing.key_name(entry.id))
    last = select(func.max(EntryAttachment.place)).where(EntryAttachment.entry_id == entry.id)
    about = {
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.content),
        "digest": digest,
    }
    row = EntryAttachment(
        id=uuid4(),
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        place=(session.scalar(last) or 0) + 1,
        added_on=today,
        added_by=by,
    )
    row.about = sealing.seal_content(key, entry.organisation_id, row.id, about)
    row.content = sealing.seal_bytes(key, entry.organisation_id, row.id, file.content)
    session.add(row)
    session.flush()
