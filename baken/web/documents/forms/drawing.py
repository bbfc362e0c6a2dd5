"""One page of a form, drawn once for a unit and used for every copy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import segno
from reportlab.pdfgen.canvas import Canvas

from baken.survey.paper.composing.ink import FRAME, Form, Frame, GroupLine, Ink, Line, Words
from baken.survey.paper.composing.typesetting import fit
from baken.survey.paper.layout import Box, Layout
from baken.survey.paper.marks import Mark, write_mark

from .letters import NAMES, measure, with_known

MM: Final = 72 / 25.4
"""Points."""

PROOF_SIZE: Final = 130.0


@dataclass(frozen=True, slots=True)
class Group:
    """For whom forms are printed: the sign of the unit in the square code, and its name."""

    sign: str
    name: str


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in millimetres from the top left corner of a page of this height."""

    canvas: Canvas
    height: float

    def frame(self, x: float, y: float, width: float, height: float, line: float) -> None:
        """A rectangle by its outer edge."""
        half = line / 2
        self.canvas.setLineWidth(line * MM)
        self.canvas.rect(
            (x + half) * MM,
            (self.height - y - height + half) * MM,
            (width - line) * MM,
            (height - line) * MM,
        )

    def black(self, x: float, y: float, width: float, height: float) -> None:
        self.canvas.rect(
            x * MM, (self.height - y - height) * MM, width * MM, height * MM, stroke=0, fill=1
        )

    def line(self, line: Line) -> None:
        self.canvas.setLineWidth(line.width * MM)
        self.canvas.line(
            line.x1 * MM,
            (self.height - line.y1) * MM,
            line.x2 * MM,
            (self.height - line.y2) * MM,
        )

    def words(self, words: Words) -> None:
        self.canvas.setFont(NAMES[words.face], words.size)
        self._write[words.align](words.x * MM, (self.height - words.y) * MM, words.text)

    @property
    def _write(self) -> dict[str, Callable[[float, float, str], Any]]:
        return {
            "left": self.canvas.drawString,
            "middle": self.canvas.drawCentredString,
            "right": self.canvas.drawRightString,
        }


def draw_page(canvas: Canvas, form: Form, number: int, group: Group) -> None:
    """Draw one page of a form in black, with its boxes, corners and square code."""
    layout = form.layout
    pen = Pen(canvas, layout.height)
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    canvas.setLineCap(1)
    for one in form.ink[number - 1]:
        _draw(pen, one, group)
    for box in layout.page(number).boxes:
        _draw_box(pen, box)
    _draw_corners(pen, layout)
    mark = Mark(layout.edition, layout.language, number, group.sign)
    _draw_code(pen, layout, write_mark(mark))


def draw_proof(canvas: Canvas, layout: Layout, word: str) -> None:
    """Write a word across a page, as an outline through which everything can be read."""
    canvas.saveState()
    canvas.translate(layout.width / 2 * MM, layout.height / 2 * MM)
    canvas.rotate(52)
    width = measure(word, "bold", PROOF_SIZE) * MM
    size = min(PROOF_SIZE, PROOF_SIZE * layout.width * 1.25 * MM / width)
    text = canvas.beginText(-width * size / PROOF_SIZE / 2, -size / 3)
    text.setFont(NAMES["bold"], size)
    text.setTextRenderMode(1)
    canvas.setLineWidth(0.5)
    text.textOut(word)
    canvas.drawText(text)
    canvas.restoreState()


def _draw(pen: Pen, one: Ink, group: Group) -> None:
    if isinstance(one, Words):
        pen.words(one)
    elif isinstance(one, Line):
        pen.line(one)
    elif isinstance(one, Frame):
        if one.is_black:
            pen.black(one.x, one.y, one.width, one.height)
        else:
            pen.frame(one.x, one.y, one.width, one.height, one.line)
    else:
        _draw_group(pen, one, group)


def _draw_group(pen: Pen, line: GroupLine, group: Group) -> None:
    if not group.name:
        return
    said = f"{line.text} {with_known(group.name)}"
    fitting = fit(said, line.width, "regular", line.size, measure)
    pen.words(Words(line.x, line.y, fitting, line.size))


def _draw_box(pen: Pen, box: Box) -> None:
    pen.frame(box.x, box.y, box.size, box.size, FRAME)


def _draw_corners(pen: Pen, layout: Layout) -> None:
    side, inset = layout.corner_size, layout.corner_inset
    for x in (inset, layout.width - inset - side):
        for y in (inset, layout.height - inset - side):
            pen.black(x, y, side, side)


def _draw_code(pen: Pen, layout: Layout, text: str) -> None:
    """The square code; version 2 holds the longest mark with a quarter of it to spare."""
    made = segno.make(text, version=2, error="q", mode="alphanumeric", mask=2, boost_error=False)
    rows = [list(row) for row in made.matrix_iter(border=0)]
    module = layout.qr_size / len(rows)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            wide = 0
            while x + wide < len(row) and row[x + wide]:
                wide += 1
            if wide:
                pen.black(layout.qr_x + x * module, layout.qr_y + y * module, wide * module, module)
            x += wide + 1
