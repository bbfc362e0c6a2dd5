"""Small pictures for people: the strip of a question, a page, what was written in a field."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.layout import Box, Field
from baken.survey.paper.scanning.handwriting import Written, find_handwriting
from baken.survey.paper.scanning.readings import CROP, FieldReading, Picture
from baken.survey.paper.scanning.straightening import PER_MM, Straight
from baken.survey.paper.scanning.thresholds import Thresholds

# A strip shows the sentence beside or above the boxes.
_ABOVE_MM: Final = 7.0
_BELOW_MM: Final = 3.0
_STRIP_PER_MM: Final = 5
_PAGE_ROWS: Final = 1200
_GLIMPSE_ROWS: Final = 900
# The frame of a field lies within this of its printed place.
_FRAME_MM: Final = 1.0
# Of a field that is shown to a person, for a pencil that can hardly be seen.
_MORE_CONTRAST: Final = 3.0
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


def read_field(
    straight: Straight, field: Field, most_bytes: int, limits: Thresholds, *, has_grey: bool
) -> FieldReading:
    """Return whether anything was written in a field, and a picture of it.

    Of what was written for certain the picture is in black and white, as fine as `most_bytes`
    allow. Where even the coarsest one is larger it is the finest, larger than that: somebody has to
    type over what it says. In doubt it is the field in grey as it was seen, with more contrast.
    """
    rows = _inside(field.y, field.height)
    columns = _inside(field.x, field.width)
    seen = straight.picture[rows, columns]
    hand = find_handwriting(straight.ink[rows, columns], limits, has_grey=has_grey)
    if hand.written is Written.NOTHING:
        return FieldReading(field.question, has_ink=False)
    if hand.written is not Written.SOMETHING:
        has_ink = hand.written is Written.PERHAPS
        return FieldReading(field.question, has_ink, _stretched(seen), is_doubtful=True)
    used = _cut(hand.strokes)
    drawn = [_bilevel_png(used, per_mm / PER_MM) for per_mm in _FIELD_SCALES]
    fitting = next((one for one in drawn if len(one) <= most_bytes), drawn[0])
    return FieldReading(field.question, has_ink=True, picture=fitting)


def _inside(start: float, length: float) -> slice:
    return slice(round((start + _FRAME_MM) * PER_MM), round((start + length - _FRAME_MM) * PER_MM))


def _cut(written: NDArray[np.uint8]) -> NDArray[np.uint8]:
    lines, across = np.flatnonzero(written.any(axis=1)), np.flatnonzero(written.any(axis=0))
    return written[lines[0] : lines[-1] + 1, across[0] : across[-1] + 1]


def _stretched(seen: Picture) -> bytes:
    """Return a field so that what is a little darker than paper can be seen."""
    scale = _STRIP_PER_MM / PER_MM
    small = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = float(np.median(small))
    darker = (small.astype(np.float32) - paper) * _MORE_CONTRAST + 240
    return _grey_png(darker.clip(0, 255).astype(np.uint8))


def _bilevel_png(written: NDArray[np.uint8], scale: float) -> bytes:
    # a line of one point still has one when it is drawn smaller
    size = tuple(max(1, round(side * scale)) for side in written.shape[::-1])
    grey = cv2.resize(written * 255, size, interpolation=cv2.INTER_AREA)
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
