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
    """

    key: str
    factor: float
    unit: str
    better: Better
    is_fraction: bool
    counts_people: bool
    means_second: bool = False
    counts_second: bool = False

    def count_of(self, first: float | None, second: float | None) -> float | None:
        """Return what must not be small out of the two sums; None where neither counts people."""
        if not self.counts_people:
            return None
        return second if self.counts_second else first


_LOWER: Final = Better.LOWER
KINDS: Final = {
    kind.key: kind
    for kind in (
        # days absent / days available
        SeriesKind("absence_rate", 100, "%", _LOWER, is_fraction=True, counts_people=False),
        # days of short spells / days available, and of long ones
        SeriesKind("absence_short", 100, "%", _LOWER, is_fraction=True, counts_people=False),
        SeriesKind("absence_long", 100, "%", _LOWER, is_fraction=True, counts_people=False),
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
        # overtime / hours worked
        SeriesKind("overtime", 100, "%", _LOWER, is_fraction=True, counts_people=False),
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
