"""What waits about bodies: answers owed, topics, people to choose, groups that stand still."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.bodies import reach
from baken.actionplan.bodies.answered import list_answered
from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.models import Body, CallApplication, OpenCall, Proposal, Seat, Topic
from baken.actionplan.bodies.proposals import UNANSWERED, ProposalState
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.bodies.standing_still import (
    list_stalled_groups,
    list_stalled_proposals,
    read_words,
)
from baken.actionplan.bodies.topics import TopicState
from baken.organisation.humans import entries_of_human
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

MANDATE_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks, on which day, at which bodies."""

    by: Actor
    today: date
    bodies: Mapping[UUID, Body]
    own: Mapping[UUID, Seat]

    def leads(self, body_id: UUID) -> bool:
        body = self.bodies.get(body_id)
        return body is not None and reach.leads(body, self.own, by=self.by)

    def leads_by_seat(self, body_id: UUID) -> bool:
        seat = self.own.get(body_id)
        return seat is not None and self.leads(body_id)


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for this person in any body."""
    if not may(by, Action.SEE_BODIES):
        return []
    running = session.scalars(select(Body).where(Body.state != BodyState.ENDED))
    bodies = {one.id: one for one in running}
    answered = list(list_answered(session, by=by, today=today))
    if not bodies:
        return answered
    own = reach.list_own_seats(session, by=by, today=today)
    look = _Reader(by, today, bodies, own)
    found = [*answered, *_proposals(session, look), *_groups(session, look)]
    if any(look.leads(one) for one in bodies):
        found += [*_topics(session, look), *_choices(session, look), *_mandates(look)]
    return found


def _proposals(session: Session, look: _Reader) -> Iterator[Waiting]:
    asked = select(Proposal).where(Proposal.state.in_(UNANSWERED))
    proposals = session.scalars(asked.order_by(Proposal.due_on, Proposal.title, Proposal.id)).all()
    entries = entries_of_human(session, look.by.person_id) if proposals else frozenset()
    for one in proposals:
        path = f"/bodies/proposals/{one.id}"
        if one.state == ProposalState.OPEN:
            if reach.may_answer(one, look.own, by=look.by, entries=entries):
                yield Waiting(
                    kind="proposal_to_answer", path=path, what=one.title, due_on=one.due_on
                )
        elif one.proposed_by == look.by.person_id or look.leads_by_seat(one.body_id):
            yield Waiting(
                kind="proposal_needs_more", path=path, what=one.title, since_on=one.proposed_on
            )


def _groups(session: Session, look: _Reader) -> Iterator[Waiting]:
    """Groups and proposals that stand still, for their owner and whoever leads them."""
    mine = [one for one in look.bodies.values() if _answers_for(one, look)]
    if not mine:
        return
    terms, words = read_terms(session), read_words(session)
    for body_id, since in list_stalled_groups(mine, words, terms, today=look.today).items():
        name = look.bodies[body_id].name
        yield Waiting(kind="body_stalled", path=f"/bodies/{body_id}", what=name, since_on=since)
    asked = select(Proposal).where(Proposal.body_id.in_([one.id for one in mine]))
    # Whoever may answer finds it among what is to be answered, with its term.
    entries = entries_of_human(session, look.by.person_id)
    waiting = {
        one.id: one
        for one in session.scalars(asked)
        if reach.reads_proposal(one, look.own, by=look.by)
        and (
            one.state == ProposalState.NEEDS_MORE
            or not reach.may_answer(one, look.own, by=look.by, entries=entries)
        )
    }
    stalled = list_stalled_proposals(waiting.values(), words, terms, today=look.today)
    for proposal_id, since in stalled.items():
        yield Waiting(
            kind="proposal_stalled",
            path=f"/bodies/proposals/{proposal_id}",
            what=waiting[proposal_id].title,
            since_on=since,
        )


def _answers_for(body: Body, look: _Reader) -> bool:
    return body.owner_id == look.by.person_id or look.leads(body.id)


def _topics(session: Session, look: _Reader) -> Iterator[Waiting]:
    asked = select(Topic).where(Topic.state == TopicState.RAISED)
    for one in session.scalars(asked.order_by(Topic.raised_on, Topic.title, Topic.id)):
        if look.leads(one.body_id):
            yield Waiting(
                kind="topic_raised",
                path=f"/bodies/topics/{one.id}",
                what=one.title,
                since_on=one.raised_on,
            )


def _choices(session: Session, look: _Reader) -> Iterator[Waiting]:
    """Calls that are over, while somebody who applied heard nothing yet."""
    asked = (
        select(OpenCall, func.count(CallApplication.id))
        .join(CallApplication, CallApplication.call_id == OpenCall.id)
        .where(CallApplication.state == ApplicationState.APPLIED, OpenCall.until_on < look.today)
        .group_by(OpenCall.id)
    )
    for call, n in session.execute(asked):
        if look.leads(call.body_id):
            yield Waiting(
                kind="call_to_choose",
                path=f"/bodies/calls/{call.id}",
                what=f"{look.bodies[call.body_id].name} ({n})",
                since_on=call.until_on,
            )


def _mandates(look: _Reader) -> Iterator[Waiting]:
    for one in _by_mandate(look.bodies.values()):
        ends = one.mandate_until
        if ends is not None and ends - look.today <= MANDATE_SOON and look.leads(one.id):
            yield Waiting(kind="mandate_ends", path=f"/bodies/{one.id}", what=one.name, due_on=ends)


def _by_mandate(bodies: Iterable[Body]) -> list[Body]:
    running = [one for one in bodies if one.state == BodyState.RUNNING and one.mandate_until]
    return sorted(running, key=lambda one: (one.mandate_until or date.max, one.id))
