"""Where everything that can be filled in stands on the pages of a form. Values only.

Lengths are millimetres from the top left corner of a page as it is read; a page is A4, upright.
A layout is kept as plain JSON for as long as its campaign: a form that was printed by an older
version of the program is read by the places that were printed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0

CORNER_SIZE: Final = 5.0
CORNER_INSET: Final = 8.0
QR_SIZE: Final = 20.0
QR_X: Final = 173.0
QR_Y: Final = 10.0


class NotALayout(ValueError):
    """What was read is no layout; the row was damaged or belongs to a newer program."""


@dataclass(frozen=True, slots=True)
class Box:
    """A square to put a cross in.

    Attributes
    ----------
    x, y, size
        The outer edge of the frame: its top left corner and its side.
    question
        Code of an item or key of a background question.
    value
        As it stands on the answer sheet: the number of the answer or of the band, from 0, or
        `NOT_APPLICABLE` or `PREFER_NOT` of `baken.instruments.sheet`.
    """

    x: float
    y: float
    size: float
    question: str
    value: int


@dataclass(frozen=True, slots=True)
class Field:
    """The room for handwriting below an open question; `question` is its key."""

    x: float
    y: float
    width: float
    height: float
    question: str


@dataclass(frozen=True, slots=True)
class Page:
    """One side of a sheet: `number` from 1; boxes and fields in the order they are read."""

    number: int
    boxes: tuple[Box, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions on this page in reading order, those with boxes first, each once."""
        places = [box.question for box in self.boxes] + [field.question for field in self.fields]
        return tuple(dict.fromkeys(places))


@dataclass(frozen=True)
class Layout:
    """A form in one language and one size of print.

    Attributes
    ----------
    edition
        Of the marks on its pages; the same for all units of the campaign.
    large
        Whether it is set in large print.
    corner_size, corner_inset
        Each corner of each page has a black square with sides of `corner_size`; its two outer
        edges lie `corner_inset` from the edges of the paper.
    qr_x, qr_y, qr_size
        The square code on each page, without the white around it: top left corner and side.
    """

    edition: str
    language: str
    large: bool
    pages: tuple[Page, ...]
    corner_size: float = CORNER_SIZE
    corner_inset: float = CORNER_INSET
    qr_x: float = QR_X
    qr_y: float = QR_Y
    qr_size: float = QR_SIZE
    width: float = PAGE_WIDTH
    height: float = PAGE_HEIGHT

    def page(self, number: int) -> Page:
        """Return the page of this number; `KeyError` when the form has no such page."""
        return self._numbered[number]

    @cached_property
    def _numbered(self) -> dict[int, Page]:
        return {page.number: page for page in self.pages}

    def to_json(self) -> dict[str, Any]:
        """Return the layout as lists, texts and numbers."""
        return {
            "edition": self.edition,
            "language": self.language,
            "large": self.large,
            "corner": [self.corner_size, self.corner_inset],
            "qr": [self.qr_x, self.qr_y, self.qr_size],
            "paper": [self.width, self.height],
            "pages": [_page_to_json(page) for page in self.pages],
        }

    @classmethod
    def from_json(cls, content: Any) -> "Layout":
        """Return what `to_json` wrote; raise `NotALayout` for anything else."""
        try:
            corner_size, corner_inset = map(float, content["corner"])
            qr_x, qr_y, qr_size = map(float, content["qr"])
            width, height = map(float, content["paper"])
            return cls(
                edition=str(content["edition"]),
                language=str(content["language"]),
                large=bool(content["large"]),
                pages=tuple(_page_from_json(page) for page in content["pages"]),
                corner_size=corner_size,
                corner_inset=corner_inset,
                qr_x=qr_x,
                qr_y=qr_y,
                qr_size=qr_size,
                width=width,
                height=height,
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise NotALayout("the places on this form cannot be read") from error


def _page_to_json(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "boxes": [[box.x, box.y, box.size, box.question, box.value] for box in page.boxes],
        "fields": [
            [field.x, field.y, field.width, field.height, field.question] for field in page.fields
        ],
    }


def _page_from_json(content: Any) -> Page:
    return Page(
        number=int(content["number"]),
        boxes=tuple(
            Box(float(x), float(y), float(size), str(question), int(value))
            for x, y, size, question, value in content["boxes"]
        ),
        fields=tuple(
            Field(float(x), float(y), float(width), float(height), str(question))
            for x, y, width, height, question in content["fields"]
        ),
    )
