"""What the inspector gets: every number of a period, in order, with what may be read of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from baken.actionplan.register.access import check_right
from baken.actionplan.register.actions import name_for
from baken.actionplan.register.attachments import Enclosed, open_file
from baken.actionplan.register.authors import EXPORTED
from baken.actionplan.register.errors import InvalidEntry, Unreadable
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry, EntryAttachment, Register
from baken.actionplan.register.reading import EntryReading, open_entry
from baken.actionplan.register.rules import EntryState
from baken.actionplan.register.setting_up import get_register, reach_in
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import list_entries, record
from baken.storage.keys import KeyDamaged, KeyStore
from baken.storage.session import Session

MOST_ENCLOSED: Final = 200 * 1024**2
"""Bytes of files in one export: it is made in memory, so that nothing stays in clear."""


@dataclass(frozen=True, slots=True)
class Permit:
    """That an export was asked for and stands in the record; `head` is the line that says so."""

    from_on: date
    until_on: date
    reason: str
    by: Actor
    head: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A period of the register; `unreadable` holds the numbers that open with no key there is."""

    permit: Permit
    contact: str
    entries: tuple[EntryReading, ...]
    unreadable: tuple[int, ...]
    enclosed: tuple[Enclosed, ...] = ()


def ask_export(
    session: Session, *, from_on: date, until_on: date, reason: str, by: Actor, now: datetime
) -> Permit:
    """Put an export of what was recorded in a period in the record; reading it comes after."""
    require(by, Action.EXPORT_REGISTER)
    register = get_register(session)
    check_right(register, by, Right.EXPORT)
    if until_on < from_on:
        raise InvalidEntry(
            "register.days_reversed", "The last day lies before the first. Exchange the two."
        )
    if not reason.strip():
        raise InvalidEntry("register.no_export_reason", "Write down for whom and why.")
    record(
        session,
        EXPORTED,
        by=by.person_id,
        subject=f"register:{register.id}",
        facts={"from_on": from_on.isoformat(), "until_on": until_on.isoformat()},
        private={"reason": reason.strip()},
        at=now,
    )
    (last,) = list_entries(session, limit=1)
    return Permit(from_on, until_on, reason.strip(), by, f"{last.seq}:{last.hash.hex()}")


def read_period(session: Session, keys: KeyStore, permit: Permit, *, language: str) -> Exported:
    """Open every numbered entry of the period, names where they were consented to.

    It takes a while and writes nothing, so it needs no turn to write.
    """
    register = get_register(session)
    asked = select(Entry).where(
        Entry.number.is_not(None),
        Entry.recorded_on >= permit.from_on,
        Entry.recorded_on <= permit.until_on,
    )
    readings: list[EntryReading] = []
    unreadable: list[int] = []
    enclosed: list[Enclosed] = []
    for entry in session.scalars(asked.order_by(Entry.number)):
        try:
            reading = _open(session, keys, register, entry, permit.by)
            files = list(_files(session, keys, entry)) if reading.files else []
        except (Unreadable, KeyDamaged):  # one damaged row keeps no other from the inspector
            unreadable.append(entry.number or 0)
            continue
        readings.append(reading)
        enclosed += files
        _check_room(enclosed)
    contact = reach_in(register, language).contact
    return Exported(permit, contact, tuple(readings), tuple(unreadable), tuple(enclosed))


def _files(session: Session, keys: KeyStore, entry: Entry) -> Iterator[Enclosed]:
    asked = select(EntryAttachment).where(EntryAttachment.entry_id == entry.id)
    for row in session.scalars(asked.order_by(EntryAttachment.place)):
        yield Enclosed(entry.number or 0, row.place, open_file(keys, entry, row))
        session.expunge(row)  # its bytes are in the list already


def _check_room(enclosed: Sequence[Enclosed]) -> None:
    if sum(len(one.file.content) for one in enclosed) > MOST_ENCLOSED:
        raise InvalidEntry(
            "register.large_export",
            "The files of this period are more than {most} MB together. Choose a shorter period "
            "and make several exports.",
            most=MOST_ENCLOSED // 1024**2,
        )


def _open(
    session: Session, keys: KeyStore, register: Register, entry: Entry, by: Actor
) -> EntryReading:
    reading = open_entry(session, keys, entry)
    if entry.state is EntryState.DELETED:
        return reading
    return replace(reading, identity=name_for(session, keys, register, entry, by))
