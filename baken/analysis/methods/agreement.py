"""Whether the people of one unit see the same thing."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rwg_j(n: Ints, sums: Ints, squares: Ints, weights: Ints, tops: Ints) -> Floats:
    r"""Agreement within units on a scale, against answers spread evenly over all categories.

    Parameters
    ----------
    n : (n_units,) array
        People who answered every item.
    sums, squares : (n_units, n_items) arrays
        Sums of their keyed answers and of the squares of these.
    weights : (n_items,) array
        By what each answer was multiplied when it was keyed.
    tops : (n_items,) array
        Highest answer of each item when the lowest is 0.

    Returns
    -------
    (n_units,) array
        From 0 (no more agreement than by chance) to 1; NaN below two people.

    Notes
    -----
    With the variance :math:`s_i^2` of each of the j items and :math:`A_i` categories,

    .. math:: x = \frac{1}{j} \sum_i \frac{12\, s_i^2}{A_i^2 - 1}, \qquad
       r_{wg(j)} = \frac{j (1-x)}{j (1-x) + x}, \quad 0 \text{ when } x > 1

    References
    ----------
    .. [1] L. R. James, R. G. Demaree and G. Wolf, J. Appl. Psychol. 69, 85-98 (1984), equation 9.
    """
    spread = np.minimum(1.0, _spread(n, sums, squares, weights, tops))
    agreed = len(tops) * (1 - spread)
    return np.where(n > 1, agreed / (agreed + spread), np.nan)


def r_star_wg(n: Ints, sums: Ints, squares: Ints, weights: Ints, tops: Ints) -> Floats:
    r"""Agreement within units that does not grow with the number of items.

    Parameters
    ----------
    n, sums, squares, weights, tops
        As for `rwg_j`.

    Returns
    -------
    (n_units,) array
        At most 1; negative when answers lie further apart than by chance; NaN below two people.

    Notes
    -----
    .. math:: r^*_{wg} = 1 - x

    with x as in `rwg_j`.

    References
    ----------
    .. [1] M. K. Lindell, C. J. Brandt and D. J. Whitney, Appl. Psychol. Meas. 23, 127-135 (1999).
    """
    return np.where(n > 1, 1 - _spread(n, sums, squares, weights, tops), np.nan)


def average_deviation(people: Ints, around: Literal["mean", "median"] = "mean") -> Floats:
    r"""How far answers lie from the middle answer of their unit, on average over the items.

    Parameters
    ----------
    people : (n_units, n_items, n_answers) array
        How many people of each unit gave each answer to each item.
    around : {"mean", "median"}
        The middle of a unit.

    Returns
    -------
    (n_units,) array
        In steps of the answers, 0 when all agree. A unit agrees when it is at most a sixth of the
        number of answers. NaN when an item has no answers.

    Notes
    -----
    .. math:: AD = \frac1j \sum_i \frac{1}{n_i} \sum_v h_{iv} |v - c_i|

    References
    ----------
    .. [1] M. J. Burke and W. P. Dunlap, Organ. Res. Methods 5, 159-172 (2002).
    """
    values = np.arange(people.shape[2], dtype=np.float64)
    n = people.sum(axis=2)
    middle = _medians(people) if around == "median" else people @ values / _or_nan(n)
    apart = np.abs(values - middle[:, :, None])
    each: Floats = (people * apart).sum(axis=2) / _or_nan(n)
    return np.asarray(each.mean(axis=1))


def _spread(n: Ints, sums: Ints, squares: Ints, weights: Ints, tops: Ints) -> Floats:
    """Mean variance of the items, as a part of what evenly spread answers have."""
    several = np.maximum(n, 2).astype(np.float64)[:, None]
    variance = (several * squares - sums.astype(np.float64) ** 2) / (several * (several - 1))
    even = ((tops + 1.0) ** 2 - 1) / 12
    spread: Floats = (variance / weights.astype(np.float64) ** 2 / even).mean(axis=1)
    return spread


def _medians(people: Ints) -> Floats:
    """Middle answers; halfway between the two middle ones when their number is even."""
    below = people.cumsum(axis=2)
    n = people.sum(axis=2)[:, :, None]
    lower, upper = (below > (n - 1) // 2).argmax(axis=2), (below > n // 2).argmax(axis=2)
    return np.where(n[:, :, 0] > 0, (lower + upper) / 2, np.nan)


def _or_nan(n: Ints) -> Floats:
    return np.where(n > 0, n.astype(np.float64), np.nan)
