"""Who sits in the body that meets, and who of them may see or lead its meetings."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies import reach
from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.seats import LEADING, SeatRole, sits_on
from baken.actionplan.errors import Denied
from baken.actionplan.meetings.models import Attendee, Meeting
from baken.organisation.models import Person
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, Role, may, require
from baken.storage.session import Session

ADVISERS: Final = frozenset({Role.ADVISER, Role.PREVENTION_ADVISER})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a seat; `substitute` is who comes when they cannot."""

    seat_id: UUID
    person_id: UUID | None
    name: str
    role: SeatRole
    substitute: str = ""


def list_members(
    session: Session, body_id: UUID, *, on: date, with_substitutes: bool = False
) -> list[Member]:
    """Return who has a seat on a day: who leads first, then by name.

    Substitutes come with those whom they replace, or on a line of their own when asked.
    """
    seats = [
        seat
        for seat in session.scalars(select(Seat).where(Seat.body_id == body_id))
        if sits_on(seat.from_on, seat.until_on, on)
    ]
    names = dict(list_names(session))
    named = {seat.id: _name_of(seat, names) for seat in seats}
    instead = {seat.substitute_of_id: named[seat.id] for seat in seats if seat.substitute_of_id}
    found = [
        Member(seat.id, seat.person_id, named[seat.id], seat.role, instead.get(seat.id, ""))
        for seat in seats
        if with_substitutes or seat.substitute_of_id is None
    ]
    order = list(SeatRole)
    return sorted(found, key=lambda one: (order.index(one.role), one.name.casefold()))


def seat_names(session: Session) -> dict[UUID, str]:
    """The name behind every seat, of now and before."""
    names = dict(list_names(session))
    return {seat.id: _name_of(seat, names) for seat in session.scalars(select(Seat))}


def _name_of(seat: Seat, names: dict[UUID, str]) -> str:
    return names.get(seat.person_id, "") if seat.person_id else seat.name


def find_receiver(session: Session, line: Attendee, meeting: Meeting) -> Person | None:
    """Return whom a letter about a meeting is for: somebody with a seat on its day."""
    seat = session.get_one(Seat, line.seat_id)
    if seat.person_id is None or not sits_on(seat.from_on, seat.until_on, meeting.on):
        return None
    return session.get_one(Person, seat.person_id)


def list_own_bodies(session: Session, *, by: Actor, today: date) -> frozenset[UUID]:
    """Return the bodies in which the person sits today: a role opens no meeting by itself."""
    return frozenset(reach.list_own_seats(session, by=by, today=today))


def list_led_bodies(session: Session, *, by: Actor, today: date) -> frozenset[UUID]:
    """Return the bodies whose meetings the person leads: as chair, secretary or adviser.

    An adviser leads those of groups that the organisation set up itself; of the workers' own bodies
    only where one of its seats is theirs, a guest's excepted.
    """
    if not may(by, Action.LEAD_MEETINGS):
        return frozenset()
    own = reach.list_own_seats(session, by=by, today=today)
    is_adviser = bool(by.roles & ADVISERS)
    led = {
        seat.body_id
        for seat in own.values()
        if seat.role in LEADING or (is_adviser and seat.role != SeatRole.GUEST)
    }
    return frozenset(led | (_list_of_house(session) if is_adviser else set()))


def _list_of_house(session: Session) -> set[UUID]:
    return set(session.scalars(select(Body.id).where(Body.kind.in_(reach.OWN_HOUSE))))


def may_see(session: Session, meeting: Meeting, *, by: Actor, today: date) -> bool:
    """Whether the person sees a meeting: who sits in its body, now or on its day, or leads it."""
    if not may(by, Action.SEE_MEETINGS):
        return False
    if meeting.body_id in list_led_bodies(session, by=by, today=today):
        return True
    if meeting.body_id in list_own_bodies(session, by=by, today=today):
        return True
    return meeting.body_id in reach.list_own_seats(session, by=by, today=meeting.on)


def check_may_see(session: Session, meeting: Meeting, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may see the meeting."""
    require(by, Action.SEE_MEETINGS)
    if not may_see(session, meeting, by=by, today=today):
        raise Denied(
            "meetings.not_a_member",
            "Meetings are for those who sit in the body. What it decided stands in the register "
            "of decisions.",
        )


def may_lead(
    session: Session, body_id: UUID, *, by: Actor, today: date, secretary_id: UUID | None = None
) -> bool:
    """Whether the person prepares meetings of a body and writes their minutes.

    Parameters
    ----------
    secretary_id : UUID, optional
        The seat of who is secretary of one meeting.
    """
    if not may(by, Action.LEAD_MEETINGS):
        return False
    if body_id in list_led_bodies(session, by=by, today=today):
        return True
    seat = reach.list_own_seats(session, by=by, today=today).get(body_id)
    return seat is not None and seat.id == secretary_id


def check_may_lead(
    session: Session, body_id: UUID, *, by: Actor, today: date, secretary_id: UUID | None = None
) -> None:
    """Raise `Denied` unless the person prepares meetings of the body and writes minutes."""
    require(by, Action.LEAD_MEETINGS)
    if not may_lead(session, body_id, by=by, today=today, secretary_id=secretary_id):
        raise Denied(
            "meetings.not_leading",
            "The chair, the secretary and a prevention adviser who sits in the body prepare "
            "meetings and write minutes. Ask one of them.",
        )
