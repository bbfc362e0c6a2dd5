"""What the keeper does with entries, and reading one. Each leaves exactly one line in the record.

The record says who did what to which entry, by a random identifier: no number, no word of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.register import entries, sealing
from baken.actionplan.register.access import check_right, readers_of_names, rights_of
from baken.actionplan.register.authors import READ
from baken.actionplan.register.emergency import check_may_read, rights_now
from baken.actionplan.register.entries import Made, Told, add_text, check_told, get_entry
from baken.actionplan.register.errors import InvalidEntry, NotYours
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry, Register
from baken.actionplan.register.reading import EntryReading, open_entry, open_identity
from baken.actionplan.register.rules import (
    REVIEW_AFTER,
    EntryState,
    Facts,
    Identity,
    Kind,
    check_facts,
    check_length,
    check_state,
    refused_until,
)
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.keys import KeyStore
from baken.storage.session import Session


class Refusal(StrEnum):
    """Why an entry gets no number; a list, because it stands in the record."""

    SPAM = "spam"
    DOUBLE = "double"
    COLLEAGUE = "colleague"
    NO_ACT = "no_act"


def enter(
    session: Session, keys: KeyStore, told: Told, *, by: Actor, today: date, now: datetime
) -> Made:
    """Write down what a worker came to tell, and number it at once."""
    require(by, Action.KEEP_REGISTER)
    register = get_register(session)
    check_right(register, by, Right.ENTER)
    check_told(told, today=today)
    readers = readers_of_names(register)
    made = entries.write_entry(
        session, keys, register, told, readers=readers, by=by.person_id, today=today
    )
    if made.is_new:
        entries.give_number(session, register, made.entry)
        _record(session, "register.entered", made.entry, by, now)
    return made


def read_entry(
    session: Session, keys: KeyStore, entry_id: UUID, *, by: Actor, now: datetime
) -> EntryReading:
    """Open an entry for somebody who may read it; what waits or was refused, for the keeper.

    The name comes along where the table of access gives it and the worker agreed to that role.
    """
    require(by, Action.READ_REGISTER)
    register = get_register(session)
    if Right.READ not in rights_now(session, register, by, now=now):
        raise NotYours
    entry = get_entry(session, entry_id)
    check_may_read(session, register, by, entry, now=now)
    reading = open_entry(session, keys, entry)
    identity = name_for(session, keys, register, entry, by)
    _record(session, READ, entry, by, now, name=identity is not None)
    return replace(reading, identity=identity)


def name_for(
    session: Session, keys: KeyStore, register: Register, entry: Entry, by: Actor
) -> Identity | None:
    """Return the name that stands with an entry, where this person may read it."""
    if Right.IDENTITY not in rights_of(register, by):
        return None
    identity = open_identity(session, keys, entry)
    roles = {role.value for role in by.roles}
    return identity if identity is not None and not roles.isdisjoint(identity.readers) else None


def accept(session: Session, entry_id: UUID, *, seen: int, by: Actor, now: datetime) -> Entry:
    """Record an entry that waits, or that was refused by mistake, under the next number."""
    register, entry = _for_change(session, entry_id, seen, by)
    check_state(EntryState(entry.state), EntryState.WAITING, EntryState.REFUSED)
    entries.give_number(session, register, entry)
    _record(session, "register.accepted", entry, by, now)
    return entry


def refuse(
    session: Session,
    keys: KeyStore,
    entry_id: UUID,
    reason: Refusal,
    words: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Refuse an entry that waits: it gets no number, and goes after a month of second thoughts.

    Its author reads `words` with the receipt; the record keeps the reason only.
    """
    _, entry = _for_change(session, entry_id, seen, by)
    check_state(EntryState(entry.state), EntryState.WAITING)
    check_length(words)
    _put_aside(session, keys, entry, reason, words.strip(), by=by.person_id, today=today)
    _record(session, "register.refused", entry, by, now, reason=reason.value)


