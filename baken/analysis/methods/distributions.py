"""What exactly people ticked: counts per answer of one item."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.moments import moments

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Answers to one item.

    Attributes
    ----------
    n : int
        Valid answers.
    mean, sd : float
        On the numbers of the instrument, not reversed; NaN where not defined.
    counts : tuple[int, ...]
        From the lowest to the highest answer.
    """

    n: int
    mean: float
    sd: float
    counts: tuple[int, ...]


def distribution(counts: Ints, lowest: int) -> Distribution:
    r"""Describe the answers to one item.

    Parameters
    ----------
    counts : (n_answers,) array
        How many people gave each answer, from the lowest to the highest.
    lowest : int
        Number of the lowest answer in the instrument.

    Returns
    -------
    Distribution
        `mean` from the lowest to the highest answer; NaN when nobody answered.

    Notes
    -----
    .. math:: m = \frac{1}{n} \sum_v h_v v, \qquad s^2 = \frac{1}{n-1} \sum_v h_v (v-m)^2

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, Am. Stat. 37, 242-247 (1983).
    """
    values = lowest + np.arange(len(counts), dtype=np.float64)
    found = moments(counts[None, :], values)
    return Distribution(
        int(found.n[0]), float(found.mean[0]), float(found.sd[0]), tuple(map(int, counts))
    )
