"""Reading bodies, as far as the reader finds them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from baken.actionplan.bodies import reach
from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.composition import Sits, Wanted
from baken.actionplan.bodies.models import (
    Body,
    BodyNote,
    CallApplication,
    OpenCall,
    Proposal,
    ProposalAnswer,
    Seat,
    Topic,
)
from baken.actionplan.bodies.proposals import UNANSWERED
from baken.actionplan.bodies.rules import BodyKind, BodyState, Unanswered
from baken.actionplan.bodies.seats import DECIDING, sits_on
from baken.actionplan.bodies.topics import OPEN
from baken.actionplan.references import find
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session


def get_body(session: Session, body_id: UUID) -> Body:
    """Return one body; for acts and lists. A page asks `look_at_body`."""
    return find(session, Body, body_id)


def look_at_body(session: Session, body_id: UUID, *, by: Actor, today: date) -> Body:
    """Return one body that this person finds.

    Raises
    ------
    NotFound
        There is none, or it is closed to this person: the answer is the same.
    """
    require(by, Action.SEE_BODIES)
    body = get_body(session, body_id)
    if not reach.may_see(body, reach.list_own_seats(session, by=by, today=today), by=by):
        raise reach.nothing_here()
    return body


def list_bodies(session: Session, *, by: Actor, today: date) -> list[Body]:
    """Return the bodies that this person finds, those that run first."""
    require(by, Action.SEE_BODIES)
    own = reach.list_own_seats(session, by=by, today=today)
    order, kinds = list(BodyState), list(BodyKind)
    found = [one for one in session.scalars(select(Body)) if reach.may_see(one, own, by=by)]
    return sorted(
        found,
        key=lambda one: (
            one.state == BodyState.ENDED,
            kinds.index(one.kind),
            order.index(one.state),
            one.name.casefold(),
            one.id,
        ),
    )


def list_kinds_present(session: Session) -> frozenset[BodyKind]:
    """Return which kinds of bodies run."""
    return frozenset(
        session.scalars(select(Body.kind).where(Body.state == BodyState.RUNNING).distinct())
    )


def list_seats(session: Session, body_id: UUID) -> list[Seat]:
    """Return every seat of a body, past ones too, in the order in which they began."""
    asked = select(Seat).where(Seat.body_id == body_id)
    return list(session.scalars(asked.order_by(Seat.from_on, Seat.id)))


def get_seat(session: Session, seat_id: UUID, *, body_id: UUID | None = None) -> Seat:
    """Return one seat; with a body, only a seat of that one."""
    seat = find(session, Seat, seat_id)
    if body_id is not None and seat.body_id != body_id:
        raise reach.nothing_here()
    return seat


def sits_of(seats: Iterable[Seat], *, today: date) -> list[Sits]:
    """What counts in the composition: who decides there today and is no substitute."""
    return [
        Sits(one.side, frozenset(one.groups))
        for one in seats
        if one.role in DECIDING
        and one.substitute_of_id is None
        and sits_on(one.from_on, one.until_on, today)
    ]


def wanted_of(body: Body) -> tuple[Wanted, ...]:
    """Who was wanted there."""
    return tuple(Wanted(**one) for one in body.wanted)


def list_calls(session: Session, body_id: UUID) -> list[OpenCall]:
    """Return the calls of a body, the last one first."""
    asked = select(OpenCall).where(OpenCall.body_id == body_id)
    return list(
        session.scalars(asked.order_by(OpenCall.from_on.desc(), OpenCall.text, OpenCall.id))
    )


def list_open_calls(session: Session, *, today: date) -> list[OpenCall]:
    """Return the calls on which people may come forward today, the first to close first."""
    asked = select(OpenCall).where(OpenCall.from_on <= today, OpenCall.until_on >= today)
    return list(session.scalars(asked.order_by(OpenCall.until_on, OpenCall.text, OpenCall.id)))


def get_call(session: Session, call_id: UUID) -> OpenCall:
    """Return one call."""
    return find(session, OpenCall, call_id)


def list_applications(session: Session, call_id: UUID) -> list[CallApplication]:
    """Return who applied, in the order of the days; only for those who choose."""
    asked = select(CallApplication).where(CallApplication.call_id == call_id)
    return list(session.scalars(asked.order_by(CallApplication.applied_on, CallApplication.id)))


def find_own_application(session: Session, call_id: UUID, *, by: Actor) -> CallApplication | None:
    """Return the person's own application to a call."""
    asked = select(CallApplication).where(
        CallApplication.call_id == call_id, CallApplication.person_id == by.person_id
    )
    return session.scalars(asked).one_or_none()