def refuse_spam(
    session: Session,
    keys: KeyStore,
    chosen: Mapping[UUID, int],
    *,
    by: Actor,
    today: date,
    now: datetime,
) -> int:
    """Refuse entries that wait as spam, all together; return how many.

    `chosen` holds what was ticked, with the version that was seen. What somebody else dealt with in
    the meantime is left alone, and a mistake can be put right for a month.
    """
    require(by, Action.KEEP_REGISTER)
    register = get_register(session)
    check_right(register, by, Right.CHANGE)
    asked = select(Entry).where(Entry.id.in_(chosen), Entry.state == EntryState.WAITING)
    found = session.scalars(asked.order_by(Entry.id).with_for_update()).all()
    refused = [entry for entry in found if entry.version == chosen[entry.id]]
    if not refused:
        raise InvalidEntry("register.no_spam", "Tick the reports that are spam first.")
    for entry in refused:
        _put_aside(session, keys, entry, Refusal.SPAM, "", by=by.person_id, today=today)
    session.flush()
    record(
        session,
        "register.spam_refused",
        by=by.person_id,
        subject=f"register:{register.id}",
        facts={"entries": [str(entry.id) for entry in refused]},
        at=now,
    )
    return len(refused)


def _put_aside(
    session: Session,
    keys: KeyStore,
    entry: Entry,
    reason: Refusal,
    words: str,
    *,
    by: UUID,
    today: date,
) -> None:
    content = {"text": words, "reason": reason.value}
    add_text(session, keys, entry, Kind.REFUSAL, content, by=by, today=today)
    entry.state = EntryState.REFUSED
    entry.refused_on = today
    entry.purge_on = refused_until(today)


def correct(
    session: Session,
    keys: KeyStore,
    entry_id: UUID,
    facts: Facts,
    reason: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Add a corrected version with its reason; what stood there stays."""
    _, entry = _for_change(session, entry_id, seen, by)
    check_state(EntryState(entry.state), EntryState.RECORDED)
    check_facts(facts, today=today)
    _check_reason(reason)
    facts = facts.tidied()
    content = {**sealing.facts_to_content(facts), "text": reason.strip()}
    add_text(session, keys, entry, Kind.CORRECTION, content, by=by.person_id, today=today)
    entry.nature = facts.nature
    _record(session, "register.corrected", entry, by, now)


def hold(
    session: Session,
    keys: KeyStore,
    entry_id: UUID,
    reason: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Keep an entry beyond its term for a reason; somebody looks again after half a year."""
    _, entry = _for_change(session, entry_id, seen, by)
    check_state(EntryState(entry.state), EntryState.RECORDED)
    _check_reason(reason)
    content = {"text": reason.strip()}
    add_text(session, keys, entry, Kind.HOLD, content, by=by.person_id, today=today)
    entry.held_on, entry.review_on = today, today + REVIEW_AFTER
    _record(session, "register.held", entry, by, now)


def lift(
    session: Session,
    keys: KeyStore,
    entry_id: UUID,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """End a hold: from now on the term decides again."""
    _, entry = _for_change(session, entry_id, seen, by)
    check_state(EntryState(entry.state), EntryState.RECORDED)
    if entry.held_on is None:
        return
    add_text(session, keys, entry, Kind.HOLD_LIFTED, {}, by=by.person_id, today=today)
    entry.held_on = entry.review_on = None
    _record(session, "register.hold_lifted", entry, by, now)


def _for_change(session: Session, entry_id: UUID, seen: int, by: Actor) -> tuple[Register, Entry]:
    require(by, Action.KEEP_REGISTER)
    register = get_register(session)
    check_right(register, by, Right.CHANGE)
    entry = get_entry(session, entry_id)
    check_version(entry, seen)
    return register, entry


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidEntry("register.no_reason", "Write down why; it stays with the entry.")
    check_length(reason)


def _record(
    session: Session, act: str, entry: Entry, by: Actor, now: datetime, **facts: Any
) -> None:
    session.flush()
    subject = f"entry:{entry.id}"
    record(session, act, by=by.person_id, subject=subject, facts=facts, at=now)
