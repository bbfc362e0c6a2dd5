"""What somebody asked of a body and was answered lately: a topic, a proposal, coming forward."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.models import (
    Body,
    CallApplication,
    OpenCall,
    Proposal,
    ProposalAnswer,
    Topic,
)
from baken.actionplan.bodies.proposals import Verdict
from baken.organisation.permissions import Actor
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

NEWS_FOR: Final = timedelta(days=14)
"""How long an answer stands among what waits: two weekly letters."""


def list_answered(session: Session, *, by: Actor, today: date) -> Iterator[Waiting]:
    """Return the answers of the last days to what this person brought."""
    since = today - NEWS_FOR
    topics = select(Topic).where(Topic.raised_by == by.person_id, Topic.answered_on >= since)
    for one in session.scalars(topics.order_by(Topic.answered_on, Topic.title, Topic.id)):
        yield Waiting(
            kind="topic_answered",
            path=f"/bodies/topics/{one.id}",
            what=one.title,
            since_on=one.answered_on,
        )
    answers = (
        select(Proposal.id, Proposal.title, ProposalAnswer.answered_on)
        .join(ProposalAnswer, ProposalAnswer.proposal_id == Proposal.id)
        # What still needs more waits by itself, for as long as it takes.
        .where(
            Proposal.proposed_by == by.person_id,
            ProposalAnswer.answered_on >= since,
            ProposalAnswer.verdict != Verdict.NEEDS_MORE,
        )
    )
    for key, title, on in session.execute(answers.order_by(ProposalAnswer.answered_on)):
        yield Waiting(
            kind="proposal_answered", path=f"/bodies/proposals/{key}", what=title, since_on=on
        )
    decided = (
        select(CallApplication.call_id, Body.name, CallApplication.decided_on)
        .join(OpenCall, OpenCall.id == CallApplication.call_id)
        .join(Body, Body.id == OpenCall.body_id)
        .where(
            CallApplication.person_id == by.person_id,
            CallApplication.decided_on >= since,
            CallApplication.state.in_((ApplicationState.CHOSEN, ApplicationState.DECLINED)),
        )
    )
    for call, name, day in session.execute(decided.order_by(CallApplication.decided_on)):
        yield Waiting(
            kind="application_answered", path=f"/bodies/calls/{call}", what=name, since_on=day
        )
