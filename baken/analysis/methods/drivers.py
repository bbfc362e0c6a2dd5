"""Which scales hang together with an outcome, and how strongly.

Everything follows from how many people were complete in the whole model, and from the sums and
cross-products of their scores: persons are not needed.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL, Interval
from baken.analysis.methods.quantiles import t_quantile

Floats = NDArray[np.float64]

MIN_PEOPLE = 100
PEOPLE_PER_FACTOR = 10
MIN_EXPLAINED = 0.10
"""Explained variance below which there is no picture."""
TOO_ALIKE = 0.8
"""Correlation above which two factors share their weight arbitrarily."""
MIN_GROUPS = 20
"""Groups below which a weight has no interval."""
PENALTIES = (1.0, 10.0, 100.0)
"""Fixed: nothing is tuned."""
MAX_FACTORS = 15
"""Factors above which not every subset can be looked at."""


@dataclass(frozen=True, slots=True)
class Products:
    """What a group knows of a model: the outcome comes first, then the factors.

    Attributes
    ----------
    n : int
        People complete in the whole model.
    sums : (n_variables,) array
        Of their scores.
    products : (n_variables, n_variables) array
        Sums of squares and cross-products of their scores.
    """

    n: int
    sums: Floats
    products: Floats

    def __add__(self, other: "Products") -> "Products":
        return Products(self.n + other.n, self.sums + other.sums, self.products + other.products)

    def __sub__(self, other: "Products") -> "Products":
        return Products(self.n - other.n, self.sums - other.sums, self.products - other.products)

    @property
    def scatter(self) -> Floats:
        """Squares and products around the mean."""
        if self.n == 0:
            return np.zeros_like(self.products)
        return self.products - np.outer(self.sums, self.sums) / self.n


@dataclass(frozen=True, slots=True)
class Correlations:
    """Between the factors, and of each factor with the outcome."""

    n: int
    factors: Floats
    outcome: Floats

    @property
    def explained(self) -> float:
        """Share of the outcome's variance that the factors explain together (R squared)."""
        return float(self.outcome @ np.linalg.solve(self.factors, self.outcome))


def correlations(scatter: Floats, n: int) -> Correlations | None:
    """Turn squares and products into correlations; None when something does not vary."""
    spread = np.sqrt(np.diag(scatter))
    if n < 3 or not (spread > 0).all():
        return None
    found = scatter / np.outer(spread, spread)
    factors = found[1:, 1:]
    if np.linalg.matrix_rank(factors, hermitian=True) < len(factors):
        return None
    return Correlations(n, factors, found[1:, 0])


def overall(groups: list[Products]) -> Correlations | None:
    """Correlations over all people."""
    total = _total(groups)
    return correlations(total.scatter, total.n)


def within_groups(groups: list[Products]) -> Correlations | None:
    """Correlations of scores centred within their groups: what units have in common is gone."""
    scatter = np.sum([group.scatter for group in groups], axis=0)
    return correlations(scatter, _total(groups).n)


def relative_weights(found: Correlations) -> Floats:
    r"""Part of the explained variance that each factor brings.

    Parameters
    ----------
    found : Correlations
        From `overall` or `within_groups`.

    Returns
    -------
    (n_factors,) array
        At least 0; they add up to the explained variance.

    Notes
    -----
    With :math:`R = V D V'` and :math:`\Lambda = V D^{1/2} V'`:

    .. math:: w_i = \sum_j \Lambda_{ij}^2 \beta_j^2, \qquad \beta = \Lambda^{-1} r

    References
    ----------
    .. [1] J. W. Johnson, Multivar. Behav. Res. 35, 1-19 (2000).
    """
    values, vectors = np.linalg.eigh(found.factors)
    root = (vectors * np.sqrt(values)) @ vectors.T
    weights = root**2 @ np.linalg.solve(root, found.outcome) ** 2
    return np.asarray(weights, dtype=np.float64)


