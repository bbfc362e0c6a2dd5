"""Who finds a body, who takes part in it and who leads it: by seat beside role.

A committee and the delegates are the workers' own: topics brought to them are read by those who
sit there, and nobody takes a seat there by themselves. Whoever decides for the employer reads them
only where somebody else gave them a seat, which the list of members shows.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body, Proposal, Seat
from baken.actionplan.bodies.proposals import Backing
from baken.actionplan.bodies.rules import BodyKind
from baken.actionplan.bodies.seats import DECIDING, LEADING, SeatRole, sits_on
from baken.actionplan.errors import Denied, NotFound
from baken.organisation.humans import entries_of_human
from baken.organisation.permissions import Action, Actor, Role, may, require
from baken.storage.session import Session

ROLE_OF: Final[Mapping[BodyKind, Role]] = {
    BodyKind.STEERING_GROUP: Role.STEERING_MEMBER,
    BodyKind.WORKING_GROUP: Role.WORKING_GROUP_MEMBER,
    BodyKind.COMMITTEE: Role.CPBW_MEMBER,
    BodyKind.WORKS_COUNCIL: Role.WORKS_COUNCIL_MEMBER,
    BodyKind.UNION_DELEGATION: Role.UNION_DELEGATE,
}
"""The role with which a member of a body logs in."""

OWN_HOUSE: Final = frozenset({BodyKind.STEERING_GROUP, BodyKind.WORKING_GROUP})
"""Bodies that the organisation set up itself; the others speak for the workers by law."""


def list_own_seats(session: Session, *, by: Actor, today: date) -> dict[UUID, Seat]:
    """Return the seats that the person has today, by body."""
    asked = select(Seat).where(Seat.person_id == by.person_id)
    seats = session.scalars(asked)
    return {one.body_id: one for one in seats if sits_on(one.from_on, one.until_on, today)}


def may_see(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person finds a body at all."""
    is_near = (
        belongs(body, own, by=by)
        or gives_mandate(body, own, by=by)
        or seats_people(body, own, by=by)
    )
    return body.is_open or is_near or may(by, Action.OVERSEE_BODIES)


