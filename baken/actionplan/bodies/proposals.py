"""Proposals that get a written answer with reasons, within a term.

A group puts its proposal on paper; whoever decides answers on paper, with reasons, also where the
answer is no. Nothing is closed in another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

# Long enough to be a reason.
SHORTEST_REASON: Final = 20
TEXTS: Final = ("title", "text", "grounds", "means", "backing", "dissent")
FEWEST_DAYS, MOST_DAYS = 7, 365


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    NEEDS_MORE = "needs_more"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Backing(StrEnum):
    """Who stands behind a proposal."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    MEMBER = "member"  # one member alone, under the own name


class Verdict(StrEnum):
    """What is answered."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    REFUSED = "refused"
    NEEDS_MORE = "needs_more"


TRANSITIONS: Final[Mapping[ProposalState, frozenset[ProposalState]]] = {
    ProposalState.OPEN: frozenset(
        {
            ProposalState.NEEDS_MORE,
            ProposalState.ACCEPTED,
            ProposalState.ACCEPTED_IN_PART,
            ProposalState.REFUSED,
            ProposalState.WITHDRAWN,
        }
    ),
    # Those who proposed write what was asked for; then it waits for an answer again.
    ProposalState.NEEDS_MORE: frozenset({ProposalState.OPEN, ProposalState.WITHDRAWN}),
    ProposalState.ACCEPTED: frozenset(),
    ProposalState.ACCEPTED_IN_PART: frozenset(),
    ProposalState.REFUSED: frozenset(),
    ProposalState.WITHDRAWN: frozenset(),
}
UNANSWERED: Final = frozenset({ProposalState.OPEN, ProposalState.NEEDS_MORE})
TAKEN_ON: Final = frozenset({ProposalState.ACCEPTED, ProposalState.ACCEPTED_IN_PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFields:
    """What a body proposes, and to whom: another body, or the employer where `to_body_id` is None.

    `dissent` is what those who see it otherwise want to have written beside it.
    """

    title: str
    text: str
    grounds: str = ""
    means: str = ""
    backing: Backing = Backing.MEMBER
    dissent: str = ""
    to_body_id: UUID | None = None
    proposed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFields:
    """The written answer, with its reasons."""

    verdict: Verdict
    reasons: str
    answered_on: date


def due_on(proposed_on: date, *, within_days: int) -> date:
    """The last day of the term for an answer."""
    return proposed_on + timedelta(days=within_days)


def check_term(days: int) -> None:
    """Raise `Invalid` unless the term is one in which somebody can answer."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Invalid(
            "bodies.days_impossible",
            "Choose a number of days from {fewest} to {most}.",
            fewest=FEWEST_DAYS,
            most=MOST_DAYS,
        )


def check_proposal(
    fields: ProposalFields, *, body_id: UUID, body_from_on: date, today: date
) -> None:
    """Raise `Invalid` unless it says what is proposed, to somebody else, on a day that can be."""
    check_title(fields.title)
    if not check_text(fields.text):
        raise Invalid(
            "bodies.proposal_empty", "Write what you propose, so that it can be answered."
        )
    for text in (fields.grounds, fields.means, fields.dissent):
        check_text(text)
    if fields.to_body_id == body_id:
        raise Invalid(
            "bodies.proposal_to_itself",
            "A body does not answer its own proposal. Choose another one, or the employer.",
        )
    if fields.backing == Backing.UNANIMOUS and fields.dissent.strip():
        raise Invalid(
            "bodies.unanimous_dissent",
            "You say that everybody agrees, and write another view beside it. Correct one of both.",
        )
    if not body_from_on <= fields.proposed_on <= today:
        raise Invalid(
            "bodies.proposal_day",
            "The day of the proposal lies between {from_on}, when the body began, and today.",
            from_on=body_from_on,
        )


def check_answer(
    state: ProposalState, fields: AnswerFields, *, proposed_on: date, today: date
) -> None:
    """Raise unless the proposal may be answered like this: in writing, with reasons, after it."""
    check_proposal_step(state, ProposalState(fields.verdict.value))
    n = len(check_text(fields.reasons))
    if n < SHORTEST_REASON:
        raise Invalid(
            "bodies.answer_reasons",
            "Write the answer with its reasons, in a sentence of {least} characters at least; "
            "there are {n} now. Those who proposed read it as it stands.",
            n=n,
            least=SHORTEST_REASON,
        )
    if fields.answered_on < proposed_on:
        raise Invalid(
            "bodies.answer_before_proposal",
            "The answer is dated before the proposal of {on}. Correct the day.",
            on=proposed_on,
        )
    if fields.answered_on > today:
        raise Invalid("bodies.answer_ahead", "The answer cannot be dated later than today.")


def check_proposal_step(before: ProposalState, after: ProposalState) -> None:
    """Raise `InvalidTransition` unless the proposal may go from one state to the other."""
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "bodies.proposal_settled",
            "This proposal is not waiting for that now. Look at its answers first.",
        )


def check_taken_on(state: ProposalState) -> None:
    """Raise `InvalidTransition` unless the proposal was accepted, at least in part."""
    if state not in TAKEN_ON:
        raise InvalidTransition(
            "bodies.proposal_not_accepted",
            "Only a proposal that was accepted, in whole or in part, goes on to a priority.",
        )


def is_overdue(state: ProposalState, due: date, *, today: date) -> bool:
    """Whether the term for an answer passed while nobody answered."""
    return state == ProposalState.OPEN and today > due
