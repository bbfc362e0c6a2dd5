"""Weights that make those who answered look like those who were asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int64] | NDArray[np.float64]

TRIM_AT = 4.0
"""Times the mean weight; no sheet counts for more."""
CLOSE_ENOUGH = 1e-8
MAX_ROUNDS = 200


class NotWeighable(Exception):
    """A class of people has nobody who answered, or the margins contradict each other."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of the cells of a table.

    Attributes
    ----------
    weights : array
        People that one answer of the cell stands for; 0 for cells without answers.
    rounds : int
        Rounds of raking; 0 for post-stratification.
    """

    weights: Floats
    rounds: int


def post_stratified(answered: Ints, people: Counts) -> Weighting:
    r"""Let every cell count for its headcount.

    Parameters
    ----------
    answered, people : arrays of one shape
        Answers and headcount of each cell.

    Returns
    -------
    Weighting
        At least 1 where people answered and nobody answered twice.

    Raises
    ------
    NotWeighable
        A cell has people and no answers: merge it first.

    Notes
    -----
    .. math:: w_c = N_c / n_c

    References
    ----------
    .. [1] D. Holt and T. M. F. Smith, J. R. Stat. Soc. A 142, 33-46 (1979).
    """
    if ((answered == 0) & (people > 0)).any():
        raise NotWeighable("A cell has people but no answers; merge it with another one.")
    some = answered > 0
    return Weighting(np.divide(people, answered, out=np.zeros(answered.shape), where=some), 0)


def raked(answered: Ints, rows: Counts, columns: Counts) -> Weighting:
    r"""Let the margins of a table agree with the headcounts, changing as little as possible.

    Parameters
    ----------
    answered : (n_rows, n_columns) array
        Answers in each cell.
    rows, columns : arrays
        Headcounts of the rows and of the columns.

    Returns
    -------
    Weighting
        0 for cells without answers.

    Raises
    ------
    NotWeighable
        A row or column has people and no answers, the margins have different totals, or no
        weights bring both margins about.

    Notes
    -----
    Rows and columns are scaled in turn until no weight changes by more than `CLOSE_ENOUGH` of
    itself.

    References
    ----------
    .. [1] W. E. Deming and F. F. Stephan, Ann. Math. Stat. 11, 427-444 (1940).
    """
    if rows.sum() != columns.sum():
        raise NotWeighable("The two margins do not count the same people.")
    counted = answered.astype(np.float64)
    for axis, people in ((1, rows), (0, columns)):
        if ((counted.sum(axis=axis) == 0) & (people > 0)).any():
            raise NotWeighable("A class has people but no answers; merge it with another one.")
    weights = np.where(counted > 0, 1.0, 0.0)
    for round_ in range(1, MAX_ROUNDS + 1):
        before = weights
        weights = weights * _factors(rows, (weights * counted).sum(axis=1))[:, None]
        weights = weights * _factors(columns, (weights * counted).sum(axis=0))[None, :]
        still = np.abs(weights - before).max() <= CLOSE_ENOUGH * max(1.0, weights.max())
        if still and np.allclose((weights * counted).sum(axis=1), rows, rtol=1e-6):
            return Weighting(weights, round_)
    raise NotWeighable("No weights bring both margins about; merge the smallest classes.")


def trimmed(weights: Floats, answered: Ints) -> Floats:
    """Cut weights off at `TRIM_AT` times the mean weight of an answer."""
    mean = float((weights * answered).sum() / answered.sum())
    return np.minimum(weights, TRIM_AT * mean)


def effective_answers(weights: Floats, answered: Ints) -> float:
    r"""How many equally weighted answers would be as precise.

    Notes
    -----
    .. math:: n_{eff} = \bigl(\textstyle\sum w\bigr)^2 / \textstyle\sum w^2

    References
    ----------
    .. [1] L. Kish, Survey Sampling (1965), section 11.7.
    """
    return float((weights * answered).sum() ** 2 / (weights**2 * answered).sum())


def _factors(people: Counts, weighted: Floats) -> Floats:
    return np.divide(people, weighted, out=np.zeros(len(people)), where=weighted > 0)
