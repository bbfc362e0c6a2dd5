"""What the inspector gets: every number of a period, in order, with what may be read of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from baken.actionplan.register.access import check_right
from baken.actionplan.register.actions import name_for
from baken.actionplan.register.authors import EXPORTED
from baken.actionplan.register.errors import InvalidEntry, Unreadable
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry, Register
from baken.actionplan.register.reading import EntryReading, open_entry
from baken.actionplan.register.rules import EntryState
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import list_entries, record
from baken.storage.keys import KeyStore
from baken.storage.session import Session


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
    """A period of the register; `unreadable` holds the numbers whose key is missing."""

    permit: Permit
    contact: str
    entries: tuple[EntryReading, ...]
    unreadable: tuple[int, ...]


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


def read_period(session: Session, keys: KeyStore, permit: Permit) -> Exported:
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
    for entry in session.scalars(asked.order_by(Entry.number)):
        try:
            readings.append(_open(session, keys, register, entry, permit.by))
        except Unreadable:
            unreadable.append(entry.number or 0)
    return Exported(permit, register.contact, tuple(readings), tuple(unreadable))


def _open(
    session: Session, keys: KeyStore, register: Register, entry: Entry, by: Actor
) -> EntryReading:
    reading = open_entry(session, keys, entry)
    if entry.state is EntryState.DELETED:
        return reading
    return replace(reading, identity=name_for(session, keys, register, entry, by))
