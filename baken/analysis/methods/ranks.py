"""Comparisons by rank, from how many people of each group have each score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import Interval
from baken.analysis.methods.quantiles import chi2_tail, normal_tail
from baken.analysis.methods.shares import Z

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def midranks(total: Ints) -> Floats:
    """Return the mean rank of each value, (n_values,), from how many people have it."""
    return np.cumsum(total) - (total - 1) / 2


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Mann-Whitney test and Cliff's delta, one entry per group; NaN where not defined.

    Attributes
    ----------
    u : array
        Pairs in which the member of the group is higher, ties counted as one half.
    p : array
        Two-sided probability, normal approximation with corrections for ties and continuity.
    delta : array
        From -1 (everybody in the group lower than everybody outside) to 1.
    """

    u: Floats
    p: Floats
    delta: Floats


def mann_whitney(people: Ints, others: Ints) -> MannWhitney:
    r"""Compare each group with its others by rank.

    Parameters
    ----------
    people : (n_groups, n_values) array
        How many members of each group have each value, values in ascending order.
    others : (n_groups, n_values) array
        The same for those each group is compared with.

    Returns
    -------
    MannWhitney
        `p` is NaN when a side is empty or all values are equal, `delta` when a side is empty.

    Notes
    -----
    With midranks, :math:`U = R_1 - n_1(n_1+1)/2`, :math:`n = n_1 + n_2` and ties
    :math:`t_v` people at each value:

    .. math:: z = \frac{|U - n_1 n_2/2| - 1/2}
       {\sqrt{\frac{n_1 n_2}{12}\Bigl(n + 1 - \frac{\sum_v t_v^3 - t_v}{n(n-1)}\Bigr)}},
       \qquad \delta = \frac{2U}{n_1 n_2} - 1

    References
    ----------
    .. [1] H. B. Mann and D. R. Whitney, Ann. Math. Statist. 18, 50-60 (1947).
    .. [2] N. Cliff, Psychol. Bull. 114, 494-509 (1993), equation 1.
    """
    n1, n2 = people.sum(axis=1), others.sum(axis=1)
    below = np.cumsum(others, axis=1) - others
    u = (people * (below + others / 2)).sum(axis=1)
    n, pairs = n1 + n2, n1 * n2
    at_value = (people + others).astype(np.float64)
    ties = (at_value**3 - at_value).sum(axis=1)
    spread = n + 1 - ties / np.where(n > 1, n * (n - 1.0), 1.0)
    varies = (pairs > 0) & (((people + others) > 0).sum(axis=1) > 1)
    sd = np.sqrt(np.where(varies, pairs * spread / 12, 1.0))
    z = (np.abs(u - pairs / 2) - 0.5) / sd
    p = np.where(varies, np.minimum(1.0, 2 * normal_tail(z)), np.nan)
    filled = pairs > 0
    delta = np.where(filled, 2 * u / np.where(filled, pairs, 1) - 1, np.nan)
    return MannWhitney(u.astype(np.float64), p, delta)


def cliff_interval(people: Ints, others: Ints) -> Interval:
    r"""Asymmetric 95 % limits of Cliff's delta.

    Parameters
    ----------
    people, others : (n_groups, n_values) arrays
        As for `mann_whitney`.

    Returns
    -------
    Interval
        From -1 to 1; NaN when a side has fewer than two members or delta is -1 or 1.

    Notes
    -----
    With :math:`d_{ij}` the sign of each difference, its row means :math:`d_i`, column means
    :math:`d_j` and :math:`\delta` the mean of all:

    .. math:: s^2 = \frac{n_2^2 \sum (d_i-\delta)^2 + n_1^2 \sum (d_j-\delta)^2
       - \sum\sum (d_{ij}-\delta)^2}{n_1 n_2 (n_1-1)(n_2-1)}
       \ge \frac{1-\delta^2}{n_1 n_2 - 1}

    .. math:: \frac{\delta - \delta^3 \mp z s \sqrt{(1-\delta^2)^2 + z^2 s^2}}
       {1 - \delta^2 + z^2 s^2}

    References
    ----------
    .. [1] D. Feng and N. Cliff, J. Mod. Appl. Stat. Methods 3, 322-332 (2004).
    """
    n1, n2 = people.sum(axis=1), others.sum(axis=1)
    m1, m2 = (np.maximum(n, 2).astype(np.float64) for n in (n1, n2))
    row = (2 * np.cumsum(others, axis=1) - others - n2[:, None]) / m2[:, None]
    column = -(2 * np.cumsum(people, axis=1) - people - n1[:, None]) / m1[:, None]
    delta = (people * row).sum(axis=1) / m1
    by_row = (people * (row - delta[:, None]) ** 2).sum(axis=1)
    by_column = (others * (column - delta[:, None]) ** 2).sum(axis=1)
    cells = m1 * m2 - (people * others).sum(axis=1) - m1 * m2 * delta**2
    variance = (m2**2 * by_row + m1**2 * by_column - cells) / (m1 * m2 * (m1 - 1) * (m2 - 1))
    variance = np.maximum(variance, (1 - delta**2) / (m1 * m2 - 1))
    defined = (n1 > 1) & (n2 > 1) & (np.abs(delta) < 1)
    room = 1 - delta**2
    width = Z * np.sqrt(variance) * np.sqrt(room**2 + Z**2 * variance)
    divisor = np.where(defined, room + Z**2 * variance, 1.0)
    low = np.maximum(-1.0, (delta - delta**3 - width) / divisor)
    high = np.minimum(1.0, (delta - delta**3 + width) / divisor)
    return Interval(np.where(defined, low, np.nan), np.where(defined, high, np.nan))


@dataclass(frozen=True, slots=True)
class KruskalWallis:
    """Kruskal-Wallis test over all groups: statistic, degrees of freedom, probability."""

    h: float
    df: int
    p: float


def kruskal_wallis(people: Ints) -> KruskalWallis:
    r"""Whether the groups differ at all, by rank.

    Parameters
    ----------
    people : (n_groups, n_values) array
        How many members of each group have each value, values in ascending order. Empty groups
        are left out.

    Returns
    -------
    KruskalWallis
        `h` at least 0; NaN when fewer than two groups have members or all values are equal.

    Notes
    -----
    .. math:: H = \frac{\frac{12}{n(n+1)} \sum_u R_u^2/n_u - 3(n+1)}
       {1 - \frac{\sum_v t_v^3 - t_v}{n^3 - n}}

    References
    ----------
    .. [1] W. H. Kruskal and W. A. Wallis, J. Am. Stat. Assoc. 47, 583-621 (1952), equation 1.3.
    """
    sizes = people.sum(axis=1)
    filled = people[sizes > 0].astype(np.float64)
    sizes = sizes[sizes > 0].astype(np.float64)
    total = filled.sum(axis=0)
    n = float(total.sum())
    df = max(len(sizes) - 1, 0)
    if df == 0 or (total > 0).sum() < 2:
        return KruskalWallis(np.nan, df, np.nan)
    rank_sums = filled @ midranks(total.astype(np.int64))
    # centred ranks: the textbook form takes the difference of two large numbers
    deviations = rank_sums / sizes - (n + 1) / 2
    spread = 1 - float((total**3 - total).sum()) / (n**3 - n)
    h = 12 / (n * (n + 1)) * float((sizes * deviations**2).sum()) / spread
    return KruskalWallis(h, df, chi2_tail(h, df))
