"""Whether people answered otherwise on paper than on a screen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL
from baken.analysis.methods.quantiles import t_quantile

NOTABLE: Final = 0.2
"""Standard deviations; a smaller difference is called none."""


@dataclass(frozen=True, slots=True)
class ModeDifference:
    """Paper minus screen within units, in standard deviations, rounded to one decimal.

    Attributes
    ----------
    effect, low, high : float
        The difference and its interval (95 %).
    least : int
        People of the smaller of both modes, in the units where both were used.
    """

    effect: float
    low: float
    high: float
    least: int

    @property
    def is_notable(self) -> bool:
        """Whether the difference is large enough to be told and not by chance alone."""
        return abs(self.effect) >= NOTABLE and (self.low > 0 or self.high < 0)


def mode_difference(moments: NDArray[np.float64]) -> ModeDifference | None:
    r"""Compare people of the same unit, so that a unit that is all on paper counts for nothing.

    Parameters
    ----------
    moments : (n_units, 2, 3) array
        Per unit, and per mode (screen, then paper): people, sum of scores, sum of squares.

    Returns
    -------
    ModeDifference or None
        None when no unit used both ways, or when nobody differs from anybody.

    Notes
    -----
    .. math:: d = \frac{\sum_u w_u (\bar y_{u,p} - \bar y_{u,s})}{\sum_u w_u}, \qquad
       w_u = \frac{n_{u,p}\, n_{u,s}}{n_{u,p} + n_{u,s}}, \qquad
       \mathrm{se}(d / s) = \sqrt{\frac{1}{\sum_u w_u} + \frac{(d / s)^2}{2 \nu}},

    with :math:`s` the standard deviation within unit and mode, pooled over :math:`\nu` degrees of
    freedom: least squares with one constant per unit. Limits are those of Student with
    :math:`\nu`. Given as :math:`d / s`, on one decimal: a finer figure would tell about a
    handful of people, if nearly all of one mode are in a unit that is shown by itself.

    References
    ----------
    .. [1] W. G. Cochran, Biometrics 10, 417-451 (1954).
    .. [2] L. V. Hedges and I. Olkin, Statistical Methods for Meta-Analysis (1985), chapter 5.
    """
    used = moments[(moments[:, :, 0] > 0).all(axis=1)]
    if not len(used):
        return None
    n, sums, squares = used[:, :, 0], used[:, :, 1], used[:, :, 2]
    means = sums / n
    within = float((squares - n * means**2).sum())
    freedom = float(n.sum() - 2 * len(used))
    if freedom < 1 or within <= 1e-9 * max(1.0, float(squares.sum())):
        return None
    deviation = (within / freedom) ** 0.5
    weights = n.prod(axis=1) / n.sum(axis=1)
    effect = float((weights * (means[:, 1] - means[:, 0])).sum() / weights.sum()) / deviation
    error = (1 / float(weights.sum()) + effect**2 / (2 * freedom)) ** 0.5
    half = float(t_quantile((1 + LEVEL) / 2, freedom)) * error
    effect, low, high = (round(one, 1) + 0.0 for one in (effect, effect - half, effect + half))
    return ModeDifference(effect, low, high, int(n.sum(axis=0).min()))
