"""A page laid straight, and its ink without the tone and the shadows of the paper."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.layout import Layout
from baken.survey.paper.scanning.corners import Placement
from baken.survey.paper.scanning.readings import Picture

Ink = NDArray[np.float32]
"""Darkness over the paper around, rows x columns: 0 paper, 1 as black as the corner marks."""

PER_MM: Final = 8
"""Points per millimetre of a straightened page, 203 per inch: whatever the scan had."""

# Paper is the lightest square millimetre within 4.5 mm: wider than anything black but the marks.
_AROUND: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """A page of which every point lies `PER_MM` to the millimetre: its picture and its ink.

    `black` is how dark the corner marks are, 0 to 1, before `ink` was set to them.
    """

    picture: Picture
    ink: Ink
    black: float


def straighten(picture: Picture, placement: Placement, layout: Layout) -> Straight:
    """Return the page as it was printed, upright."""
    width, height = round(layout.width * PER_MM), round(layout.height * PER_MM)
    # a point has its place in its middle: half a point to and fro
    to_mm = np.array([[1 / PER_MM, 0, 0.5 / PER_MM], [0, 1 / PER_MM, 0.5 / PER_MM], [0, 0, 1]])
    matrix = placement.matrix @ to_mm
    step = placement.dpi / 25.4 / PER_MM
    source = picture
    if step > 1.9:
        # far finer than needed: averaged first, so that noise is averaged and not picked
        source = np.asarray(
            cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        matrix = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]]) @ matrix
    flat = cv2.warpPerspective(
        source,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    straight: Picture = np.asarray(flat, np.uint8)
    darkness = _darkness(straight)
    black = _black(darkness, layout)
    ink: Ink = np.minimum(darkness / np.float32(max(black, 0.05)), np.float32(1))
    return Straight(straight, ink, black)


def _darkness(straight: Picture) -> Ink:
    rows, columns = straight.shape
    small = cv2.resize(straight, None, fx=1 / PER_MM, fy=1 / PER_MM, interpolation=cv2.INTER_AREA)
    lightest = cv2.dilate(small, np.ones((_AROUND, _AROUND), np.uint8))
    paper = cv2.resize(
        cv2.blur(lightest, (_AROUND, _AROUND)), (columns, rows), interpolation=cv2.INTER_LINEAR
    )
    tone = cv2.divide(straight, paper, scale=255.0)
    # noise is finer than any stroke: three by three points are 0.4 mm
    smooth = cv2.blur(tone, (3, 3))
    return (255 - smooth).astype(np.float32) / np.float32(255)


def _black(darkness: Ink, layout: Layout) -> float:
    """Return how dark the middle of a corner mark is: of the second lightest, one may be torn."""
    near = layout.corner_inset + layout.corner_size / 2
    half = layout.corner_size / 4
    places = [(x, y) for x in (near, layout.width - near) for y in (near, layout.height - near)]
    middles = [
        np.median(
            darkness[
                round((y - half) * PER_MM) : round((y + half) * PER_MM),
                round((x - half) * PER_MM) : round((x + half) * PER_MM),
            ]
        )
        for x, y in places
    ]
    return float(sorted(middles)[1])
