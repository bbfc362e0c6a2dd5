"""When something stands still: nobody wrote anything about it for so many days.

One rule for working groups, proposals and tasks. What counts as a word about it, the room that
asks says: a note, a change of state, an answer, the first day.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from baken.actionplan.errors import Invalid

DEFAULT_DAYS: Final = 45
FEWEST_DAYS, MOST_DAYS = 7, 365


def check_days(days: int) -> None:
    """Raise `Invalid` unless the number of days is one that helps."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Invalid(
            "bodies.days_impossible",
            "Choose a number of days from {fewest} to {most}.",
            fewest=FEWEST_DAYS,
            most=MOST_DAYS,
        )


def stalled_since(words_on: Iterable[date], *, after_days: int, today: date) -> date | None:
    """The day from which something stands still, or None while it moves.

    Parameters
    ----------
    words_on : iterable of date
        The days on which somebody wrote about it, its first day among them; in any order.
    after_days : int
        After so many days without a word it stands still.
    """
    last = max(words_on, default=None)
    if last is None:
        return None
    since = last + timedelta(days=after_days)
    return since if since <= today else None
