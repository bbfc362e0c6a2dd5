"""Questions that stand by themselves: the text over the whole width, the answers below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from baken.survey.paper.layout import PAGE_HEIGHT, Box, Field

from .asked import Asked, Choice
from .ink import HAIRLINE, Frame, Ink, Line, Words
from .pieces import LEFT, RIGHT, Piece, Setter
from .tables import MARGIN, MOST_LINES
from .typesetting import POINT, widest_word

A_ROW: Final = 10
"""Numbers beside each other, as on the form of a lottery."""

SENTENCE: Final = 2.3
"""Times the room above a box: an answer that is longer reads better as a line of its own."""

APART: Final = 4.5
"""White between the words of two answers, so that they do not read as one; where a long word leaves
no more, it is the margin of a table."""

GAP: Final = 3.0
"""White below a question."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Boxes and what stands with them, below the top of the answers."""

    height: float
    ink: tuple[Ink, ...]
    boxes: tuple[Box, ...]

    def lower(self, by: float) -> "Answers":
        boxes = tuple(replace(box, y=round(box.y + by, 2)) for box in self.boxes)
        return Answers(self.height, tuple(one.lower(by) for one in self.ink), boxes)


def set_block(setter: Setter, asked: Asked, number: str) -> Piece:
    """Return one question with its answers; `number` says how a number is chosen."""
    above = _question(setter, asked)
    if asked.low is not None:
        answers = [_numbers(setter, asked, asked.low, number), _list(setter, asked, asked.beside)]
    elif (row := _row(setter, asked)) is not None:
        answers = [row, _list(setter, asked, asked.beside)]
    else:
        return set_list(setter, asked)
    return _stacked(above, answers, asked)


def set_list(setter: Setter, asked: Asked) -> Piece:
    """Return one question with its answers below each other."""
    above = _question(setter, asked)
    return _stacked(above, [_list(setter, asked, (*asked.choices, *asked.beside))], asked)


def set_field(setter: Setter, asked: Asked, warnings: Sequence[str]) -> Piece:
    """Return a question answered in one's own words, with lines to write on."""
    above = _question(setter, asked)
    warned = setter.paragraph(" ".join(warnings), below=1.5)
    top = round(above.height + warned.height, 2)
    step = setter.type.writing
    tall = round(step * asked.lines, 2)
    lines = tuple(
        Line(LEFT + 2, round(top + at * step, 2), RIGHT - 2, round(top + at * step, 2), HAIRLINE)
        for at in range(1, asked.lines)
    )
    field = Field(LEFT, top, RIGHT - LEFT, tall, asked.question)
    frame = Frame(LEFT, top, RIGHT - LEFT, tall)
    ink = (*above.ink, *warned.lower(above.height).ink, *lines, frame)
    return Piece(top + tall + GAP, ink, fields=(field,), question=asked.question)


def _question(setter: Setter, asked: Asked) -> Piece:
    size = setter.type.text
    lines = setter.lines(asked.text, RIGHT - setter.indent, "regular", size)
    top = setter.type.pad
    ink = (
        *setter.text(LEFT, top, (str(asked.number),), size, "bold"),
        *setter.text(setter.indent, top, lines, size),
    )
    return Piece(round(top + setter.height(lines, size) + 1.5, 2), ink)


def _stacked(above: Piece, answers: Sequence[Answers], asked: Asked) -> Piece:
    ink: list[Ink] = [*above.ink]
    boxes: list[Box] = []
    top = above.height
    for below in answers:
        moved = below.lower(top)
        ink += moved.ink
        boxes += moved.boxes
        top += below.height
    height = round(top + GAP, 2)
    line = Line(LEFT, round(height - 0.8, 2), RIGHT, round(height - 0.8, 2), HAIRLINE)
    return Piece(height, (*ink, line), tuple(boxes), question=asked.question)


