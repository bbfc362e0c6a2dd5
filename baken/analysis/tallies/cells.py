"""Counts of many cells at once: one row of every table per cell.

A cell is a label of the unit tree, or one band of a background question. Cells of one name add
up, so the same code serves a team, a company and a job that was split.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import exact_sums, keyed_answers
from baken.analysis.tallies.shape import N_SPECIAL, ScaleShape, Shape

Ints = NDArray[np.int64]
Lines = Sequence[int] | NDArray[np.intp]


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

    def placed(self, lines: Lines, n_cells: int) -> "ScaleCounts":
        """Return the same counts on other lines; cells that get one line are added."""
        return ScaleCounts(
            self.keys,
            _placed(self.people, lines, n_cells),
            _placed(self.complete, lines, n_cells),
            _placed(self.sums, lines, n_cells),
            _placed(self.products, lines, n_cells),
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

    def __add__(self, other: "ScaleCounts") -> "ScaleCounts":
        keys = np.unique(np.concatenate([self.keys, other.keys]), axis=0)
        return ScaleCounts(
            keys,
            _spread(self, keys) + _spread(other, keys),
            self.complete + other.complete,
            self.sums + other.sums,
            self.products + other.products,
        )


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
        lines = [place[rename(label)] for label in self.labels]
        return Cells(
            tuple(names),
            _placed(self.rows, lines, len(names)),
            _placed(self.answers, lines, len(names)),
            tuple(scale.placed(lines, len(names)) for scale in self.scales),
        )

    def __add__(self, other: "Cells") -> "Cells":
        names = sorted({*self.labels, *other.labels})
        mine, yours = self.placed(names, str), other.placed(names, str)
        return Cells(
            tuple(names),
            mine.rows + yours.rows,
            mine.answers + yours.answers,
            tuple(a + b for a, b in zip(mine.scales, yours.scales, strict=True)),
        )


def count_cells(
    shape: Shape, matrix: NDArray[np.int8], lines: NDArray[np.intp], labels: Sequence[str]
) -> Cells:
    """Count answers per cell.

    Parameters
    ----------
    shape : Shape
        The instrument.
    matrix : (n_respondents, n_items) array
        Answer sheets.
    lines : (n_respondents,) array
        Position in `labels` of the cell each respondent belongs to.
    labels : sequence of str
        Different names, in ascending order.
    """
    n_cells = len(labels)
    order = np.argsort(lines, kind="stable")
    sheets = np.asfortranarray(matrix[order])
    sorted_lines = lines[order]
    starts = np.searchsorted(sorted_lines, np.arange(n_cells + 1))
    answers = np.zeros((n_cells, shape.offsets[-1]), dtype=np.int64)
    for column, (begin, top) in enumerate(zip(shape.offsets, shape.tops, strict=False)):
        width = top + 1 + N_SPECIAL
        code = sheets[:, column].astype(np.int64) + N_SPECIAL + sorted_lines * width
        table = np.bincount(code, minlength=n_cells * width)
        answers[:, begin : begin + width] = table.reshape(n_cells, width)
    scales = tuple(
        _count_scale(scale, sheets[:, list(scale.columns)], sorted_lines, starts)
        for scale in shape.scales
    )
    return Cells(tuple(labels), np.diff(starts).astype(np.int64), answers, scales)


def no_cells(shape: Shape) -> Cells:
    """Return tables without a line: what adding starts from."""
    empty = np.zeros((0, len(shape.items)), dtype=np.int8)
    return count_cells(shape, empty, np.zeros(0, dtype=np.intp), ())


def _count_scale(
    scale: ScaleShape, sheets: NDArray[np.int8], lines: NDArray[np.intp], starts: NDArray[np.intp]
) -> ScaleCounts:
    n_cells, n_items = len(starts) - 1, scale.rule.n_items
    sums, answered = exact_sums(sheets, scale.rule)
    valid = answered >= scale.rule.least_answered
    key = (sums * (n_items + 1) + answered)[valid]
    used = np.flatnonzero(np.bincount(key))
    place = np.zeros(int(used[-1]) + 1 if len(used) else 0, dtype=np.int64)
    place[used] = np.arange(len(used))
    table = np.bincount(lines[valid] * len(used) + place[key], minlength=n_cells * len(used))
    complete = answered == n_items
    people, per_item, products = _cross_products(scale, sheets, complete, starts)
    return ScaleCounts(
        np.stack([used // (n_items + 1), used % (n_items + 1)], axis=1).astype(np.int64),
        table.reshape(n_cells, len(used)).astype(np.int64),
        people,
        per_item,
        products,
    )


def _cross_products(
    scale: ScaleShape,
    sheets: NDArray[np.int8],
    complete: NDArray[np.bool_],
    starts: NDArray[np.intp],
) -> tuple[Ints, Ints, Ints]:
    """Count, sums and products of complete cases; whole numbers, exact in double precision.

    A first column of ones makes one product per cell give all three.
    """
    n_cells, n_items = len(starts) - 1, scale.rule.n_items
    borders = np.concatenate([[0], np.cumsum(complete)])[starts]
    keyed = np.ones((int(borders[-1]), n_items + 1))
    keyed[:, 1:] = keyed_answers(sheets[complete], scale.rule)
    found = np.zeros((n_cells, n_items + 1, n_items + 1))
    for cell, (begin, end) in enumerate(pairwise(borders.tolist())):
        block = keyed[begin:end]
        np.matmul(block.T, block, out=found[cell])
    whole = found.astype(np.int64)
    return whole[:, 0, 0], whole[:, 0, 1:], whole[:, 1:, 1:]


def _placed(table: Ints, lines: Lines, n_cells: int) -> Ints:
    moved = np.zeros((n_cells, *table.shape[1:]), dtype=np.int64)
    np.add.at(moved, np.asarray(lines, dtype=np.intp), table)
    return moved


def _spread(scale: ScaleCounts, keys: Ints) -> Ints:
    """Return the histogram with a column for each of `keys`, a superset in the same order."""
    base = int(keys[:, 1].max(initial=0)) + 1
    columns = np.searchsorted(
        keys[:, 0] * base + keys[:, 1], scale.keys[:, 0] * base + scale.keys[:, 1]
    )
    people = np.zeros((scale.people.shape[0], len(keys)), dtype=np.int64)
    people[:, columns] = scale.people
    return people
