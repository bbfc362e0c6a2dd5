"""Questions below each other, each on a row with its boxes, below the words of the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .asked import Asked, Choice
from .ink import Ink, Line, Words
from .pieces import LEFT, RIGHT, Piece, Setter, rule
from .typesetting import widest_word

COMFORTABLE: Final = 56.0
"""Room for the text of a question beside boxes that stand below those of other tables."""

NARROWEST: Final = 48.0
"""A question broken into shorter lines is hard to read; then its answers go below it."""

MOST_LINES: Final = 4
"""Of the words above a box."""

MARGIN: Final = 1.6
"""White between the words above one box and those above the next."""

BESIDE: Final = 12.5
"""Narrowest column of an answer beside the scale, whose words are many and short."""

BETWEEN: Final = 3.0
"""White before the first box and before the answers beside the scale."""


@dataclass(frozen=True, slots=True)
class Column:
    """Boxes below each other: their middle, and what the words above may take."""

    choice: Choice
    middle: float
    width: float


def set_table(
    setter: Setter, run: Sequence[Asked], along: Sequence[Asked]
) -> tuple[Piece, ...] | None:
    """Return a row for each question, or None where the words leave too little room for them.

    `along` are the questions of the whole part: boxes of tables with equally many answers stand
    below each other, so that the eye finds them again.
    """
    alike = [asked for asked in along if len(asked.choices) == len(run[0].choices)]
    for others, least in ((alike, COMFORTABLE), (run, NARROWEST)):
        columns = _columns(setter, run, others)
        text_width = columns[0].middle - columns[0].width / 2 - BETWEEN - setter.indent
        if text_width >= least:
            break
    else:
        return None
    if any(len(_worded(setter, column)) > MOST_LINES for column in columns):
        return None
    offered = {choice for asked in run for choice in (*asked.choices, *asked.beside)}
    head = _head(setter, [column for column in columns if column.choice in offered])
    return tuple(_row(setter, asked, columns, text_width, head) for asked in run)


def _columns(setter: Setter, run: Sequence[Asked], alike: Sequence[Asked]) -> tuple[Column, ...]:
    """The columns, placed from the right: those of the scale are equally wide."""
    scale = run[0].choices
    beside = max((asked.beside for asked in alike), key=len)
    on_scale = max(_room(setter, choice) for asked in alike for choice in asked.choices)
    widths = [on_scale] * len(scale) + [max(_room(setter, choice), BESIDE) for choice in beside]
    columns = []
    right = RIGHT
    for at in range(len(widths) - 1, -1, -1):
        choice = scale[at] if at < len(scale) else beside[at - len(scale)]
        columns.append(Column(choice, right - widths[at] / 2, widths[at]))
        right -= widths[at]
        if at == len(scale):
            right -= BETWEEN
    return tuple(reversed(columns))


def _room(setter: Setter, choice: Choice) -> float:
    words = widest_word(choice.label, "regular", setter.type.head, setter.measure)
    return max(words + MARGIN, setter.type.box + 4.5)


def _worded(setter: Setter, column: Column) -> tuple[str, ...]:
    width = column.width - MARGIN + 0.1
    return setter.lines(column.choice.label, width, "regular", setter.type.head)


def _head(setter: Setter, columns: Sequence[Column]) -> Piece:
    size = setter.type.head
    leading = setter.type.leading(size)
    worded = [(column, _worded(setter, column)) for column in columns]
    tallest = max(len(lines) for _, lines in worded)
    ink = [
        Words(
            round(column.middle, 2),
            round((tallest - len(lines) + at + 0.8) * leading + 1, 2),
            line,
            size,
            align="middle",
        )
        for column, lines in worded
        for at, line in enumerate(lines)
    ]
    height = tallest * leading + 2.2
    return Piece(height, (*ink, Line(LEFT, round(height, 2), RIGHT, round(height, 2), 0.4)))


def _row(
    setter: Setter, asked: Asked, columns: Sequence[Column], text_width: float, head: Piece
) -> Piece:
    size, side = setter.type.text, setter.type.box
    lines = setter.lines(asked.text, text_width, "regular", size)
    tall = setter.height(lines, size)
    height = round(max(setter.type.row, tall + 2 * setter.type.pad), 2)
    top = (height - tall) / 2
    answers = {choice.value for choice in (*asked.choices, *asked.beside)}
    boxes = tuple(
        setter.box(
            column.middle - side / 2, (height - side) / 2, asked.question, column.choice.value
        )
        for column in columns
        if column.choice.value in answers
    )
    ink: tuple[Ink, ...] = (
        *setter.text(LEFT, top, (str(asked.number),), size, "bold"),
        *setter.text(setter.indent, top, lines, size),
        rule(height),
    )
    return Piece(height, ink, boxes, head=head, question=asked.question)
