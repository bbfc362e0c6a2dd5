"""Blank forms to fill in: the same page drawn by two programs that share no line of code.

One goes by reportlab and pdfium, as a real form does; the other sets its points itself with OpenCV
and has its own letters, its own line ends and its own rounding.
"""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pypdfium2
import segno
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from baken.instruments.sheet import NOT_APPLICABLE
from baken.survey.paper.layout import Box, Field, Layout, Page
from baken.survey.paper.marks import Mark, write_mark

Grey = NDArray[np.uint8]
Renderer = Callable[[Layout, Mark, float], Grey]

EDITION = "K7QF2M9D"
MM = 72 / 25.4
FRAME_MM = 0.3


def make_layout(
    *, edition: str = EDITION, size: float = 4.0, pages: int = 4, rows: int = 24
) -> Layout:
    """Return a form: tables of statements, a list of bands, and an open question at the end."""
    made = []
    for number in range(1, pages + 1):
        boxes: list[Box] = []
        for row in range(rows - 7 if number == pages else rows):
            y = 44 + row * (size + 5.2)
            boxes += [
                Box(108 + column * (size + 8), y, size, f"p{number}q{row:02}", column)
                for column in range(5)
            ]
            if row % 6 == 0:
                boxes.append(
                    Box(108 + 5 * (size + 8), y, size, f"p{number}q{row:02}", NOT_APPLICABLE)
                )
        fields: tuple[Field, ...] = ()
        if number == pages:
            y = 44 + (rows - 6) * (size + 5.2)
            boxes += [Box(24, y - 6 + line * (size + 3.5), size, "band", line) for line in range(3)]
            fields = (Field(24, y + 20, 160, 30, "open"),)
        made.append(Page(number, tuple(boxes), fields))
    return Layout(edition, "nl", size > 4.5, tuple(made))


def by_reportlab(layout: Layout, mark: Mark, per_mm: float) -> Grey:
    """Return the page as a PDF of reportlab, drawn by pdfium."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(layout.width * MM, layout.height * MM))
    canvas.translate(0, layout.height * MM)
    canvas.scale(MM, -MM)
    for x, y in _corners(layout):
        canvas.rect(x, y, layout.corner_size, layout.corner_size, stroke=0, fill=1)
    modules = _modules(mark)
    side = layout.qr_size / len(modules)
    for row, line in enumerate(modules):
        for column, black in enumerate(line):
            if black:
                x, y = layout.qr_x + column * side, layout.qr_y + row * side
                canvas.rect(x, y, side * 1.01, side * 1.01, stroke=0, fill=1)
    page = layout.page(mark.page)
    canvas.setLineWidth(FRAME_MM)
    half = FRAME_MM / 2
    for box in page.boxes:
        inner = box.size - FRAME_MM
        canvas.rect(box.x + half, box.y + half, inner, inner, stroke=1, fill=0)
    canvas.setLineWidth(0.15)
    for field in page.fields:
        canvas.rect(field.x, field.y, field.width, field.height)
        for y in _rulings(field):
            canvas.line(field.x + 2, y, field.x + field.width - 2, y)
    for x, y, text in _texts(page):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(1, -1)
        canvas.setFont("Helvetica", 3.4)
        canvas.drawString(0, 0, text)
        canvas.restoreState()
    canvas.save()
    with pypdfium2.PdfDocument(content.getvalue()) as document:
        drawn = document[0].render(scale=per_mm / MM, grayscale=True).to_numpy()
        return np.array(drawn if drawn.ndim == 2 else drawn[..., 0], dtype=np.uint8)


def by_opencv(layout: Layout, mark: Mark, per_mm: float) -> Grey:
    """Return the page as set point by point; lines end between points by antialiasing."""
    page = np.full((round(layout.height * per_mm), round(layout.width * per_mm)), 255, np.uint8)
    bits = 4

    def bar(x: float, y: float, width: float, height: float, tone: int) -> None:
        # the place of a point is its middle
        outline = (
            np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]) * per_mm
            - 0.5
        )
        cv2.fillPoly(
            page, [np.rint(outline * 2**bits).astype(np.int32)], tone, cv2.LINE_AA, shift=bits
        )

    for x, y in _corners(layout):
        bar(x, y, layout.corner_size, layout.corner_size, 12)
    modules = np.array(_modules(mark), dtype=np.uint8)
    side = round(layout.qr_size * per_mm)
    code = cv2.resize((1 - modules) * 255, (side, side), interpolation=cv2.INTER_NEAREST)
    left, top = round(layout.qr_x * per_mm), round(layout.qr_y * per_mm)
    page[top : top + side, left : left + side] = code
    drawn = layout.page(mark.page)
    for box in drawn.boxes:
        bar(box.x, box.y, box.size, box.size, 12)
        bar(
            box.x + FRAME_MM,
            box.y + FRAME_MM,
            box.size - 2 * FRAME_MM,
            box.size - 2 * FRAME_MM,
            255,
        )
    for field in drawn.fields:
        bar(field.x, field.y, field.width, 0.2, 60)
        bar(field.x, field.y + field.height, field.width, 0.2, 60)
        for y in _rulings(field):
            bar(field.x + 2, y - 0.1, field.width - 4, 0.2, 60)
    for x, y, text in _texts(drawn):
        place = (round(x * per_mm), round(y * per_mm))
        cv2.putText(
            page,
            text,
            place,
            cv2.FONT_HERSHEY_SIMPLEX,
            0.115 * per_mm,
            20,
            max(1, round(0.3 * per_mm)),
            cv2.LINE_AA,
        )
    return page


def _rulings(field: Field) -> NDArray[np.float64]:
    """Where the lines to write on run."""
    return np.arange(field.y + 9, field.y + field.height - 2, 9)


def _corners(layout: Layout) -> list[tuple[float, float]]:
    near, size = layout.corner_inset, layout.corner_size
    return [
        (x, y)
        for x in (near, layout.width - near - size)
        for y in (near, layout.height - near - size)
    ]


def _modules(mark: Mark) -> list[list[int]]:
    code = segno.make(write_mark(mark), error="m", micro=False)
    return [[int(module) for module in row] for row in code.matrix]


def _texts(page: Page) -> list[tuple[float, float, str]]:
    texts = [(24.0, 20.0, "Vragenlijst over het werk"), (24.0, 30.0, "Zet een kruisje.")]
    texts.append((90.0, 286.0, f"{page.number} - K7QF"))
    labelled = {}
    for box in page.boxes:
        labelled.setdefault(box.question, box)
    for question, box in labelled.items():
        if box.x > 60:
            texts.append((24.0, box.y + 3.2, f"{question} Ik kan mijn werk aan"))
    texts += [
        (box.x + box.size + 2, box.y + 3.2, "jonger dan 30") for box in page.boxes if box.x < 60
    ]
    return texts
