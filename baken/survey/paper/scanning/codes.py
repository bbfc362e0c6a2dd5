"""Square codes on a picture, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from baken.survey.paper.marks import Mark, NotAMark, read_mark
from baken.survey.paper.scanning.readings import Picture, Problem

# Long side of the reduced picture that is tried first: 110 dots per inch, 3 points a module.
_REDUCED: Final = 1300
_SQUARE: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A square code: its text and its corners on the picture.

    `corners` has shape (4, 2), columns and rows, in the order of reading: top left, top right,
    bottom right, bottom left of the code as it was printed.
    """

    text: str
    corners: NDArray[np.float64]


def find_mark(picture: Picture) -> tuple[Mark, Code] | Problem:
    """Return what the square code of a page says, or why there is nothing to go by.

    Two codes of ours on one picture are two pages on one picture, or a copy pasted on another.
    """
    codes = find_codes(picture)
    marks = [(mark, code) for code in codes if (mark := _mark(code)) is not None]
    if len(marks) > 1:
        return Problem.SEVERAL_CODES
    if marks:
        return marks[0]
    return Problem.FOREIGN_CODE if codes else Problem.NO_CODE


def _mark(code: Code) -> Mark | None:
    try:
        return read_mark(code.text)
    except NotAMark:
        return None


def find_codes(picture: Picture) -> list[Code]:
    """Return the square codes; ever dearer ways are tried until one finds something."""
    for scale, tried in _ways(picture):
        found = zxingcpp.read_barcodes(tried, formats=_SQUARE, try_invert=False)
        if found:
            return [_code(each, scale) for each in found]
    return []


def _ways(picture: Picture) -> Iterator[tuple[float, Picture]]:
    scale = max(1.0, max(picture.shape) / _REDUCED)
    if scale > 1:
        rows, columns = picture.shape
        size = (round(columns / scale), round(rows / scale))
        yield scale, np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    yield 1.0, picture
    # stains and shadows: ink is what is darker than the paper around it
    paper = cv2.blur(cv2.dilate(picture, np.ones((9, 9), np.uint8)), (41, 41))
    flat = cv2.divide(picture, paper, scale=255.0)
    yield 1.0, np.asarray(cv2.GaussianBlur(flat, (3, 3), 0), np.uint8)


def _code(found: zxingcpp.Barcode, scale: float) -> Code:
    place = found.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    corners = np.array([(point.x, point.y) for point in points], dtype=np.float64)
    return Code(found.text, (corners + 0.5) * scale - 0.5)
