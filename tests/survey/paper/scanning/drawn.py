"""A form of two pages that tests draw on, and how they have it read."""

from functools import cache

from numpy.random import default_rng

from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.files import ScanPage
from baken.survey.paper.scanning.pages import read_page
from baken.survey.paper.scanning.readings import PageReading
from tests.survey.paper.scanning.pens import Pen, draw, fill_in
from tests.survey.paper.scanning.printed import Grey, by_opencv, make_layout

PER_MM = 8.0
LAYOUT = make_layout(pages=2, rows=12)
LAYOUTS = {LAYOUT.edition: LAYOUT}
DARK = Pen(0.5, 0.2)


@cache
def blank_form(number: int = 1, edition: str = LAYOUT.edition) -> Grey:
    page = by_opencv(LAYOUT, Mark(edition, "nl", number, "00A"), PER_MM)
    page.flags.writeable = False
    return page


def read(picture: Grey, **more: object) -> PageReading:
    """Read a page without any grain: no scanner made it, and nothing of it is gone."""
    return read_page(ScanPage(1, picture, is_drawn=True), LAYOUTS, **more)  # type: ignore[arg-type]


def filled(*kinds: str) -> tuple[Grey, list[int | None]]:
    """The first page with one kind of mark per question, and what was meant."""
    random, page = default_rng(5), blank_form().copy()
    boxes = LAYOUT.page(1).boxes
    meant = []
    for question, kind in zip(dict.fromkeys(box.question for box in boxes), kinds, strict=False):
        strokes, truth = fill_in([box for box in boxes if box.question == question], kind, random)
        draw(page, strokes, PER_MM, random)
        meant.append(truth.value)
    return page, meant
