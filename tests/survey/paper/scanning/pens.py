"""People with pens: how marks look, good and bad ones, and what they mean.

Lengths are millimetres. A mark is a list of strokes; a stroke is a line through points, with a
width and a tone. `kinds` says how often which kind of mark is made; a kind whose meaning nobody
could tell has no truth, so that whatever is accepted for it is wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from baken.instruments.sheet import MISSING
from baken.survey.paper.layout import Box

Path = NDArray[np.float64]


@dataclass(frozen=True)
class Pen:
    """`tone` is the share of light that is left below a stroke; `grain` how uneven it is."""

    width: float
    tone: float
    grain: float = 0.0


@dataclass(frozen=True)
class Stroke:
    path: Path
    pen: Pen


@dataclass(frozen=True)
class Truth:
    """What somebody meant; `value` is None where nobody could tell."""

    question: str
    kind: str
    value: int | None


def some_pen(random: Generator) -> Pen:
    """A ball pen, now and then a felt pen."""
    width = random.uniform(0.35, 0.6) if random.random() < 0.8 else random.uniform(0.6, 0.95)
    return Pen(width, random.uniform(0.08, 0.38), random.uniform(0, 0.12))


def pencil(random: Generator) -> Pen:
    return Pen(random.uniform(0.4, 0.65), random.uniform(0.45, 0.68), random.uniform(0.1, 0.3))


def _hand(random: Generator, *points: tuple[float, float]) -> Path:
    """A line through points as a hand draws it: a little bent, never quite there."""
    path = np.array(points, dtype=float)
    ends = np.linspace(0, len(path) - 1, 8 * (len(path) - 1) + 1)
    columns = [np.interp(ends, np.arange(len(path)), path[:, axis]) for axis in (0, 1)]
    line = np.column_stack(columns)
    bend = random.normal(0, 0.06, (4, 2))
    wave = np.column_stack([np.interp(ends, np.linspace(0, ends[-1], 4), b) for b in bend.T])
    return line + wave


def _middle(box: Box, random: Generator, off: float = 0.1) -> tuple[float, float]:
    half = box.size / 2
    x, y = random.normal(0, off * box.size / 2, 2).clip(-0.2 * box.size, 0.2 * box.size)
    return box.x + half + x, box.y + half + y


def cross(box: Box, pen: Pen, random: Generator, reach: float = 0.0) -> list[Stroke]:
    """Two lines; `reach` is half their extent as a share of the box."""
    x, y = _middle(box, random)
    arm = box.size * (reach or random.uniform(0.3, 0.52))
    lean = random.uniform(0.75, 1.3)
    first = _hand(random, (x - arm, y - arm * lean), (x + arm, y + arm * lean))
    second = _hand(random, (x + arm, y - arm * lean), (x - arm, y + arm * lean))
    return [Stroke(first, pen), Stroke(second, pen)]


def long_cross(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    return cross(box, pen, random, reach=random.uniform(0.6, 0.85))


def tick(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    x, y = _middle(box, random)
    s = box.size
    over = random.uniform(0.3, 0.75)
    path = _hand(
        random, (x - 0.35 * s, y), (x - 0.08 * s, y + 0.35 * s), (x + over * s * 0.8, y - over * s)
    )
    return [Stroke(path, pen)]


def slash(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    x, y = _middle(box, random)
    arm = box.size * random.uniform(0.35, 0.6)
    return [Stroke(_hand(random, (x - arm, y + arm), (x + arm, y - arm)), pen)]


def dot(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """A fat point on purpose."""
    x, y = _middle(box, random)
    r = random.uniform(0.25, 0.5)
    turn = np.linspace(0, 4 * np.pi, 20)
    spiral = np.column_stack([x + r * turn / 12 * np.cos(turn), y + r * turn / 12 * np.sin(turn)])
    return [Stroke(spiral, Pen(max(pen.width, 0.5), pen.tone))]


def scribble(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """Filled in loosely, paper shining through."""
    thin = Pen(min(pen.width, 0.6), pen.tone, pen.grain)
    gap = random.uniform(0.35, 0.8)
    return _hatched(box, thin, random, apart=1 + gap / thin.width, margin=0.12)


def blackened(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """The whole box, over its frame: how the form says to withdraw a mark."""
    dense = Pen(max(pen.width, 0.5), min(pen.tone, 0.3))
    over = -random.uniform(0.02, 0.12)
    return _hatched(box, dense, random, apart=0.6, margin=over) + _hatched(
        box, dense, random, apart=0.6, margin=over, down=True
    )


def _hatched(
    box: Box, pen: Pen, random: Generator, *, apart: float, margin: float, down: bool = False
) -> list[Stroke]:
    low, high = margin * box.size, (1 - margin) * box.size
    lines = np.arange(low, high + pen.width / 2, apart * pen.width)
    points = []
    for turn, line in enumerate(lines):
        ends = (low, high) if turn % 2 else (high, low)
        points += [(end + random.normal(0, 0.08), line) for end in ends]
    path = np.array([(b, a) for a, b in points] if down else points)
    return [Stroke(path + np.array([box.x, box.y]), pen)]


def half_hearted(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """A short thin line near an edge of the box: begun, and left."""
    x = box.x + box.size * random.uniform(0.15, 0.85)
    y = box.y + box.size * random.uniform(0.15, 0.85)
    length = random.uniform(0.4, 1.2)
    angle = random.uniform(0, np.pi)
    end = (x + length * np.cos(angle), y + length * np.sin(angle))
    return [Stroke(_hand(random, (x, y), end), Pen(0.3, random.uniform(0.2, 0.6)))]


def speck(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """A pen that rested for a moment."""
    x, y = _middle(box, random, off=0.6)
    return [Stroke(np.array([(x, y), (x + 0.05, y)]), Pen(random.uniform(0.25, 0.45), pen.tone))]


def ring(box: Box, pen: Pen, random: Generator) -> list[Stroke]:
    """A circle around the box instead of a mark in it."""
    x, y = _middle(box, random)
    turn = np.linspace(0, 2 * np.pi, 40)
    wide, high = random.uniform(0.75, 0.95, 2) * box.size
    return [Stroke(np.column_stack([x + wide * np.cos(turn), y + high * np.sin(turn)]), pen)]


def halfway(box: Box, other: Box) -> Box:
    """A place between two boxes."""
    return Box((box.x + other.x) / 2, (box.y + other.y) / 2, box.size, box.question, box.value)


Maker = Callable[[Box, Pen, Generator], list[Stroke]]
PLAIN: dict[str, Maker] = {
    "cross": cross,
    "overshooting cross": long_cross,
    "tick": tick,
    "slash": slash,
    "dot": dot,
    "scribbled fill": scribble,
}


def _corrected(first: Box, second: Box, pen: Pen, random: Generator) -> list[Stroke]:
    withdrawn = cross(second, pen, random) + blackened(second, pen, random)
    return cross(first, pen, random) + withdrawn


def _badly_corrected(first: Box, second: Box, pen: Pen, random: Generator) -> list[Stroke]:
    withdrawn = cross(second, pen, random) + scribble(second, pen, random)
    return cross(first, pen, random) + withdrawn


def _two_marks(first: Box, second: Box, pen: Pen, random: Generator) -> list[Stroke]:
    makers = [PLAIN[name] for name in random.choice(list(PLAIN), 2)]
    return makers[0](first, pen, random) + makers[1](second, pen, random)


def _between(first: Box, second: Box, pen: Pen, random: Generator) -> list[Stroke]:
    return cross(halfway(first, second), pen, random)


Pair = Callable[[Box, Box, Pen, Generator], list[Stroke]]
PAIRS: dict[str, Pair] = {
    "corrected": _corrected,
    "badly corrected": _badly_corrected,
    "two marks": _two_marks,
    "between": _between,
}
SINGLE: dict[str, Maker] = {
    **PLAIN,
    "pencil": cross,
    "blackened alone": blackened,
    "half-hearted": half_hearted,
    "ring": ring,
    "speck": speck,
}
NOBODY_CAN_TELL = frozenset({"blackened alone", "two marks", "between"})


def fill_in(boxes: Sequence[Box], kind: str, random: Generator) -> tuple[list[Stroke], Truth]:
    """Return the strokes of one kind of answer to one question, and what was meant."""
    pen = pencil(random) if kind == "pencil" else some_pen(random)
    first, *others = [boxes[place] for place in random.permutation(len(boxes))]
    if kind == "between":
        others.sort(key=lambda box: abs(box.x - first.x) + abs(box.y - first.y))
    if kind == "none":
        strokes = []
    elif kind in PAIRS:
        strokes = PAIRS[kind](first, others[0], pen, random)
    else:
        strokes = SINGLE[kind](first, pen, random)
    meant = MISSING if kind in {"none", "speck"} else first.value
    return strokes, Truth(first.question, kind, None if kind in NOBODY_CAN_TELL else meant)


def draw(
    page: NDArray[np.uint8], strokes: Sequence[Stroke], per_mm: float, random: Generator
) -> None:
    """Put strokes on a page in place: ink takes a share of the light away."""
    for stroke in strokes:
        margin = stroke.pen.width + 0.3
        low = np.floor((stroke.path.min(axis=0) - margin) * per_mm).astype(int)
        high = np.ceil((stroke.path.max(axis=0) + margin) * per_mm).astype(int)
        low = np.maximum(low, 0)
        high = np.minimum(high, (page.shape[1], page.shape[0]))
        if (high <= low).any():
            continue
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        points = np.rint((stroke.path * per_mm - 0.5 - low) * 16).astype(np.int32)
        thick = max(1, round(stroke.pen.width * per_mm))
        cv2.polylines(mask, [points], False, 255, thick, cv2.LINE_AA, shift=4)
        cover = mask.astype(np.float32) / 255
        if stroke.pen.grain:
            coarse = random.normal(0, stroke.pen.grain, [side // 3 + 1 for side in cover.shape])
            grain = cv2.resize(coarse.astype(np.float32), cover.shape[::-1])
            cover = np.clip(cover * (1 - np.abs(grain)), 0, 1)
        piece = page[low[1] : high[1], low[0] : high[0]]
        piece[:] = (piece * (1 - cover * (1 - stroke.pen.tone))).astype(np.uint8)