def get_application(session: Session, application_id: UUID) -> CallApplication:
    """Return one application."""
    return find(session, CallApplication, application_id)


def list_topics(session: Session, body: Body, *, by: Actor, today: date) -> list[Topic]:
    """Return the topics of a body that this person reads, the newest first."""
    asked = select(Topic).where(Topic.body_id == body.id)
    if not reach.reads_inside(body, reach.list_own_seats(session, by=by, today=today), by=by):
        asked = asked.where(_own_topic(by))
    return list(session.scalars(asked.order_by(Topic.raised_on.desc(), Topic.title, Topic.id)))


def list_own_topics(session: Session, *, by: Actor) -> list[Topic]:
    """Return what this person brought or noted, to whichever body, the newest first."""
    asked = select(Topic).where(_own_topic(by))
    return list(session.scalars(asked.order_by(Topic.raised_on.desc(), Topic.title, Topic.id)))


def get_topic(session: Session, topic_id: UUID) -> Topic:
    """Return one topic; for acts. A page asks `look_at_topic`."""
    return find(session, Topic, topic_id)


def look_at_topic(session: Session, topic_id: UUID, *, by: Actor, today: date) -> Topic:
    """Return one topic that this person reads, or `NotFound`."""
    require(by, Action.SEE_BODIES)
    topic = get_topic(session, topic_id)
    body = get_body(session, topic.body_id)
    own = reach.list_own_seats(session, by=by, today=today)
    if by.person_id in {topic.raised_by, topic.noted_by} or reach.reads_inside(body, own, by=by):
        return topic
    raise reach.nothing_here()


def list_proposals(session: Session, body_id: UUID, *, by: Actor, today: date) -> list[Proposal]:
    """Return the proposals from and to a body that this person reads, the newest first."""
    own = reach.list_own_seats(session, by=by, today=today)
    asked = select(Proposal).where(or_(Proposal.body_id == body_id, Proposal.to_body_id == body_id))
    rows = session.scalars(asked.order_by(Proposal.proposed_on.desc(), Proposal.title, Proposal.id))
    return [one for one in rows if reach.reads_proposal(one, own, by=by)]


def get_proposal(session: Session, proposal_id: UUID) -> Proposal:
    """Return one proposal; for acts. A page asks `look_at_proposal`."""
    return find(session, Proposal, proposal_id)


def look_at_proposal(session: Session, proposal_id: UUID, *, by: Actor, today: date) -> Proposal:
    """Return one proposal that this person reads, or `NotFound`."""
    require(by, Action.SEE_BODIES)
    proposal = get_proposal(session, proposal_id)
    own = reach.list_own_seats(session, by=by, today=today)
    if not reach.reads_proposal(proposal, own, by=by):
        raise reach.nothing_here()
    return proposal


def list_answers(session: Session, proposal_id: UUID) -> list[ProposalAnswer]:
    """Return every answer to a proposal, in the order in which they were given."""
    asked = select(ProposalAnswer).where(ProposalAnswer.proposal_id == proposal_id)
    return list(session.scalars(asked.order_by(ProposalAnswer.answered_at, ProposalAnswer.id)))


def list_notes(session: Session, body_id: UUID) -> list[BodyNote]:
    """Return every note about a body and its proposals, the newest first."""
    asked = select(BodyNote).where(BodyNote.body_id == body_id)
    return list(session.scalars(asked.order_by(BodyNote.noted_at.desc(), BodyNote.id)))


def count_unanswered(session: Session, body_id: UUID) -> Unanswered:
    """How much waits for an answer: proposals from or to a body, topics, people who applied."""
    proposals = select(func.count(Proposal.id)).where(
        Proposal.state.in_(UNANSWERED),
        or_(Proposal.body_id == body_id, Proposal.to_body_id == body_id),
    )
    topics = select(func.count(Topic.id)).where(Topic.body_id == body_id, Topic.state.in_(OPEN))
    applied = (
        select(func.count(CallApplication.id))
        .join(OpenCall, OpenCall.id == CallApplication.call_id)
        .where(OpenCall.body_id == body_id, CallApplication.state == ApplicationState.APPLIED)
    )
    return Unanswered(*(session.scalars(one).one() for one in (proposals, topics, applied)))


def _own_topic(by: Actor) -> ColumnElement[bool]:
    return or_(Topic.raised_by == by.person_id, Topic.noted_by == by.person_id)
