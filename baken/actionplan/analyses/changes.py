"""A change in the organisation: the check on well-being, and looking again at the measures.

The measures are examined anew at every change that can affect what workers are exposed to (art.
I.3-2 of the codex); the questions of the check are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

NAME_LENGTH: Final = 200
# How long after the change people have lived with it enough to say something of it.
DAYS_TO_LOOK_AGAIN: Final = 90


class Question(StrEnum):
    """What the check asks of a change; each about one thing that weighs on people."""

    TASKS = "tasks"
    WORKLOAD = "workload"
    AUTONOMY = "autonomy"
    SCHEDULE = "schedule"
    CONTRACT = "contract"
    SURROUNDINGS = "surroundings"
    RELATIONS = "relations"
    HEARD = "heard"


class Effect(StrEnum):
    """What people expect of the change there."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


class Conclusion(StrEnum):
    """What came of looking again."""

    NOTHING_NEEDED = "nothing_needed"
    MEASURES_ADAPTED = "measures_adapted"
    NEW_ANALYSIS = "new_analysis"


@dataclass(frozen=True, slots=True)
class Expected:
    """The answer to one question of the check."""

    effect: Effect
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFields:
    """What people fill in about a change."""

    title: str
    description: str = ""
    happens_on: date
    unit_id: UUID | None = None
    risk_analysis_id: UUID | None = None
    responsible: str
    due_on: date | None = None
    check: Mapping[Question, Expected] = field(default_factory=dict)

    @property
    def looked_at_by(self) -> date:
        """The day by which somebody looks again."""
        return self.due_on or self.happens_on + timedelta(days=DAYS_TO_LOOK_AGAIN)


def check_change(fields: ChangeFields) -> None:
    """Raise `Invalid` unless the change holds together."""
    check_title(fields.title)
    for text in (fields.description, *(one.note for one in fields.check.values())):
        check_text(text)
    if not check_text(fields.responsible) or len(fields.responsible) > NAME_LENGTH:
        raise Invalid(
            "analyses.responsible_missing",
            "Say who looks again, in at most {most} characters.",
            most=NAME_LENGTH,
        )
    if fields.looked_at_by < fields.happens_on:
        raise Invalid(
            "analyses.looked_before_change",
            "Looking again by {due_on} comes before the change on {happens_on}. "
            "Choose a later day.",
            due_on=fields.looked_at_by,
            happens_on=fields.happens_on,
        )


def check_still_open(closed_on: date | None) -> None:
    """Raise `InvalidTransition` when the change was concluded."""
    if closed_on is not None:
        raise InvalidTransition(
            "analyses.change_closed",
            "This change was concluded on {on}. It stays as it is; note a new one.",
            on=closed_on,
        )


def check_can_conclude(
    fields: ChangeFields, conclusion: Conclusion, text: str, *, today: date
) -> None:
    """Raise unless somebody looked after the change, answered every question, and says why."""
    if today < fields.happens_on:
        raise InvalidTransition(
            "analyses.change_ahead",
            "The change happens on {on}. Look again once it has happened.",
            on=fields.happens_on,
        )
    left = [one for one in Question if one not in fields.check]
    if left:
        raise InvalidTransition(
            "analyses.check_unanswered",
            "{n} questions of the well-being check have no answer yet. Answer them first.",
            n=len(left),
        )
    if not check_text(text):
        raise Invalid("analyses.conclusion_missing", "Say in a few words what looking showed.")
    if conclusion == Conclusion.NOTHING_NEEDED and worse(fields.check):
        raise Invalid(
            "analyses.worse_needs_something",
            "The check says that something gets worse. Adapt the measures or start an analysis, "
            "or change that answer if it turned out otherwise.",
        )


def worse(check: Mapping[Question, Expected]) -> tuple[Question, ...]:
    """The questions on which people expect that it gets worse."""
    return tuple(one for one in Question if one in check and check[one].effect == Effect.WORSE)
