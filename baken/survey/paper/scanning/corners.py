"""Where a page lies on a picture: from its square code to its four corner marks.

The square code says roughly where the corners must be. Everything black and square near there is
a candidate; those that put the square code where it was found are the corners. A page whose
corners do not agree with its code is not read: it is folded, torn or pasted together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.layout import Layout
from baken.survey.paper.scanning.codes import Code
from baken.survey.paper.scanning.readings import Picture
from baken.survey.paper.scanning.thresholds import Thresholds

Points = NDArray[np.float64]

_MM_PER_INCH: Final = 25.4
# How far from where the code puts it a corner is looked for, in millimetres: small codes point
# badly over the length of a page, and a phone that looks at it askew puts them 39 mm away.
_REACH: Final = 45.0
_CANDIDATES: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where a page lies: `matrix` (3, 3) takes millimetres of paper to points of the picture."""

    matrix: Points
    dpi: float
    turned: int


def place_page(
    picture: Picture, code: Code, layout: Layout, thresholds: Thresholds
) -> Placement | None:
    """Return where the page lies, or None when that is not certain.

    Three corners are enough for a page that lay flat: scanners cut off what lies askew, and corners
    are torn. Whether it did lie flat is then seen by the frames of its boxes.
    """
    printed_code = _square(layout.qr_x, layout.qr_y, layout.qr_size)
    found_rough, _ = cv2.estimateAffinePartial2D(printed_code, code.corners)
    rough = np.asarray(found_rough, dtype=np.float64)
    if rough.shape != (2, 3):
        return None
    scale = float(np.hypot(rough[0, 0], rough[1, 0]))
    printed = _corner_centres(layout)
    expected = printed @ rough[:, :2].T + rough[:, 2]
    found = _squares(picture, side=layout.corner_size * scale)
    near = [_nearest(found, place, _REACH * scale) for place in expected]
    for possible in (_by_four(printed, near), _by_three(printed, near)):
        best, off = None, thresholds.code_off * scale
        for matrix in possible:
            error = float(np.abs(to_picture(matrix, printed_code) - code.corners).max())
            if error < off and float(np.linalg.det(matrix[:2, :2])) > 0:
                best, off = matrix, error
        if best is not None:
            return Placement(best, _dpi(best, printed), _turned(rough))
    return None


def _by_four(printed: Points, near: Sequence[Points]) -> Iterator[Points]:
    for chosen in product(*near):
        seen = np.array(chosen, dtype=np.float32)
        matrix = cv2.getPerspectiveTransform(printed.astype(np.float32), seen)
        yield np.asarray(matrix, dtype=np.float64)


def _by_three(printed: Points, near: Sequence[Points]) -> Iterator[Points]:
    """Yield how the page would lie if it lay flat and one of its corners could not be seen."""
    for three in combinations(range(len(printed)), 3):
        corners = printed[list(three)].astype(np.float32)
        for chosen in product(*(near[corner] for corner in three)):
            flat = cv2.getAffineTransform(corners, np.array(chosen, dtype=np.float32))
            yield np.vstack([np.asarray(flat, dtype=np.float64), [0.0, 0.0, 1.0]])


def to_picture(matrix: Points, points: Points) -> Points:
    """Return where points (n, 2) in millimetres lie on the picture."""
    lifted = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    moved: Points = lifted[:, :2] / lifted[:, 2:]
    return moved


def _square(x: float, y: float, side: float) -> Points:
    return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


def _corner_centres(layout: Layout) -> Points:
    near = layout.corner_inset + layout.corner_size / 2
    right, bottom = layout.width - near, layout.height - near
    return np.array([(near, near), (right, near), (right, bottom), (near, bottom)])


def _squares(picture: Picture, side: float) -> Points:
    """Return the centres (n, 2) of everything black and about as large as a corner mark."""
    # reduced so that a mark has sides of ten points; its centre is refined on the full picture
    shrink = max(1.0, side / 10)
    rows, columns = picture.shape
    size = (round(columns / shrink), round(rows / shrink))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((25, 25), np.uint8)), (25, 25))
    dark = (small < paper * 0.55).astype(np.uint8)
    _, _, parts, centres = cv2.connectedComponentsWithStats(dark, connectivity=8)
    wide, high, area = (parts[:, column] for column in (2, 3, 4))
    expected = (side / shrink) ** 2
    fits = (
        (area > 0.5 * expected)
        & (area < 1.6 * expected)
        & (np.maximum(wide, high) < 1.9 * np.minimum(wide, high))
        & (area > 0.5 * wide * high)
    )
    stretch = np.array([columns / size[0], rows / size[1]])
    rough = (centres[fits] + 0.5) * stretch - 0.5
    return np.array([_centre(picture, place, side) for place in rough]).reshape(-1, 2)


def _centre(picture: Picture, place: Points, side: float) -> Points:
    """Return the centre of mass of the dark square around a place, finer than one point."""
    reach = round(side * 0.95)
    left, top = (max(0, round(float(at)) - reach) for at in place)
    piece = picture[top : top + 2 * reach + 1, left : left + 2 * reach + 1].astype(np.float64)
    light, black = np.percentile(piece, (90, 5))
    weight = np.clip((light + black) / 2 + (light - black) / 4 - piece, 0, (light - black) / 2)
    total = weight.sum()
    if total <= 0:
        return place
    ys, xs = np.indices(piece.shape)
    return np.array([left + (weight * xs).sum() / total, top + (weight * ys).sum() / total])


def _nearest(found: Points, place: Points, reach: float) -> Points:
    away = np.hypot(*(found - place).T)
    order = np.argsort(away)[:_CANDIDATES]
    nearest: Points = found[order[away[order] < reach]]
    return nearest


def _dpi(matrix: Points, printed: Points) -> float:
    """Return points per inch along the shorter of the stretched sides: the coarsest there is."""
    corners = to_picture(matrix, printed)
    seen = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T)
    real = np.hypot(*(printed - np.roll(printed, 1, axis=0)).T)
    return float((seen / real).min() * _MM_PER_INCH)


def _turned(rough: Points) -> int:
    angle = np.degrees(np.arctan2(rough[1, 0], rough[0, 0]))
    return int(round(angle / 90) * 90 % 360)