def _row(setter: Setter, asked: Asked) -> Answers | None:
    """The answers of the scale beside each other, where their words fit above the boxes."""
    size, side = setter.type.head, setter.type.box
    cell = (RIGHT - setter.indent) / len(asked.choices)
    needed = max(widest_word(one.label, "regular", size, setter.measure) for one in asked.choices)
    longest = max(setter.measure(one.label, "regular", size) for one in asked.choices)
    if longest > SENTENCE * cell or needed > cell - MARGIN or cell < side + 3:
        return None
    room = max(needed + 0.1, cell - APART)
    lined = [setter.lines(one.label, room, "regular", size) for one in asked.choices]
    tallest = max(map(len, lined))
    if tallest > MOST_LINES:
        return None
    leading = setter.type.leading(size)
    middles = [setter.indent + (at + 0.5) * cell for at in range(len(lined))]
    ink = tuple(
        Words(round(middle, 2), round((tallest - len(lines) + at + 0.8) * leading, 2), line, size,
              align="middle")
        for middle, lines in zip(middles, lined, strict=True)
        for at, line in enumerate(lines)
    )  # fmt: skip
    top = tallest * leading + 1
    boxes = tuple(
        setter.box(middle - side / 2, top, asked.question, choice.value)
        for middle, choice in zip(middles, asked.choices, strict=True)
    )
    return Answers(round(top + side + 2, 2), ink, boxes)


def _list(setter: Setter, asked: Asked, choices: Sequence[Choice]) -> Answers:
    """A box before each answer: below each other, and in columns where there are many."""
    n_columns = _n_columns(setter, choices)
    width = (RIGHT - setter.indent) / n_columns
    per_column = -(-len(choices) // n_columns)
    ink: list[Ink] = []
    boxes: list[Box] = []
    lowest = 0.0
    for column in range(n_columns):
        top = 0.5
        x = setter.indent + column * width
        for choice in choices[column * per_column : (column + 1) * per_column]:
            words, height = _listed(setter, choice, x, top, width)
            ink += words
            boxes.append(setter.box(x, top, asked.question, choice.value))
            top += height
        lowest = max(lowest, top)
    return Answers(round(lowest, 2), tuple(ink), tuple(boxes))


def _listed(
    setter: Setter, choice: Choice, x: float, top: float, width: float
) -> tuple[tuple[Words, ...], float]:
    """The words behind a box at this place, and how far down the next box stands."""
    size, side = setter.type.text, setter.type.box
    lines = setter.lines(choice.label, width - side - 6, "regular", size)
    beside = top + (side - size * POINT * 0.95) / 2 - size * POINT * 0.09
    words = setter.text(x + side + 2.5, beside, lines, size)
    return words, max(side, setter.height(lines, size)) + side * 0.55


def _n_columns(setter: Setter, choices: Sequence[Choice]) -> int:
    """Fewest columns of a third of a page at most, whose words still fit on one line."""
    most_rows = (PAGE_HEIGHT / 3) // (setter.type.box * 1.55)
    longest = max(setter.measure(one.label, "regular", setter.type.text) for one in choices)
    room = RIGHT - setter.indent
    widest = max(1, int(room // (longest + setter.type.box + 8)))
    if len(choices) <= 2:
        return min(widest, len(choices))
    needed = -int(-len(choices) // most_rows)
    return max(1, min(widest, needed))


def _numbers(setter: Setter, asked: Asked, low: int, hint: str) -> Answers:
    """A box behind each number, ten beside each other; what a number means stands above."""
    size, side = setter.type.text, setter.type.box
    meant = [f"{low + one.value} = {one.label}" for one in asked.choices if one.label]
    lines = setter.lines("; ".join([hint, *meant]), RIGHT - setter.indent, "regular", size)
    above = setter.height(lines, size) + 2
    cell = (RIGHT - setter.indent) / A_ROW
    step = side + 3
    first = low // A_ROW
    places = tuple(_places(asked.choices, low, first))
    boxes, words = [], []
    for choice, row, column in places:
        right = setter.indent + (column + 1) * cell - 2
        top = above + row * step
        boxes.append(setter.box(right - side, top, asked.question, choice.value))
        baseline = top + (side + size * POINT * 0.66) / 2
        words.append(
            Words(round(right - side - 1.3, 2), round(baseline, 2), str(low + choice.value), size,
                  align="right")
        )  # fmt: skip
    height = above + (places[-1][1] + 1) * step
    ink = (*setter.text(setter.indent, 0, lines, size), *words)
    return Answers(round(height, 2), ink, tuple(boxes))


def _places(choices: Sequence[Choice], low: int, first: int) -> Iterator[tuple[Choice, int, int]]:
    """Each number with its row and column: 30 always stands at the beginning of a row."""
    for choice in choices:
        row, column = divmod(low + choice.value, A_ROW)
        yield choice, row - first, column
