"""Count, mean and spread of groups, from how many people have each value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and standard deviation of some groups, one entry per group.

    Attributes
    ----------
    n : (n_groups,) array
        People.
    mean : (n_groups,) array
        In the unit of the values; NaN when nobody answered.
    sd : (n_groups,) array
        Divisor n - 1; NaN below two answers.
    """

    n: Ints
    mean: Floats
    sd: Floats


def moments(people: Ints, values: Floats) -> Moments:
    r"""Mean and standard deviation of groups.

    Parameters
    ----------
    people : (n_groups, n_values) array
        How many people of each group have each value.
    values : (n_values,) array
        The values, in any unit.

    Returns
    -------
    Moments
        `mean` within the range of the values, `sd` at least 0; NaN where not defined.

    Notes
    -----
    Two passes, so that nothing cancels:

    .. math:: m = \frac{1}{n} \sum_v h_v v, \qquad
       s^2 = \frac{1}{n-1} \sum_v h_v (v - m)^2

    A group in which everybody has one value has that value as its mean and exactly 0 as its
    spread.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, Am. Stat. 37, 242-247 (1983).
    """
    n = people.sum(axis=1)
    mean = np.full(len(n), np.nan)
    answered = n > 0
    mean[answered] = (people[answered] @ values) / n[answered]
    alike = (people > 0).sum(axis=1) == 1
    mean[alike] = values[people[alike].argmax(axis=1)] if alike.any() else mean[alike]
    sd = np.full(len(n), np.nan)
    spread = n > 1
    squares = (values[None, :] - mean[spread, None]) ** 2
    sd[spread] = np.sqrt((people[spread] * squares).sum(axis=1) / (n[spread] - 1))
    return Moments(n, mean, sd)
