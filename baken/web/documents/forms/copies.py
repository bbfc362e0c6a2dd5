"""Any number of copies of a form in one file, in the order in which paper is printed on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from baken.survey.paper.composing.ink import Form
from baken.web.languages import screen_of

from .drawing import MM, Group, draw_page, draw_proof
from .letters import NAMES, check_letters, fonts

BLANK: Final = 0
"""Stands for a side of paper with nothing on it."""


class Order(StrEnum):
    """How the pages lie on the paper."""

    BOOKLET = "booklet"  # two pages beside each other on A3, to be folded and stapled
    BOTH_SIDES = "both_sides"  # A4, printed on both sides
    ONE_SIDE = "one_side"  # A4, the backs stay white


@dataclass(frozen=True, slots=True)
class Printing:
    """What is printed; a form with a word across it is a proof."""

    form: Form
    group: Group
    copies: int
    order: Order
    across: str = ""


def sides_of(n_pages: int, order: Order) -> tuple[tuple[int, ...], ...]:
    """Return the pages on each side of paper of one copy, from left to right.

    A copy always begins on a new sheet: sides that are left over are `BLANK`.
    """
    if order is Order.BOOKLET:
        return tuple(_booklet(n_pages))
    pages = list(range(1, n_pages + 1))
    if order is Order.BOTH_SIDES and n_pages % 2:
        pages.append(BLANK)
    return tuple((page,) for page in pages)


def sheets_of(n_pages: int, order: Order) -> int:
    """Return the sheets of paper that one copy takes."""
    n_sides = len(sides_of(n_pages, order))
    return n_sides if order is Order.ONE_SIDE else n_sides // 2


def print_copies(printing: Printing) -> bytes:
    """Return a PDF with all copies; the same values give the same bytes."""
    fonts()
    check_letters(printing.form)
    layout = printing.form.layout
    is_booklet = printing.order is Order.BOOKLET
    size = (layout.width * MM * (2 if is_booklet else 1), layout.height * MM)
    file = BytesIO()
    canvas = Canvas(
        file,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        lang=screen_of(layout.language),
        initialFontName=NAMES["regular"],  # else a font of the printer is named, and never used
    )
    _describe(canvas, printing)
    for page in layout.pages:
        canvas.beginForm(_name(page.number), 0, 0, layout.width * MM, layout.height * MM)
        draw_page(canvas, printing.form, page.number, printing.group)
        if printing.across:
            draw_proof(canvas, layout, printing.across)
        canvas.endForm()
    sides = sides_of(len(layout.pages), printing.order)
    for _ in range(printing.copies):
        for side in sides:
            _place(canvas, side, layout.width * MM)
    canvas.save()
    return file.getvalue()


def _describe(canvas: Canvas, printing: Printing) -> None:
    """Title and wishes for the printer: never scaled, and turned over on the right edge."""
    canvas.setTitle(printing.form.title)
    canvas.setAuthor("Baken")
    canvas.setSubject(printing.group.name)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "None")
    duplex = {
        Order.BOOKLET: "DuplexFlipShortEdge",
        Order.BOTH_SIDES: "DuplexFlipLongEdge",
        Order.ONE_SIDE: "Simplex",
    }
    canvas.setViewerPreference("Duplex", duplex[printing.order])


def _place(canvas: Canvas, side: tuple[int, ...], width: float) -> None:
    for at, number in enumerate(side):
        if number == BLANK:
            continue
        if at:
            canvas.saveState()
            canvas.translate(at * width, 0)
        canvas.doForm(_name(number))
        if at:
            canvas.restoreState()
    canvas.showPage()


def _name(number: int) -> str:
    return f"page{number}"


def _booklet(n_pages: int) -> Iterator[tuple[int, int]]:
    """Front and back of each sheet, the outermost first: last and first page, then inwards."""
    padded = -(-n_pages // 4) * 4
    pages = [page if page <= n_pages else BLANK for page in range(1, padded + 1)]
    for sheet in range(padded // 4):
        low, high = 2 * sheet, padded - 1 - 2 * sheet
        yield pages[high], pages[low]
        yield pages[low + 1], pages[high - 1]
