"""Holds: nothing of the organisation is removed while one stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.errors import Invalid, NotFound
from baken.organisation.models import Organisation, Person
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.removals.models import LegalHold
from baken.organisation.removals.rules import REVIEW_DAYS
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold as pages show one."""

    id: UUID
    reason: str
    set_by: str
    set_on: date
    review_on: date
    until_on: date | None
    version: int


def set_hold(
    session: Session,
    reason: str,
    *,
    until_on: date | None = None,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """Keep everything of the organisation from now on, for a reason; with a last day it ends then.

    Raises
    ------
    Invalid
        No reason, or a last day that has passed.
    """
    require(by, Action.HOLD_ORGANISATION)
    if not reason.strip():
        raise Invalid(
            "organisation.hold_reason", "Write down why everything has to be kept for now."
        )
    if until_on is not None and until_on < today:
        raise Invalid("organisation.hold_past", "The last day of a hold lies today or later.")
    _take_turn(session)
    hold = LegalHold(
        reason=reason.strip(),
        until_on=until_on,
        set_by=by.person_id,
        set_on=today,
        review_on=today + timedelta(days=REVIEW_DAYS),
    )
    session.add(hold)
    session.flush()
    record(
        session,
        "hold.set",
        by=by.person_id,
        subject=f"hold:{hold.id}",
        at=now,
        private={"reason": hold.reason},
    )
    return hold.id


def lift_hold(
    session: Session, hold_id: UUID, *, version: int, by: Actor, today: date, now: datetime
) -> None:
    """End a hold."""
    require(by, Action.HOLD_ORGANISATION)
    hold = session.get(LegalHold, hold_id)
    if hold is None or hold.lifted_on is not None:
        raise NotFound("organisation.no_hold", "This hold was lifted already.")
    check_version(hold, version)
    hold.lifted_by, hold.lifted_on = by.person_id, today
    record(session, "hold.lifted", by=by.person_id, subject=f"hold:{hold.id}", at=now)


def list_holds(session: Session) -> list[HoldRow]:
    """Return the holds that stand, the oldest first."""
    asked = (
        select(LegalHold, Person)
        .join(Person, Person.id == LegalHold.set_by)
        .where(LegalHold.lifted_on.is_(None))
        .order_by(LegalHold.set_on, LegalHold.id)
    )
    return [
        HoldRow(
            hold.id,
            hold.reason,
            person.name,
            hold.set_on,
            hold.review_on,
            hold.until_on,
            hold.version,
        )
        for hold, person in session.execute(asked)
    ]


def end_past_holds(session: Session, *, today: date, now: datetime) -> int:
    """End the holds whose last day is over; return how many."""
    asked = select(LegalHold).where(LegalHold.lifted_on.is_(None), LegalHold.until_on < today)
    over = list(session.scalars(asked.with_for_update()))
    for hold in over:
        hold.lifted_on = today
        session.flush()
        record(session, "hold.ended", by=None, subject=f"hold:{hold.id}", at=now)
    return len(over)


def is_held(session: Session) -> bool:
    """Whether a hold stands, asked by whoever is about to delete in this very transaction.

    Setting a hold and deleting wait for each other: a hold either comes before a deletion and stops
    it, or after it.
    """
    _take_turn(session)
    return count_holds(session) > 0


def _take_turn(session: Session) -> None:
    """Let nobody else set a hold or delete by term until this transaction is over."""
    asked = select(Organisation.id).where(Organisation.id == session.organisation_id)
    session.execute(asked.with_for_update(key_share=True))


def count_holds(session: Session) -> int:
    """How many holds stand."""
    asked = select(func.count()).select_from(LegalHold).where(LegalHold.lifted_on.is_(None))
    return session.scalar(asked) or 0
