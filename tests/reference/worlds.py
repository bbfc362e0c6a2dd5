"""An attacker who tries every answer: all worlds in which the same figures would be printed.

The reader knows how many people there are of every kind (by label, band, and the release in which
they were first counted) and everything that is printed; not what anybody answered. All ways in
which these people can have answered are gone through, and those are kept in which every printed
figure is the same: counts, sums, spreads, shares, and whatever was computed between units, tested,
put in order or correlated. A small group is betrayed when it has the same mean in all worlds that
are left. Nothing is approximated, so tables are small: three answers, a handful of kinds.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kinds = Sequence[Hashable]

SCORES = np.array([0.0, 1.0, 2.0])
"""What one person can answer; the highest is at risk."""

MOST_WORLDS = 150_000


@dataclass(frozen=True)
class Betrayed:
    """A group of fewer than k people with one and the same mean in every world."""

    kinds: frozenset[Hashable]
    n: int
    mean: float


@dataclass(frozen=True)
class Worlds:
    """Ways in which people can have answered.

    `counts` is (n_worlds, n_kinds, n_types): how many of each kind gave each pair of answers; the
    first third or so of a type is the score, `scores[type]`, and `others[type]` a second answer.
    """

    kinds: tuple[Hashable, ...]
    counts: Ints
    scores: Floats
    others: Floats

    def where(self, true: Floats, found: Floats) -> "Worlds":
        """Keep the worlds in which a figure is the printed one."""
        width = found.reshape(len(found), -1)
        same = np.isclose(width, true.reshape(1, -1), rtol=0, atol=1e-9, equal_nan=True)
        return Worlds(self.kinds, self.counts[same.all(axis=1)], self.scores, self.others)


def types(*, with_second: bool) -> tuple[Floats, Floats]:
    """Return score and second answer of every type of person."""
    if not with_second:
        return SCORES, np.zeros(len(SCORES))
    return np.repeat(SCORES, 2), np.tile([0.0, 1.0], len(SCORES))


@cache
def ways(n: int, n_types: int) -> Ints:
    """Return every way to divide n people over the types, as rows of counts."""
    bars = np.array(list(combinations(range(n + n_types - 1), n_types - 1)), dtype=np.int64)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + n_types - 1)])
    return np.diff(edges, axis=1) - 1


def n_worlds(sizes: Sequence[int], n_types: int) -> int:
    """Return in how many ways people of these kinds can have answered."""
    return int(np.prod([float(len(ways(n, n_types))) for n in sizes]))


def every_world(kinds: Kinds, sizes: Sequence[int], *, with_second: bool) -> Worlds:
    """Return all ways in which these people can have answered."""
    scores, others = types(with_second=with_second)
    each = [ways(n, len(scores)) for n in sizes]
    places = np.indices([len(one) for one in each]).reshape(len(each), -1)
    counts = np.stack([one[at] for one, at in zip(each, places, strict=True)], axis=1)
    return Worlds(tuple(kinds), counts, scores, others)


Figure = Callable[[Worlds], Floats]
"""A printed figure, or several, in every world: (n_worlds, ...) array."""


def betrayed(worlds: Worlds, true: Ints, figures: Sequence[Figure], k: int) -> list[Betrayed]:
    """Return the groups of 1 to k - 1 people whose mean follows from all figures together.

    Parameters
    ----------
    worlds : Worlds
        Everything that can be.
    true : (n_kinds, n_types) array
        What is.
    figures : sequence
        What is printed.
    k : int
        Minimum group.
    """
    for figure in figures:
        printed = figure(Worlds(worlds.kinds, true[None], worlds.scores, worlds.others))
        worlds = worlds.where(printed, figure(worlds))
    sizes = true.sum(axis=1)
    totals = worlds.counts @ worlds.scores
    found = []
    small = [place for place in range(len(sizes)) if 0 < sizes[place] < k]
    for size in range(1, len(small) + 1):
        for chosen in map(list, combinations(small, size)):
            n = int(sizes[chosen].sum())
            together = totals[:, chosen].sum(axis=1)
            if n < k and np.ptp(together) == 0:
                kinds = frozenset(worlds.kinds[place] for place in chosen)
                found.append(Betrayed(kinds, n, float(together[0] / n)))
    return found


def histogram(members: Ints) -> Figure:
    """How many gave each answer, in every cell: (n_cells, n_kinds) array of who is in it.

    With three answers it says no more than n, mean and standard deviation do.
    """

    def found(worlds: Worlds) -> Floats:
        by_score = worlds.scores[:, None] == SCORES[None, :]
        return np.einsum("ck,wkt,ts->wcs", members, worlds.counts, by_score).astype(float)

    return found


def between(groups: Ints) -> Figure:
    """ICC, variance between and within, F, Kruskal-Wallis: (n_groups, n_kinds) array."""

    def found(worlds: Worlds) -> Floats:
        n, sums, squares = _moments(groups, worlds, worlds.scores)
        if len(groups) < 2 or n.sum() <= len(groups):
            return np.zeros((len(worlds.counts), 1))
        square_between = (sums**2 / n).sum(axis=1) - sums.sum(axis=1) ** 2 / n.sum()
        within = squares.sum(axis=1) - (sums**2 / n).sum(axis=1)
        everybody = np.einsum("gk,wkt->wt", groups, worlds.counts)
        by_score = everybody @ (worlds.scores[:, None] == SCORES[None, :])
        rank = np.cumsum(by_score, axis=1) - (by_score - 1) / 2
        ranks = rank @ (worlds.scores[:, None] == SCORES[None, :]).T
        rank_sums = np.einsum("gk,wkt,wt->wg", groups, worlds.counts, ranks)
        return np.column_stack([square_between, within, (rank_sums**2 / n).sum(axis=1)])

    return found


def tests_and_order(cells: Ints, groups: Ints) -> Figure:
    """Welch's t and df of every cell against the rest, and the order of the shrunken means.

    p and q values, effect sizes and sorted lists follow from these.
    """

    def found(worlds: Worlds) -> Floats:
        n, sums, squares = _moments(cells, worlds, worlds.scores)
        all_n, all_sums, all_squares = (
            part.sum(axis=-1, keepdims=True) for part in _moments(groups, worlds, worlds.scores)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            mine, yours = (
                _variance(*side) / side[0]
                for side in (
                    (n, sums, squares),
                    (all_n - n, all_sums - sums, all_squares - squares),
                )
            )
            t = (sums / n - (all_sums - sums) / (all_n - n)) / np.sqrt(mine + yours)
            freedom = (mine + yours) ** 2 / (mine**2 / (n - 1) + yours**2 / (all_n - n - 1))
        order = np.argsort(np.round(sums / n, 9), axis=1, kind="stable")
        return np.column_stack([np.nan_to_num(t), np.nan_to_num(freedom), order])

    return found


def drivers(groups: Ints) -> Figure:
    """Correlation of both answers within groups, and without each group in turn (jackknife)."""

    def found(worlds: Worlds) -> Floats:
        n, x, xx = _moments(groups, worlds, worlds.scores)
        _, y, yy = _moments(groups, worlds, worlds.others)
        xy = np.einsum("gk,wkt,t->wg", groups, worlds.counts, worlds.scores * worlds.others)
        parts = [xy - x * y / n, xx - x**2 / n, yy - y**2 / n]
        columns = []
        for left_out in range(-1, len(groups)):
            kept = np.arange(len(groups)) != left_out
            both, one, other = (part[:, kept].sum(axis=1) for part in parts)
            with np.errstate(divide="ignore", invalid="ignore"):
                columns.append(np.nan_to_num(both / np.sqrt(one * other)))
        return np.column_stack(columns)

    return found


def _moments(groups: Ints, worlds: Worlds, values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return n per group, and per world and group the sum and the sum of squares."""
    n = (groups @ worlds.counts[0].sum(axis=1)).astype(float)
    sums = np.einsum("gk,wkt,t->wg", groups, worlds.counts, values)
    return n, sums, np.einsum("gk,wkt,t->wg", groups, worlds.counts, values**2)


def _variance(n: Floats, sums: Floats, squares: Floats) -> Floats:
    return np.round((squares - sums**2 / n) / (n - 1), 12)


def response_worlds(
    people: Sequence[int], true: Sequence[int], cells: Ints, groups: Ints | None
) -> Ints:
    """Return every way in which so many can have answered that the same figures are printed.

    Parameters
    ----------
    people, true : sequences
        Headcount, and answers, of every label.
    cells : (n_cells, n_labels) array
        Whose numbers of answers are printed.
    groups : (n_groups, n_labels) array or None
        Over which the R-indicator and the test of equal response are printed; None: neither is.
    """
    worlds = np.indices([n + 1 for n in people]).reshape(len(people), -1).T
    answered = np.array(true)
    worlds = worlds[(worlds @ cells.T == cells @ answered).all(axis=1)]
    if groups is None:
        return worlds
    size = groups @ np.array(people)

    def spread(n: Ints) -> Floats:
        rate = n / size
        return (size * (rate - n.sum(axis=-1, keepdims=True) / size.sum()) ** 2).sum(axis=-1)

    printed = spread((groups @ answered)[None])
    return worlds[np.isclose(spread(worlds @ groups.T), printed, rtol=0, atol=1e-9)]
