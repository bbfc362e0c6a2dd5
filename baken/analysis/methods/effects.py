"""Whether units that acted changed more than units that did not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.comparisons import Welch, welch
from baken.analysis.methods.means import LEVEL
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import t_both_tails, t_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_UNITS = 3
"""Units on either side below which there is a picture and no probability."""


def difference_in_differences(changes: Floats, acted: NDArray[np.bool_]) -> Welch:
    r"""Mean change of units that acted minus mean change of the others; one number per unit.

    Parameters
    ----------
    changes : (n_units,) array
        Change of each unit, in points; NaN entries are left out.
    acted : (n_units,) array of bool
        Which units had the action.

    Returns
    -------
    Welch
        One entry. Test and interval are NaN below three units on either side.

    Notes
    -----
    .. math:: \bar d_{acted} - \bar d_{others}

    with Welch's test on the changes: units, not persons, received the action.

    References
    ----------
    .. [1] J. D. Angrist and J.-S. Pischke, Mostly Harmless Econometrics (2009), section 5.2.
    """
    known = ~np.isnan(changes)
    sides = [_moments(changes[known & side]) for side in (acted, ~acted)]
    found = welch(sides[0], sides[1])
    if min(int(side.n[0]) for side in sides) >= MIN_UNITS:
        return found
    nothing = np.full(1, np.nan)
    limits = type(found.interval)(nothing, nothing)
    return Welch(found.difference, nothing, nothing, nothing, limits)


@dataclass(frozen=True, slots=True)
class ClusteredEffect:
    """The same question asked of persons, with units as clusters; NaN where not defined.

    Attributes
    ----------
    effect : float
        In points.
    error, df, p : float
        CR2 standard error, Satterthwaite's degrees of freedom, two-sided probability.
    low, high : float
        95 % limits.
    """

    effect: float
    error: float
    df: float
    p: float
    low: float
    high: float


def clustered_effect(before: Moments, after: Moments, acted: NDArray[np.bool_]) -> ClusteredEffect:
    r"""Difference in differences over persons, with a standard error that respects the units.

    Parameters
    ----------
    before, after : Moments
        The same units in both campaigns, entry by entry.
    acted : (n_units,) array of bool
        Which units had the action.

    Returns
    -------
    ClusteredEffect
        Only the effect below three units on either side.

    Notes
    -----
    Least squares of :math:`y` on action, campaign and their product. With the hat matrix H, each
    unit's residuals are multiplied by :math:`(I - H_{uu})^{-1/2}`. All rows of a unit in one
    campaign are alike, so that everything follows from counts and means per unit and campaign;
    single rows are not needed.

    References
    ----------
    .. [1] R. M. Bell and D. F. McCaffrey, Surv. Methodol. 28, 169-181 (2002).
    .. [2] J. E. Pustejovsky and E. Tipton, J. Bus. Econ. Stat. 36, 672-683 (2018), equation 12.
    """
    n = np.stack([before.n, after.n], axis=1).astype(np.float64)
    means = np.where(n > 0, np.stack([before.mean, after.mean], axis=1), 0.0)
    design = _design(acted)
    inside = np.einsum("uw,uwi,uwj->ij", n, design, design)
    if np.linalg.matrix_rank(inside) < 4:
        return ClusteredEffect(*([np.nan] * 6))
    bread = np.linalg.inv(inside)
    coefficients = bread @ np.einsum("uw,uw,uwi->i", n, means, design)
    effect = float(coefficients[3])
    if min(acted.sum(), (~acted).sum()) < MIN_UNITS:
        return ClusteredEffect(effect, *([np.nan] * 5))
    residuals = means - design @ coefficients
    weights = _adjusted(n, design, bread)
    error = float(np.sqrt(((weights * np.sqrt(n) * residuals).sum(axis=1) ** 2).sum()))
    df = _degrees_of_freedom(n, design, bread, weights)
    half = float(t_quantile((1 + LEVEL) / 2, df)) * error
    p = float(t_both_tails(effect / error, df)) if error > 0 else np.nan
    return ClusteredEffect(effect, error, df, p, effect - half, effect + half)


def _design(acted: NDArray[np.bool_]) -> Floats:
    """Rows of a unit before and after: constant, action, campaign, action in the second one."""
    rows = np.zeros((len(acted), 2, 4))
    rows[:, :, 0] = 1
    rows[:, :, 1] = acted[:, None]
    rows[:, 1, 2] = 1
    rows[:, 1, 3] = acted
    return rows


def _adjusted(n: Floats, design: Floats, bread: Floats) -> Floats:
    """Weights of the unit's two (scaled) means in the effect, adjusted as CR2 asks."""
    weights = np.zeros_like(n)
    for unit, rows in enumerate(design):
        size = np.sqrt(n[unit])
        own = size[:, None] * (rows @ bread @ rows.T) * size[None, :]
        values, vectors = np.linalg.eigh(np.eye(2) - own)
        # a unit that fits exactly has nothing left to correct: its part is left out
        root = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0.0)
        weights[unit] = (vectors * root) @ vectors.T @ (size * (rows @ bread[:, 3]))
    return weights


def _degrees_of_freedom(n: Floats, design: Floats, bread: Floats, weights: Floats) -> float:
    """Satterthwaite's, under equal and independent errors."""
    spread = np.einsum("uw,uw,uwi->ui", weights, np.sqrt(n), design)
    shared = -spread @ bread @ spread.T
    own = (weights**2).sum(axis=1)
    products = shared + np.diag(own)
    return float(np.trace(products) ** 2 / (products**2).sum())


def _moments(values: Floats) -> Moments:
    n = len(values)
    mean = values.mean() if n else np.nan
    sd = values.std(ddof=1) if n > 1 else np.nan
    return Moments(np.array([n]), np.array([mean]), np.array([sd]))
