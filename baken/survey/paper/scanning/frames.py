"""Where each box really is: its printed frame is searched within a millimetre and a half.

Paper is bent, folded and drawn through the scanner askew, so that four corners do not place a box
in the middle to a tenth of a millimetre. Neighbouring boxes move together; each is moved by what
fits it and its neighbours best, so that a frame hidden below ink follows those around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.layout import Box
from baken.survey.paper.scanning.straightening import PER_MM, Ink
from baken.survey.paper.scanning.thresholds import Thresholds

# A side of a frame is a line of 0.3 mm: its middle lies half of that inside the outer edge.
_LINE_MIDDLE: Final = 0.15
# What a side must be darker than lies this far outside of it, where the form is white.
_OUTSIDE: Final = 6
# Neighbours within some 15 mm count: two or three rows and columns.
_TOGETHER_MM: Final = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Boxes as found on the straightened page.

    Attributes
    ----------
    corners
        (n, 2): column and row of the outer top left corner of each box.
    sides
        (n,): length of its sides.
    seen
        (n,): whether its frame is there.
    """

    corners: NDArray[np.int64]
    sides: NDArray[np.int64]
    seen: NDArray[np.bool_]

    @property
    def share_lost(self) -> float:
        return float(1 - self.seen.mean()) if len(self.seen) else 0.0


def find_frames(ink: Ink, boxes: Sequence[Box], thresholds: Thresholds) -> Frames:
    """Return where the frames of the boxes are."""
    if not boxes:
        none = np.zeros(0, dtype=np.int64)
        return Frames(none.reshape(0, 2), none, none.astype(np.bool_))
    printed = np.array([(box.x, box.y) for box in boxes]).reshape(-1, 2)
    corners = np.rint(printed * PER_MM).astype(np.int64)
    sides = np.rint(np.array([box.size for box in boxes]) * PER_MM).astype(np.int64)
    reach = round(thresholds.frame_shift * PER_MM)
    # one more to each side: the best place must not lie at the border of what was looked at
    contrasts = np.zeros((len(boxes), 4, 2 * reach + 3, 2 * reach + 3), dtype=np.float32)
    for side in np.unique(sides):
        same = sides == side
        contrasts[same] = _contrasts(ink, corners[same], int(side), reach + 1)
    away = np.hypot(*(printed[:, None] - printed[None]).transpose(2, 0, 1))
    weights = np.exp(-0.5 * (away / _TOGETHER_MM) ** 2)
    fit = contrasts.sum(axis=1).reshape(len(boxes), -1)
    together = weights @ fit
    best = np.argmax(together, axis=1)
    rows, columns = np.divmod(best, 2 * reach + 3)
    shift = np.column_stack([columns, rows]) - (reach + 1)
    corners = corners + shift
    seen = _are_seen(contrasts, rows, columns, thresholds)
    for place in np.flatnonzero(~seen):
        seen[place] = _is_covered(ink, corners[place], int(sides[place]), thresholds)
    return Frames(corners, sides, seen & (np.abs(shift) <= reach).all(axis=1))


def _contrasts(ink: Ink, corners: NDArray[np.int64], side: int, reach: int) -> NDArray[np.float32]:
    """Return how much darker each side is than outside of it, for every shift.

    Shape (boxes, 4 sides, rows shifted, columns shifted).
    """
    length = side - 4
    across = np.asarray(cv2.blur(ink, (length, 3)), np.float32)
    down = np.asarray(cv2.blur(ink, (3, length)), np.float32)
    line = round(_LINE_MIDDLE * PER_MM)
    middle, far = side // 2, side - 1 - line
    above = _around(across, corners + np.array([middle, line]), reach)
    below = _around(across, corners + np.array([middle, far]), reach)
    left = _around(down, corners + np.array([line, middle]), reach)
    right = _around(down, corners + np.array([far, middle]), reach)
    outside = (
        _around(across, corners + np.array([middle, line - _OUTSIDE]), reach),
        _around(across, corners + np.array([middle, far + _OUTSIDE]), reach),
        _around(down, corners + np.array([line - _OUTSIDE, middle]), reach),
        _around(down, corners + np.array([far + _OUTSIDE, middle]), reach),
    )
    found = np.stack([above, below, left, right], axis=1) - np.stack(outside, axis=1)
    return np.asarray(np.clip(found, 0, 1), np.float32)


def _around(
    values: NDArray[np.float32], places: NDArray[np.int64], reach: int
) -> NDArray[np.float32]:
    """Return the values within `reach` of each place (column, row); shape (places, n, n)."""
    offsets = np.arange(-reach, reach + 1)
    rows = np.clip(places[:, 1, None] + offsets, 0, values.shape[0] - 1)
    columns = np.clip(places[:, 0, None] + offsets, 0, values.shape[1] - 1)
    found: NDArray[np.float32] = values[rows[:, :, None], columns[:, None, :]]
    return found


def _are_seen(
    contrasts: NDArray[np.float32],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    thresholds: Thresholds,
) -> NDArray[np.bool_]:
    """Whether three sides of each box are dark within one point of where it was placed."""
    boxes = np.arange(len(contrasts))
    last = contrasts.shape[2] - 1
    near = np.stack(
        [
            contrasts[boxes, :, np.clip(rows + down, 0, last), np.clip(columns + right, 0, last)]
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        ]
    ).max(axis=0)
    seen: NDArray[np.bool_] = (near > thresholds.frame_seen).sum(axis=1) >= 3
    return seen


def _is_covered(ink: Ink, corner: NDArray[np.int64], side: int, thresholds: Thresholds) -> bool:
    """Whether a whole box is blackened, its frame below the ink; its neighbours tell its place."""
    column, row = (max(0, int(at)) for at in corner)
    box = ink[row : row + side, column : column + side]
    return float((box >= thresholds.dark).mean()) >= thresholds.withdrawn_from
