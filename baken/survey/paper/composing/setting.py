"""A questionnaire in one language as a form: the one way in to this package."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from baken.instruments.definition import Instrument
from baken.survey.paper.layout import Layout
from baken.survey.paper.marks import PROOF, imprint_of

from .asked import Asked, Part, parts_of, runs_of
from .blocks import set_block, set_field, set_list
from .ink import Form, Ink, Words
from .opening import ending, first_head, foot, next_head, opening
from .pages import Sheet, fill_pages
from .pieces import Piece, Setter
from .tables import set_table
from .typesetting import LARGE, NORMAL, Measure
from .words import FormWords

MOST_FEWER: Final = 4
"""Lines that an open question gives up so that the end of a form has no page to itself."""

LEAST_LINES: Final = 4


def set_form(
    instrument: Instrument, language: str, words: FormWords, measure: Measure, *, large: bool
) -> Form:
    """Set a questionnaire on pages.

    Parameters
    ----------
    measure
        Width of a text in millimetres by the letters it will be printed in.
    large
        Whether for people who need large print: nothing below 16 points.

    Returns
    -------
    Form
        With the edition of a proof; `named` gives it the one of a campaign.

    Raises
    ------
    CannotPrint
        A question does not fit on a page, or the form has too many pages.
    """
    setter = Setter(LARGE if large else NORMAL, measure)
    parts = parts_of(instrument, language, words)
    sheets = _filled(setter, parts, words)
    for fewer in range(1, MOST_FEWER + 1):
        if not _ends_alone(sheets):
            break
        shorter = _filled(setter, parts, words, fewer)
        sheets = shorter if len(shorter) < len(sheets) else sheets
    pages = tuple(sheet.page(number) for number, sheet in enumerate(sheets, start=1))
    ink = tuple(
        (*sheet.ink(), foot(setter, words, number, len(sheets)))
        for number, sheet in enumerate(sheets, start=1)
    )
    return Form(words.title, Layout(PROOF, language, large, pages), ink)


def _filled(setter: Setter, parts: Sequence[Part], words: FormWords, fewer: int = 0) -> list[Sheet]:
    """Fill the pages, with so many lines fewer to write on below each open question."""
    pieces = [*opening(setter, words)]
    for part in parts:
        pieces += _part(setter, part, words, fewer)
    pieces.append(ending(setter, words))
    return fill_pages(pieces, first_head(setter, words), next_head(setter, words))


def _ends_alone(sheets: Sequence[Sheet]) -> bool:
    """Whether nothing stands on the last page but its head and the box at the end."""
    return len(sheets) > 1 and len(sheets[-1].pieces) == len(("head", "ending"))


def _part(setter: Setter, part: Part, words: FormWords, fewer: int) -> Iterator[Piece]:
    size = setter.type.heading
    yield setter.paragraph(part.heading, size=size, face="bold", above=4.5, below=1.2, stays=True)
    said = {"about": words.about, "items": words.delicate if part.is_delicate else "", "own": ""}
    if said[part.kind]:
        yield setter.paragraph(said[part.kind], below=1.2, stays=True)
    if part.kind == "own":
        for asked in part.questions:
            lines = max(LEAST_LINES, asked.lines - fewer)
            yield set_field(setter, replace(asked, lines=lines), words.own)
    elif part.kind == "about":
        yield from (set_list(setter, asked) for asked in part.questions)
    else:
        for run in runs_of(part.questions):
            yield from _run(setter, run, part.questions, words)


def _run(
    setter: Setter, run: tuple[Asked, ...], along: tuple[Asked, ...], words: FormWords
) -> Iterator[Piece]:
    rows = set_table(setter, run, along) if run[0].low is None else None
    if rows is None:
        yield from (set_block(setter, asked, words.number) for asked in run)
        return
    # One row alone below its head looks like a mistake, and so does one alone on the next page.
    for place, row in enumerate(rows, start=1):
        yield replace(row, stays=len(rows) > 1 and place in {1, len(rows) - 1})


def named(form: Form, edition: str) -> Form:
    """Return the form with the edition by which it is found again, and its imprint."""
    imprint = imprint_of(edition)
    ink = tuple((*page[:-1], *_imprinted(page[-1:], imprint)) for page in form.ink)
    return replace(form, layout=replace(form.layout, edition=edition), ink=ink, imprint=imprint)


def _imprinted(foot: Sequence[Ink], imprint: str) -> Iterator[Ink]:
    """Put the imprint beside the number of the page, which is the last ink of each."""
    for one in foot:
        yield replace(one, text=f"{one.text} · {imprint}") if isinstance(one, Words) else one
