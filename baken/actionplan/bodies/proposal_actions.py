"""Proposing, answering in writing, writing more where that was asked, withdrawing."""

from datetime import date, datetime
from uuid import UUID

from baken.actionplan.bodies import proposals, queries, reach, rules
from baken.actionplan.bodies.models import Body, Proposal, ProposalAnswer
from baken.actionplan.bodies.proposals import AnswerFields, ProposalFields, ProposalState
from baken.actionplan.bodies.rules import BodyKind, BodyState
from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.errors import Invalid
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def propose(
    session: Session, body_id: UUID, fields: ProposalFields, *, by: Actor, today: date
) -> Proposal:
    """Put a proposal on paper; the term for an answer begins on its day."""
    body = _check_side(session, body_id, by, today)
    _check_fields(session, body, fields, today)
    term = read_terms(session).answer_within_days
    proposal = Proposal(
        body_id=body.id,
        proposed_by=by.person_id,
        due_on=proposals.due_on(fields.proposed_on, within_days=term),
    )
    _write(proposal, fields)
    session.add(proposal)
    session.flush()
    _record(session, "proposal.made", proposal, by, due_on=proposal.due_on.isoformat())
    return proposal


def edit_proposal(
    session: Session,
    proposal_id: UUID,
    fields: ProposalFields,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> Proposal:
    """Change a proposal while nobody answered; one that needed more then waits again.

    The term begins anew where more was asked, or where another day was filled in.
    """
    proposal, body = _load(session, proposal_id, seen, by, today)
    asked_more = proposal.state == ProposalState.NEEDS_MORE
    if proposal.state not in proposals.UNANSWERED:
        proposals.check_proposal_step(proposal.state, ProposalState.OPEN)
    _check_fields(session, body, fields, today)
    if asked_more or fields.proposed_on != proposal.proposed_on:
        term = read_terms(session).answer_within_days
        begin = today if asked_more else fields.proposed_on
        proposal.due_on = proposals.due_on(begin, within_days=term)
    _write(proposal, fields)
    proposal.state = ProposalState.OPEN
    act = "proposal.completed" if asked_more else "proposal.edited"
    _record(session, act, proposal, by)
    return proposal


def answer_proposal(
    session: Session,
    proposal_id: UUID,
    fields: AnswerFields,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> ProposalAnswer:
    """Answer a proposal in writing, with reasons; those who proposed read it as it stands."""
    proposal = queries.get_proposal(session, proposal_id)
    reach.check_answers(session, proposal, by=by, today=today)
    check_version(proposal, seen)
    earlier = [one.answered_on for one in queries.list_answers(session, proposal.id)]
    after = max((proposal.proposed_on, *earlier))
    proposals.check_answer(proposal.state, fields, proposed_on=after, today=today)
    proposal.state = ProposalState(fields.verdict.value)
    answer = ProposalAnswer(
        proposal_id=proposal.id,
        verdict=fields.verdict,
        reasons=fields.reasons.strip(),
        answered_text=text_of(proposal),
        answered_on=fields.answered_on,
        answered_at=now,
        answered_by=by.person_id,
    )
    session.add(answer)
    session.flush()
    _record(session, "proposal.answered", proposal, by, verdict=fields.verdict.value)
    return answer


def withdraw_proposal(
    session: Session, proposal_id: UUID, *, seen: int, by: Actor, today: date
) -> Proposal:
    """Take a proposal back, by those who made it; nobody else closes one without an answer."""
    proposal, _ = _load(session, proposal_id, seen, by, today)
    proposals.check_proposal_step(proposal.state, ProposalState.WITHDRAWN)
    proposal.state = ProposalState.WITHDRAWN
    _record(session, "proposal.withdrawn", proposal, by)
    return proposal


def text_of(proposal: Proposal) -> dict[str, str]:
    """What a proposal says now; it is kept with each answer."""
    return {name: str(getattr(proposal, name)) for name in proposals.TEXTS}


def fields_of(proposal: Proposal) -> ProposalFields:
    """What people filled in about a proposal."""
    return ProposalFields(
        title=proposal.title,
        text=proposal.text,
        grounds=proposal.grounds,
        means=proposal.means,
        backing=proposal.backing,
        dissent=proposal.dissent,
        to_body_id=proposal.to_body_id,
        proposed_on=proposal.proposed_on,
    )


def _load(
    session: Session, proposal_id: UUID, seen: int, by: Actor, today: date
) -> tuple[Proposal, Body]:
    proposal = queries.get_proposal(session, proposal_id)
    body = queries.get_body(session, proposal.body_id)
    reach.check_rewrites(session, proposal, by=by, today=today)
    rules.check_can_change(body.state)
    check_version(proposal, seen)
    return proposal, body


def _check_side(session: Session, body_id: UUID, by: Actor, today: date) -> Body:
    body = queries.get_body(session, body_id)
    reach.check_takes_part(session, body, by=by, today=today)
    rules.check_can_change(body.state)
    return body


def _check_fields(session: Session, body: Body, fields: ProposalFields, today: date) -> None:
    proposals.check_proposal(fields, body_id=body.id, body_from_on=body.from_on, today=today)
    if fields.to_body_id is None:
        return
    to = queries.get_body(session, fields.to_body_id)
    if to.kind != BodyKind.STEERING_GROUP or to.state != BodyState.RUNNING:
        raise Invalid(
            "bodies.proposal_to_whom",
            "Proposals go to a steering group that runs, or to the employer. Choose one of them.",
        )


def _write(proposal: Proposal, fields: ProposalFields) -> None:
    proposal.title, proposal.text = fields.title.strip(), fields.text.strip()
    proposal.grounds, proposal.means = fields.grounds.strip(), fields.means.strip()
    proposal.backing, proposal.dissent = fields.backing, fields.dissent.strip()
    proposal.to_body_id, proposal.proposed_on = fields.to_body_id, fields.proposed_on


def _record(session: Session, act: str, proposal: Proposal, by: Actor, **facts: str) -> None:
    record(session, act, by=by.person_id, subject=f"proposal:{proposal.id}", facts=facts)
