"""The policy advice of an external service: when the first is due, and when it is revised.

Royal decree of 27 November 2015: within five years of joining, revised every three years.
"""

from collections.abc import Collection
from datetime import date

from baken.actionplan.errors import Invalid
from baken.actionplan.requests.dates import add_years
from baken.actionplan.requests.law import value_of
from baken.actionplan.wording import check_text


def next_due(joined_on: date, given_on: Collection[date]) -> date:
    """Return the day by which the next policy advice is there."""
    if not given_on:
        return add_years(joined_on, value_of("advice_first_years"))
    return add_years(max(given_on), value_of("advice_again_years"))


def check_membership(joined_on: date, left_on: date | None, *, today: date) -> None:
    """Raise `Invalid` for days that cannot be."""
    if joined_on > today:
        raise Invalid("requests.joined_in_future", "Write it down once the membership has begun.")
    if left_on is not None and left_on < joined_on:
        raise Invalid(
            "requests.left_before",
            "The membership cannot end before it began ({joined_on}).",
            joined_on=joined_on,
        )


def check_advice(summary: str, given_on: date, *, joined_on: date, today: date) -> str:
    """Return the summary without outer spaces; raise `Invalid` unless it can have been given."""
    words = check_text(summary)
    if not words:
        raise Invalid("requests.no_summary", "Write down in short what the service advises.")
    if not joined_on <= given_on <= today:
        raise Invalid(
            "requests.odd_advice_day",
            "The advice lies between the day of joining ({joined_on}) and today.",
            joined_on=joined_on,
        )
    return words
