"""How far the mean of a unit is drawn towards the mean of all."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.between import anova, filled, weighted_squares
from baken.analysis.methods.moments import Moments

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Variances:
    """Restricted maximum likelihood; NaN when not estimable.

    Attributes
    ----------
    tau2, sigma2 : float
        Variance between and within units, in squared points.
    mean : float
        Mean over the units, in points.
    """

    tau2: float
    sigma2: float
    mean: float

    @property
    def icc1(self) -> float:
        """Share of the variance that lies between units."""
        return self.tau2 / (self.tau2 + self.sigma2)


def reml(groups: Moments) -> Variances:
    r"""Variance between and within units, for any unit sizes.

    Parameters
    ----------
    groups : Moments
        Groups that do not overlap; empty ones are left out.

    Returns
    -------
    Variances
        `tau2` at least 0; NaN below two groups or without variance within them.

    Notes
    -----
    With h and w as in `icc1_limits` and :math:`Q(h) = SSW + \sum w_u (m_u - m_w)^2`, h minimises

    .. math:: (n-1) \log Q(h) + \sum \log(1 + n_u h) + \log \sum w_u

    and :math:`\sigma^2 = Q/(n-1)`, :math:`\tau^2 = h \sigma^2`. With very unequal units there can
    be two minima, one of them at 0: a grid finds the lower one.

    References
    ----------
    .. [1] H. D. Patterson and R. Thompson, Biometrika 58, 545-554 (1971).
    .. [2] S. R. Searle, G. Casella and C. E. McCulloch, Variance Components (1992), section 3.8.
    """
    found = anova(groups)
    if not found.msw > 0:
        return Variances(np.nan, np.nan, np.nan)
    n_u, means = filled(groups)
    within = found.msw * (found.n - found.n_groups)
    # around their middle, so that nothing cancels
    apart = means - means.mean()

    def misfit(ratios: Floats) -> Floats:
        # one line for each ratio h, one column for each group
        grown = 1 + np.outer(ratios, n_u)
        weights = n_u / grown
        total = weights.sum(axis=1)
        squares = weights @ apart**2 - (weights @ apart) ** 2 / total
        fit = (found.n - 1) * np.log(within + squares) + np.log(total)
        misfits: Floats = fit + np.log(grown).sum(axis=1)
        return misfits

    h = _lowest(misfit)
    mean, squares = weighted_squares(n_u, means, h)
    sigma2 = (within + squares) / (found.n - 1)
    return Variances(h * sigma2, sigma2, mean)


def shrunken_means(units: Moments, variances: Variances) -> Floats:
    r"""Means of units drawn towards the mean of all units, the more so the fewer answers.

    Parameters
    ----------
    units : Moments
        The units.
    variances : Variances
        From `reml` over groups that do not overlap.

    Returns
    -------
    (n_units,) array
        In points; NaN for units without answers or when the variances are not estimable. All
        equal when units do not differ more than by chance.

    Notes
    -----
    .. math:: \mu + \frac{\tau^2}{\tau^2 + \sigma^2/n_u} (m_u - \mu)

    References
    ----------
    .. [1] B. Efron and C. Morris, Sci. Am. 236 (5), 119-127 (1977).
    .. [2] J. N. K. Rao and I. Molina, Small Area Estimation, 2nd ed. (2015), equation 5.3.2.
    """
    n = np.maximum(units.n, 1)
    part = variances.tau2 / (variances.tau2 + variances.sigma2 / n)
    return variances.mean + part * (units.mean - variances.mean)


def closed_form(groups: Moments) -> Variances:
    r"""Variance between and within units by equating mean squares; a check on `reml`.

    Parameters
    ----------
    groups : Moments
        Groups that do not overlap; empty ones are left out.

    Returns
    -------
    Variances
        `tau2` at least 0; NaN below two groups or without variance within them.

    Notes
    -----
    .. math:: \tau^2 = \max\Bigl(0, \frac{MSB - MSW}{n_0}\Bigr), \quad
       n_0 = \frac{n - \sum n_u^2/n}{K - 1}, \quad
       \mu = \frac{\sum w_u m_u}{\sum w_u}, \quad w_u = \frac{1}{\tau^2 + \sigma^2/n_u}

    References
    ----------
    .. [1] S. R. Searle, G. Casella and C. E. McCulloch, Variance Components (1992), section 3.6.
    """
    found = anova(groups)
    if not found.msw > 0:
        return Variances(np.nan, np.nan, np.nan)
    n_u = groups.n[groups.n > 0]
    n0 = (found.n - (n_u**2).sum() / found.n) / (found.n_groups - 1)
    tau2 = max(0.0, (found.msb - found.msw) / float(n0))
    mean, _ = weighted_squares(*filled(groups), tau2 / found.msw)
    return Variances(tau2, found.msw, mean)


def present_means(units: Moments, headcount: Floats, shrunken: Floats) -> Floats:
    r"""Best guess of the mean over the people who are there, answered or not.

    Parameters
    ----------
    units : Moments
        The units.
    headcount : (n_units,) array
        People in each unit; NaN or 0 when unknown.
    shrunken : (n_units,) array
        From `shrunken_means`.

    Returns
    -------
    (n_units,) array
        The mean itself where everybody answered; NaN where the headcount is unknown or too small.

    Notes
    -----
    .. math:: \frac{n m + (N - n) EB}{N}

    References
    ----------
    .. [1] J. N. K. Rao and I. Molina, Small Area Estimation, 2nd ed. (2015), section 7.1.2.
    """
    usable = (headcount > 0) & (units.n <= headcount) & (units.n > 0)
    size = np.where(usable, headcount, np.nan)
    guessed: Floats = (units.n * units.mean + (size - units.n) * shrunken) / size
    return guessed


_GRID = np.concatenate([[0.0], np.logspace(-6, 6, 145)])
"""Ratios of variances that are looked at first; the best one is then refined."""

_FINER = 17
"""Points of a finer grid between the neighbours of the best one."""


def _lowest(misfit: Callable[[Floats], Floats]) -> float:
    """Return where a function of h is lowest, from 0 upwards; 0 itself when nothing is better.

    Ever finer grids around the best point; near its lowest point a function is flat, so that more
    than eight digits are not to be had.
    """
    ratios, at_ratios = _GRID, misfit(_GRID)
    at_zero, width = at_ratios[0], np.inf
    while True:
        best = int(np.argmin(at_ratios))
        low, high = ratios[max(best - 1, 0)], ratios[min(best + 1, len(ratios) - 1)]
        if not 1e-9 * high < high - low < width:
            return float(ratios[best]) if at_ratios[best] < at_zero else 0.0
        width = high - low
        ratios = np.linspace(low, high, _FINER)
        at_ratios = misfit(ratios)
