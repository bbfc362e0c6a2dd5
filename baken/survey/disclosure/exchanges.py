"""Exchanges that no published sum notices: the nearest other worlds.

Groups p and q with some of their classes crossed are two other groups, r and s: women of one team
and men of another, crossed, are the men of the first and the women of the second. What p and q gain
and r and s lose leaves every class what it was. Such exchanges are found without a programme, and
nearly always they show that a group could have answered otherwise.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .leaks import Key
from .patterns import Patterns

Ints = NDArray[np.int64]

MOST_GROUPS = 2_000
"""Groups up to which exchanges are looked for: every two of them are held against each other."""

GAINS = np.array([1, 1, -1, -1])
"""What the four groups of an exchange gain, in the order in which they stand."""


def exchanges(found: Patterns[Key]) -> Ints:
    """Return exchanges of four groups, as an (n_exchanges, 4) array of places.

    None when groups are not all in as many sums, or are too many.
    """
    return _exchanges(found.inside, found.n_sums)


@lru_cache(maxsize=8)
def _exchanges(of_groups: tuple[tuple[int, ...], ...], n_sums: int) -> Ints:
    """Return them by the sums that each group is in: hardly ever others for another statistic."""
    none = np.zeros((0, 4), dtype=np.int64)
    width = max(map(len, of_groups), default=0)
    is_even = all(len(inside) == width for inside in of_groups)
    few = len(of_groups) <= MOST_GROUPS and n_sums**width < 2**62
    if not (width and is_even and few):
        return none
    digits = np.array(of_groups, dtype=np.int64) * n_sums ** np.arange(width)
    return np.concatenate([none, *(_crossed(digits, one) for one in range(1, 1 << (width - 1)))])


def _crossed(digits: Ints, turned: int) -> Ints:
    """Return two groups and the two that they are with some classes exchanged.

    `digits` is an (n_groups, n_classes) array of which the sum of a row says which group it is.
    """
    is_turned = (turned >> np.arange(digits.shape[1]) & 1).astype(bool)
    kept, given = digits[:, ~is_turned].sum(axis=1), digits[:, is_turned].sum(axis=1)
    names = kept + given
    order = np.argsort(names)
    wanted = kept[:, None] + given[None, :]
    place = order[np.minimum(np.searchsorted(names, wanted, sorter=order), len(names) - 1)]
    lines = np.arange(len(names))
    there = (names[place] == wanted) & (place != lines[:, None]) & (place != lines)
    one, other = np.nonzero(np.triu(there & there.T, 1))
    return np.stack([one, other, place[one, other], place[other, one]], axis=1)


def a_few_of_each(moves: Ints, enough: int) -> Ints:
    """Return of every group the first exchanges it is part of."""
    groups = moves.ravel()
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], groups[order])
    few = order[np.arange(len(order)) - starts < enough]
    return moves[np.unique(few // 4)]
