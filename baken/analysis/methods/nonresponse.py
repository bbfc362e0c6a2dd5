"""Whether those who answered look like those who were asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.quantiles import chi2_tail

Floats = NDArray[np.float64]
Counts = NDArray[np.int64] | NDArray[np.float64]

MIN_EXPECTED = 5.0
"""Expected count below which the approximate test is not trusted."""


@dataclass(frozen=True, slots=True)
class ResponseTest:
    """Whether the chance to answer depends on the class; NaN where not defined.

    Attributes
    ----------
    statistic, df, p : float
        Chi-squared on the table of class by answered or not.
    cramers_v : float
        How strong, 0 to 1.
    min_expected : float
        Below `MIN_EXPECTED` the probability is rough: merge classes.
    """

    statistic: float
    df: int
    p: float
    cramers_v: float
    min_expected: float


def response_test(answered: Counts, people: Counts) -> ResponseTest:
    r"""Test whether response depends on the class.

    Parameters
    ----------
    answered, people : (n_classes,) arrays
        Answers and headcount of each class.

    Returns
    -------
    ResponseTest
        NaN when everybody or nobody answered, or with fewer than two classes.

    Raises
    ------
    ValueError
        When a class has more answers than people.

    Notes
    -----
    .. math:: X^2 = \frac{1}{1 - n/N} \sum_c \frac{(n_c - f N_c)^2}{f N_c}, \quad f = n/N

    Most of a known population is counted: comparing with the headcounts as if they were exact
    expectations would be too weak.

    References
    ----------
    .. [1] A. Agresti, Categorical Data Analysis, 3rd ed. (2013), section 3.2.
    """
    _check(answered, people)
    here = people > 0
    n_c, size = answered[here].astype(np.float64), people[here].astype(np.float64)
    rate, df = n_c.sum() / size.sum() if here.any() else np.nan, len(size) - 1
    if df < 1 or not 0 < rate < 1:
        return ResponseTest(np.nan, df, np.nan, np.nan, np.nan)
    expected = size * rate
    statistic = float(((n_c - expected) ** 2 / expected).sum() / (1 - rate))
    smallest = float(np.minimum(expected, size - expected).min())
    strength = float(np.sqrt(statistic / size.sum()))
    return ResponseTest(statistic, df, chi2_tail(statistic, df), strength, smallest)


@dataclass(frozen=True, slots=True)
class Representativity:
    """How alike the response rates of classes are; NaN where not defined.

    Attributes
    ----------
    spread, indicator : float
        Standard deviation of the response rates, and 1 minus twice that.
    spread_adjusted, indicator_adjusted : float
        The same without what chance alone would give.
    largest_bias : float
        Largest bias of a mean, in standard deviations of what is asked.
    """

    spread: float
    indicator: float
    spread_adjusted: float
    indicator_adjusted: float
    largest_bias: float


def representativity(answered: Counts, people: Counts) -> Representativity:
    r"""The R-indicator of some classes.

    Parameters
    ----------
    answered, people : (n_classes,) arrays
        Answers and headcount of each class.

    Returns
    -------
    Representativity
        Indicators at most 1: every class answered alike.

    Raises
    ------
    ValueError
        When a class has more answers than people.

    Notes
    -----
    .. math:: S^2 = \frac{1}{N-1} \sum_c N_c (\rho_c - \rho)^2, \quad R = 1 - 2 S, \quad
       \text{bias} \le S/\rho

    Small classes differ by chance alone; that part,
    :math:`\sum_c \rho_c (1-\rho_c)(1 - N_c/N)/(N-1)`, is taken off the adjusted :math:`S^2`.

    References
    ----------
    .. [1] B. Schouten, F. Cobben and J. Bethlehem, Surv. Methodol. 35, 101-113 (2009).
    """
    _check(answered, people)
    size = people[people > 0].astype(np.float64)
    total = size.sum()
    if total < 2 or answered.sum() == 0:
        return Representativity(*([np.nan] * 5))
    rates = answered[people > 0] / size
    rate = answered.sum() / total
    squared = float((size * (rates - rate) ** 2).sum() / (total - 1))
    chance = float((rates * (1 - rates) * (1 - size / total)).sum() / (total - 1))
    spread, adjusted = np.sqrt(squared), np.sqrt(max(0.0, squared - chance))
    return Representativity(
        float(spread),
        float(1 - 2 * spread),
        float(adjusted),
        float(1 - 2 * adjusted),
        float(spread / rate),
    )


def _check(answered: Counts, people: Counts) -> None:
    if (answered > people).any() or (answered < 0).any():
        raise ValueError("A class cannot have more answers than people, nor fewer than none.")
