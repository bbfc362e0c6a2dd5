"""A vote on priorities: who may, once, and what shows of it.

In an anonymous vote no voter is kept with the choice: there is a list of who has voted and a count
per priority, and nothing that joins them. The counts show after the end, from the agreed number of
voters on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_title
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP

MOST_DOTS: Final = 20
USUAL_DOTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotFields:
    """What people fill in about a vote. Everybody puts `dots` dots at most, one on a priority.

    Asked are those who decide in a body, or else whoever holds one of the roles.
    """

    title: str
    is_anonymous: bool
    dots: int
    roles: frozenset[Role] = frozenset()
    body_id: UUID | None = None
    min_group: int = FLOOR_MIN_GROUP
    closes_on: date
    priority_ids: frozenset[UUID]


def usual_dots(n_options: int) -> int:
    """Return how many dots to propose: fewer than there is to choose from, one at least."""
    return max(1, min(USUAL_DOTS, n_options - 1))


def check_ballot(fields: BallotFields, *, n_voters: int, today: date) -> None:
    """Raise `Invalid` unless the vote can be held.

    Parameters
    ----------
    n_voters : int
        How many people may vote.
    """
    check_title(fields.title)
    if len(fields.priority_ids) < 2:
        raise Invalid("priorities.two_to_choose", "Choose two priorities at least to vote on.")
    if not 1 <= fields.dots < len(fields.priority_ids) or fields.dots > MOST_DOTS:
        raise Invalid(
            "priorities.dots_impossible",
            "Give everybody at least one dot, and fewer than there are priorities: "
            "else nobody has to choose.",
        )
    _check_voters(fields, n_voters)
    if fields.closes_on < today:
        raise Invalid("priorities.closes_past", "The last day has passed; choose a later one.")
    if not fields.is_anonymous:
        return
    if fields.min_group < FLOOR_MIN_GROUP:
        raise Invalid(
            "priorities.group_below_floor",
            "An anonymous vote shows from {floor} voters on at least. Choose {floor} or more.",
            floor=FLOOR_MIN_GROUP,
        )
    if n_voters < fields.min_group:
        raise Invalid(
            "priorities.group_too_small",
            "The number of people who may vote is {n}, fewer than the {least} from whom on it "
            "shows. Ask more people, or hold a named vote.",
            n=n_voters,
            least=fields.min_group,
        )


def _check_voters(fields: BallotFields, n_voters: int) -> None:
    if not fields.roles <= ALLOWED[Action.VOTE_PRIORITIES]:
        raise Invalid("priorities.no_voters", "Choose whose vote is asked.")
    if bool(fields.roles) == (fields.body_id is not None):
        raise Invalid(
            "priorities.body_or_roles",
            "Choose a body whose members vote, or roles; one of the two.",
        )
    if fields.body_id is not None and not n_voters:
        raise Invalid(
            "priorities.body_without_voters",
            "Nobody who decides in this body can log in to vote. Choose roles, or note in the "
            "minutes what the body decided.",
        )


def check_can_vote(
    *,
    is_asked: bool,
    has_voted: bool,
    closes_on: date,
    closed_on: date | None,
    today: date,
) -> None:
    """Raise `InvalidTransition` unless this person may vote now."""
    if closed_on is not None or today > closes_on:
        raise InvalidTransition("priorities.vote_over", "This vote is over.")
    if not is_asked:
        raise InvalidTransition(
            "priorities.not_a_voter", "This vote is asked of others; you see what comes of it."
        )
    if has_voted:
        raise InvalidTransition(
            "priorities.voted_already", "You have voted. A vote is given once and stays."
        )


def check_choices(chosen: Collection[UUID], options: Collection[UUID], *, dots: int) -> None:
    """Raise `Invalid` unless at least one option was chosen, and no more than there are dots."""
    if not chosen:
        raise Invalid("priorities.nothing_chosen", "Choose at least one, then vote.")
    if len(chosen) > dots or not set(chosen) <= set(options):
        raise Invalid(
            "priorities.too_many_dots",
            "You have {dots} dots and put {n}. Take some away, then vote.",
            dots=dots,
            n=len(chosen),
        )


def shows(*, is_anonymous: bool, n_voters: int, min_group: int, is_closed: bool) -> bool:
    """Whether what came of a vote may be seen."""
    if not is_closed:
        return False
    return not is_anonymous or n_voters >= max(min_group, FLOOR_MIN_GROUP)
