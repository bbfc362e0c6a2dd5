"""What a talk must keep to: who is there, what is read back, and who may read it afterwards.

Talks are not anonymous: what is said belongs to the group. It is read back, the group approves it
and says how far it may go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP

NAME_LENGTH: Final = 200
MOST_PEOPLE: Final = 2_000


class Method(StrEnum):
    """How people are brought to talk, or are watched at work."""

    TEAM_TALK = "team_talk"
    FOCUS_GROUP = "focus_group"
    DEPARIS = "deparis"
    SOBANE = "sobane"
    APPRECIATIVE = "appreciative"
    INTERVIEWS = "interviews"
    OBSERVATION = "observation"


class TalkState(StrEnum):
    """How far a talk is."""

    PLANNED = "planned"
    HELD = "held"
    READ_BACK = "read_back"
    APPROVED = "approved"
    CALLED_OFF = "called_off"


TRANSITIONS: Final[Mapping[TalkState, frozenset[TalkState]]] = {
    TalkState.PLANNED: frozenset({TalkState.HELD, TalkState.CALLED_OFF}),
    TalkState.HELD: frozenset({TalkState.READ_BACK}),
    TalkState.READ_BACK: frozenset({TalkState.APPROVED, TalkState.HELD}),
    TalkState.APPROVED: frozenset(),
    TalkState.CALLED_OFF: frozenset({TalkState.PLANNED}),
}


class Reach(StrEnum):
    """How far the notes may go, as the group agreed; each step holds the one before it."""

    GROUP = "group"  # the group and whoever led the talk
    STEERING = "steering"  # also those who plan
    PLANS = "plans"  # also whoever reads the plans, as a ground for findings


class Safeguard(StrEnum):
    """What whoever leads the talk sees to before it begins."""

    RULES = "rules"
    VOLUNTARY = "voluntary"
    WORK_NOT_PERSONS = "work_not_persons"
    LEADER_TRAINED = "leader_trained"
    READ_BACK = "read_back"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Category:
    """How many of a kind of worker were there, out of how many in the group."""

    name: str
    present: int
    headcount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFields:
    """What people fill in before a talk."""

    title: str
    method: Method
    unit_id: UUID | None = None
    risk_analysis_id: UUID | None = None
    purpose: str = ""
    planned_on: date
    place: str = ""
    leader: str
    observer: str = ""
    manager_present: bool = False
    min_group: int = FLOOR_MIN_GROUP
    safeguards: tuple[Safeguard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFields:
    """What is filled in when the talk was held."""

    held_on: date
    n_invited: int
    n_present: int
    composition: tuple[Category, ...] = ()


def check_talk(fields: TalkFields) -> None:
    """Raise `Invalid` unless the plan of the talk holds together."""
    check_title(fields.title)
    check_text(fields.purpose)
    if not check_text(fields.leader):
        raise Invalid("talks.leader_missing", "Say who leads the talk.")
    for name in (fields.leader, fields.observer, fields.place):
        if len(name) > NAME_LENGTH:
            raise Invalid(
                "talks.name_too_long", "A name has at most {most} characters.", most=NAME_LENGTH
            )
    if fields.min_group < FLOOR_MIN_GROUP:
        raise Invalid(
            "talks.group_below_floor",
            "Cards, votes and interviews show from {floor} people on at least. "
            "Choose {floor} or more.",
            floor=FLOOR_MIN_GROUP,
        )


def check_can_change(state: TalkState) -> None:
    """Raise `InvalidTransition` once the talk was held: what was planned stays as it was."""
    if state != TalkState.PLANNED:
        raise InvalidTransition(
            "talks.not_planned",
            "This talk was held or called off. What was planned stays as it was.",
        )


def check_can_hold(
    state: TalkState, safeguards: Iterable[Safeguard], fields: HeldFields, *, today: date
) -> None:
    """Raise unless the talk may be noted as held, with numbers that can be true."""
    _check_step(state, TalkState.HELD)
    missing = set(Safeguard) - set(safeguards)
    if missing:
        raise InvalidTransition(
            "talks.safeguards_missing",
            "{n} of the safeguards were not ticked. People speak freely only where they hold: "
            "see to them, tick them in the plan, then note that the talk was held.",
            n=len(missing),
        )
    if fields.held_on > today:
        raise Invalid(
            "talks.held_ahead",
            "The talk is on {on}, a day to come. Note it once it was held.",
            on=fields.held_on,
        )
    _check_numbers(fields)


def _check_numbers(fields: HeldFields) -> None:
    if not 1 <= fields.n_present <= fields.n_invited <= MOST_PEOPLE:
        raise Invalid(
            "talks.numbers_impossible",
            "At least one person was there, and no more than were invited ({most} at most). "
            "Mend the numbers.",
            most=MOST_PEOPLE,
        )
    for one in fields.composition:
        if not check_text(one.name) or len(one.name) > NAME_LENGTH:
            raise Invalid("talks.category_unnamed", "Give every kind of worker a short name.")
        if not 0 <= one.present <= one.headcount:
            raise Invalid(
                "talks.category_impossible",
                "Of “{name}” {present} were there out of {headcount}. Mend the numbers.",
                name=one.name,
                present=one.present,
                headcount=one.headcount,
            )
    if fields.composition and sum(one.present for one in fields.composition) > fields.n_present:
        raise Invalid(
            "talks.composition_too_large",
            "The kinds of workers together count more people than were there ({n}).",
            n=fields.n_present,
        )


def check_transition(before: TalkState, after: TalkState, *, n_notes: int) -> None:
    """Raise `InvalidTransition` unless the talk may go from one state to the other."""
    _check_step(before, after)
    if after == TalkState.READ_BACK and not n_notes:
        raise InvalidTransition(
            "talks.nothing_to_read",
            "There are no notes yet to read back to the group. Write them first.",
        )


def _check_step(before: TalkState, after: TalkState) -> None:
    if after not in TRANSITIONS[before]:
        raise InvalidTransition(
            "talks.state_impossible",
            "This step is not possible for this talk now. Look at where it stands first.",
        )


def under_represented(composition: Iterable[Category]) -> tuple[Category, ...]:
    """The kinds of workers of whom clearly fewer were there than their share of the group.

    Clearly: fewer than half of what their headcount would bring to a talk of that size.
    """
    kinds = [one for one in composition if one.headcount]
    present, headcount = sum(one.present for one in kinds), sum(one.headcount for one in kinds)
    return tuple(one for one in kinds if 2 * one.present * headcount < one.headcount * present)


def may_read(reach: Reach | None, state: TalkState, *, leads: bool, plans: bool) -> bool:
    """Whether somebody may read the notes of a talk.

    Parameters
    ----------
    leads, plans : bool
        Whether the reader records talks, and whether the reader makes plans.
    """
    if leads:
        return True
    if state != TalkState.APPROVED or reach in {None, Reach.GROUP}:
        return False
    return reach == Reach.PLANS or plans
