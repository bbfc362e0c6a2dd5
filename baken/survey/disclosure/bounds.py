r"""How narrowly the sum of a hidden group is known, from sums that do not give it exactly.

Figures that do not follow exactly may follow nearly. Everybody's answer lies between two ends, so
the sum of a group lies between the ends of a linear programme,

.. math:: \min, \max \sum_{a \in G} x_a \quad\text{with}\quad A x = s,\; l n_a \le x_a \le h n_a,

over all sums x of the groups that give the published sums s. A reader who knows every n can say
no less, and knows no more.

References
----------
.. [1] A. Hundepool et al., Statistical Disclosure Control, Wiley (2012), chapter 4: attacker's
   problems and sliding protection.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from .errors import DisclosureError
from .exchanges import GAINS, a_few_of_each, exchanges
from .leaks import Key
from .patterns import Patterns, patterns, small_sets
from .plan import Cell

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_WIDTH = 0.25
"""Part of the range of answers that the mean of a hidden group must leave open."""

OWN_PART = 0.5
"""Nine of the ten people of a published cell are known within a ninth of the range by that cell.
Where one cell leaves less than a quarter open, all together must leave this part of it open."""

ENOUGH = 30
"""Exchanges of each group by which all are pushed apart before a programme is run."""

STARTS = 4
"""Worlds met last from which a set is pushed by exchanges too, before a programme is run."""

MOST_IN_BLOCK = 200
"""Groups of one linear programme. Of larger tables one block after another is looked at, which is
on the safe side: people of other blocks can make a group only more open."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which limits the mean of a hidden group must lie."""

    keys: frozenset[Hashable]
    n: int
    low: float
    high: float


def narrow_bounds(
    people: Mapping[Key, Cell],
    totals: Mapping[Key, float],
    published: Iterable[Collection[Hashable]],
    k: int,
    *,
    low: float = 0.0,
    high: float = 100.0,
    least_width: float = LEAST_WIDTH,
) -> Bounds | None:
    """Find a hidden group of 1 to k - 1 people whose mean is known too well.

    Parameters
    ----------
    people : Mapping to Cell
        Everybody, by the finest description a reader may know them by.
    totals : Mapping to float
        Sum of the answers of every key.
    published : iterable of collections of keys
        Who is in each published sum.
    k : int
        Minimum group of this statistic.
    low, high : float
        Ends of one person's answer: 0 and 100 for a score, 0 and 1 for being at risk.
    least_width : float
        Part of the range from `low` to `high` that must stay open, more than 0; less only where
        one published sum by itself leaves less.

    Returns
    -------
    Bounds or None
        The first group, smaller ones first, that is bounded more narrowly.

    Raises
    ------
    DisclosureError
        A total that its people cannot have.
    """
    found = patterns(people, published)
    sums = _scaled(found, totals, low, high)
    worlds = _Worlds.around(found, sums)
    for groups in small_sets(found.n, k):
        n = found.n[groups].sum(axis=1)
        wanted = np.minimum(least_width * n, OWN_PART * _left_by_one(found, sums, groups)) - 1e-7
        closed = worlds.first_closed(groups, wanted)
        if closed is not None:
            place, limits = closed
            keys = frozenset(key for group in groups[place] for key in found.keys[group])
            least, most = low + (high - low) * limits / n[place]
            return Bounds(keys, int(n[place]), float(least), float(most))
    return None


