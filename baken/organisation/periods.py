"""Periods of days: both ends count, and none without an end is ever over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day until a day, both included; without `until_on` it goes on."""

    from_on: date
    until_on: date | None = None

    @property
    def is_in_order(self) -> bool:
        return self.until_on is None or self.from_on <= self.until_on

    @property
    def n_days(self) -> int | None:
        """How many days it lasts; None when it goes on."""
        return None if self.until_on is None else (self.until_on - self.from_on).days + 1

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def overlaps(self, other: "Period") -> bool:
        """Whether there is a day that lies in both."""
        latest = max(self.from_on, other.from_on)
        return self.covers(latest) and other.covers(latest)


def first_day_uncovered(periods: Iterable[Period], *, since: date) -> date | None:
    """Return the first day from `since` on that lies in no period; None when each day lies in one.

    Parameters
    ----------
    periods : iterable of Period
        In any order; they may overlap.
    since : date
        Earlier days do not count.
    """
    day = since
    for period in sorted(periods, key=lambda one: one.from_on):
        if not period.covers(day):
            continue
        if period.until_on is None:
            return None
        day = period.until_on + _ONE_DAY
    return day
