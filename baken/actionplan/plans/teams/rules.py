"""When a team speaks of its plan, when its plan is weighed, and when it is looked at again."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import Invalid
from baken.actionplan.requests.dates import add_months
from baken.actionplan.wording import check_text

MONTHLY: Final = timedelta(days=31)
"""A team speaks of its plan once a month; a few days later it is asked for."""

FOLLOWED_UP_AFTER_MONTHS: Final = 12


class Proportion(StrEnum):
    """What the measures of a team are, held against what was found there."""

    ENOUGH = "enough"
    MORE_NEEDED = "more_needed"


def follow_up_due(adopted_on: date) -> date:
    """The day by which the plan that follows is there: a year after the plan was adopted."""
    return add_months(adopted_on, FOLLOWED_UP_AFTER_MONTHS)


def item_due(held: Iterable[date], *, starts_on: date) -> date:
    """The day by which the team speaks of its plan again."""
    return max([starts_on, *held]) + MONTHLY


def check_item(text: str, next_step: str, *, held_on: date, starts_on: date, today: date) -> None:
    """Raise `Invalid` unless a team can have said this on that day."""
    check_text(next_step)
    if not check_text(text):
        raise Invalid("actionplan.item_empty", "Write what the team said of its plan.")
    if held_on > today:
        raise Invalid("actionplan.item_in_future", "The meeting cannot be dated after today.")
    if held_on < starts_on:
        raise Invalid(
            "actionplan.item_before_plan",
            "The plan starts on {starts_on}; the team speaks of it from then on.",
            starts_on=starts_on,
        )


def check_weighing(proportion: Proportion | None, text: str) -> None:
    """Raise `Invalid` unless a verdict on the plan has its reason."""
    if proportion is not None and not check_text(text):
        raise Invalid(
            "actionplan.proportion_reason",
            "Say why the measures are enough, or what has to be added.",
        )
