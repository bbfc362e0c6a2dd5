"""How much ink stands in and beside boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.scanning.frames import Frames
from baken.survey.paper.scanning.straightening import PER_MM, Ink
from baken.survey.paper.scanning.thresholds import Thresholds

# The frame is 0.3 to 0.4 mm wide, and a little grey beside it: its inside begins here.
INSIDE_MM: Final = 0.6
# The white around a box that belongs to it: no print comes nearer than 1.5 mm.
AROUND_MM: Final = 1.3
# Where the outside of a frame begins.
_EDGE_MM: Final = 0.45
# Boxes of one question on one row stand so near that a mark may fall between them.
_BETWEEN_MM: Final = 14.0
_CELLS: Final = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """The ink of one box.

    Attributes
    ----------
    faint, dark, solid
        Share of the inside that is at least as dark as a trace, as ink, as ink laid on thickly.
    least_dark, least_solid
        The same of the lightest of its sixteen cells.
    extent
        How far what is dark reaches across or down the inside, whichever is more, of its side.
    off_centre
        How far the middle of all ink in and just around the box lies from its middle, of its side.
    rim
        Share that is dark when one more point towards the frame is looked at: a short stroke in a
        corner of a box begins there.
    around
        Share of the white just around the box that has at least a trace.
    """

    faint: float
    dark: float = 0.0
    solid: float = 0.0
    least_dark: float = 0.0
    least_solid: float = 0.0
    extent: float = 0.0
    off_centre: float = 0.0
    around: float = 0.0
    rim: float = 0.0


def measure_boxes(ink: Ink, frames: Frames, thresholds: Thresholds) -> list[Measure]:
    """Return the ink of each box, in the order of the frames."""
    return [
        _measure(ink, int(column), int(row), int(side), thresholds)
        for (column, row), side in zip(frames.corners, frames.sides, strict=True)
    ]


def _measure(ink: Ink, column: int, row: int, side: int, thresholds: Thresholds) -> Measure:
    margin = round(INSIDE_MM * PER_MM)
    inside = ink[row + margin : row + side - margin, column + margin : column + side - margin]
    faint = float((inside >= thresholds.faint).mean())
    rim = _rim(ink, column, row, side, thresholds)
    dark, solid = inside >= thresholds.dark, inside >= thresholds.solid
    if not dark.any():
        return Measure(faint, rim=rim)
    lines, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    reaches = max(int(lines[-1] - lines[0]), int(columns[-1] - columns[0])) + 1
    off_centre, around = _seen_around(ink, column, row, side, thresholds)
    return Measure(
        faint=faint,
        dark=float(dark.mean()),
        solid=float(solid.mean()),
        least_dark=_least_cell(dark),
        least_solid=_least_cell(solid),
        extent=reaches / len(inside),
        off_centre=off_centre,
        around=around,
        rim=rim,
    )


def _rim(ink: Ink, column: int, row: int, side: int, thresholds: Thresholds) -> float:
    margin = round(INSIDE_MM * PER_MM) - 1
    wider = ink[row + margin : row + side - margin, column + margin : column + side - margin]
    return float((wider >= thresholds.dark).mean())


def _least_cell(dark: NDArray[np.bool_]) -> float:
    borders = np.linspace(0, len(dark), _CELLS + 1).round().astype(int)
    sums = np.add.reduceat(np.add.reduceat(dark.astype(int), borders[:-1], 0), borders[:-1], 1)
    sizes = np.diff(borders)
    return float((sums / np.outer(sizes, sizes)).min())


def _seen_around(
    ink: Ink, column: int, row: int, side: int, thresholds: Thresholds
) -> tuple[float, float]:
    """Return how far off the middle the ink in and around a box is, and how much is around it.

    The frame itself is left out.
    """
    around, margin = round(AROUND_MM * PER_MM), round(INSIDE_MM * PER_MM)
    edge = round(_EDGE_MM * PER_MM)
    top, left = max(0, row - around), max(0, column - around)
    piece = ink[top : row + side + around, left : column + side + around]
    ys = np.arange(top, top + piece.shape[0])[:, None] - row
    xs = np.arange(left, left + piece.shape[1])[None, :] - column
    least, most = np.minimum(xs, ys), np.maximum(xs, ys)
    outside = (least < -edge) | (most >= side + edge)
    inner = (least >= margin) & (most < side - margin)
    rows, columns = np.nonzero((piece >= thresholds.dark) & (inner | outside))
    middle = (side - 1) / 2
    down, right = rows.mean() + top - row - middle, columns.mean() + left - column - middle
    traces = (piece >= thresholds.faint) & outside
    return float(np.hypot(down, right) / side), float(traces.sum() / outside.sum())


def ink_beside(ink: Ink, frames: Frames, places: Sequence[int], thresholds: Thresholds) -> float:
    """Return the ink around and between the boxes of one question, in square millimetres.

    Parameters
    ----------
    places
        Which of the frames belong to the question.
    """
    around, edge = round(AROUND_MM * PER_MM), round(_EDGE_MM * PER_MM)
    corners, sides = frames.corners[list(places)], frames.sides[list(places)]
    left, top = corners.min(axis=0) - around
    right, bottom = (corners + sides[:, None]).max(axis=0) + around
    left, top = max(0, int(left)), max(0, int(top))
    looked_at = np.zeros((int(bottom) - top, int(right) - left), dtype=bool)
    boxes = [
        (int(x) - left, int(y) - top, int(s)) for (x, y), s in zip(corners, sides, strict=True)
    ]
    for x, y, side in boxes:
        looked_at[
            max(0, y - around) : y + side + around, max(0, x - around) : x + side + around
        ] = 1
    for (x, y, side), (other_x, other_y, _) in pairwise(boxes):
        gap = other_x - x - side
        if abs(other_y - y) <= PER_MM and 0 < gap <= _BETWEEN_MM * PER_MM:
            looked_at[max(0, y - around) : y + side + around, x + side : other_x] = 1
    for x, y, side in boxes:
        looked_at[max(0, y - edge) : y + side + edge, max(0, x - edge) : x + side + edge] = 0
    piece = ink[top : int(bottom), left : int(right)]
    looked_at = looked_at[: piece.shape[0], : piece.shape[1]]
    return float(((piece >= thresholds.dark) & looked_at).sum()) / PER_MM**2