@dataclass(slots=True)
class _Worlds:
    """Sums of every group that would give the same published sums, as far as they were met.

    A group that differs enough between two of them needs no programme of its own.
    """

    n: Ints
    matrix: Any
    """The (n_groups, n_sums) table of who is in which sum."""
    seen: list[Floats]
    """The true sums first."""
    moves: Ints
    """Exchanges that no sum notices."""
    directions: list[int]
    """Still to be tried: bits of the place of a group, by which it is pushed up or down."""

    @classmethod
    def around(cls, found: Patterns[Key], sums: Floats) -> "_Worlds":
        n_bits = min(len(sums), MOST_IN_BLOCK).bit_length()
        moves = a_few_of_each(exchanges(found), ENOUGH)
        return cls(found.n, found.matrix, [sums], moves, list(range(n_bits)))

    def first_closed(self, groups: Ints, wanted: Floats) -> tuple[int, Floats] | None:
        """Return the first of (n_sets, size) sets that varies too little, and its limits.

        Every world that is made for one set is held against all that are left.
        """
        left = np.arange(len(groups))
        least, most = self._spread(groups, wanted)
        while len(left := left[(most - least)[left] < wanted[left]]):
            place = left[0]
            for world in self._around(groups[place]):
                met = world[groups[left]].sum(axis=1)
                least[left] = np.minimum(least[left], met)
                most[left] = np.maximum(most[left], met)
                if most[place] - least[place] >= wanted[place]:
                    break
            else:
                return int(place), np.array([least[place], most[place]])
        return None

    def _around(self, group: Ints) -> Iterator[Floats]:
        """Return worlds in which one set has other sums: nearby ones first, the extremes last."""
        chosen = np.zeros(len(self.seen[0]))
        chosen[group] = 1.0
        for start in (self.seen[0], *self.seen[: -STARTS - 1 : -1]):
            yield self.climbed(chosen, start)
            yield self.climbed(-chosen, start)
        extremes = self.pushed(chosen, self._block_around(group))
        self.seen += extremes
        yield from extremes

    def _spread(self, groups: Ints, wanted: Floats) -> tuple[Floats, Floats]:
        """Push all groups apart, until the sets vary enough or all directions were tried.

        Return least and largest sum of every set in the worlds met so far.
        """
        places = np.arange(1, len(self.seen[0]) + 1)
        least, most = self._extremes(groups, self.seen)
        while self.directions and (most - least < wanted).any():
            bit = self.directions.pop(0)
            direction = np.where(places >> bit & 1, 1.0, -1.0)
            new = [self.climbed(sign * direction, self.seen[0]) for sign in (1, -1)]
            self.seen += new
            lower, higher = self._extremes(groups, new)
            least, most = np.minimum(least, lower), np.maximum(most, higher)
        return least, most

    def _extremes(self, groups: Ints, worlds: Sequence[Floats]) -> tuple[Floats, Floats]:
        met = np.array([world[groups].sum(axis=1) for world in worlds])
        return met.min(axis=0), met.max(axis=0)

    def climbed(self, direction: Floats, start: Floats) -> Floats:
        """Return a world far from another one in a direction: each exchange once, all the way."""
        sums, most = start.tolist(), self.n.tolist()
        gains = direction[self.moves] @ GAINS
        ups = self.moves[gains > 0].tolist() + self.moves[gains < 0][:, [2, 3, 0, 1]].tolist()
        for one, other, third, fourth in ups:
            step = min(most[one] - sums[one], most[other] - sums[other], sums[third], sums[fourth])
            sums[one] += step
            sums[other] += step
            sums[third] -= step
            sums[fourth] -= step
        return np.array(sums)

    def pushed(self, direction: Floats, part: Ints) -> tuple[Floats, Floats]:
        """Return the two worlds of a block that lie farthest apart in a direction."""
        block = self.block(part)
        least, most = (self.seen[0].copy() for _ in range(2))
        least[part], most[part] = (block.least(sign * direction[part]) for sign in (1, -1))
        return least, most

    def _block_around(self, group: Ints) -> Ints:
        size = len(self.seen[0])
        first = max(0, min(int(group[0]) - MOST_IN_BLOCK // 2, size - MOST_IN_BLOCK))
        return np.union1d(group, np.arange(first, min(size, first + MOST_IN_BLOCK)))

    def block(self, part: Ints) -> "_Block":
        """Return some groups, with the sums they are in and the true values of these."""
        matrix = self.matrix[part].T.tocsr()
        matrix = matrix[np.diff(matrix.indptr) > 0]
        return _Block(part, matrix, np.asarray(matrix @ self.seen[0][part]), self.n[part])


@dataclass(frozen=True, slots=True)
class _Block:
    """Some groups beside each other; all others keep their true sums.

    Whatever is open in a block is open: the worlds of a block are worlds of everybody.
    """

    part: Ints
    matrix: Any
    known: Floats
    n: Ints

    def least(self, direction: Floats) -> Floats:
        """Return the sums at which a weighted sum over the block is least."""
        # the program for whole numbers, without any: the same answers, with less ado around it
        end = scipy.optimize.milp(
            direction,
            bounds=scipy.optimize.Bounds(0.0, self.n.astype(np.float64)),
            constraints=scipy.optimize.LinearConstraint(self.matrix, self.known, self.known),
        )
        return np.array(end.x, dtype=np.float64)


def _left_by_one(found: Patterns[Key], sums: Floats, groups: Ints) -> Floats:
    """Return how far the sum of each set can vary when only one published sum is known."""
    inside = found.matrix
    size, total = np.asarray(inside.T @ found.n), np.asarray(inside.T @ sums)
    lines = np.repeat(np.arange(len(groups)), groups.shape[1])
    chosen = scipy.sparse.csr_array(
        (np.ones(groups.size), (lines, groups.ravel())), shape=(len(groups), len(sums))
    )
    n: Floats = found.n[groups].sum(axis=1).astype(np.float64)
    shared = (chosen @ inside.multiply(found.n[:, None])).tocoo()
    own, place = shared.data, shared.col
    least = np.maximum(0, total[place] - (size[place] - own))
    width = np.minimum(own, total[place]) - least + n[shared.row] - own
    np.minimum.at(n, shared.row, width)
    return n


def _scaled(found: Patterns[Key], totals: Mapping[Key, float], low: float, high: float) -> Floats:
    """Return the sum of every group on a scale on which one person has 0 to 1."""
    raw = np.array([sum(totals[key] for key in keys) for keys in found.keys])
    scaled: Floats = (raw - low * found.n) / (high - low)
    outside = np.flatnonzero((scaled < -1e-6) | (scaled > found.n + 1e-6))
    if len(outside):
        raise DisclosureError(
            "disclosure.impossible_total",
            "{n} people cannot have {total} together when each has {low} to {high}. Compare the "
            "counts and the sums; they must be of the same people.",
            n=int(found.n[outside[0]]),
            total=float(raw[outside[0]]),
            low=low,
            high=high,
        )
    return np.clip(scaled, 0, found.n)
