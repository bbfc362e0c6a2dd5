"""Small pictures for people: the strip of a question, a page, what was written in a field."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.layout import Box, Field
from baken.survey.paper.scanning.readings import CROP, FieldReading, Picture
from baken.survey.paper.scanning.straightening import PER_MM, Ink, Straight

# A strip shows the sentence beside or above the boxes.
_ABOVE_MM: Final = 7.0
_BELOW_MM: Final = 3.0
_STRIP_PER_MM: Final = 5
_PAGE_ROWS: Final = 1200
_GLIMPSE_ROWS: Final = 900
# Handwriting: darker than this is ink, a line longer than this is print.
_WRITTEN: Final = 0.3
_RULE_MM: Final = 12
_LEAST_SPECK_MM2: Final = 0.15
_LEAST_INK_MM2: Final = 2.0
_FIELD_SCALES: Final = (6, 5, 4, 3)


def picture_of_page(picture: Picture) -> bytes:
    """Return the page in grey, at most some 100 points per inch."""
    scale = min(1.0, _PAGE_ROWS / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _grey_png(np.asarray(small, np.uint8))


def glimpse_of_page(picture: Picture) -> bytes:
    """Return the page so small that it takes some 30 kilobytes: whose hand it is can be seen."""
    scale = min(1.0, _GLIMPSE_ROWS / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, content = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return content.tobytes()


def picture_of_box(grey: bytes) -> bytes:
    """Return `CROP` x `CROP` bytes of grey as a PNG."""
    return _grey_png(np.frombuffer(grey, np.uint8).reshape(CROP, CROP))


def picture_of_question(straight: Straight, boxes: Sequence[Box]) -> bytes:
    """Return the strip of the page with these boxes, over its whole width."""
    top = max(0.0, min(box.y for box in boxes) - _ABOVE_MM)
    bottom = max(box.y + box.size for box in boxes) + _BELOW_MM
    strip = straight.picture[round(top * PER_MM) : round(bottom * PER_MM)]
    scale = _STRIP_PER_MM / PER_MM
    small = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _grey_png(np.asarray(small, np.uint8))


def read_field(ink: Ink, field: Field, most_bytes: int) -> FieldReading:
    """Return whether anything was written in a field, and a picture of it in black and white.

    The picture is as fine as `most_bytes` allow. Where even the coarsest one is larger it is the
    finest, larger than that: somebody has to type over what it says.
    """
    rows = slice(round((field.y + 0.5) * PER_MM), round((field.y + field.height - 0.5) * PER_MM))
    columns = slice(round((field.x + 0.5) * PER_MM), round((field.x + field.width - 0.5) * PER_MM))
    written = _handwriting(ink[rows, columns])
    if written.sum() < _LEAST_INK_MM2 * PER_MM**2:
        return FieldReading(field.question, has_ink=False)
    lines, across = np.flatnonzero(written.any(axis=1)), np.flatnonzero(written.any(axis=0))
    used = written[lines[0] : lines[-1] + 1, across[0] : across[-1] + 1]
    drawn = [_bilevel_png(used, per_mm / PER_MM) for per_mm in _FIELD_SCALES]
    fitting = next((one for one in drawn if len(one) <= most_bytes), drawn[0])
    return FieldReading(field.question, has_ink=True, picture=fitting)


def _handwriting(ink: Ink) -> NDArray[np.uint8]:
    """Return what is ink but neither a printed line nor a speck, as ones."""
    dark = (ink >= _WRITTEN).astype(np.uint8)
    for size in ((_RULE_MM * PER_MM, 1), (1, _RULE_MM * PER_MM)):
        rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))
        dark[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    _, labels, parts, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    large = parts[:, cv2.CC_STAT_AREA] >= _LEAST_SPECK_MM2 * PER_MM**2
    large[0] = False
    return np.asarray(large[labels], np.uint8)


def _bilevel_png(written: NDArray[np.uint8], scale: float) -> bytes:
    grey = cv2.resize(written * 255, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = np.where(grey >= 96, 0, 255).astype(np.uint8)
    framed = cv2.copyMakeBorder(paper, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=[255])
    _, content = cv2.imencode(
        ".png", framed, [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 9]
    )
    return content.tobytes()


def _grey_png(picture: Picture) -> bytes:
    """Return a PNG in 16 tones: noise of the paper is not worth its bytes."""
    toned = (picture >> 4) * np.uint8(17)
    _, content = cv2.imencode(".png", toned, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    return content.tobytes()
