"""Looking back at a measure: whether it worked, is accepted, and goes on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import Invalid
from baken.actionplan.wording import check_text

LOWEST: Final = 1
HIGHEST: Final = 5


class ReviewDecision(StrEnum):
    """What becomes of the measure."""

    KEEP = "keep"
    ADAPT = "adapt"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFields:
    """What people fill in when they look back. `worked` and `accepted` run from 1 to 5."""

    reviewed_on: date
    decision: ReviewDecision
    worked: int
    accepted: int
    text: str


def check_review(fields: ReviewFields, *, starts_on: date, today: date) -> None:
    """Raise `Invalid` unless somebody can have looked back like this."""
    if not check_text(fields.text):
        raise Invalid(
            "actionplan.review_text_missing",
            "Write what you saw, and why the measure goes on, changes or stops.",
        )
    if fields.reviewed_on > today:
        raise Invalid("actionplan.review_in_future", "The review cannot be dated after today.")
    if fields.reviewed_on < starts_on:
        raise Invalid(
            "actionplan.look_back_before_start",
            "The measure starts on {starts_on}; a look back comes after that.",
            starts_on=starts_on,
        )
    for rating in (fields.worked, fields.accepted):
        if not LOWEST <= rating <= HIGHEST:
            raise Invalid("actionplan.review_rating", "Give both questions a rating from 1 to 5.")
