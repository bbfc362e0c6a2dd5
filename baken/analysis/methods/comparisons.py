"""Whether a unit differs from the rest of the organisation, and by how much."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL, Interval
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import t_both_tails, t_quantile
from baken.analysis.methods.shares import Z

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Welch:
    """Welch's test, one entry per pair of groups; NaN where it is not defined.

    Attributes
    ----------
    difference : array
        First mean minus second, in the unit of the scores.
    t, df, p : arrays
        Statistic, degrees of freedom, two-sided probability.
    interval : Interval
        95 % limits of the difference.
    """

    difference: Floats
    t: Floats
    df: Floats
    p: Floats
    interval: Interval


def welch(first: Moments, second: Moments) -> Welch:
    r"""Difference of two means without assuming equal spread, and its test.

    Parameters
    ----------
    first, second : Moments
        The groups to compare, entry by entry, in one unit. No finite population correction: the
        question is about the process behind the answers.

    Returns
    -------
    Welch
        Only the difference where one side has fewer than two answers or neither has any spread.

    Notes
    -----
    With :math:`A = s_1^2/n_1` and :math:`B = s_2^2/n_2`:

    .. math:: t = \frac{m_1 - m_2}{\sqrt{A+B}}, \qquad
       \nu = \frac{(A+B)^2}{A^2/(n_1-1) + B^2/(n_2-1)}

    References
    ----------
    .. [1] B. L. Welch, Biometrika 34, 28-35 (1947).
    """
    one, two = (np.where(side.n > 1, side.n, 2) for side in (first, second))
    a, b = first.sd**2 / one, second.sd**2 / two
    defined = (first.n > 1) & (second.n > 1) & (a + b > 0)
    error = np.where(defined, a + b, 1.0)
    difference = first.mean - second.mean
    # Shares of the whole: squares of very small variances would vanish.
    below = (a / error) ** 2 / (one - 1) + (b / error) ** 2 / (two - 1)
    df: Floats = np.divide(1, below, out=np.full_like(error, np.nan), where=defined)
    t = np.where(defined, difference / np.sqrt(error), np.nan)
    half = t_quantile((1 + LEVEL) / 2, df) * np.sqrt(error)
    return Welch(
        difference,
        t,
        df,
        np.asarray(t_both_tails(t, df)),
        Interval(difference - half, difference + half),
    )


@dataclass(frozen=True, slots=True)
class Hedges:
    """Standardised difference with its 95 % limits, one entry per pair of groups."""

    g: Floats
    interval: Interval


def hedges_g(first: Moments, second: Moments) -> Hedges:
    r"""Difference of two means in standard deviations, corrected for small groups.

    Parameters
    ----------
    first, second : Moments
        The groups to compare, entry by entry, in one unit.

    Returns
    -------
    Hedges
        Without unit; NaN when a group is empty or there is no spread at all.

    Notes
    -----
    .. math:: g = J \frac{m_1 - m_2}{s_p}, \quad J = 1 - \frac{3}{4\nu - 1}, \quad
       \nu = n_1 + n_2 - 2, \quad
       se = \sqrt{\frac{n_1+n_2}{n_1 n_2} + \frac{g^2}{2(n_1+n_2)}}

    References
    ----------
    .. [1] L. V. Hedges and I. Olkin, Statistical Methods for Meta-Analysis (1985), chapter 5,
       equations 7 and 15.
    """
    df = first.n + second.n - 2
    squares = sum(np.where(side.n > 1, (side.n - 1) * side.sd**2, 0.0) for side in (first, second))
    defined = (first.n > 0) & (second.n > 0) & (df > 0) & (squares > 0)
    freedom = np.where(defined, df, 1)
    pooled = np.sqrt(np.where(defined, squares, 1.0) / freedom)
    g = np.where(defined, (1 - 3 / (4 * freedom - 1)) * (first.mean - second.mean) / pooled, np.nan)
    both, product = first.n + second.n, np.where(defined, first.n * second.n, 1)
    error = np.sqrt(both / product + g**2 / (2 * np.where(defined, both, 1)))
    return Hedges(g, Interval(g - Z * error, g + Z * error))


def benjamini_hochberg(p: Floats) -> Floats:
    r"""Which of many comparisons can be trusted: the false discovery rate.

    Parameters
    ----------
    p : array of any shape
        Probabilities of one family of tests; NaN where there was no test.

    Returns
    -------
    array of the same shape
        q values from 0 to 1; NaN stays NaN and counts in no family.

    Notes
    -----
    .. math:: q_{(i)} = \min_{j \ge i} \min\bigl(1, p_{(j)} M / j\bigr)

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57, 289-300 (1995).
    """
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = _step_up(p[tested])
    return q


def _step_up(p: Floats) -> Floats:
    order = np.argsort(p)
    risen = p[order] * len(p) / np.arange(1, len(p) + 1)
    least = np.minimum.accumulate(risen[::-1])[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum(1.0, least)
    return q
