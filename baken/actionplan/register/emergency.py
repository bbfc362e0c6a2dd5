"""Reading while nobody who keeps the register can: two people together, for a day, for a reason.

One asks, another one agrees; both log in with their second factor. They read what the keeper would,
without names: consent was given to others. Every reading stands in the record, as always.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from baken.actionplan.register import sealing
from baken.actionplan.register.access import rights_of
from baken.actionplan.register.errors import InvalidEntry, NotNow, NotYours
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import EmergencyReading, Entry, Register
from baken.actionplan.register.rules import EntryState, check_length
from baken.actionplan.register.setting_up import get_register
from baken.organisation.humans import is_same_human
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, Role, require
from baken.organisation.roles import list_open_grants
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.jobs import enqueue
from baken.storage.keys import KeyStore
from baken.storage.session import Session

LETTER: Final = "mail.register_emergency"

LASTS: Final = timedelta(hours=24)
"""So long two people read; so long a question waits for the second of them."""

SHOWN_FOR: Final = timedelta(days=30)
"""So long whoever keeps the register is told on the home page that others read."""

_NUMBERED: Final = frozenset({EntryState.RECORDED, EntryState.DELETED})


@dataclass(frozen=True, slots=True)
class Emergency:
    """A question that waits, or two people who read."""

    id: UUID
    version: int
    asked_by: str
    asked_at: datetime
    reason: str
    agreed_by: str
    until: datetime
    is_own: bool  # the reader asked it, so somebody else has to agree
    is_open: bool


def rights_now(
    session: Session, register: Register, by: Actor, *, now: datetime
) -> frozenset[Right]:
    """Return what the table of access gives this person, and reading in an emergency."""
    rights = rights_of(register, by)
    return rights | {Right.READ} if reads_in_emergency(session, by, now=now) else rights


def check_may_read(
    session: Session, register: Register, by: Actor, entry: Entry, *, now: datetime
) -> None:
    """Raise `NotYours` unless this person may read this entry now; what waits is the keeper's."""
    rights = rights_of(register, by)
    needed = {Right.READ} if entry.state in _NUMBERED else {Right.READ, Right.CHANGE}
    if not needed <= rights and not reads_in_emergency(session, by, now=now):
        raise NotYours


def reads_in_emergency(session: Session, by: Actor, *, now: datetime) -> bool:
    """Whether this person is one of two who read in an emergency now."""
    return any(
        one.agreed_at is not None and by.person_id in (one.asked_by, one.agreed_by)
        for one in _running(session, now)
    )


def waiting_emergencies(session: Session, by: Actor, *, now: datetime) -> list[date]:
    """Return since when a question waits for this person to agree to it or to refuse it."""
    return [
        one.asked_at.date()
        for one in _running(session, now)
        if one.agreed_at is None and not is_same_human(session, by.person_id, [one.asked_by])
    ]


def read_by_others(session: Session, by: Actor, *, now: datetime) -> list[date]:
    """Return on which days of late two others began to read: for whoever keeps the register."""
    return [
        one.agreed_at.date()
        for one in _agreed(session)
        if one.agreed_at is not None
        and one.agreed_at > now - SHOWN_FOR
        and by.person_id not in (one.asked_by, one.agreed_by)
    ]


def list_earlier(
    session: Session, keys: KeyStore, *, by: Actor, now: datetime
) -> tuple[Emergency, ...]:
    """Return the emergency readings that are over, the newest first: who read, and why."""
    require(by, Action.READ_IN_EMERGENCY)
    over = (one for one in _agreed(session) if _until(one) <= now)
    return tuple(_shown(session, keys, one, by) for one in over)


def find_emergency(
    session: Session, keys: KeyStore, *, by: Actor, now: datetime
) -> Emergency | None:
    """Return what is asked or runs now, for those who keep the register or could be one of two."""
    require(by, Action.READ_IN_EMERGENCY)
    for one in _running(session, now):
        return _shown(session, keys, one, by)
    return None


