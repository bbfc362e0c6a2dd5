"""Whether people would recommend working here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import Interval, mean_bounds, mean_interval
from baken.analysis.methods.moments import moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HIGHEST = 10
"""The question runs from 0 to 10."""
RECOMMENDING = 9
"""Lowest answer that counts as recommending."""
ADVISING_AGAINST = 6
"""Highest answer that counts as advising against."""

_VALUES = np.array([-100.0, 0.0, 100.0])


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The recommendation score of some groups, one entry per group; NaN where not defined.

    Attributes
    ----------
    n : array
        Valid answers.
    score, sd : array
        From -100 to 100, and the spread of the values 100, 0 and -100 behind it.
    shown : Interval
        95 % limits, never beyond what is possible.
    against, neutral, recommending : array
        Shares of the answers.
    """

    n: Ints
    score: Floats
    sd: Floats
    shown: Interval
    against: Floats
    neutral: Floats
    recommending: Floats


def recommendation(people: Ints, headcount: Floats) -> Recommendation:
    r"""Share of those who recommend minus share of those who advise against.

    Parameters
    ----------
    people : (n_groups, 11) array
        How many people of each group gave each answer from 0 to 10.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    Recommendation
        NaN for groups without answers; no limits below two.

    Raises
    ------
    ValueError
        When there are not eleven answers to count.

    Notes
    -----
    The score is the mean of a variable with the values 100 (9 and 10), 0 (7 and 8) and -100 (0 to
    6), so that everything that holds for a mean holds for it:

    .. math:: R = 100 (p_+ - p_-), \quad
       s^2 = 100^2 \frac{n}{n-1} \bigl(p_+ + p_- - (p_+ - p_-)^2\bigr), \quad
       R \mp t_{.975,\,n-1} \frac{s}{\sqrt n} \sqrt{1 - n/N}

    cut off at :math:`(100 (x_+ - x_-) \mp 100 (N - n))/N`; without any spread, and unless everybody
    answered, these bounds stand instead.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), equation 2.25.
    """
    if people.shape[1] != HIGHEST + 1:
        raise ValueError(f"A recommendation has answers 0 to {HIGHEST}.")
    against = people[:, : ADVISING_AGAINST + 1].sum(axis=1)
    recommending = people[:, RECOMMENDING:].sum(axis=1)
    neutral = people.sum(axis=1) - against - recommending
    counts = np.stack([against, neutral, recommending], axis=1)
    group = moments(counts, _VALUES)
    bounds = mean_bounds(group, headcount, lowest=-100.0, highest=100.0)
    limits = mean_interval(group, headcount).within(bounds)
    alike = (group.sd == 0) & (group.n != headcount)
    shown = Interval(
        np.where(alike, bounds.low, limits.low), np.where(alike, bounds.high, limits.high)
    )
    shares = counts / np.where(group.n > 0, group.n, np.nan)[:, None]
    return Recommendation(group.n, group.mean, group.sd, shown, *shares.T)
