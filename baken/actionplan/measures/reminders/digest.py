"""Who gets the weekly letter: everybody with a task here, until they say no."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.measures.reminders.models import DigestRefusal
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, Grant, may, require
from baken.organisation.roles import list_open_grants
from baken.organisation.waiting import Waiting
from baken.storage.audit import record
from baken.storage.session import Session

MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What the letter says: how much waits, and how much of it is late. No names, no titles."""

    n_waiting: int
    n_late: int


def is_day_of_letters(today: date) -> bool:
    """Whether the letters of the week go out: on Mondays."""
    return today.weekday() == MONDAY


def digest_of(waiting: Iterable[Waiting], *, today: date) -> Digest | None:
    """Count what waits; None when nothing does, and then no letter goes."""
    found = list(waiting)
    if not found:
        return None
    return Digest(len(found), sum(one.is_late(today) for one in found))


def list_readers(session: Session, *, today: date) -> list[Actor]:
    """Return the people who read plans today and did not refuse the letter of the week."""
    refused = set(session.scalars(select(DigestRefusal.person_id)))
    return [one for one in list_plan_readers(session, today=today) if one.person_id not in refused]


def list_plan_readers(session: Session, *, today: date) -> list[Actor]:
    """Return the people with an account and a role today that reads plans."""
    grants: dict[UUID, set[Grant]] = {}
    for row in list_open_grants(session, since=today):
        if row.from_on <= today:
            grants.setdefault(row.person_id, set()).add(Grant(row.role, row.unit_id))
    people = session.scalars(select(Person).where(Person.account_id.is_not(None)))
    readers = [
        Actor(one.id, one.organisation_id, one.name, frozenset(grants[one.id]))
        for one in people
        if one.id in grants
    ]
    return sorted(
        (one for one in readers if may(one, Action.SEE_PLANS)), key=lambda one: one.person_id
    )


def wants_digest(session: Session, *, by: Actor) -> bool:
    """Whether the person gets the weekly letter."""
    return _find(session, by) is None


def choose_digest(session: Session, *, wanted: bool, by: Actor, today: date) -> None:
    """Let the weekly letter come or not."""
    require(by, Action.SEE_PLANS)
    refusal = _find(session, by)
    if wanted and refusal is not None:
        session.delete(refusal)
    elif not wanted and refusal is None:
        session.add(DigestRefusal(person_id=by.person_id, refused_on=today))
    session.flush()
    act = "digest.wanted" if wanted else "digest.refused"
    record(session, act, by=by.person_id, subject=f"person:{by.person_id}")


def _find(session: Session, by: Actor) -> DigestRefusal | None:
    asked = select(DigestRefusal).where(DigestRefusal.person_id == by.person_id)
    return session.scalars(asked).one_or_none()
