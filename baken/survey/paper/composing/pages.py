"""Putting pieces on pages: nothing is split, and what explains boxes stands above them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from baken.survey.errors import CannotPrint
from baken.survey.paper.layout import CORNER_INSET, CORNER_SIZE, PAGE_HEIGHT, Page
from baken.survey.paper.marks import MAX_PAGES

from .ink import Ink
from .pieces import Piece

BOTTOM: Final = PAGE_HEIGHT - CORNER_INSET - CORNER_SIZE - 3
"""Where the last piece of a page ends: above the corners and the number of the page."""


@dataclass(slots=True)
class Sheet:
    """A page while it is filled."""

    top: float
    pieces: list[Piece] = field(default_factory=list)
    head: Piece | None = None

    def needed(self, group: Sequence[Piece]) -> float:
        """Return the height of a group on this page, with the heads that come with it."""
        head, height = self.head, 0.0
        for piece in group:
            if piece.head is not None and piece.head != head:
                height += piece.head.height
            head = piece.head
            height += piece.height
        return height

    def put(self, group: Sequence[Piece]) -> None:
        for piece in group:
            if piece.head is not None and piece.head != self.head:
                self._put(piece.head)
            self.head = piece.head
            self._put(piece)

    def _put(self, piece: Piece) -> None:
        self.pieces.append(piece.lower(self.top))
        self.top = round(self.top + piece.height, 2)

    def ink(self) -> tuple[Ink, ...]:
        return tuple(one for piece in self.pieces for one in piece.ink)

    def page(self, number: int) -> Page:
        boxes = tuple(box for piece in self.pieces for box in piece.boxes)
        fields = tuple(one for piece in self.pieces for one in piece.fields)
        return Page(number, boxes, fields)


def fill_pages(pieces: Sequence[Piece], first: Piece, further: Piece) -> list[Sheet]:
    """Put the pieces on pages with `first` and `further` at their top.

    Raises
    ------
    CannotPrint
        A question is taller than a page, or there are more pages than a mark can count.
    """
    sheets = [_started(first)]
    for group in _groups(pieces):
        if sheets[-1].top + sheets[-1].needed(group) > BOTTOM:
            sheets.append(_started(further))
        if sheets[-1].top + sheets[-1].needed(group) > BOTTOM:
            raise _too_tall(group)
        sheets[-1].put(group)
    if len(sheets) > MAX_PAGES:
        raise CannotPrint(
            "survey.form_too_long",
            "The form would have more than {pages} pages. Take a shorter questionnaire, or let "
            "people answer this one on a screen.",
            pages=MAX_PAGES,
        )
    return sheets


def _started(head: Piece) -> Sheet:
    sheet = Sheet(0.0)
    sheet.put([head])
    return sheet


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        group.append(piece)
        if not piece.stays:
            yield group
            group = []


def _too_tall(group: Sequence[Piece]) -> CannotPrint:
    return CannotPrint(
        "survey.form_question_too_tall",
        "Question {question} does not fit on one page of paper. Shorten its text or its answers "
        "in the library, or let people answer on a screen.",
        question=group[-1].question,
    )
