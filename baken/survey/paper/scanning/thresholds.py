"""All figures the reader decides by, in one place. Change one here and look at the gallery.

They were set on generated pages (`docs/reliability.md`); no pile of real scans has been read yet.
Shares are of 1, lengths millimetres of paper, darkness 0 (as light as the paper around) to 1.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as what."""

    # A page
    least_dpi: float = 190.0
    """A scan at 200 of a form that the printer made 4 % smaller has 192."""
    black_page: float = 0.5
    """Share of dark points above which a page is black."""
    blank_page: float = 0.0001
    """Share of dark points up to which a page is blank: 6 square millimetres of dust, no word."""
    least_black: float = 0.35
    """Least darkness of the corner marks; below that a copy is too pale to be read."""
    least_grey: float = 0.12
    """Least share of the ink of a page that is grey; less is a scan in black and white."""
    most_white: float = 0.92
    """Most of the paper that is wholly white where a scan shows what is pale: in grey up to 0.8,
    in black and white from 0.94 on, even compressed hard or turned by a program."""
    code_off: float = 1.2
    """Most that a corner of the square code may lie from where the corner marks put it."""
    frames_lost: float = 0.15
    """Share of the boxes of a page whose frame may be unseen before the whole page is in doubt;
    a question with such a box is in doubt anyway."""
    frame_shift: float = 1.4
    """Most that a frame may lie from its printed place: paper bends and is drawn in askew. Boxes
    are five times as far apart."""
    frame_seen: float = 0.3
    """Least darkness of a side of a frame, over its surroundings, to count as seen."""

    # Inside a box
    dark: float = 0.30
    """Darkness of ink; a light pencil is 0.3 to 0.5, a ball pen 0.5 to 0.9."""
    faint: float = 0.16
    """Darkness of a trace; noise and the grain of paper stay below 0.1."""
    empty_below: float = 0.012
    """Most of the inside that may be faint in an empty box: a speck of 0.3 x 0.3 mm."""
    unanswered_below: float = 0.0015
    """The same where no box of a question has a mark: nothing at all."""
    departs_from: float = 2.75
    """How far a box without a mark may depart from the empty boxes of its page, in their spreads:
    nine of ten lie below 2.5, the palest stroke of 0.4 mm in the grain of a photograph above 3."""
    least_trace: float = 0.06
    """Least darkness over an empty box that is a trace at all: on a page without any noise, as a
    program draws it, one frame differs from another by how it falls on the points."""
    least_alike: int = 8
    """Empty boxes of one size on a page, or quarters of fewer ones, that say how an empty box looks
    there; with fewer than two, no question of the page is taken for unanswered."""
    marked_from: float = 0.055
    """Least of the inside that is dark in a marked box: a dot of 0.8 mm, one thin line."""
    solid: float = 0.60
    """Darkness of ink laid on thickly, stroke over stroke."""
    marked_to: float = 0.82
    """Most of the inside that is solid in a marked box: a cross with a felt pen, a scribble."""
    marked_light_cell: float = 0.88
    """Most that is dark in the lightest sixteenth of a marked box: a mark leaves some paper."""
    withdrawn_from: float = 0.98
    """Least of the inside that is solid in a blackened box."""
    withdrawn_cell: float = 0.95
    """Least that is solid in each sixteenth of a blackened box."""
    extent: float = 0.22
    """Least extent of a mark across the box, of its side, in one direction."""
    dark_of_faint: float = 0.5
    """Least share of a mark that is dark: a stain is mostly faint, a stroke mostly dark."""
    dark_of_pale: float = 0.3
    """The same for a mark that ends within its box: a light pencil; a stain goes on outside."""
    pale_around: float = 0.02
    """Most traces around such a mark."""
    off_centre: float = 0.34
    """Most that the middle of a mark may lie from the middle of its box, of its side: the tail of
    a mark in another box comes in from one side."""
    clear_from: float = 0.15
    """Least of the inside that is dark in a mark beside which a trace counts for nothing."""
    trace_to: float = 0.03
    """Most of the inside that is dark in such a trace: a stain, something rubbed out."""
    mark_beside_withdrawn: float = 0.8
    """Most of the inside that is dark in the mark that takes the place of a withdrawn one."""
    weak_below: float = 0.01
    """A mark with less than this that is solid is weak: a pencil, or the edge of a stain."""
    weak_around: float = 0.08
    """Most traces around a weak mark: a stain goes on outside of the box."""

    # In an open field; spreads are those of the paper of the field itself
    hand_least: float = 0.025
    """Least darkness over the paper, averaged over 0.6 mm, of a stroke: a hard pencil is 0.04."""
    hand_seen: float = 4.5
    """Least spreads of the darkest point of a stroke."""
    hand_faint: float = 2.5
    """Least spreads of its other points."""
    stroke_from: float = 1.2
    """Least reach in millimetres of the longest stroke; with less nothing was written."""
    speck_to: float = 0.5
    """Reach below which a spot is left out of a picture of handwriting."""
    hand_from: float = 2.0
    """Least area (square millimetres) of strokes that are written for certain."""
    hand_clear: float = 8.0
    """Least spreads of the darker part of them."""
    hand_dark: float = 0.06
    """Least darkness of the same: paler strokes, a person looks at."""
    rule_seen: float = 0.02
    """Least darkness along 12 mm of a printed line, a fold or a streak."""

    # Beside the boxes
    beside: float = 0.18
    """Most ink (square millimetres) beside the boxes of a question without a mark."""


STANDARD: Final = Thresholds()
