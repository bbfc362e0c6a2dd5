"""Points of an agenda: their order, what they are about, and how one goes to the next meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

MOST_MINUTES: Final = 480


class PointKind(StrEnum):
    """What a body is asked to do with a point."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    ADVICE = "advice"
    DECISION = "decision"
    PROPOSAL = "proposal"  # an answer to a proposal
    FOLLOW_UP = "follow_up"


class Standing(StrEnum):
    """A point that comes back at every meeting; its words are made, not typed."""

    MINUTES = "minutes"  # the minutes of last time are approved
    DECIDED = "decided"  # what was decided before, and where it stands


class About(StrEnum):
    """What a point can refer to."""

    GLOBAL_PLAN = "global_plan"
    ANNUAL_PLAN = "annual_plan"
    MEASURE = "measure"
    ANALYSIS = "risk_analysis"
    PROPOSAL = "proposal"
    CONSULTATION = "consultation"
    REPORT = "annual_report"
    RELEASE = "release"


class Direction(StrEnum):
    """Which way a point goes on the agenda."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Reference:
    """The one thing that a point is about."""

    about: About
    id: UUID


@dataclass(frozen=True, slots=True)
class PointFields:
    """What is filled in for a point; `minutes` is the time it is given."""

    kind: PointKind
    title: str
    text: str = ""
    brought_by: str = ""
    minutes: int = 10
    reference: Reference | None = None


def check_point(fields: PointFields) -> PointFields:
    """Raise `Invalid` unless a body can treat the point."""
    check_title(fields.title)
    check_text(fields.text)
    check_title(fields.brought_by or "-")
    if not 0 < fields.minutes <= MOST_MINUTES:
        raise Invalid(
            "meetings.point_minutes",
            "Give the point between 1 and {most} minutes.",
            most=MOST_MINUTES,
        )
    about = fields.reference.about if fields.reference is not None else None
    if fields.kind is PointKind.PROPOSAL and about is not About.PROPOSAL:
        raise Invalid(
            "meetings.point_without_proposal",
            "Choose the proposal that is answered, or another kind of point.",
        )
    return fields


def reordered(order: Sequence[UUID], point_id: UUID, way: Direction) -> tuple[UUID, ...]:
    """The agenda after one point went one place up or down; at the end it stays where it is."""
    if point_id not in order:
        raise Invalid("meetings.point_elsewhere", "This point is not on the agenda any more.")
    place = order.index(point_id)
    to = place + (-1 if way is Direction.UP else 1)
    if not 0 <= to < len(order):
        return tuple(order)
    changed = list(order)
    changed[place], changed[to] = changed[to], changed[place]
    return tuple(changed)


def check_postponing(reason: str, *, was_postponed: bool, is_standing: bool) -> str:
    """Return the reason why a point goes to the next meeting."""
    if was_postponed:
        raise InvalidTransition(
            "meetings.point_moved_twice",
            "This point went on to the next meeting already. Look there, or in what waits for it.",
        )
    if is_standing:
        raise Invalid(
            "meetings.point_standing",
            "This point comes back at every meeting by itself; it need not be moved.",
        )
    clean = check_text(reason)
    if not clean:
        raise Invalid(
            "meetings.postpone_reason",
            "Say why the point goes to the next meeting: whoever brought it reads it.",
        )
    return clean


def check_removing(*, is_standing: bool, was_postponed: bool, was_announced: bool) -> None:
    """Raise unless a point may be taken off the agenda."""
    if is_standing or was_postponed or was_announced:
        raise InvalidTransition(
            "meetings.point_stays",
            "This point stays on the agenda: it comes back by itself, was moved, or was announced "
            "in the invitation. Move it to the next meeting instead.",
        )
