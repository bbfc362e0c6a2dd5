"""Whether something was written by hand in an open field: clearly, clearly not, or perhaps.

How pale a stroke may be depends on the page, as it does in boxes: on a clean scan the palest pencil
stands out, in the grain of a photograph it does not. The field is its own measure, since most of it
is paper however much was written. Long straight lines are print, a fold or a streak of the glass.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from baken.survey.paper.scanning.straightening import PER_MM, Ink
from baken.survey.paper.scanning.thresholds import Thresholds

# A median absolute deviation times this is a standard deviation, were the noise normal.
_TO_DEVIATION: Final = 1.4826
# Steps of a picture and rounding: paper varies no less than this, in darkness.
_LEAST_SPREAD: Final = 0.004
# A stroke is some 0.4 mm wide, and its darkness is averaged over so many points.
_STROKE: Final = 5
# Shadows and tones of the paper are wider than a hand writes.
_SHADOW_MM: Final = 9
# A line at least this long is no handwriting; it may bend by so many points along its length.
_RULE_MM: Final = 12
_BENT: Final = 3
# What is as long and thicker than this many points, blurred, is a row of letters or a stain.
_LETTERS: Final = 14
# So dark may be what an optic smears around a black speck.
_SMEARED: Final = 0.1
# What is thicker than this many points, and as pale as this, is no pen: coffee, a shadow.
_THICK: Final = 11
_PALE: Final = 0.35
# So wide is the edge of a stain.
_EDGE: Final = 9
# A stroke across a printed line goes on after at most so many points.
_CROSSED: Final = 9
# What compression leaves beside a printed line.
_BESIDE_RULE: Final = 2


class Written(StrEnum):
    """What can be said of a field."""

    NOTHING = "nothing"
    UNSEEN = "unseen"
    """Nothing is to be seen, where pale writing could not be seen either."""
    PERHAPS = "perhaps"
    SOMETHING = "something"


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What was found in a field: `strokes` are its points as ones, of the size of the field.

    Of what is written for certain they are whole, also where a row of letters looks like a line.
    """

    written: Written
    strokes: NDArray[np.uint8]


def find_handwriting(ink: Ink, limits: Thresholds, *, has_grey: bool) -> Hand:
    """Return what was written in a field.

    Parameters
    ----------
    ink
        The field without its frame.
    has_grey
        Whether the scan shows what is pale; without that a pencil may be gone, or but specks of it
        are left.
    """
    seen = ink - _paper(ink)
    rules = _rules(seen, limits)
    above = np.where(rules > 0, np.float32(0), seen)
    smooth = _without_stains(np.asarray(cv2.blur(above, (_STROKE, _STROKE)), np.float32))
    paper = smooth[rules == 0]
    spread = (
        max(_LEAST_SPREAD, _TO_DEVIATION * float(np.median(np.abs(paper)))) if len(paper) else 1
    )
    strokes, longest = _strokes(smooth, rules, spread, limits)
    strokes[rules > 0] = 0
    area = float(strokes.sum()) / PER_MM**2
    if longest < limits.stroke_from and (has_grey or not strokes.any()):
        written = Written.NOTHING if has_grey else Written.UNSEEN
    elif longest < limits.stroke_from:
        written = Written.PERHAPS
    elif area >= limits.hand_from and _is_clear(smooth, strokes, spread, limits):
        return Hand(Written.SOMETHING, _whole(seen, smooth, strokes, rules))
    else:
        written = Written.PERHAPS
    return Hand(written, strokes)


