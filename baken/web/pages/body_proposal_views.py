"""What pages show of one proposal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.bodies import queries, reach
from baken.actionplan.bodies.models import Proposal, ProposalAnswer
from baken.actionplan.bodies.proposal_actions import text_of
from baken.actionplan.bodies.proposals import TAKEN_ON, ProposalState
from baken.actionplan.priorities.queries import list_priorities_of_proposal
from baken.organisation.humans import entries_of_human
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.body_talk_views import NoteView, ProposalRow, note_views, proposal_rows


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A written answer."""

    verdict: str
    reasons: str
    answered_on: date
    who: str
    # What the proposal said then, where it says something else now; None where it does not.
    about: "AnsweredText | None"


@dataclass(frozen=True, slots=True)
class AnsweredText:
    """A proposal as it was answered."""

    title: str
    text: str
    grounds: str
    means: str
    backing: str
    dissent: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal on its own page; `priorities` are those that take it on."""

    row: ProposalRow
    body_id: UUID
    text: str
    grounds: str
    means: str
    backing: str
    dissent: str
    who: str
    answers: tuple[AnswerView, ...]
    notes: tuple[NoteView, ...]
    priorities: tuple[tuple[UUID, str], ...]
    may_answer: bool
    may_note: bool
    may_edit: bool
    is_taken_on: bool
    version: int


def proposal_view(session: Session, proposal: Proposal, *, by: Actor, today: date) -> ProposalView:
    """A proposal as this reader may see it."""
    names = dict(list_names(session))
    body = queries.get_body(session, proposal.body_id)
    own = reach.list_own_seats(session, by=by, today=today)
    (row,) = proposal_rows(session, [proposal], today=today)
    taken = list_priorities_of_proposal(session, proposal.id)
    return ProposalView(
        row=row,
        body_id=proposal.body_id,
        text=proposal.text,
        grounds=proposal.grounds,
        means=proposal.means,
        backing=proposal.backing,
        dissent=proposal.dissent,
        who=names.get(proposal.proposed_by, ""),
        answers=tuple(
            AnswerView(
                one.verdict,
                one.reasons,
                one.answered_on,
                names.get(one.answered_by, ""),
                _text_then(one, proposal),
            )
            for one in queries.list_answers(session, proposal.id)
        ),
        notes=note_views(session, body, names, proposal_id=proposal.id),
        priorities=tuple((one.id, one.title) for one in taken),
        may_answer=proposal.state == ProposalState.OPEN
        and reach.may_answer(proposal, own, by=by, entries=entries_of_human(session, by.person_id)),
        may_note=reach.takes_part(body, own, by=by),
        may_edit=reach.may_rewrite(proposal, own, by=by),
        is_taken_on=proposal.state in TAKEN_ON,
        version=proposal.version,
    )


def _text_then(answer: ProposalAnswer, proposal: Proposal) -> AnsweredText | None:
    kept = answer.answered_text
    return AnsweredText(**kept) if kept and kept != text_of(proposal) else None
