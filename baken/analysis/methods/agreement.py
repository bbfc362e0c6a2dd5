"""Whether the people of one unit see the same thing."""

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
    several = np.maximum(n, 2).astype(np.float64)[:, None]
    variance = (several * squares - sums.astype(np.float64) ** 2) / (several * (several - 1))
    even = ((tops + 1.0) ** 2 - 1) / 12
    spread = np.minimum(1.0, (variance / weights.astype(np.float64) ** 2 / even).mean(axis=1))
    agreed = len(tops) * (1 - spread)
    return np.where(n > 1, agreed / (agreed + spread), np.nan)
