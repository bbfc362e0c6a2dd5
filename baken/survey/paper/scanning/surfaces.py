"""Pages with nothing on them, and pages that are all dark."""

from typing import Final

import cv2
import numpy as np

from baken.survey.paper.scanning.readings import Picture
from baken.survey.paper.scanning.thresholds import Thresholds

# Four points per millimetre of A4: dust is a point or two.
_ROWS: Final = 1188
_PER_MM: Final = 4
# At the edge a scanner sees its own lid; punched holes and staples lie within that too.
_EDGE_MM: Final = 14
_INK: Final = 0.25
_BLACK: Final = 70
# Darker is no paper; and as light as compression leaves what was all white.
_MIDDLE: Final = 127
_WHITE: Final = 254


def is_black(picture: Picture, thresholds: Thresholds) -> bool:
    """Whether most of the page is black: a lid that was open, a page of a dark cover."""
    sparse = picture[::8, ::8]
    return float((sparse < _BLACK).mean()) > thresholds.black_page


def share_of_grey(picture: Picture) -> float:
    """Return the share of what is not paper that is neither black nor nearly so.

    The edges of print are grey on every scan in grey. In black and white nothing is, however pale
    the mark: it became paper.
    """
    sparse = picture[::5]
    paper, ink = (float(tone) for tone in np.percentile(sparse, (75, 0.5)))
    reach = max(paper - ink, 1.0)
    darkness = (paper - sparse[sparse < paper - 0.15 * reach]) / reach
    return float((darkness < 0.85).mean()) if len(darkness) else 0.0


def share_of_white(picture: Picture) -> float:
    """Return the share of the paper that is as white as can be, at most of some 100,000 points.

    Paper has tones of its own. Where the scanner made all of it white, in black and white or to
    save ink, it made white of a pale pencil too, and no print tells: it may be drawn in grey later.
    """
    step = max(1, int((picture.size / 1e5) ** 0.5))
    sparse = picture[::step, ::step]
    paper = sparse[sparse > _MIDDLE]
    return float((paper >= _WHITE).mean()) if len(paper) else 0.0


def is_blank(picture: Picture, thresholds: Thresholds) -> bool:
    """Whether nothing was written or printed on the page, its outer edge left out.

    Asked only of pages without a square code. Faint print that shines through from the other side
    is not seen; a word in pencil is.
    """
    scale = min(1.0, _ROWS / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((25, 25), np.uint8)), (25, 25))
    tone = cv2.divide(small, paper, scale=255.0)
    edge = _EDGE_MM * _PER_MM
    dark = (tone[edge:-edge, edge:-edge] < 255 * (1 - _INK)).astype(np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    areas = parts[1:, cv2.CC_STAT_AREA]
    return float(areas[areas >= _PER_MM].sum()) <= thresholds.blank_page * dark.size
