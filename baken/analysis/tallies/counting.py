"""From answer sheets to counts per cell."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import exact_sums
from baken.analysis.tallies.cells import Cells, Ints, ScaleCounts
from baken.analysis.tallies.shape import N_SPECIAL, ScaleShape, Shape

Sheets = NDArray[np.int8]
Lines = NDArray[np.intp]


def count_cells(shape: Shape, matrix: Sheets, lines: Lines, labels: Sequence[str]) -> Cells:
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
    sheets, sorted_lines = _by_cell(matrix, lines)
    starts = np.searchsorted(sorted_lines, np.arange(n_cells + 1))
    scales = tuple(
        _count_scale(scale, sheets[:, list(scale.columns)], sorted_lines, starts)
        for scale in shape.scales
    )
    rows = np.diff(starts).astype(np.int64)
    return Cells(tuple(labels), rows, _count_items(shape, sheets, sorted_lines, n_cells), scales)


def no_cells(shape: Shape) -> Cells:
    """Return tables without a line: what adding starts from."""
    empty = np.zeros((0, len(shape.items)), dtype=np.int8)
    return count_cells(shape, empty, np.zeros(0, dtype=np.intp), ())


def _by_cell(matrix: Sheets, lines: Lines) -> tuple[Sheets, Lines]:
    """Return the sheets of each cell beside each other, column by column in memory."""
    if np.all(lines[:-1] <= lines[1:]):
        return np.asfortranarray(matrix), lines
    order = np.argsort(lines, kind="stable")
    sheets = np.empty(matrix.shape, dtype=np.int8, order="F")
    for column in range(matrix.shape[1]):
        sheets[:, column] = matrix[:, column][order]
    return sheets, lines[order]


def _count_items(shape: Shape, sheets: Sheets, lines: Lines, n_cells: int) -> Ints:
    answers = np.zeros((n_cells, shape.offsets[-1]), dtype=np.int64)
    for column, (begin, top) in enumerate(zip(shape.offsets, shape.tops, strict=False)):
        width = top + 1 + N_SPECIAL
        code = lines * width
        code += sheets[:, column]
        code += N_SPECIAL
        table = np.bincount(code, minlength=n_cells * width)
        answers[:, begin : begin + width] = table.reshape(n_cells, width)
    return answers


def _count_scale(scale: ScaleShape, sheets: Sheets, lines: Lines, starts: Lines) -> ScaleCounts:
    keys, people, complete = _histogram(scale, sheets, lines, len(starts) - 1)
    return ScaleCounts(keys, people, *_cross_products(scale, sheets, complete, starts))


def _histogram(
    scale: ScaleShape, sheets: Sheets, lines: Lines, n_cells: int
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return the pairs that occur, how many have each, and who answered every item."""
    n_items = scale.rule.n_items
    sums, answered = exact_sums(sheets, scale.rule)
    valid = answered >= scale.rule.least_answered
    key = (sums * (n_items + 1) + answered)[valid]
    used = np.flatnonzero(np.bincount(key))
    place = np.zeros(int(used[-1]) + 1 if len(used) else 0, dtype=np.int64)
    place[used] = np.arange(len(used))
    table = np.bincount(lines[valid] * len(used) + place[key], minlength=n_cells * len(used))
    keys = np.stack([used // (n_items + 1), used % (n_items + 1)], axis=1).astype(np.int64)
    return keys, table.reshape(n_cells, len(used)).astype(np.int64), answered == n_items


def _cross_products(
    scale: ScaleShape, sheets: Sheets, complete: NDArray[np.bool_], starts: Lines
) -> tuple[Ints, Ints, Ints]:
    """Count, sums and products of the keyed answers of complete cases."""
    borders = np.concatenate([[0], np.cumsum(complete)])[starts]
    people = np.diff(borders).astype(np.int64)
    filled = np.flatnonzero(people)
    n_cells, n_items = len(people), scale.rule.n_items
    sums = np.zeros((n_cells, n_items), dtype=np.int64)
    products = np.zeros((n_cells, n_items, n_items), dtype=np.int64)
    columns = _keyed_columns(scale, sheets, complete)
    for one, column in enumerate(columns):
        sums[filled, one] = np.add.reduceat(column, borders[filled])
        for other in range(one + 1):
            found = np.add.reduceat(column * columns[other], borders[filled])
            products[filled, one, other] = products[filled, other, one] = found
    return people, sums, products


def _keyed_columns(
    scale: ScaleShape, sheets: Sheets, complete: NDArray[np.bool_]
) -> list[NDArray[np.signedinteger[Any]]]:
    """Return `keyed_answers` of complete cases by item, no wider than their products need."""
    rule = scale.rule
    width = np.dtype("i4" if rule.step**2 * len(sheets) < 2**31 else "i8")
    columns = []
    for item, (top, turned, weight) in enumerate(
        zip(rule.tops, rule.reversed_items, rule.weights, strict=True)
    ):
        column = sheets[:, item][complete].astype(width)
        columns.append((top - column if turned else column) * width.type(weight))
    return columns
