"""Where seats and roles differ: somebody sits in a body without its role, or holds it for nothing.

Shown to those who hand out roles; nothing is given or taken by itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.queries import list_kinds_present
from baken.actionplan.bodies.reach import ROLE_OF
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.bodies.seats import DECIDING, sits_on
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.roles import list_open_grants
from baken.storage.session import Session

# Whoever holds one of these reads at least what a member of any body reads.
WIDER: Final = frozenset({Role.ADVISER, Role.PREVENTION_ADVISER, Role.EMPLOYER})


class Difference(StrEnum):
    """What does not agree."""

    SEAT_WITHOUT_ROLE = "seat_without_role"
    ROLE_WITHOUT_SEAT = "role_without_seat"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One person with a seat or a role too few; `body` is empty for a role without a seat."""

    difference: Difference
    person_id: UUID
    role: Role
    body_id: UUID | None = None


def compare(
    seats: Iterable[tuple[UUID, Role, UUID]],
    roles: Iterable[tuple[UUID, Role]],
    *,
    of_bodies: Collection[Role],
) -> tuple[Disagreement, ...]:
    """Hold seats against roles.

    Parameters
    ----------
    seats : iterable of (person, role that belongs to the seat, body)
    roles : iterable of (person, role)
        Every role that somebody holds.
    of_bodies : collection of Role
        The roles of bodies that run: where there is none, a role misses no seat.
    """
    held: dict[UUID, set[Role]] = {}
    for person, role in roles:
        held.setdefault(person, set()).add(role)
    seated, found = set(), []
    for person, role, body in seats:
        seated.add((person, role))
        if held.get(person, set()).isdisjoint(WIDER | {role}):
            found.append(Disagreement(Difference.SEAT_WITHOUT_ROLE, person, role, body))
    found += [
        Disagreement(Difference.ROLE_WITHOUT_SEAT, person, role)
        for person, having in held.items()
        for role in sorted(having.intersection(of_bodies))
        if (person, role) not in seated
    ]
    return tuple(found)


def list_disagreements(session: Session, *, by: Actor, today: date) -> tuple[Disagreement, ...]:
    """Return where seats and roles of today differ; nothing for whoever sees no roles."""
    if not may(by, Action.SEE_PEOPLE):
        return ()
    asked = (
        select(Seat, Body.kind)
        .join(Body, Body.id == Seat.body_id)
        .join(Person, Person.id == Seat.person_id)
        .where(Body.state == BodyState.RUNNING, Person.account_id.is_not(None))
        .order_by(Seat.from_on, Seat.id)
    )
    seats = [
        (seat.person_id, ROLE_OF[kind], seat.body_id)
        for seat, kind in session.execute(asked)
        if seat.person_id is not None
        and kind in ROLE_OF
        and seat.role in DECIDING
        and sits_on(seat.from_on, seat.until_on, today)
    ]
    grants = list_open_grants(session, since=today)
    held = [(row.person_id, row.role) for row in grants if row.from_on <= today]
    running = {ROLE_OF[kind] for kind in list_kinds_present(session) if kind in ROLE_OF}
    return compare(seats, held, of_bodies=running)
