"""People whom no published sum tells apart, and which sums they are in."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic

import numpy as np
import scipy
from numpy.typing import NDArray

from .leaks import Key, added
from .plan import Cell

Ints = NDArray[np.int64]

MOST_SETS = 20_000
"""Sets are looked at alone, then in pairs, threes and so on, as long as there cannot be more."""


@dataclass(frozen=True)
class Patterns(Generic[Key]):
    """Groups that only whole can be part of anything that follows.

    Attributes
    ----------
    keys : tuple of tuple
        Of every group: the keys with people in it.
    cells : tuple of Cell
        Its people.
    n_sums : int
        Published sums that any of them is in.
    inside : tuple of tuple of int
        Of every group: the sums it is in, ascending.
    """

    keys: tuple[tuple[Key, ...], ...]
    cells: tuple[Cell, ...]
    n_sums: int
    inside: tuple[tuple[int, ...], ...]

    @cached_property
    def matrix(self) -> "scipy.sparse.csr_array[np.float64, tuple[int, int]]":
        """The (n_groups, n_sums) table of ones and zeros that says which group is in which sum."""
        lines = np.repeat(np.arange(len(self.inside)), [len(sums) for sums in self.inside])
        columns = np.concatenate([np.array(sums, dtype=np.int64) for sums in self.inside])
        return scipy.sparse.csr_array(
            (np.ones(len(columns)), (lines, columns)), shape=(len(self.inside), self.n_sums)
        )

    @cached_property
    def n(self) -> Ints:
        """People per group."""
        return np.array([cell.n for cell in self.cells], dtype=np.int64)

    @cached_property
    def apart(self) -> Ints:
        """The (n_telling, n_groups) table of people who do not have a telling value."""
        return np.array([cell.apart for cell in self.cells], dtype=np.int64).T


def patterns(
    people: Mapping[Key, Cell], published: Iterable[Collection[Hashable]]
) -> Patterns[Key]:
    """Take the people together whom the published sums do not tell apart.

    Parameters
    ----------
    people : Mapping to Cell
        Everybody, by the finest description a reader may know them by.
    published : iterable of collections of keys
        Who is in each published sum. Nobody, and keys without people, may be among them.

    Notes
    -----
    One pass over the published sums. People who are in none of them are left out: nothing is said
    about them.
    """
    sums_of: dict[Key, list[int]] = {key: [] for key, cell in people.items() if cell.n}
    n_sums = 0
    for members in published:
        present = sums_of.keys() & set(members)
        for key in present:
            sums_of[key].append(n_sums)
        n_sums += bool(present)
    alike: dict[tuple[int, ...], list[Key]] = {}
    for key, sums in sums_of.items():
        if sums:
            alike.setdefault(tuple(sums), []).append(key)
    return Patterns(
        keys=tuple(tuple(keys) for keys in alike.values()),
        cells=tuple(added(people[key] for key in keys) for keys in alike.values()),
        n_sums=n_sums,
        inside=tuple(alike),
    )


def small_sets(n: Ints, k: int) -> Iterator[Ints]:
    """Return sets of groups with 1 to k - 1 people together, as (n_sets, size) arrays of places.

    Parameters
    ----------
    n : (n_groups,) array
        People per group, 1 or more.
    k : int
        Minimum group of this statistic.

    Notes
    -----
    Single groups first and always; larger sets while they cannot be more than `MOST_SETS` in all.
    """
    alone = np.flatnonzero(n < k)
    sets, met = alone[:, None], 0
    while len(sets):
        met += len(sets)
        yield sets
        if met + len(sets) * len(alone) > MOST_SETS:
            return
        room = k - 1 - n[sets].sum(axis=1)
        larger = (n[alone] <= room[:, None]) & (alone > sets[:, -1:])
        before, another = np.nonzero(larger)
        sets = np.column_stack([sets[before], alone[another]])
