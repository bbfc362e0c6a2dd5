"""Which groups and proposals stand still: nobody wrote a word about them for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.bodies.models import Body, BodyNote, Proposal, ProposalAnswer
from baken.actionplan.bodies.proposals import UNANSWERED
from baken.actionplan.bodies.rules import BodyKind, BodyState
from baken.actionplan.bodies.settings import Terms
from baken.actionplan.bodies.stalled import stalled_since
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Words:
    """The last day on which somebody wrote about a body, and about a proposal."""

    of_bodies: dict[UUID, date]
    of_proposals: dict[UUID, date]


def read_words(session: Session) -> Words:
    """Look once at the last word about everything; a proposal is a word about its body too."""
    of_bodies: dict[UUID, date] = {}
    of_proposals: dict[UUID, date] = {}
    notes = select(BodyNote.body_id, BodyNote.proposal_id, func.max(BodyNote.noted_on))
    for body_id, proposal_id, on in session.execute(
        notes.group_by(BodyNote.body_id, BodyNote.proposal_id)
    ):
        _later(of_bodies, body_id, on)
        if proposal_id is not None:
            _later(of_proposals, proposal_id, on)
    for proposal_id, body_id, on in session.execute(
        select(Proposal.id, Proposal.body_id, Proposal.proposed_on)
    ):
        _later(of_bodies, body_id, on)
        _later(of_proposals, proposal_id, on)
    answered = select(ProposalAnswer.proposal_id, func.max(ProposalAnswer.answered_on))
    for proposal_id, on in session.execute(answered.group_by(ProposalAnswer.proposal_id)):
        _later(of_proposals, proposal_id, on)
    return Words(of_bodies, of_proposals)


def list_stalled_groups(
    bodies: Iterable[Body], words: Words, terms: Terms, *, today: date
) -> dict[UUID, date]:
    """The working groups that stand still, with the day since which."""
    found = {}
    for one in bodies:
        if one.kind != BodyKind.WORKING_GROUP or one.state != BodyState.RUNNING:
            continue
        on = (one.from_on, words.of_bodies.get(one.id, one.from_on))
        since = stalled_since(on, after_days=terms.stalled_after_days, today=today)
        if since is not None:
            found[one.id] = since
    return found


def list_stalled_proposals(
    proposals: Iterable[Proposal], words: Words, terms: Terms, *, today: date
) -> dict[UUID, date]:
    """The proposals without a final answer that stand still, with the day since which."""
    found = {}
    for one in proposals:
        if one.state not in UNANSWERED:
            continue
        on = (one.proposed_on, words.of_proposals.get(one.id, one.proposed_on))
        since = stalled_since(on, after_days=terms.stalled_after_days, today=today)
        if since is not None:
            found[one.id] = since
    return found


def _later(found: dict[UUID, date], key: UUID, on: date) -> None:
    found[key] = max(on, found.get(key, on))
