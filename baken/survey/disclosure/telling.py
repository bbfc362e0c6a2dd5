"""Which answers would give the members of a group away if all of them had given it."""

import numpy as np
from numpy.typing import NDArray

from .plan import Cell

Ints = NDArray[np.int64]


def telling_values(people: Ints, k: int) -> tuple[int, ...]:
    """Return the values that have to be watched, as places in the second axis.

    Parameters
    ----------
    people : (n_labels, n_values) array
        How many people of each label have each value, in ascending order of the values.
    k : int
        Minimum group of this statistic.

    Returns
    -------
    tuple of int
        The lowest and the highest value, and every other one on which a whole group could agree.

    Notes
    -----
    A group that agrees on a middle value is as open as one at an end: its spread is 0 and is
    printed. Whether everybody, or everybody but one, of some k people or more has value v depends
    on labels in which at most one person has another value; unless these hold k people together,
    v need not be watched. In practice no middle value ever has to be, and the plan stays fast.
    """
    n = people.sum(axis=1, keepdims=True)
    agreeing = np.where(n - people <= 1, n, 0).sum(axis=0)
    last = people.shape[1] - 1
    return tuple(
        value for value in range(last + 1) if value in (0, last) or int(agreeing[value]) >= k
    )


def as_cells(people: Ints, values: tuple[int, ...]) -> tuple[Cell, ...]:
    """Return one cell per label: its people, and how many of them do not have each value.

    Parameters
    ----------
    people : (n_labels, n_values) array
        How many people of each label have each value.
    values : tuple of int
        What `telling_values` found.
    """
    n = people.sum(axis=1)
    apart = n[:, None] - people[:, list(values)]
    return tuple(
        Cell(int(count), tuple(map(int, others))) for count, others in zip(n, apart, strict=True)
    )
