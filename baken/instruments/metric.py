"""Scores from 0 to 100, and the numbers that the makers of an instrument publish.

Handbooks give means and cut-offs on the numbers of the answers, 1 to 5 or 0 to 6. The score of a
scale is that mean stretched over 0 to 100, so one is always the other:

    score = 100 (mean - low) / (high - low)        mean = low + score (high - low) / 100

where reversed items are turned before the mean is taken, as handbooks do.
"""

from dataclasses import dataclass
from fractions import Fraction

from baken.instruments.definition import Instrument


@dataclass(frozen=True, slots=True)
class Metric:
    """The numbers an instrument itself counts in: the lowest and the highest answer."""

    low: int
    high: int

    def score(self, mean: float) -> float:
        """Return the score, 0 to 100, of a mean on the answers' own numbers.

        The mean counts as it is written: 2.59 on 1 to 5 is exactly 39.75.
        """
        return float(100 * (Fraction(str(mean)) - self.low) / (self.high - self.low))

    def mean(self, score: float) -> float:
        """Return the mean on the answers' own numbers of a score from 0 to 100."""
        return self.low + score * (self.high - self.low) / 100

    def deviation(self, spread: float) -> float:
        """Return a standard deviation or a difference of scores on the answers' own numbers."""
        return spread * (self.high - self.low) / 100


def metric_of(instrument: Instrument, scale: str) -> Metric | None:
    """Return the numbers a scale counts in; None when its items differ in range, or are unknown."""
    ranges = {(item.format.low, item.format.high) for item in instrument.scale_items(scale)}
    return Metric(*ranges.pop()) if len(ranges) == 1 else None
