"""Do the items of a scale measure one thing? From cross-products of complete cases."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL
from baken.analysis.methods.quantiles import f_quantile

Floats = NDArray[np.float64]

LEVELS: Final = ((0.6, "poor"), (0.7, "orientation"), (0.8, "groups"))
"""Alpha below which a scale is not usable for units, good for orientation only, for groups."""


def covariances(n: int, sums: NDArray[np.int64], products: NDArray[np.int64]) -> Floats:
    r"""Covariances of items, exact until the last division.

    Parameters
    ----------
    n : int
        Complete cases, at least 2.
    sums : (n_items,) array
        Sum of each item.
    products : (n_items, n_items) array
        Sums of products.

    Returns
    -------
    (n_items, n_items) array
        Divisor n - 1, in squared units of the items.

    Raises
    ------
    ValueError
        Fewer than two cases.

    Notes
    -----
    .. math:: c_{ij} = \frac{n \sum x_i x_j - \sum x_i \sum x_j}{n (n-1)}

    The numerator is a whole number, so nothing is lost by the difference.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, Am. Stat. 37, 242-247 (1983).
    """
    if n < 2:
        raise ValueError("A covariance needs at least two complete cases.")
    whole = n * products.astype(object) - np.outer(sums.astype(object), sums.astype(object))
    return whole.astype(np.float64) / (n * (n - 1.0))


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha with its 95 % limits; NaN when not estimable."""

    alpha: float
    low: float
    high: float


NOT_ESTIMABLE = Alpha(np.nan, np.nan, np.nan)


def cronbach_alpha(n: int, covariance: Floats) -> Alpha:
    r"""Internal consistency of a scale, with Feldt's interval.

    Parameters
    ----------
    n : int
        Complete cases.
    covariance : (n_items, n_items) array
        Covariances of the items, keyed in one direction.

    Returns
    -------
    Alpha
        At most 1; negative when the items work against each other. NaN for fewer than two items,
        fewer than three cases or no variance at all.

    Notes
    -----
    .. math:: \alpha = \frac{j}{j-1}\Bigl(1 - \frac{\sum_i s_i^2}{s_T^2}\Bigr), \qquad
       1 - (1-\alpha) F_{.975} \;\ldots\; 1 - (1-\alpha) F_{.025}

    with :math:`n-1` and :math:`(n-1)(j-1)` degrees of freedom.

    References
    ----------
    .. [1] L. J. Cronbach, Psychometrika 16, 297-334 (1951).
    .. [2] L. S. Feldt, D. J. Woodruff and F. A. Salih, Appl. Psychol. Meas. 11, 93-103 (1987).
    """
    j, total = len(covariance), float(covariance.sum())
    if j < 2 or n < 3 or total <= 0:
        return NOT_ESTIMABLE
    alpha = j / (j - 1) * (1 - float(np.trace(covariance)) / total)
    tail = (1 - LEVEL) / 2
    freedom = n - 1, (n - 1) * (j - 1)
    upper, lower = f_quantile(1 - tail, *freedom), f_quantile(tail, *freedom)
    return Alpha(alpha, 1 - (1 - alpha) * float(upper), 1 - (1 - alpha) * float(lower))


def item_rest(covariance: Floats) -> Floats:
    r"""Correlation of each item with the sum of the other items.

    Parameters
    ----------
    covariance : (n_items, n_items) array
        Covariances of the items, keyed in one direction.

    Returns
    -------
    (n_items,) array
        From -1 to 1; NaN where the item or the others have no variance.

    Notes
    -----
    .. math:: r_i = \frac{\sum_{j \ne i} c_{ij}}
       {\sqrt{c_{ii}} \sqrt{\sum_{j \ne i} \sum_{l \ne i} c_{jl}}}

    References
    ----------
    .. [1] J. C. Nunnally and I. H. Bernstein, Psychometric Theory, 3rd ed. (1994), chapter 8.
    """
    own = np.diag(covariance)
    with_others = covariance.sum(axis=1) - own
    others = covariance.sum() - own - 2 * with_others
    spread = own * others
    # Where the others together say the same for everybody, subtracting leaves a rounding error.
    none = 1e-12 * own.sum()
    defined = (own > none) & (others > none)
    root = np.sqrt(np.where(defined, spread, 1.0))
    correlation: Floats = np.where(defined, with_others / root, np.nan)
    return correlation


def alpha_if_dropped(covariance: Floats) -> Floats:
    r"""Alpha of the scale without each of its items.

    Parameters
    ----------
    covariance : (n_items, n_items) array
        Covariances of the items, keyed in one direction.

    Returns
    -------
    (n_items,) array
        At most 1; NaN for fewer than three items or no variance left. It is information, never a
        reason to drop an item of a published scale.

    Notes
    -----
    Alpha of the remaining rows and columns.

    References
    ----------
    .. [1] L. J. Cronbach, Psychometrika 16, 297-334 (1951).
    """
    j = len(covariance)
    keep = ~np.eye(j, dtype=bool)
    return np.array(
        [cronbach_alpha(3, covariance[np.ix_(rest, rest)]).alpha for rest in keep], dtype=np.float64
    )


def level_of(alpha: float | None) -> str:
    """Say in one word what a scale may be used for: the word of a text, not of a screen.

    Parameters
    ----------
    alpha : float or None
        At most 1; None when it is not estimable, or not shown.

    Returns
    -------
    str
        `unknown`, `negative` (an item is probably not reversed), `poor`, `orientation`, `groups`
        or `good`.

    References
    ----------
    .. [1] ISO 10075-3:2004: orienting, screening and accurate measurement.
    """
    if alpha is None:
        return "unknown"
    if alpha < 0:
        return "negative"
    return next((word for limit, word in LEVELS if alpha < limit), "good")
