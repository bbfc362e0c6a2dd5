"""How precise the mean of a unit of known size is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import t_quantile

Floats = NDArray[np.float64]

LEVEL = 0.95
"""Confidence level of every interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper limits, one entry per group; NaN where there is no interval."""

    low: Floats
    high: Floats

    def within(self, bounds: "Interval") -> "Interval":
        """Cut the interval off at bounds that cannot be passed."""
        return Interval(np.maximum(self.low, bounds.low), np.minimum(self.high, bounds.high))


def finite_population_factor(n: NDArray[np.int64], headcount: Floats) -> Floats:
    r"""What is left of the sampling variance when part of a known group answered.

    Parameters
    ----------
    n : (n_groups,) array
        Valid answers, in people.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    (n_groups,) array
        From 0 (everybody answered) to 1. It is 1 when the headcount is unknown, and when there are
        more answers than people: then the headcount is wrong, and completeness is not claimed.

    Notes
    -----
    .. math:: 1 - n/N

    It goes with a variance that has divisor n - 1.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 2.5.
    """
    usable = (headcount > 0) & (n <= headcount)
    share = np.divide(n, headcount, out=np.zeros(len(n)), where=usable)
    return np.where(usable, 1.0 - share, 1.0)


def mean_interval(group: Moments, headcount: Floats) -> Interval:
    r"""Student interval for the mean of a finite group.

    Parameters
    ----------
    group : Moments
        Count, mean and spread, in any unit.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    Interval
        In the unit of the mean; NaN below two answers. Width 0 when everybody answered.

    Notes
    -----
    .. math:: m \mp t_{.975,\,n-1} \frac{s}{\sqrt n} \sqrt{1 - n/N}

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), equation 2.25.
    """
    n = np.where(group.n > 1, group.n, 2)
    quantile = t_quantile((1 + LEVEL) / 2, n - 1)
    error = group.sd / np.sqrt(n) * np.sqrt(finite_population_factor(group.n, headcount))
    return Interval(group.mean - quantile * error, group.mean + quantile * error)


def mean_bounds(
    group: Moments, headcount: Floats, *, lowest: float = 0.0, highest: float = 100.0
) -> Interval:
    r"""What the mean of the whole group would be if the silent people were at an extreme.

    Parameters
    ----------
    group : Moments
        Count and mean of those who answered.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.
    lowest, highest : float
        Range of the scores.

    Returns
    -------
    Interval
        Between `lowest` and `highest`; that whole range when nothing is known about the silent
        people, that is when the headcount is unknown or below the number of answers.

    Notes
    -----
    .. math:: \frac{n m + (N-n) a}{N} \;\ldots\; \frac{n m + (N-n) b}{N}

    References
    ----------
    .. [1] C. F. Manski, Partial Identification of Probability Distributions (2003), chapter 1.
    """
    usable = (headcount > 0) & (group.n <= headcount)
    size = np.where(usable, headcount, 1.0)
    known = np.where(group.n > 0, group.n * group.mean, 0.0)
    silent = size - group.n
    low = np.where(usable, (known + silent * lowest) / size, lowest)
    high = np.where(usable, (known + silent * highest) / size, highest)
    return Interval(low, high)


def shown_mean_interval(group: Moments, headcount: Floats) -> Interval:
    r"""The interval that is printed: never one that contradicts arithmetic.

    Parameters
    ----------
    group : Moments
        Count, mean and spread of scores from 0 to 100.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    Interval
        Between 0 and 100; NaN below two answers. Where all answers are equal and not everybody
        answered the Student interval has no width, which is false: the bounds stand instead.

    Notes
    -----
    The intersection of `mean_interval` and `mean_bounds`.

    References
    ----------
    .. [1] C. F. Manski, Partial Identification of Probability Distributions (2003), chapter 1.
    """
    bounds = mean_bounds(group, headcount)
    shown = mean_interval(group, headcount).within(bounds)
    alike = (group.sd == 0) & (group.n != headcount)
    return Interval(
        np.where(alike, bounds.low, shown.low), np.where(alike, bounds.high, shown.high)
    )
