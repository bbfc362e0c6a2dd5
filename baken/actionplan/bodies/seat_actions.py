"""Giving somebody a seat, changing it, ending it; what was stays readable.

A seat gives no role: whoever hands out roles does that on the page of people. It does let read what
people bring to the body, so nobody takes one among the workers' own by themselves.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies import queries, reach, rules, seats
from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.seats import SeatFields, Taken
from baken.actionplan.errors import Denied
from baken.actionplan.references import check_exists
from baken.organisation.humans import is_same_human
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_seat(
    session: Session, body_id: UUID, fields: SeatFields, *, by: Actor, today: date
) -> Seat:
    """Give somebody a seat, from a day on."""
    body = _lock(session, body_id, by, today)
    seat = Seat(body_id=body.id, **_checked(session, body, fields, by))
    session.add(seat)
    session.flush()
    _record(session, "seat.added", seat, by, role=seat.role.value, side=seat.side.value)
    return seat


def seat_chosen(session: Session, body: Body, fields: SeatFields, *, by: Actor) -> Seat:
    """Give a seat to somebody who was chosen out of a call; whoever chose them records it."""
    _hold(session, body.id)
    seat = Seat(body_id=body.id, **_checked(session, body, fields, by))
    session.add(seat)
    session.flush()
    return seat


def leave_seat(
    session: Session, body_id: UUID, person_id: UUID | None, name: str, *, today: date
) -> None:
    """Let the seat end of somebody who was chosen and takes that back; who does it records it."""
    asked = select(Seat).where(
        Seat.body_id == body_id, Seat.person_id == person_id, Seat.name == name
    )
    for seat in session.scalars(asked):
        if seat.until_on is None or seat.until_on > today:
            seat.until_on = max(today, seat.from_on)


def edit_seat(
    session: Session, seat_id: UUID, fields: SeatFields, *, seen: int, by: Actor, today: date
) -> Seat:
    """Correct a seat: its part, side, days or the groups somebody is of."""
    seat = queries.get_seat(session, seat_id)
    body = _lock(session, seat.body_id, by, today)
    check_version(seat, seen)
    for name, value in _checked(session, body, fields, by, own_id=seat.id).items():
        setattr(seat, name, value)
    _record(session, "seat.edited", seat, by)
    return seat


def fields_of(seat: Seat) -> SeatFields:
    """What people filled in about a seat."""
    return SeatFields(
        person_id=seat.person_id,
        name=seat.name,
        function=seat.function,
        role=seat.role,
        side=seat.side,
        unit_id=seat.unit_id,
        substitute_of_id=seat.substitute_of_id,
        groups=tuple(seat.groups),
        from_on=seat.from_on,
        until_on=seat.until_on,
    )


def _lock(session: Session, body_id: UUID, by: Actor, today: date) -> Body:
    _hold(session, body_id)
    body = queries.get_body(session, body_id)
    reach.check_sets_up(session, body, by=by, today=today)
    rules.check_can_change(body.state)
    return body


def _hold(session: Session, body_id: UUID) -> None:
    """Hold the body: two who give seats at once would not see each other's chair."""
    session.scalars(select(Body).where(Body.id == body_id).with_for_update()).one_or_none()


def _checked(
    session: Session, body: Body, fields: SeatFields, by: Actor, *, own_id: UUID | None = None
) -> dict[str, Any]:
    _check_not_oneself(session, body, fields, by)
    groups = [one.group for one in queries.wanted_of(body)]
    seats.check_seat(fields, body_from_on=body.from_on, body_ended_on=body.ended_on, groups=groups)
    taken = [_taken(one) for one in queries.list_seats(session, body.id)]
    seats.check_beside(fields, taken, own_id=own_id)
    check_exists(session, Person, fields.person_id)
    check_exists(session, Unit, fields.unit_id)
    return {
        "person_id": fields.person_id,
        "name": fields.name.strip(),
        "function": fields.function.strip(),
        "role": fields.role,
        "side": fields.side,
        "unit_id": fields.unit_id,
        "substitute_of_id": fields.substitute_of_id,
        "groups": list(fields.groups),
        "from_on": fields.from_on,
        "until_on": fields.until_on,
    }


def _check_not_oneself(session: Session, body: Body, fields: SeatFields, by: Actor) -> None:
    """Refuse a seat that somebody takes among the workers: there a seat lets read what they say."""
    if body.kind in reach.OWN_HOUSE or fields.person_id is None:
        return
    if is_same_human(session, by.person_id, [fields.person_id]):
        raise Denied(
            "bodies.own_seat",
            "Nobody gives themselves a seat in a body that speaks for the workers, nor changes "
            "the own one. Ask somebody else to write it down.",
        )


def _taken(seat: Seat) -> Taken:
    return Taken(
        id=seat.id,
        person_id=seat.person_id,
        name=seat.name,
        role=seat.role,
        is_substitute=seat.substitute_of_id is not None,
        from_on=seat.from_on,
        until_on=seat.until_on,
    )


def _record(session: Session, act: str, seat: Seat, by: Actor, **facts: str) -> None:
    record(
        session,
        act,
        by=by.person_id,
        subject=f"body:{seat.body_id}",
        facts=facts,
        private={"name": seat.name, "person": str(seat.person_id or "")},
    )
