"""How far a box departs from the other empty boxes of its page.

What counts as a trace depends on the page: on a clean scan the palest stroke stands out, in the
grain of a photograph a darker one is lost. Boxes of a page are printed, copied and scanned alike,
so the empty ones say together how an empty box looks there, its frame included, and how much that
varies from point to point. Where they are few, their quarters do: a frame looks the same from each
of its corners, and a mark does not.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.scanning.frames import Frames
from baken.survey.paper.scanning.straightening import PER_MM, Ink
from baken.survey.paper.scanning.thresholds import Thresholds

_QUARTERS: Final = 4
# From the outer edge of the frame: just inside its line of 0.3 mm.
_MARGIN_MM: Final = 0.375
# A median absolute deviation times this is a standard deviation, were the noise normal.
_TO_DEVIATION: Final = 1.4826
# Steps of a picture and rounding: no point varies less than this, in darkness.
_LEAST_SPREAD: Final = 0.008
# A frame lies up to half a point from where its box was cut out: so much of the slope beside it.
_OF_SLOPE: Final = 0.3
# Spread of the strongest departures of empty boxes; less would make one grain a trace.
_LEAST_OF_STRONGEST: Final = 0.3
# Without the shift of its frame a trace departs by so many spreads. On a page without any noise, as
# a program draws it, nothing varies but where frames fall on the points.
_NO_SHIFT: Final = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class _Strongest:
    """How far the strongest point of each part of a box departs, shape (boxes, parts).

    Attributes
    ----------
    spreads, darkness
        In spreads of that point, and in darkness.
    unshifted
        In spreads, without what a frame does that lies part of a point elsewhere.
    """

    spreads: NDArray[np.float32]
    darkness: NDArray[np.float32]
    unshifted: NDArray[np.float32]


def departures(
    ink: Ink, frames: Frames, empty: NDArray[np.bool_], thresholds: Thresholds
) -> NDArray[np.float64]:
    """Return for each box how far its strongest point departs from the empty boxes of the page.

    Parameters
    ----------
    empty : (n,) array
        Which boxes look empty; they are the measure.

    Returns
    -------
    (n,) array
        In spreads over what is usual for an empty box of this page; infinite where fewer than
        `Thresholds.least_alike` empty boxes of that size, or quarters, are there to compare with.
    """
    found = np.full(len(frames.sides), np.inf)
    for side in np.unique(frames.sides):
        same = np.flatnonzero(frames.sides == side)
        alike = empty[same]
        is_few = alike.sum() < thresholds.least_alike
        if alike.sum() * (_QUARTERS if is_few else 1) < thresholds.least_alike:
            continue
        seen = _strongest(_insides(ink, frames, same), alike, is_few=is_few)
        usual, spread = _middle_and_spread(seen.spreads[alike].ravel())
        away = (seen.spreads - usual) / np.maximum(spread, _LEAST_OF_STRONGEST)
        is_trace = (seen.darkness >= thresholds.least_trace) & (seen.unshifted >= _NO_SHIFT)
        found[same] = np.where(is_trace, away, 0.0).max(axis=1)
    return found


def _insides(ink: Ink, frames: Frames, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the smoothed insides of boxes of one size, shape (boxes, rows, columns)."""
    margin = round(_MARGIN_MM * PER_MM)
    cut = []
    for place in places:
        (column, row), side = frames.corners[place], int(frames.sides[place])
        box = ink[row : row + side, column : column + side]
        smooth = cv2.blur(box, (3, 3), borderType=cv2.BORDER_REPLICATE)
        cut.append(smooth[margin : side - margin, margin : side - margin])
    return np.stack(cut).astype(np.float32)


def _strongest(
    insides: NDArray[np.float32], empty: NDArray[np.bool_], *, is_few: bool
) -> _Strongest:
    """Return how far a point of each box lies at most above that point of an empty box.

    `is_few`: empty boxes are looked at from each of their corners, and boxes in quarters.
    """
    usual, spread = _middle_and_spread(_turned(insides[empty]) if is_few else insides[empty])
    down, across = (np.abs(slope) for slope in np.gradient(usual))
    least = _LEAST_SPREAD + _OF_SLOPE * np.hypot(down, across)
    spread = np.maximum(cv2.blur(spread.astype(np.float32), (3, 3)), least)
    above = insides - usual
    # a shadow over all of a box is no mark in it
    above -= np.median(above, axis=(1, 2), keepdims=True)
    left = _without_shift(_without_shift(above, down, axis=2), across, axis=1)
    parts = _quarters if is_few else _wholes
    return _Strongest(parts(above / spread), parts(above), parts(left / spread))


def _turned(insides: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return boxes as they are, and seen from their three other corners."""
    across = insides[:, :, ::-1]
    return np.concatenate([insides, across, insides[:, ::-1], across[:, ::-1]])


def _wholes(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the strongest point of each box, shape (boxes, 1)."""
    strongest: NDArray[np.float32] = points.max(axis=(1, 2))
    return strongest[:, None]


def _quarters(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the strongest point of each quarter of each box, shape (boxes, 4)."""
    half = (points.shape[1] + 1) // 2
    rows = (points[:, :half], points[:, -half:])
    parts = [part for row in rows for part in (row[:, :, :half], row[:, :, -half:])]
    return np.stack([part.max(axis=(1, 2)) for part in parts], axis=1)


def _without_shift(
    above: NDArray[np.float32], slope: NDArray[np.float32], *, axis: int
) -> NDArray[np.float32]:
    """Return what departs when each side of the frame may lie up to a point further in or out.

    That darkens a whole row (`axis` 2) or column (1) alike, and no more than the slope there; a
    stroke darkens part of it, or more.
    """
    alike = np.median(above, axis=axis, keepdims=True)
    most = np.median(slope, axis=axis - 1, keepdims=True)
    left: NDArray[np.float32] = above - np.clip(alike, -most, most)
    return left


def _middle_and_spread(
    values: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    middle = np.median(values, axis=0)
    return middle, _TO_DEVIATION * np.median(np.abs(values - middle), axis=0)
