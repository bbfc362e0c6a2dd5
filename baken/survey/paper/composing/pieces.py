"""Pieces of a form that are never split, and the column they stand in."""

from dataclasses import dataclass, replace
from typing import Final

from baken.survey.paper.layout import PAGE_WIDTH, Box, Field

from .ink import HAIRLINE, Face, Ink, Line, Words
from .typesetting import POINT, Measure, Type, wrap

LEFT: Final = 15.0
RIGHT: Final = PAGE_WIDTH - LEFT
NUMBER: Final = 8.5
"""Room for the number before a question, in normal print."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to be printed in one place.

    Attributes
    ----------
    ink, boxes, fields
        At their `x` on the page; `y` from the top of the piece.
    head
        Words above the boxes: printed before the first piece of a stretch and on each new page.
    stays
        Whether the next piece has to stand on the same page.
    question
        What cannot be asked where the piece is taller than a page.
    """

    height: float
    ink: tuple[Ink, ...] = ()
    boxes: tuple[Box, ...] = ()
    fields: tuple[Field, ...] = ()
    head: "Piece | None" = None
    stays: bool = False
    question: str = ""

    def lower(self, by: float) -> "Piece":
        """Return the piece with everything on it further down."""
        return replace(
            self,
            ink=tuple(one.lower(by) for one in self.ink),
            boxes=tuple(replace(box, y=round(box.y + by, 2)) for box in self.boxes),
            fields=tuple(replace(field, y=round(field.y + by, 2)) for field in self.fields),
        )


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets text in a size of print."""

    type: Type
    measure: Measure

    @property
    def indent(self) -> float:
        """Where the text of a question begins, beside its number."""
        return LEFT + max(NUMBER, self.measure("000", "bold", self.type.text) + 1.5)

    def lines(self, text: str, width: float, face: Face, size: float) -> tuple[str, ...]:
        return wrap(text, width, face, size, self.measure)

    def text(
        self, x: float, y: float, lines: tuple[str, ...], size: float, face: Face = "regular"
    ) -> tuple[Words, ...]:
        """Return lines below each other; `y` is the top of the first."""
        leading = self.type.leading(size)
        first = y + size * POINT * 0.95
        return tuple(
            Words(round(x, 2), round(first + at * leading, 2), line, size, face)
            for at, line in enumerate(lines)
        )

    def height(self, lines: tuple[str, ...], size: float) -> float:
        return len(lines) * self.type.leading(size)

    def box(self, x: float, y: float, question: str, value: int) -> Box:
        """Return the box with its top left corner there."""
        return Box(round(x, 2), round(y, 2), self.type.box, question, value)

    def paragraph(
        self,
        text: str,
        *,
        size: float = 0.0,
        face: Face = "regular",
        above: float = 0.0,
        below: float = 0.0,
        stays: bool = False,
    ) -> Piece:
        """Return a text over the whole width."""
        size = size or self.type.text
        lines = self.lines(text, RIGHT - LEFT, face, size)
        height = above + self.height(lines, size) + below
        return Piece(height, self.text(LEFT, above, lines, size, face), stays=stays)


def rule(y: float) -> Line:
    """Return the hairline below a row."""
    return Line(LEFT, round(y, 2), RIGHT, round(y, 2), HAIRLINE)
