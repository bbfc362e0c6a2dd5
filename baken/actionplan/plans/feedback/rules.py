"""What a feedback page has to say, and when it may be read by everybody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

MOST_LINES: Final = 40


class Standing(StrEnum):
    """How far something is, in a word that everybody understands."""

    DONE = "done"
    RUNNING = "running"
    PLANNED = "planned"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Line:
    """What was said, what was done with it, and how far that is."""

    said: str
    did: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackFields:
    """What people fill in about a feedback page."""

    title: str
    language: str
    intro: str = ""
    unit_id: UUID | None = None
    lines: tuple[Line, ...] = ()


def check_feedback(fields: FeedbackFields) -> None:
    """Raise `Invalid` unless each line says both halves."""
    check_title(fields.title)
    check_text(fields.intro)
    if len(fields.lines) > MOST_LINES:
        raise Invalid(
            "actionplan.feedback_long",
            "A page holds at most {most} lines. Make one for each unit.",
            most=MOST_LINES,
        )
    for line in fields.lines:
        if not check_text(line.said) or not check_text(line.did):
            raise Invalid(
                "actionplan.feedback_half",
                "A line says what people told you and what you did with it. Fill in both, also "
                "where you did nothing: then write why.",
            )


def check_can_release(n_lines: int) -> None:
    """Raise `InvalidTransition` unless there is something to read."""
    if not n_lines:
        raise InvalidTransition(
            "actionplan.feedback_empty",
            "The page has no lines yet. Add at least one, then release.",
        )