def belongs(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person sits there, or holds the role of a body of which there is only one."""
    role = ROLE_OF.get(body.kind)
    is_one = body.kind not in {BodyKind.WORKING_GROUP, BodyKind.WORKERS}
    return body.id in own or (is_one and role in by.roles)


def takes_part(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person may propose in the name of the body: a member, or whoever leads it."""
    seat = own.get(body.id)
    return (seat is not None and seat.role in DECIDING) or leads(body, own, by=by)


def leads(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person keeps the body going: chair, secretary, or who sets groups up."""
    seat = own.get(body.id)
    if seat is not None and seat.role in LEADING:
        return True
    return body.kind in OWN_HOUSE and may(by, Action.EDIT_BODIES)


def sets_up(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person may change what the body is and who sits there."""
    return may(by, Action.EDIT_BODIES) or leads(body, own, by=by)


def gives_mandate(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person says what a body may decide, and who answers for it.

    In a group of the organisation that is whoever sets groups up, who answers for it, or who leads
    the body that set it up: never those who decide in it and whom the mandate binds.
    """
    if body.kind not in OWN_HOUSE or may(by, Action.EDIT_BODIES):
        return sets_up(body, own, by=by)
    seat = own.get(body.id)
    if seat is not None and seat.role in DECIDING:
        return False
    above = own.get(body.set_up_by_id) if body.set_up_by_id is not None else None
    is_above = above is not None and above.role in LEADING
    return is_above or body.owner_id == by.person_id


def seats_people(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person gives seats: whoever sets the body up, and the main contact.

    The main contact does in the workers' own bodies, for those whom no planner may seat there.
    """
    is_contact = Role.MAIN_CONTACT in by.roles and body.kind not in OWN_HOUSE
    return sets_up(body, own, by=by) or is_contact


def reads_inside(body: Body, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person reads every topic and note of the body.

    A guest comes for one point and reads neither. In a body that speaks for the workers the seat
    counts alone: its role may have been given for another one, or have outlived the seat.
    """
    seat = own.get(body.id)
    if seat is not None:
        return seat.role != SeatRole.GUEST
    is_near = belongs(body, own, by=by) or may(by, Action.OVERSEE_BODIES)
    return body.kind in OWN_HOUSE and is_near


def reads_proposal(proposal: Proposal, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person reads a proposal and its answers."""
    sides = {proposal.body_id, proposal.to_body_id}
    is_side = proposal.proposed_by == by.person_id or not sides.isdisjoint(own)
    return is_side or may(by, Action.OVERSEE_BODIES)


def answers(proposal: Proposal, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether the person may answer a proposal: whoever decides, and never who proposed it.

    The employer answers everything. In the name of a steering group nobody answers who decides in
    the group that proposes.
    """
    if proposal.proposed_by == by.person_id or not may(by, Action.ANSWER_PROPOSALS):
        return False
    if Role.EMPLOYER in by.roles:
        return True
    seat = own.get(proposal.body_id)
    is_side = seat is not None and seat.role in DECIDING
    return proposal.to_body_id is not None and not is_side


def may_rewrite(proposal: Proposal, own: Mapping[UUID, Seat], *, by: Actor) -> bool:
    """Whether a proposal is the person's to change or to take back.

    Whoever made it; where the group stands behind it, everybody who decides there; where one
    member does, whoever keeps the group going once the proposer no longer sits there.
    """
    if proposal.proposed_by == by.person_id:
        return True
    seat = own.get(proposal.body_id)
    return seat is not None and seat.role in DECIDING and proposal.backing != Backing.MEMBER


def check_rewrites(session: Session, proposal: Proposal, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may change this proposal or take it back."""
    require(by, Action.TAKE_PART_IN_BODIES)
    own = list_own_seats(session, by=by, today=today)
    if not may_rewrite(proposal, own, by=by) and not _takes_over(session, proposal, own, today):
        raise Denied(
            "bodies.proposal_of_others",
            "Only those who made this proposal change it or take it back.",
        )


def may_answer(
    proposal: Proposal, own: Mapping[UUID, Seat], *, by: Actor, entries: Collection[UUID]
) -> bool:
    """Whether the person may answer a proposal that none of their log-ins made.

    Parameters
    ----------
    entries : collection of UUID
        Every entry of the organisation that is the same human.
    """
    return proposal.proposed_by not in entries and answers(proposal, own, by=by)


def check_answers(session: Session, proposal: Proposal, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may answer this proposal."""
    require(by, Action.ANSWER_PROPOSALS)
    own = list_own_seats(session, by=by, today=today)
    entries = entries_of_human(session, by.person_id)
    if not may_answer(proposal, own, by=by, entries=entries):
        raise Denied(
            "bodies.not_deciding",
            "Whoever this was proposed to answers it, and never the person who proposed it.",
        )


def check_leads(session: Session, body: Body, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person keeps the body going."""
    own = _seats_where_found(session, body, by, today)
    if not leads(body, own, by=by):
        raise _not_leading(body)


def check_sets_up(session: Session, body: Body, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may change the body and its seats."""
    own = _seats_where_found(session, body, by, today)
    if not sets_up(body, own, by=by):
        raise _not_leading(body)


def check_edits(session: Session, body: Body, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may change the body, its mandate or the rest of it."""
    own = _seats_where_found(session, body, by, today)
    if not sets_up(body, own, by=by) and not gives_mandate(body, own, by=by):
        raise _not_leading(body)


def check_seats_people(session: Session, body: Body, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person may give seats in the body."""
    own = _seats_where_found(session, body, by, today)
    if not seats_people(body, own, by=by):
        raise _not_leading(body)


def check_takes_part(session: Session, body: Body, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless the person sits in the body."""
    own = _seats_where_found(session, body, by, today)
    if not takes_part(body, own, by=by):
        raise Denied(
            "bodies.not_sitting",
            "Only members of “{name}” do this. Bring it as a topic instead.",
            name=body.name,
        )


def _not_leading(body: Body) -> Denied:
    return Denied(
        "bodies.not_leading",
        "Only the chair and the secretary of “{name}” do this. Ask one of them.",
        name=body.name,
    )


def nothing_here() -> NotFound:
    """What somebody hears of a body that is closed to them, and of one that does not exist."""
    return NotFound(
        "actionplan.not_found",
        "This does not exist, or no longer. Nothing was changed; go back and choose again.",
    )


def _seats_where_found(session: Session, body: Body, by: Actor, today: date) -> dict[UUID, Seat]:
    """Return the person's seats, or say that a body closed to them does not exist."""
    require(by, Action.TAKE_PART_IN_BODIES)
    own = list_own_seats(session, by=by, today=today)
    if not may_see(body, own, by=by):
        raise nothing_here()
    return own


def _takes_over(
    session: Session, proposal: Proposal, own: Mapping[UUID, Seat], today: date
) -> bool:
    """Whether the person leads the group, and the proposer no longer sits there."""
    seat = own.get(proposal.body_id)
    if seat is None or seat.role not in LEADING:
        return False
    asked = select(Seat).where(
        Seat.body_id == proposal.body_id, Seat.person_id == proposal.proposed_by
    )
    return not any(sits_on(one.from_on, one.until_on, today) for one in session.scalars(asked))
