"""Counts of many cells at once: one row of every table per cell.

A cell is a label of the unit tree, or one band of a background question. Cells of one name add
up, so the same code serves a team, a company and a job that was split.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Lines = Sequence[int] | NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Places:
    """Where lines of a table go in another table; lines that go to one place are added.

    Attributes
    ----------
    lines : (n_lines,) array
        Place of each line.
    n_places : int
        Lines of the other table.
    """

    lines: NDArray[np.intp]
    n_places: int

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(self.lines, kind="stable")

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        """Where in the order each place that is used begins."""
        ordered = self.lines[self._order]
        return np.flatnonzero(np.diff(ordered, prepend=-1))

    @cached_property
    def _is_in_place(self) -> bool:
        return np.array_equal(self.lines, np.arange(self.n_places))

    def moved(self, table: Ints) -> Ints:
        """Return the other table; `table` itself when every line stays where it is."""
        if self._is_in_place:
            return table
        moved = np.zeros((self.n_places, *table.shape[1:]), dtype=np.int64)
        if len(self._starts) == len(self.lines):
            moved[self.lines] = table
        elif len(self.lines):
            used = self.lines[self._order][self._starts]
            moved[used] = np.add.reduceat(table[self._order], self._starts, axis=0)
        return moved


@dataclass(frozen=True, slots=True, eq=False)
class ScaleCounts:
    """What the cells know about one scale.

    Attributes
    ----------
    keys : (n_keys, 2) array
        Pairs (sum of exact integers, items answered) that occur, in ascending order.
    people : (n_cells, n_keys) array
        How many people have each pair. Count, sum and sum of squares of the scores follow from it
        exactly, so they are not kept beside it.
    complete : (n_cells,) array
        People who answered every item.
    sums : (n_cells, n_items) array
        Sum of their keyed answers per item.
    products : (n_cells, n_items, n_items) array
        Sums of products of their keyed answers.
    """

    keys: Ints
    people: Ints
    complete: Ints
    sums: Ints
    products: Ints

    def placed(self, places: Places) -> "ScaleCounts":
        """Return the same counts on other lines; cells that get one line are added."""
        return ScaleCounts(
            self.keys,
            places.moved(self.people),
            places.moved(self.complete),
            places.moved(self.sums),
            places.moved(self.products),
        )

    def chosen(self, lines: Lines) -> "ScaleCounts":
        """Return the counts of some cells only."""
        picked = list(lines)
        return ScaleCounts(
            self.keys,
            self.people[picked],
            self.complete[picked],
            self.sums[picked],
            self.products[picked],
        )

    def without_empty_keys(self) -> "ScaleCounts":
        """Return the same counts without pairs that nobody has."""
        used = self.people.any(axis=0)
        people = np.ascontiguousarray(self.people[:, used])
        return ScaleCounts(self.keys[used], people, self.complete, self.sums, self.products)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Tables with one line per cell.

    Attributes
    ----------
    labels : tuple[str, ...]
        Names of the cells, in ascending order.
    rows : (n_cells,) array
        People per cell.
    answers : (n_cells, n_columns) array
        Per item the special codes (prefer not, does not apply, missing), then every answer from
        the lowest to the highest; `Shape.offsets` says where an item begins.
    scales : tuple[ScaleCounts, ...]
        In the order of the shape.
    """

    labels: tuple[str, ...]
    rows: Ints
    answers: Ints
    scales: tuple[ScaleCounts, ...]

    def placed(self, names: Sequence[str], rename: Callable[[str], str]) -> "Cells":
        """Return cells in the order of `names`, adding up those that get one name."""
        place = {name: line for line, name in enumerate(names)}
        lines = np.array([place[rename(label)] for label in self.labels], dtype=np.intp)
        places = Places(lines, len(names))
        return Cells(
            tuple(names),
            places.moved(self.rows),
            places.moved(self.answers),
            tuple(scale.placed(places) for scale in self.scales),
        )

    def __add__(self, other: "Cells") -> "Cells":
        return add_cells([self, other])


def add_cells(parts: Sequence[Cells]) -> Cells:
    """Add up cells by name: at least one part, all of one shape."""
    names = sorted({label for part in parts for label in part.labels})
    place = {name: line for line, name in enumerate(names)}
    lines = [np.array([place[label] for label in part.labels], dtype=np.intp) for part in parts]
    scales = zip(*(part.scales for part in parts), strict=True)
    return Cells(
        tuple(names),
        _added([part.rows for part in parts], lines, len(names)),
        _added([part.answers for part in parts], lines, len(names)),
        tuple(_add_scale(counts, lines, len(names)) for counts in scales),
    )


def _add_scale(
    parts: Sequence[ScaleCounts], lines: Sequence[NDArray[np.intp]], n_cells: int
) -> ScaleCounts:
    """Add up one scale; `lines` says where the cells of each part stand."""
    base = 1 + max(int(part.keys[:, 1].max(initial=0)) for part in parts)
    codes = [part.keys[:, 0] * base + part.keys[:, 1] for part in parts]
    every = np.unique(np.concatenate(codes))
    people = np.zeros((n_cells, len(every)), dtype=np.int64)
    for part, code, at in zip(parts, codes, lines, strict=True):
        people[at[:, None], np.searchsorted(every, code)] += part.people
    return ScaleCounts(
        np.stack([every // base, every % base], axis=1),
        people,
        _added([part.complete for part in parts], lines, n_cells),
        _added([part.sums for part in parts], lines, n_cells),
        _added([part.products for part in parts], lines, n_cells),
    )


def _added(tables: Sequence[Ints], lines: Sequence[NDArray[np.intp]], n_cells: int) -> Ints:
    added = np.zeros((n_cells, *tables[0].shape[1:]), dtype=np.int64)
    for table, at in zip(tables, lines, strict=True):
        added[at] += table
    return added
