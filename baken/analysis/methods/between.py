"""How much units differ from each other: analysis of variance and its relatives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import f_quantile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anova:
    """One-way analysis of variance.

    Attributes
    ----------
    n, n_groups : int
        People, and groups that have any.
    msb, msw : float
        Mean squares between and within groups, in squared points; NaN where not defined.
    """

    n: int
    n_groups: int
    msb: float
    msw: float


def anova(groups: Moments) -> Anova:
    r"""Mean squares between and within groups.

    Parameters
    ----------
    groups : Moments
        Groups that do not overlap; empty ones are left out.

    Returns
    -------
    Anova
        NaN below two groups, or when no group has two members.

    Notes
    -----
    .. math:: MSB = \frac{\sum n_u (m_u - m)^2}{K-1}, \qquad
       MSW = \frac{\sum (n_u - 1) s_u^2}{n-K}

    References
    ----------
    .. [1] S. R. Searle, G. Casella and C. E. McCulloch, Variance Components (1992), chapter 3.
    """
    n_u, means = filled(groups)
    n, k = int(n_u.sum()), len(n_u)
    if k < 2 or n == k:
        return Anova(n, k, np.nan, np.nan)
    between = float(n_u @ (means - n_u @ means / n) ** 2)
    within = float(squares_within(groups).sum())
    return Anova(n, k, between / (k - 1), within / (n - k))


def icc2(found: Anova) -> float:
    r"""Reliability of the means of units.

    Parameters
    ----------
    found : Anova
        Over the groups.

    Returns
    -------
    float
        From 0 to 1, negative estimates as 0; NaN when the units do not differ at all.

    Notes
    -----
    .. math:: ICC(2) = \frac{MSB - MSW}{MSB}

    References
    ----------
    .. [1] P. D. Bliese, in K. J. Klein and S. W. J. Kozlowski (eds), Multilevel Theory, Research
       and Methods in Organizations (2000), 349-381.
    """
    if not found.msb > 0:
        return np.nan
    return max(0.0, (found.msb - found.msw) / found.msb)


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper 95 % limit; NaN when not defined."""

    low: float
    high: float


def icc1_limits(groups: Moments) -> Limits:
    r"""Exact limits of the share of variance between units, whatever their sizes.

    Parameters
    ----------
    groups : Moments
        Groups that do not overlap; empty ones are left out.

    Returns
    -------
    Limits
        From 0 to 1; NaN below two groups or without variance within them.

    Notes
    -----
    With :math:`w_u = n_u / (1 + n_u h)` and their weighted mean :math:`m_w`,

    .. math:: F(h) = \frac{\sum w_u (m_u - m_w)^2}{(K-1)\, MSW}

    falls as :math:`h = \tau^2/\sigma^2` grows. The limits of h solve :math:`F(h) = F_{.975}` and
    :math:`F(h) = F_{.025}` with K - 1 and n - K degrees of freedom, 0 without root; the limits of
    the share are :math:`h/(1+h)`. Unit effects are taken to be roughly normal.

    References
    ----------
    .. [1] A. Wald, Ann. Math. Stat. 11, 96-100 (1940).
    """
    found = anova(groups)
    if not found.msw > 0:
        return Limits(np.nan, np.nan)

    n_u, means = filled(groups)
    within = (found.n_groups - 1) * found.msw
    freedom = found.n_groups - 1, found.n - found.n_groups
    tail = (1 - LEVEL) / 2
    low, high = (
        _where_squares_are(within * f_quantile(p, *freedom), n_u, means) for p in (1 - tail, tail)
    )
    return Limits(low / (1 + low), high / (1 + high))


def squares_within(groups: Moments) -> Floats:
    several = groups.n > 1
    return np.where(several, (groups.n - 1) * np.where(several, groups.sd, 0.0) ** 2, 0.0)


def filled(groups: Moments) -> tuple[Floats, Floats]:
    """Return size and mean of the groups that have members."""
    has_members = groups.n > 0
    return groups.n[has_members].astype(np.float64), groups.mean[has_members]


def weighted_squares(n_u: Floats, means: Floats, h: float) -> tuple[float, float]:
    """Return the weighted mean of groups and the weighted squares around it."""
    weights = n_u / (1 + n_u * h)
    mean = float(weights @ means / weights.sum())
    return mean, float(weights @ (means - mean) ** 2)


def _where_squares_are(level: float, n_u: Floats, means: Floats) -> float:
    """Return the h at which the weighted squares fall to a level; 0 when they start below it.

    Newton's method. The squares fall ever more slowly, so that it comes from the left and never
    goes too far.
    """
    h = 0.0
    while True:
        weights = n_u / (1 + n_u * h)
        apart = (means - weights @ means / weights.sum()) ** 2
        step = float((weights @ apart - level) / (weights**2 @ apart)) if apart.any() else 0.0
        if not step > 1e-15 * h:
            return h
        h += step
