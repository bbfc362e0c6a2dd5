"""Which figures somebody enters, for which quarters, and what holds between them."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from baken.actionplan.errors import Invalid
from baken.actionplan.requests.law import Field, law
from baken.organisation.permissions import Role

MOST: Final = 100_000
YEARS_BACK: Final = 5
QUARTERS: Final = (1, 2, 3, 4)
_REQUESTS: Final = ("formal_collective", "formal_individual", "formal_violence")
_AFTER: Final = "formal_after_informal"


def fields_for(roles: frozenset[Role]) -> tuple[Field, ...]:
    """Return the lines of the table that somebody with these roles fills in."""
    return tuple(one for one in law().fields.values() if not one.by.isdisjoint(roles))


def quarter_of(day: date) -> int:
    """Return the quarter of a day, from 1 to 4."""
    return (day.month + 2) // 3


def first_day(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return date(year, 3 * quarter - 2, 1)


def check_quarter(year: int, quarter: int, *, today: date) -> None:
    """Raise `Invalid` for a quarter that has not begun, or lies too far back."""
    is_quarter = quarter in QUARTERS and today.year - YEARS_BACK <= year <= today.year
    if not is_quarter or first_day(year, quarter) > today:
        raise Invalid(
            "requests.no_such_quarter",
            "Choose a quarter that has begun, of this year or the {n} before it.",
            n=YEARS_BACK,
        )


def check_counts(counts: Mapping[str, int], *, roles: frozenset[Role]) -> None:
    """Raise `Invalid` unless somebody with these roles can enter these figures."""
    if not counts:
        raise Invalid("requests.no_figures", "Fill in one figure at least; nought is one too.")
    if not counts.keys() <= {one.key for one in fields_for(roles)}:
        raise Invalid(
            "requests.not_your_figure", "One of these lines is filled in by somebody else."
        )
    if any(not 0 <= n <= MOST for n in counts.values()):
        raise Invalid("requests.odd_figure", "A count is a whole number, nought or more.")
    if counts.get(_AFTER, 0) > sum(counts.get(key, 0) for key in _REQUESTS):
        raise Invalid(
            "requests.more_after_than_all",
            "More formal requests came after an informal intervention than there were. Look at "
            "both lines once more.",
        )
