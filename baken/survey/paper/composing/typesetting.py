"""Sizes of type, and breaking a text into lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from .ink import Face

POINT: Final = 25.4 / 72
"""Millimetres."""

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_AFTER_HYPHEN: Final = re.compile(r"(?<=[-/–])")


class Measure(Protocol):
    """The width of a text in millimetres, by the metrics of the letters that are printed."""

    def __call__(self, text: str, face: Face, size: float) -> float: ...


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes in points, lengths in millimetres.

    Attributes
    ----------
    text, head, small
        Questions and explanations; words above boxes; what stands at the edges of a page.
    heading, title
        Of a part, and of the questionnaire.
    box
        Side of a box.
    row
        Smallest height of a row of boxes.
    pad
        White above and below the text of a row.
    writing
        Between two lines to write on.
    """

    text: float
    head: float
    small: float
    heading: float
    title: float
    box: float
    row: float
    pad: float
    writing: float

    def leading(self, size: float) -> float:
        """Return the distance between two lines of type."""
        return size * POINT * 1.24


NORMAL: Final = Type(
    text=11, head=9.5, small=9.5, heading=13.5, title=20, box=4.5, row=9, pad=1.7, writing=9
)
LARGE: Final = Type(
    text=17, head=16, small=16, heading=20, title=26, box=6, row=12, pad=2.4, writing=12
)


def wrap(text: str, width: float, face: Face, size: float, measure: Measure) -> tuple[str, ...]:
    """Break a text into lines of at most this width; a word that is wider is broken itself."""
    lines: list[str] = []
    line = ""
    for word in _words(text, width, face, size, measure):
        longer = f"{line} {word}" if line else word
        if line and measure(longer, face, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return (*lines, line) if line else tuple(lines)


def widest_word(text: str, face: Face, size: float, measure: Measure) -> float:
    """Return the width that a column needs so that no word of a text is broken."""
    return max((measure(word, face, size) for word in _SPACE.split(text.strip())), default=0)


def fit(text: str, width: float, face: Face, size: float, measure: Measure) -> str:
    """Return as much of a text as one line holds, with a sign that there was more."""
    if measure(text, face, size) <= width:
        return text
    kept = text
    while kept and measure(f"{kept}…", face, size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _words(text: str, width: float, face: Face, size: float, measure: Measure) -> Iterator[str]:
    for word in _SPACE.split(text.strip()):
        if measure(word, face, size) <= width:
            yield word
        else:
            yield from _parts(word, width, face, size, measure)


def _parts(word: str, width: float, face: Face, size: float, measure: Measure) -> Iterator[str]:
    """The pieces of a word that is wider than a line: at its own hyphens, or anywhere."""
    part = ""
    for piece in _AFTER_HYPHEN.split(word):
        if part and measure(part + piece, face, size) > width:
            yield part
            part = ""
        part += piece
        while len(part) > 1 and measure(part, face, size) > width:
            fits = max(1, _fitting(part, width, face, size, measure))
            yield f"{part[:fits]}-"
            part = part[fits:]
    if part:
        yield part


def _fitting(part: str, width: float, face: Face, size: float, measure: Measure) -> int:
    fits = len(part) - 1
    while fits > 1 and measure(f"{part[:fits]}-", face, size) > width:
        fits -= 1
    return fits
