"""The mean over all staff, from groups of which different parts answered."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import Interval, finite_population_factor, mean_bounds
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.shares import Z

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """Headcount-weighted mean with its 95 % limits; NaN where not defined."""

    mean: float
    low: float
    high: float


NOT_DEFINED = WeightedMean(np.nan, np.nan, np.nan)


def weighted_mean(groups: Moments, headcount: Floats) -> WeightedMean:
    r"""Mean over all staff, each group weighing as many people as it has.

    Parameters
    ----------
    groups : Moments
        Scores from 0 to 100 of groups that do not overlap, each with at least one answer.
    headcount : (n_groups,) array
        People in each group; NaN when unknown.

    Returns
    -------
    WeightedMean
        From 0 to 100. NaN without groups or when a headcount is unknown or 0; only the limits are
        NaN when a group that did not answer completely has one answer.

    Notes
    -----
    .. math:: \sum_u \frac{N_u}{N} m_u \mp z \sqrt{\sum_u \Bigl(\frac{N_u}{N}\Bigr)^2
       \Bigl(1 - \frac{n_u}{N_u}\Bigr) \frac{s_u^2}{n_u}},

    within the weighted mean of the bounds of the groups.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), equations 5.1 and 5.12.
    """
    if not len(headcount) or not np.all(headcount > 0):
        return NOT_DEFINED
    weight = headcount / headcount.sum()
    mean = float(weight @ groups.mean)
    left = finite_population_factor(groups.n, headcount)
    variance = np.where(left > 0, left * groups.sd**2 / groups.n, 0.0)
    error = Z * np.sqrt(weight**2 @ variance)
    bounds = mean_bounds(groups, headcount)
    shown = Interval(np.array([mean - error]), np.array([mean + error])).within(
        Interval(np.array([weight @ bounds.low]), np.array([weight @ bounds.high]))
    )
    return WeightedMean(mean, float(shown.low[0]), float(shown.high[0]))
