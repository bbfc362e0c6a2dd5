"""Giving somebody a seat, changing it, ending it; what was stays readable.

A seat gives no role: whoever hands out roles does that on the page of people. It does let read what
people bring to the body, so nobody takes one among the workers' own by themselves.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies import queries, reach, rules, seats
from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.seats import SeatFields, Taken
from baken.actionplan.errors import Denied
from baken.actionplan.references import check_exists
from baken.organisation.humans import entries_of_human, is_same_human
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import ALLOWED, Action, Actor, may, require
from baken.organisation.roles import list_grants
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_seat(
    session: Session, body_id: UUID, fields: SeatFields, *, by: Actor, today: date
) -> Seat:
    """Give somebody a seat, from a day on."""
    body = _lock(session, body_id, by, today)
    _check_nominated(session, body, fields, by=by, today=today)
    seat = Seat(body_id=body.id, **_checked(session, body, fields, by))
    session.add(seat)
    session.flush()
    _record(session, "seat.added", seat, by, role=seat.role.value, side=seat.side.value)
    return seat


def seat_chosen(
    session: Session, body: Body, fields: SeatFields, *, by: Actor, today: date
) -> Seat:
    """Give a seat to somebody who was chosen out of a call; whoever chose them records it."""
    _hold(session, body.id)
    _check_nominated(session, body, fields, by=by, today=today)
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
    if replace(fields_of(seat), until_on=fields.until_on) != fields or _is_later(fields, seat):
        _check_nominated(session, body, fields, by=by, today=today)
    for name, value in _checked(session, body, fields, by, own_id=seat.id).items():
        setattr(seat, name, value)
    _record(session, "seat.edited", seat, by)
    return seat


def resign_seat(
    session: Session, seat_id: UUID, *, until_on: date, seen: int, by: Actor, today: date
) -> Seat:
    """End the own seat, in any body: nobody is kept somewhere, and nobody is asked for it."""
    require(by, Action.TAKE_PART_IN_BODIES)
    seat = queries.get_seat(session, seat_id)
    _hold(session, seat.body_id)
    body = queries.get_body(session, seat.body_id)
    if seat.person_id != by.person_id:
        raise reach.nothing_here()
    rules.check_can_change(body.state)
    check_version(seat, seen)
    seats.check_resigning(seat.from_on, seat.until_on, until_on_asked=until_on, today=today)
    seat.until_on = until_on
    _record(session, "seat.resigned", seat, by, until_on=until_on.isoformat())
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
    reach.check_seats_people(session, body, by=by, today=today)
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


def _check_nominated(
    session: Session, body: Body, fields: SeatFields, *, by: Actor, today: date
) -> None:
    """Refuse that those who set bodies up seat each other among the workers.

    There one of them has a seat from somebody who is no such person: the chair, the secretary or
    the main contact. A secretary who makes the plans would otherwise let in the other planners.
    """
    if body.kind in reach.OWN_HOUSE or fields.person_id is None:
        return
    if not may(by, Action.EDIT_BODIES):
        return
    entries = entries_of_human(session, fields.person_id)
    held = {one.role for key in entries for one in list_grants(session, key, today=today)}
    if held & ALLOWED[Action.EDIT_BODIES]:
        raise Denied(
            "bodies.planner_seated",
            "Those who set up groups do not seat each other in a body that speaks for the workers. "
            "A chair or secretary who sets up no groups writes this seat down, or such a main "
            "contact.",
        )


def _is_later(fields: SeatFields, seat: Seat) -> bool:
    """Whether the seat would last longer than it does."""
    if seat.until_on is None:
        return False
    return fields.until_on is None or fields.until_on > seat.until_on


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
