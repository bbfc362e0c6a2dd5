"""What stands above the first question, at the top of each page, and below the last answer."""

from collections.abc import Sequence
from typing import Final

from baken.survey.paper.layout import CORNER_INSET, CORNER_SIZE, PAGE_HEIGHT, QR_SIZE, QR_X, QR_Y

from .ink import Frame, GroupLine, Ink, Line, Words
from .pieces import LEFT, RIGHT, Piece, Setter
from .typesetting import POINT, fit
from .words import FormWords

HEAD_LEFT: Final = LEFT + 2
"""Clear of the black square in the corner."""

HEAD_WIDTH: Final = QR_X - 5 - HEAD_LEFT
"""Beside the square code."""

INSIDE: Final = 4.0
"""Between a frame and the words in it."""


def first_head(setter: Setter, words: FormWords) -> Piece:
    """Return the top of the first page: the title, and whose form it is."""
    size, small = setter.type.title, setter.type.text
    lines = setter.lines(words.title, HEAD_WIDTH, "bold", size)
    over = fit(words.over, HEAD_WIDTH, "regular", small, setter.measure)
    top = CORNER_INSET + 1 + (setter.type.leading(small) if over else 0)
    below = top + setter.height(lines, size) + 1.5
    group = _group(setter, words, below, small)
    height = max(below + setter.type.leading(small), QR_Y + QR_SIZE + 2) + 3
    above = setter.text(HEAD_LEFT, CORNER_INSET, (over,) if over else (), small)
    titled = setter.text(HEAD_LEFT, top, lines, size, "bold")
    return Piece(round(height, 2), (*above, *titled, group))


def next_head(setter: Setter, words: FormWords) -> Piece:
    """Return the top of a further page: the title, and how to fill in once more."""
    size, side = setter.type.small, setter.type.box * 0.8
    line = fit(words.title, HEAD_WIDTH, "bold", size, setter.measure)
    leading = setter.type.leading(size)
    top = CORNER_INSET + 1
    ink: list[Ink] = [*setter.text(HEAD_LEFT, top, (line,), size, "bold")]
    ink.append(_group(setter, words, top + leading, size))
    at = top + 2 * leading + 1.2
    for drawn, said in (((True,), words.cross_short), ((False, True), words.correct_short)):
        x = HEAD_LEFT
        for is_cross in drawn:
            ink += _crossed(x, at, side) if is_cross else _blackened(x, at, side)
            x += side + 1.5
        said_lines = setter.lines(said, QR_X - 5 - x - 1, "regular", size)
        ink += setter.text(x + 1, at + (side - size * POINT) / 2, said_lines, size)
        at += max(side + 1.2, setter.height(said_lines, size) + 1)
    height = max(at, QR_Y + QR_SIZE + 2) + 2
    return Piece(round(height, 2), tuple(ink))


def foot(setter: Setter, words: FormWords, page: int, pages: int) -> Words:
    """Return the number of the page, between the two lower corners."""
    size = setter.type.small
    y = PAGE_HEIGHT - CORNER_INSET - (CORNER_SIZE - size * POINT * 0.66) / 2
    text = words.page.replace("{page}", str(page)).replace("{pages}", str(pages))
    return Words((LEFT + RIGHT) / 2, round(y, 2), text, size, "bold", "middle")


def opening(setter: Setter, words: FormWords) -> tuple[Piece, ...]:
    """Return the promise and how to fill in, above the first question."""
    said = _framed(setter, words.promise_title, words.promise)
    return (said, _how(setter, words))


def ending(setter: Setter, words: FormWords) -> Piece:
    """Return what to do with the form, below the last answer."""
    framed = _framed(setter, words.ready_title, words.ready)
    return Piece(framed.height + 3, framed.lower(3).ink)


def _group(setter: Setter, words: FormWords, top: float, size: float) -> GroupLine:
    baseline = top + size * POINT * 0.95
    return GroupLine(HEAD_LEFT, round(baseline, 2), words.group, size, HEAD_WIDTH)


def _framed(setter: Setter, title: str, sentences: Sequence[str]) -> Piece:
    size = setter.type.text
    width = RIGHT - LEFT - 2 * INSIDE
    ink: list[Ink] = [*setter.text(LEFT + INSIDE, INSIDE * 0.8, (title,), size, "bold")]
    top = INSIDE * 0.8 + setter.type.leading(size) + 0.6
    for sentence in sentences:
        lines = setter.lines(sentence, width, "regular", size)
        ink += setter.text(LEFT + INSIDE, top, lines, size)
        top += setter.height(lines, size) + 0.8
    height = round(top + INSIDE * 0.6, 2)
    ink.append(Frame(LEFT, 0, RIGHT - LEFT, height, 0.4))
    return Piece(height + 3, tuple(ink))


def _how(setter: Setter, words: FormWords) -> Piece:
    size, side = setter.type.text, setter.type.box
    ink: list[Ink] = [*setter.text(LEFT, 0, (words.how_title,), size, "bold")]
    top = setter.type.leading(size) + 1.5
    column = LEFT + 2 * side + 6
    for drawn, said in (((True,), words.cross), ((False, True), words.correct)):
        x = LEFT
        for is_cross in drawn:
            ink += _crossed(x, top, side) if is_cross else _blackened(x, top, side)
            x += side + 2
        lines = setter.lines(said, RIGHT - column, "regular", size)
        ink += setter.text(column, top + (side - size * POINT * 1.15) / 2, lines, size)
        top += max(side, setter.height(lines, size)) + 1.8
    for sentence in words.how:
        lines = setter.lines(sentence, RIGHT - LEFT, "regular", size)
        ink += setter.text(LEFT, top, lines, size)
        top += setter.height(lines, size) + 0.8
    return Piece(round(top + 1, 2), tuple(ink))


def _crossed(x: float, y: float, side: float) -> tuple[Ink, ...]:
    """A box as somebody crosses it; the pen goes a little beyond the frame."""
    near, far = -0.1 * side, 1.1 * side
    return (
        Frame(round(x, 2), round(y, 2), side, side),
        _stroke(x + near, y + far, x + far, y + near),
        _stroke(x + near, y + near, x + far, y + far),
    )


def _blackened(x: float, y: float, side: float) -> tuple[Ink, ...]:
    return (Frame(round(x, 2), round(y, 2), side, side, is_black=True),)


def _stroke(x1: float, y1: float, x2: float, y2: float) -> Line:
    return Line(round(x1, 2), round(y1, 2), round(x2, 2), round(y2, 2), 0.6)