def general_dominance(found: Correlations) -> Floats:
    r"""Mean gain in explained variance over all subsets of the other factors.

    Parameters
    ----------
    found : Correlations
        At most `MAX_FACTORS` factors.

    Returns
    -------
    (n_factors,) array
        They add up to the explained variance; with two factors the same as `relative_weights`.

    Raises
    ------
    ValueError
        When there are more factors than can be looked at.

    Notes
    -----
    .. math:: d_i = \frac1p \sum_{s=0}^{p-1} \binom{p-1}{s}^{-1}
       \sum_{|S|=s,\, i \notin S} \bigl(R^2_{S \cup i} - R^2_S\bigr)

    References
    ----------
    .. [1] D. V. Budescu, Psychol. Bull. 114, 542-551 (1993).
    """
    p = len(found.outcome)
    if p > MAX_FACTORS:
        raise ValueError(f"Dominance is for at most {MAX_FACTORS} factors.")
    explained, sizes = _explained_by_subsets(found)
    subsets = np.arange(2**p)
    part = np.array([1 / comb(p - 1, size) / p if size < p else 0.0 for size in range(p + 1)])
    gains: Floats = np.zeros(p)
    for factor in range(p):
        without = subsets[subsets >> factor & 1 == 0]
        more = explained[without | 1 << factor] - explained[without]
        gains[factor] = (more * part[sizes[without]]).sum()
    return gains


def ridge(found: Correlations, penalty: float) -> Floats:
    r"""Signed coefficients of standardised scores, held back by a fixed penalty.

    Notes
    -----
    .. math:: \bigl((n-1) R + \lambda I\bigr)^{-1} (n-1)\, r

    References
    ----------
    .. [1] A. E. Hoerl and R. W. Kennard, Technometrics 12, 55-67 (1970).
    """
    steps = found.n - 1
    held = steps * found.factors + penalty * np.eye(len(found.outcome))
    return np.asarray(np.linalg.solve(held, steps * found.outcome), dtype=np.float64)


def weight_intervals(groups: list[Products]) -> Interval | None:
    r"""Intervals of the relative weights, by leaving out one group at a time.

    Parameters
    ----------
    groups : list of Products
        Groups that do not overlap.

    Returns
    -------
    Interval or None
        One entry per factor, from 0 to the explained variance. None below `MIN_GROUPS` groups, or
        when a factor does not vary any more without one of them.

    Notes
    -----
    .. math:: se^2 = \frac{K-1}{K} \sum_u (w_{(u)} - \bar w_{(\cdot)})^2, \qquad
       w \mp t_{.975,\,K-1}\, se

    References
    ----------
    .. [1] B. Efron and C. Stein, Ann. Stat. 9, 586-596 (1981).
    """
    filled = [group for group in groups if group.n]
    whole = _total(filled) if len(filled) >= MIN_GROUPS else None
    found = correlations(whole.scatter, whole.n) if whole else None
    if whole is None or found is None:
        return None
    left = [correlations((whole - group).scatter, whole.n - group.n) for group in filled]
    without = [relative_weights(part) for part in left if part is not None]
    k = len(filled)
    if len(without) < k:
        return None
    off = np.array(without) - np.mean(without, axis=0)
    error = np.sqrt((k - 1) / k * (off**2).sum(axis=0))
    half = t_quantile((1 + LEVEL) / 2, k - 1) * error
    weights = relative_weights(found)
    return Interval(np.maximum(0.0, weights - half), np.minimum(found.explained, weights + half))


def may_be_shown(found: Correlations | None) -> bool:
    """Whether there are enough people, and enough explained, for a picture."""
    if found is None:
        return False
    enough = max(MIN_PEOPLE, PEOPLE_PER_FACTOR * len(found.outcome))
    return found.n >= enough and found.explained >= MIN_EXPLAINED


def too_alike(found: Correlations) -> list[tuple[int, int]]:
    """Pairs of factors that ask nearly the same."""
    pairs = combinations(range(len(found.outcome)), 2)
    return [(i, j) for i, j in pairs if abs(found.factors[i, j]) > TOO_ALIKE]


def _explained_by_subsets(found: Correlations) -> tuple[Floats, NDArray[np.intp]]:
    """Return what every subset explains, and its size; bit i of the place says factor i is in."""
    p = len(found.outcome)
    explained, sizes = np.zeros(2**p), np.zeros(2**p, dtype=np.intp)
    for size in range(1, p + 1):
        chosen = np.array(list(combinations(range(p), size)))
        place = (1 << chosen).sum(axis=1)
        between = found.factors[chosen[:, :, None], chosen[:, None, :]]
        outcome = found.outcome[chosen]
        solved = np.linalg.solve(between, outcome[:, :, None])[:, :, 0]
        explained[place] = (outcome * solved).sum(axis=1)
        sizes[place] = size
    return explained, sizes


def _total(groups: list[Products]) -> Products:
    first, *others = groups
    total = first
    for group in others:
        total = total + group
    return total