def _paper(ink: Ink) -> Ink:
    """Return how dark the paper is around each point."""
    rows, columns = ink.shape
    size = (max(1, columns // PER_MM), max(1, rows // PER_MM))
    small = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)
    tones = cv2.medianBlur(np.rint(small * 255).astype(np.uint8), _SHADOW_MM)
    paper = tones.astype(np.float32) / np.float32(255)
    return np.asarray(
        cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _without_stains(smooth: Ink) -> Ink:
    """Return the darkness without what is pale and thicker than a pen writes."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THICK, _THICK))
    thick = cv2.morphologyEx(smooth.clip(min=0), cv2.MORPH_OPEN, disc)
    thick = cv2.dilate(thick, np.ones((_EDGE, _EDGE), np.uint8))
    return np.asarray(np.where(thick < _PALE, smooth - thick, smooth), np.float32)


def _rules(above: Ink, limits: Thresholds) -> NDArray[np.uint8]:
    """Return where long lines run, and just beside them, as ones."""
    down = np.ascontiguousarray(_lines(np.ascontiguousarray(above.T), limits).T)
    side = 2 * _BESIDE_RULE + 1
    found = _lines(above, limits) | down
    return np.asarray(cv2.dilate(found, np.ones((side, side), np.uint8)), np.uint8)


def _lines(above: Ink, limits: Thresholds) -> NDArray[np.uint8]:
    """Return where long lines run across.

    A row of small letters is as long and as dark as a line, and thicker; where it stands on one,
    the line goes on below it.
    """
    length = _RULE_MM * PER_MM + 1
    even = cv2.dilate(cv2.blur(above, (length // 6 + 1, 1)), np.ones((_BENT, 1), np.uint8))
    # a stroke that ends at the edge of the field does not go on outside
    runs = cv2.morphologyEx(
        even,
        cv2.MORPH_OPEN,
        np.ones((1, length), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=(0.0,),
    )
    long = np.asarray(runs >= limits.rule_seen, np.uint8)
    thick = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones((_LETTERS, 1), np.uint8))
    broad = np.asarray(cv2.dilate(thick, np.ones((1, 2 * PER_MM + 1), np.uint8)), np.uint8)
    alone = np.where(broad > 0, 0, long).astype(np.uint8)
    row = np.ones((1, 4 * PER_MM), np.uint8)
    thin = np.asarray(cv2.morphologyEx(alone, cv2.MORPH_OPEN, row), np.uint8)
    before = np.maximum.accumulate(thin, axis=1)
    after = np.maximum.accumulate(thin[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(thin | (broad & before & after), np.uint8)


def _strokes(
    smooth: Ink, rules: NDArray[np.uint8], spread: float, limits: Thresholds
) -> tuple[NDArray[np.uint8], float]:
    """Return the points of what may be strokes, and how far the longest reaches in millimetres.

    Of what was written on a printed line only pieces are left: together they reach half as far.
    """
    faint = (smooth >= max(limits.hand_faint * spread, limits.hand_least / 2)).astype(np.uint8)
    n_parts, found = cv2.connectedComponents(faint, connectivity=8)
    labels = np.asarray(found, np.int32)
    strongest = np.zeros(n_parts, np.float32)
    np.maximum.at(strongest, labels.ravel(), smooth.ravel())
    is_stroke = strongest >= max(limits.hand_seen * spread, limits.hand_least)
    is_stroke[0] = False
    # what is smeared around a dark speck does not make it longer
    core = faint & (smooth >= np.minimum(0.4 * strongest, _SMEARED)[labels])
    reach = _reach(np.where(core, labels, 0), n_parts)
    near = cv2.dilate(rules, np.ones((_STROKE, _STROKE), np.uint8))
    on_a_line = np.bincount(labels.ravel(), near.ravel(), minlength=n_parts) > 0
    pieces = float(reach[is_stroke & on_a_line].sum())
    longest = max(float(reach[is_stroke].max(initial=0.0)), pieces / 2)
    is_stroke &= reach >= limits.speck_to
    return np.asarray(is_stroke[labels], np.uint8), longest


def _reach(labels: NDArray[np.int32], n_parts: int) -> NDArray[np.float64]:
    """Return how far the points of each part reach across or down, in millimetres."""
    places = np.nonzero(labels)
    parts = labels[places]
    found = np.zeros(n_parts)
    for at in places:
        low, high = np.full(n_parts, np.inf), np.full(n_parts, -np.inf)
        np.minimum.at(low, parts, at.astype(np.float64))
        np.maximum.at(high, parts, at.astype(np.float64))
        found = np.maximum(found, np.where(high >= low, high - low + 1, 0))
    return found / PER_MM


def _whole(
    seen: Ink, smooth: Ink, strokes: NDArray[np.uint8], rules: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return strokes with what was written where a line was found, and without the line.

    Letters of one size are found as a line through their middle; printed lines have no gaps.
    """
    dark = np.asarray(seen >= float(np.percentile(smooth[strokes > 0], 80)) / 2, np.uint8)
    length = _RULE_MM * PER_MM
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    line = np.asarray(cv2.dilate(np.maximum(across, down), np.ones((3, 3), np.uint8)), np.uint8)
    found = np.asarray(dark & rules & (1 - line), np.uint8)
    side = 2 * _STROKE + 1
    near = np.asarray(cv2.dilate(strokes, np.ones((side, side), np.uint8)), np.uint8)
    n_parts, numbered = cv2.connectedComponents(found, connectivity=8)
    labels = np.asarray(numbered, np.int32)
    is_written = np.bincount(labels.ravel(), near.ravel(), minlength=n_parts) > 0
    joined = strokes | (found & is_written.astype(np.uint8)[labels])
    closed = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((_CROSSED, 1), np.uint8))
    gaps = cv2.dilate(rules, np.ones((side, side), np.uint8))
    return np.asarray(
        joined | (np.asarray(closed, np.uint8) & np.asarray(gaps, np.uint8)), np.uint8
    )


def _is_clear(smooth: Ink, strokes: NDArray[np.uint8], spread: float, limits: Thresholds) -> bool:
    """Whether what was found is so dark that it is no stain and no grain."""
    return float(np.percentile(smooth[strokes > 0], 80)) >= max(
        limits.hand_clear * spread, limits.hand_dark
    )