def ask_emergency(
    session: Session, keys: KeyStore, reason: str, *, by: Actor, now: datetime
) -> EmergencyReading:
    """Ask to read in an emergency; nothing is open before somebody else agreed."""
    require(by, Action.READ_IN_EMERGENCY)
    register = get_register(session)
    if not reason.strip():
        raise InvalidEntry(
            "register.no_emergency_reason",
            "Write down what happened, and why whoever keeps the register cannot be reached.",
        )
    check_length(reason)
    session.get(Register, register.id, with_for_update=True, populate_existing=True)
    if _running(session, now):
        raise NotNow("register.emergency_there", "An emergency reading is asked or runs already.")
    row = EmergencyReading(
        id=uuid4(), organisation_id=by.organisation_id, asked_by=by.person_id, asked_at=now
    )
    door = sealing.get_key(keys, by.organisation_id, sealing.DOOR)
    row.reason = sealing.seal_content(door, by.organisation_id, row.id, {"reason": reason.strip()})
    session.add(row)
    _record(session, "register.emergency_asked", row, by=by, now=now, reason=reason.strip())
    return row


def agree_emergency(
    session: Session, emergency_id: UUID, *, seen: int, by: Actor, today: date, now: datetime
) -> None:
    """Agree as the second of two: from now on both read for a day, and the keepers hear of it."""
    require(by, Action.READ_IN_EMERGENCY)
    row = _get(session, emergency_id, now)
    check_version(row, seen)
    if row.agreed_at is not None:
        raise NotNow("register.emergency_agreed", "Somebody agreed to this already.")
    if is_same_human(session, by.person_id, [row.asked_by]):
        raise NotYours(
            "register.emergency_needs_other",
            "It takes two: somebody else who answers for safety has to agree.",
        )
    row.agreed_by, row.agreed_at = by.person_id, now
    _record(session, "register.emergency_agreed", row, by=by, now=now)
    _tell_keepers(session, row, by=by, today=today, now=now)


def end_emergency(
    session: Session, emergency_id: UUID, *, seen: int, by: Actor, now: datetime
) -> None:
    """Refuse or end it: whoever keeps the register is back, or it is not needed."""
    require(by, Action.READ_IN_EMERGENCY)
    row = _get(session, emergency_id, now)
    check_version(row, seen)
    row.ended_at = now
    _record(session, "register.emergency_ended", row, by=by, now=now)


def _tell_keepers(
    session: Session, row: EmergencyReading, *, by: Actor, today: date, now: datetime
) -> None:
    """Have a letter sent to whoever keeps the register, but not to the two who read."""
    keeper = Role(get_register(session).keeper)
    grants = list_open_grants(session, since=today)
    holders = {one.person_id for one in grants if one.role is keeper and one.from_on <= today}
    for person_id in sorted(holders - {row.asked_by, row.agreed_by}):
        enqueue(session, LETTER, subject_id=person_id, by=by.person_id, now=now)


def _running(session: Session, now: datetime) -> list[EmergencyReading]:
    asked = select(EmergencyReading).where(
        EmergencyReading.ended_at.is_(None), EmergencyReading.asked_at > now - 2 * LASTS
    )
    return [one for one in session.scalars(asked) if _until(one) > now]


def _agreed(session: Session) -> list[EmergencyReading]:
    asked = select(EmergencyReading).where(EmergencyReading.agreed_at.is_not(None))
    return list(session.scalars(asked.order_by(EmergencyReading.agreed_at.desc())))


def _until(row: EmergencyReading) -> datetime:
    return row.ended_at or (row.agreed_at or row.asked_at) + LASTS


def _get(session: Session, emergency_id: UUID, now: datetime) -> EmergencyReading:
    for one in _running(session, now):
        if one.id == emergency_id:
            return one
    raise NotNow("register.emergency_over", "This emergency reading is over, or was never asked.")


def _shown(session: Session, keys: KeyStore, row: EmergencyReading, by: Actor) -> Emergency:
    door = sealing.get_key(keys, row.organisation_id, sealing.DOOR)
    reason = sealing.open_content(door, row.organisation_id, row.id, row.reason)["reason"]
    agreed = session.get(Person, row.agreed_by) if row.agreed_by else None
    return Emergency(
        id=row.id,
        version=row.version,
        asked_by=session.get_one(Person, row.asked_by).name,
        asked_at=row.asked_at,
        reason=str(reason),
        agreed_by=agreed.name if agreed else "",
        until=_until(row),
        is_own=is_same_human(session, by.person_id, [row.asked_by]),
        is_open=row.agreed_at is not None,
    )


def _record(
    session: Session,
    act: str,
    row: EmergencyReading,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    session.flush()
    private = {"reason": reason} if reason else None
    subject = f"emergency:{row.id}"
    record(session, act, by=by.person_id, subject=subject, private=private, at=now)
