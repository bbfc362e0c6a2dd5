"""Asking for a removal, confirming it, calling it off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from baken.organisation.humans import is_same_human
from baken.organisation.models import Organisation, Person
from baken.organisation.permissions import ALLOWED, Action, Actor, require
from baken.organisation.removals import rules
from baken.organisation.removals.errors import BeingRemoved, CannotRemove, NoRemoval
from baken.organisation.removals.holds import count_holds
from baken.organisation.removals.models import Removal, RemovalReason
from baken.organisation.roles import list_open_grants
from baken.organisation.tenure import get_held_since
from baken.storage.audit import record
from baken.storage.jobs import enqueue
from baken.storage.session import Session

Check = Callable[[Session], None]
LETTER = "mail.removal_confirmed"


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """A removal as pages show one."""

    id: UUID
    reason: RemovalReason
    asked_by: UUID
    asked_at: datetime
    confirmed_by: UUID | None
    due_on: date | None
    started_at: datetime | None


def ask_removal(
    session: Session,
    reason: RemovalReason,
    *,
    check: Check,
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """Ask for the removal of the organisation; another person has to confirm it."""
    require(by, Action.REMOVE_ORGANISATION)
    _check_settled(session, by, asked_on=today, today=today)
    if find_removal(session) is not None:
        raise CannotRemove(
            "organisation.removal_asked", "The removal of this organisation was asked already."
        )
    _check_free(session, check)
    removal = Removal(reason=reason, asked_by=by.person_id, asked_at=now, n_rows={})
    session.add(removal)
    session.flush()
    _record(session, "organisation.removal_asked", removal, by=by, now=now, reason=reason)
    return removal.id


def confirm_removal(
    session: Session, *, check: Check, by: Actor, today: date, now: datetime
) -> date:
    """Confirm as the second person; return the day on which it starts."""
    require(by, Action.REMOVE_ORGANISATION)
    removal = _get_waiting(session)
    if removal.confirmed_by is not None:
        raise CannotRemove("organisation.removal_confirmed", "This removal was confirmed already.")
    rules.check_other_person(is_same=is_same_human(session, by.person_id, [removal.asked_by]))
    # Whoever asked may not have made the second person for the occasion.
    _check_settled(session, by, asked_on=removal.asked_at.date(), today=today)
    _check_free(session, check)
    due_on = rules.due_on(today)
    removal.confirmed_by, removal.confirmed_at, removal.due_on = by.person_id, now, due_on
    _tell_everybody(session, by=by, today=today, now=now)
    _record(
        session,
        "organisation.removal_confirmed",
        removal,
        by=by,
        now=now,
        due_on=due_on.isoformat(),
    )
    return due_on


def cancel_removal(session: Session, *, by: Actor, now: datetime) -> None:
    """Call a removal off; whoever may ask for one may do so, until it starts."""
    require(by, Action.REMOVE_ORGANISATION)
    removal = _get_waiting(session)
    removal.cancelled_by, removal.cancelled_at = by.person_id, now
    _record(session, "organisation.removal_cancelled", removal, by=by, now=now)


def find_removal(session: Session) -> RemovalRow | None:
    """Return the removal that was asked for and not called off, if there is one."""
    removal = session.scalars(standing_removal()).first()
    if removal is None:
        return None
    return RemovalRow(
        id=removal.id,
        reason=removal.reason,
        asked_by=removal.asked_by,
        asked_at=removal.asked_at,
        confirmed_by=removal.confirmed_by,
        due_on=removal.due_on,
        started_at=removal.started_at,
    )


def check_not_started(session: Session) -> None:
    """Raise `BeingRemoved` when the removal has started, or is done."""
    removal = session.scalars(standing_removal()).first()
    organisation = session.get_one(Organisation, session.organisation_id)
    if organisation.removed_on is not None or (removal is not None and removal.started_at):
        raise BeingRemoved(
            "organisation.removal_running",
            "The removal of this organisation has started. Nothing can be saved any more.",
        )


def standing_removal() -> Select[Removal]:
    """Select the removal that was not called off."""
    return select(Removal).where(Removal.cancelled_at.is_(None)).order_by(Removal.asked_at)


def _get_waiting(session: Session) -> Removal:
    removal = session.scalars(standing_removal()).first()
    if removal is None or removal.started_at is not None:
        raise NoRemoval(
            "organisation.no_removal",
            "There is no removal that waits: it was called off, or has started.",
        )
    return removal


def _check_settled(session: Session, by: Actor, *, asked_on: date, today: date) -> None:
    roles = ALLOWED[Action.REMOVE_ORGANISATION]
    rules.check_settled(get_held_since(session, by.person_id, roles, today=today), asked_on)


def _tell_everybody(session: Session, *, by: Actor, today: date, now: datetime) -> None:
    """Have a letter sent to everybody with a role, while the removal can be called off."""
    holders = {grant.person_id for grant in list_open_grants(session, since=today)}
    asked = select(Person.id).where(Person.id.in_(holders), Person.mail != "").order_by(Person.id)
    for person_id in list(session.scalars(asked)):
        enqueue(session, LETTER, subject_id=person_id, by=by.person_id, now=now)


def _check_free(session: Session, check: Check) -> None:
    rules.check_not_held(count_holds(session))
    check(session)


def _record(
    session: Session, action: str, removal: Removal, *, by: Actor, now: datetime, **facts: str
) -> None:
    subject = f"removal:{removal.id}"
    record(session, action, by=by.person_id, subject=subject, at=now, facts=facts)
