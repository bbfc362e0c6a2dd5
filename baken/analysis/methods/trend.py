"""What changed between two campaigns in which people are not linked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL, Interval, finite_population_factor
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import t_quantile

Floats = NDArray[np.float64]

MINIMAL_DIFFERENCE = 5.0
"""Points on 0-100 from which a change matters; a scale may have its own."""


class Verdict(StrEnum):
    """What may be said about a change."""

    BETTER = "better"
    SLIGHTLY_BETTER = "slightly_better"
    WORSE = "worse"
    SLIGHTLY_WORSE = "slightly_worse"
    STABLE = "stable"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class Change:
    """Second campaign minus first, one entry per unit; NaN where not defined.

    Attributes
    ----------
    difference : array
        In points.
    error, df : array
        Standard error and degrees of freedom; an error of 0 means that everybody answered twice:
        the change is a fact, and has no degrees of freedom.
    interval : Interval
        95 % limits.
    """

    difference: Floats
    error: Floats
    df: Floats
    interval: Interval


def change(before: Moments, after: Moments, people_before: Floats, people_after: Floats) -> Change:
    r"""Change of the mean of units between two campaigns.

    Parameters
    ----------
    before, after : Moments
        The same units in both campaigns, entry by entry.
    people_before, people_after : (n_units,) arrays
        Headcounts; NaN or 0 when unknown.

    Returns
    -------
    Change
        Only the difference where one side has fewer than two answers.

    Notes
    -----
    .. math:: v = \frac{s_1^2}{n_1}\Bigl(1 - \frac{n_1}{N_1}\Bigr)
       + \frac{s_2^2}{n_2}\Bigl(1 - \frac{n_2}{N_2}\Bigr)

    with the degrees of freedom of Welch and Satterthwaite. People who answered twice make the
    true variance smaller; without linking that is unknown, and leaving it out makes the interval
    too wide rather than too narrow.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 12.10.
    .. [2] F. E. Satterthwaite, Biometrics Bull. 2, 110-114 (1946).
    """
    first, second = _corrected(before, people_before), _corrected(after, people_after)
    several = (before.n > 1) & (after.n > 1)
    squared = np.where(several, first + second, np.nan)
    uncertain = squared > 0
    # Shares of the whole: squares of very small variances would vanish.
    whole = np.where(uncertain, squared, 1.0)
    below = (first / whole) ** 2 / np.maximum(before.n - 1, 1)
    below += (second / whole) ** 2 / np.maximum(after.n - 1, 1)
    df = np.divide(1, below, out=np.full(len(squared), np.nan), where=uncertain)
    quantile = np.where(uncertain, t_quantile((1 + LEVEL) / 2, np.where(uncertain, df, 1.0)), 0.0)
    error = np.sqrt(squared)
    difference = after.mean - before.mean
    half = quantile * error
    return Change(difference, error, df, Interval(difference - half, difference + half))


def overlapping_error(
    spread: tuple[float, float], n: tuple[int, int], *, both: int, people: int, correlation: float
) -> float:
    r"""Standard error of a change when it is known how many people answered twice.

    Parameters
    ----------
    spread : pair of float
        Standard deviations in both campaigns, in points.
    n : pair of int
        Answers in both campaigns.
    both : int
        People among them who answered twice.
    people : int
        Headcount of a staff that stayed the same.
    correlation : float
        Between the two answers of one person, -1 to 1.

    Returns
    -------
    float
        In points; 0 when everybody answered twice.

    Notes
    -----
    .. math:: v = \sum_i \frac{s_i^2}{n_i} \Bigl(1 - \frac{n_i}{N}\Bigr)
       - 2 \rho s_1 s_2 \Bigl(\frac{n_{12}}{n_1 n_2} - \frac{1}{N}\Bigr)

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 12.11.
    """
    apart = sum(s**2 / m * (1 - m / people) for s, m in zip(spread, n, strict=True))
    shared = correlation * spread[0] * spread[1] * (both / (n[0] * n[1]) - 1 / people)
    return float(np.sqrt(max(0.0, apart - 2 * shared)))


def verdict(
    difference: float,
    low: float,
    high: float,
    high_is: Literal["risk", "resource"],
    minimal: float = MINIMAL_DIFFERENCE,
) -> Verdict:
    """Say in one word what an interval of a change allows.

    Parameters
    ----------
    difference, low, high : float
        The change and its limits, in points.
    high_is : {"risk", "resource"}
        Whether more points are worse or better.
    minimal : float
        The change that matters, in points.

    Returns
    -------
    Verdict
        `stable` when the whole interval lies within the change that matters and holds 0,
        `not_shown` when it holds 0 but also changes that matter: too imprecise to tell.

    Notes
    -----
    Better or worse: the interval excludes 0 and the change is at least `minimal`; slightly: it
    excludes 0 and the change is smaller.

    References
    ----------
    .. [1] G. Norman, J. A. Sloan and K. W. Wyrwich, Med. Care 41, 582-592 (2003).
    """
    if not low <= difference <= high:
        return Verdict.NOT_SHOWN
    if low > 0 or high < 0 or low == high != 0:
        is_better = (difference < 0) == (high_is == "risk")
        is_large = abs(difference) >= minimal
        return _DIRECTIONS[is_better, is_large]
    return Verdict.STABLE if -minimal <= low and high <= minimal else Verdict.NOT_SHOWN


_DIRECTIONS = {
    (True, True): Verdict.BETTER,
    (True, False): Verdict.SLIGHTLY_BETTER,
    (False, True): Verdict.WORSE,
    (False, False): Verdict.SLIGHTLY_WORSE,
}


def _corrected(group: Moments, people: Floats) -> Floats:
    n = np.where(group.n > 1, group.n, 2)
    squared: Floats = group.sd**2 / n * finite_population_factor(group.n, people)
    return squared
