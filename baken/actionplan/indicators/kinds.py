"""What can be followed: each kind is a fraction of two sums, so that units and periods add up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baken.actionplan.indicators.types import Better


class PeriodKind(StrEnum):
    """How long the periods of a series are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class SeriesKind:
    """A kind of indicator.

    Attributes
    ----------
    key
        Name in the table and in the texts.
    factor
        The figure is `factor` times the first sum over the second.
    unit
        ``%``, ``count``, ``days``, ``hours`` or ``number`` (whatever the organisation counts).
    is_fraction
        Whether there is a second sum.
    counts_people
        One of the sums counts people or what somebody did: small ones are not shown.
    counts_second
        It is the second sum: the mean of what few people did tells of them as well.
    means_second
        Over several periods the second sum is a mean (of people), not a sum (of days or hours).
    days_each
        The first sum is days of absence: how many one person can add in a period at most, 0: all of
        them; None: it is something else. Few days are those of few people.
    part_of
        What the first sum is a part of, ``days`` or ``hours``: no figure lies above all of it.
        Empty where it can: more people may leave than there are.
    """

    key: str
    factor: float
    unit: str
    better: Better
    is_fraction: bool
    counts_people: bool
    means_second: bool = False
    counts_second: bool = False
    days_each: int | None = None
    part_of: str = ""

    def count_of(self, first: float | None, second: float | None, *, n_days: int) -> float | None:
        """Return what must not be small; None where the figure counts neither people nor days.

        Days of absence count as the people there must have been: `LEAST_COUNT` of them once the
        days are more than one fewer can be away in `n_days`.
        """
        if self.days_each is not None:
            most = min(self.days_each or n_days, n_days)
            return None if first is None else LEAST_COUNT * first / ((LEAST_COUNT - 1) * most + 1)
        if not self.counts_people:
            return None
        return second if self.counts_second else first

    @property
    def must_count(self) -> bool:
        """Whether nothing may be shown as long as nobody knows the count."""
        return self.counts_people or self.days_each is not None

    def first_of(self, figure: float, people: int | None, n_days: int) -> float | None:
        """The first sum that an outcome stands for in a group; None where it does not follow."""
        if people is None or self.counts_second:
            return None
        if self.days_each is not None:
            return figure / self.factor * people * n_days
        return figure / self.factor * people if self.means_second else None


SHORT_DAYS: Final = 30
"""A spell of so many calendar days at most is short: about what guaranteed pay covers."""
LEAST_COUNT: Final = 5
"""A count of people, or of what they did, from 1 to 4 is not shown."""

_LOWER: Final = Better.LOWER
KINDS: Final = {
    kind.key: kind
    for kind in (
        # days absent / days available
        SeriesKind(
            "absence_rate",
            100,
            "%",
            _LOWER,
            is_fraction=True,
            counts_people=False,
            days_each=0,
            part_of="days",
        ),
        # days of short spells / days available, and of long ones
        SeriesKind(
            "absence_short",
            100,
            "%",
            _LOWER,
            is_fraction=True,
            counts_people=False,
            days_each=SHORT_DAYS,
            part_of="days",
        ),
        SeriesKind(
            "absence_long",
            100,
            "%",
            _LOWER,
            is_fraction=True,
            counts_people=False,
            days_each=0,
            part_of="days",
        ),
        # spells that began / mean number of people
        SeriesKind(
            "absence_frequency",
            1,
            "number",
            _LOWER,
            is_fraction=True,
            counts_people=True,
            means_second=True,
        ),
        # days of spells / spells
        SeriesKind(
            "absence_duration",
            1,
            "days",
            _LOWER,
            is_fraction=True,
            counts_people=True,
            counts_second=True,
        ),
        # people who left / mean of the people at the start and at the end
        SeriesKind(
            "turnover", 100, "%", _LOWER, is_fraction=True, counts_people=True, means_second=True
        ),
        # overtime / hours worked, overtime among them
        SeriesKind(
            "overtime", 100, "%", _LOWER, is_fraction=True, counts_people=False, part_of="hours"
        ),
        # requests for help, complaints, consultations: whatever the definition says
        SeriesKind("requests", 1, "count", _LOWER, is_fraction=False, counts_people=True),
        SeriesKind("own", 1, "number", _LOWER, is_fraction=False, counts_people=False),
    )
}
"""By key. Accidents and the register have counts of their own, which nobody types again."""

ABSENCE: Final = (
    "absence_rate",
    "absence_short",
    "absence_long",
    "absence_frequency",
    "absence_duration",
)
"""What an overview of absence shows, in order."""

PARTS: Final = ("absence_short", "absence_long")
"""Together they are all absence (`WHOLE_OF_PARTS`): of two that are shown the third follows."""
WHOLE_OF_PARTS: Final = "absence_rate"
SPELLS: Final = "absence_frequency"
"""The kind whose first sum counts the absences that began."""
