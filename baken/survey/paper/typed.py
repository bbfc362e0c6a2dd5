"""A form as somebody typed it, and which form of a stack is typed next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from baken.survey.paper.content import SheetContent
from baken.survey.paper.errors import NotThisSheet


@dataclass(frozen=True, slots=True)
class Typed:
    """One form as somebody typed it; fields in the order of the questionnaire.

    Attributes
    ----------
    unit, language
        Key of the frozen unit and language, as the form says.
    answers, backgrounds, comments
        Comments are typed once, so that a second entry has none. Of a blank form the fields are
        there and their values stand for nothing.
    """

    unit: str
    language: str
    answers: Mapping[str, int] = field(default_factory=dict)
    backgrounds: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Which form is next: its place in the stack from 1, how many there are, and what is asked.

    `number`: which form of the typed pile it is; 0: the stack is that pile. `is_left`: whether a
    scan of it could not be read.
    """

    place: int
    n_sheets: int
    is_whole: bool = True  # False: unit and language only
    number: int = 0
    is_left: bool = False


def which_sheet() -> NotThisSheet:
    """What to say where a form came whose place in the stack is not clear."""
    return NotThisSheet(
        "paper_entry.which_sheet",
        "It is not clear which form of the stack this is. Nothing was saved; load the page of the "
        "stack again and go on from there.",
    )


def count_typed(sheets: Iterable[SheetContent]) -> int:
    """How many of these sheets were typed, rather than read of a scan."""
    return sum(bool(sheet.typed) for sheet in sheets)
