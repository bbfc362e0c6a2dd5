"""What people write by hand in open fields, from one word in a hard pencil to a stain of coffee."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from baken.survey.paper.layout import Box, Field, Layout, Page
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.files import ScanPage
from baken.survey.paper.scanning.pages import read_page
from baken.survey.paper.scanning.readings import PageReading
from tests.survey.paper.scanning.pens import Pen, Stroke, draw
from tests.survey.paper.scanning.printed import Grey, by_opencv, by_reportlab
from tests.survey.paper.scanning.wear import Wear, clean, damaged, photocopied, wear_out

PER_MM = 13.0
EMPTY = ("nothing", "dot", "stain")
TEXTS = ("figure", "word", "line")
TOOLS = ("ball pen", "soft pencil", "hard pencil")


def layout_of_fields() -> Layout:
    """A page with a few boxes and three fields to write in."""
    boxes = tuple(
        Box(108 + column * 12, 40 + row * 9, 4.0, f"q{row}", column)
        for row in range(4)
        for column in range(5)
    )
    fields = tuple(Field(24, 84 + place * 56, 160, 45, f"open{place}") for place in range(3))
    return Layout("K7QF2M9D", "nl", False, (Page(1, boxes, fields),))


@dataclass(frozen=True)
class Note:
    """What stands in a field: `kind` is a text and a tool, or one of `EMPTY`."""

    question: str
    kind: str
    tone: float = 0.0
    width: float = 0.0

    @property
    def is_written(self) -> bool:
        return self.kind not in EMPTY


@dataclass(frozen=True)
class FieldTrial:
    """A page, what stands in its fields, and how it was made."""

    picture: Grey
    notes: list[Note]
    layout: Layout
    wear: Wear
    stratum: str


def tool(kind: str, random: Generator) -> Pen:
    """`tone` is the share of light that is left: a hard pencil takes 8 to 30 % of it away."""
    if kind == "ball pen":
        return Pen(random.uniform(0.25, 0.5), random.uniform(0.1, 0.5), random.uniform(0, 0.12))
    low, high = (0.5, 0.72) if kind == "soft pencil" else (0.7, 0.92)
    return Pen(random.uniform(0.35, 0.6), random.uniform(low, high), random.uniform(0.1, 0.3))


def word(x: float, y: float, letters: int, random: Generator) -> NDArray[np.float64]:
    """A word that stands on `y`: loops of a hand, about 2 mm high, a few rising or falling more."""
    high = random.uniform(1.6, 3.2)
    wide = high * random.uniform(0.6, 1.0)
    heights = high * random.choice([1, 1, 1, 1.9, -0.9], letters)
    points = [(x, y)]
    for letter, top in enumerate(heights):
        left = x + letter * wide
        points += [
            (left + 0.35 * wide, y - top * random.uniform(0.8, 1.1)),
            (left + 0.5 * wide, y - top * random.uniform(0.3, 0.6)),
            (left + wide, y - random.uniform(-0.2, 0.3)),
        ]
    at = np.linspace(0, len(points) - 1, 8 * len(points))
    lines = np.array(points)
    bent = np.column_stack(
        [np.interp(at, np.arange(len(lines)), lines[:, axis]) for axis in (0, 1)]
    )
    return bent + random.normal(0, 0.05, bent.shape)


def write(room: Field, text: str, pen: Pen, random: Generator) -> list[Stroke]:
    """A figure or a sign, one short word, or a line or two; on the lines or between them."""
    x = room.x + random.uniform(4, room.width / 2)
    y = room.y + random.uniform(6, room.height - 4)
    if text == "figure":
        high = random.uniform(3, 6)
        ends = [(0, 0), (0.4 * high, -0.1 * high), (0.1 * high, high), (0.6 * high, 0.9 * high)]
        return [Stroke(np.add(ends, (x, y - high)), pen)]
    if text == "word":
        return [Stroke(word(x, y, int(random.integers(2, 6)), random), pen)]
    strokes, x = [], room.x + 4
    while x < room.x + room.width * random.uniform(0.5, 0.9):
        path = word(x, y, int(random.integers(2, 8)), random)
        strokes.append(Stroke(path, pen))
        x = float(path[:, 0].max()) + random.uniform(1.5, 4)
    return strokes


def stain(page: Grey, room: Field, random: Generator) -> None:
    """A drop that dried in the field: darker at its edge."""
    radius = random.uniform(2, 10)
    x = random.uniform(room.x + radius, room.x + room.width - radius)
    y = random.uniform(room.y + radius, room.y + room.height - radius)
    cover = np.zeros(page.shape, np.float32)
    centre, reach = (round(x * PER_MM), round(y * PER_MM)), round(radius * PER_MM)
    depth = random.uniform(0.08, 0.35)
    cv2.circle(cover, centre, reach, depth * 0.5, -1)
    cv2.circle(cover, centre, reach, depth, round(random.uniform(1, 2.5) * PER_MM))
    soft = cv2.GaussianBlur(cover, (0, 0), 0.35 * PER_MM)
    page[:] = np.clip(page * (1 - soft), 0, 255).astype(np.uint8)


def fill_field(page: Grey, room: Field, random: Generator) -> Note:
    """Write in a field or leave it; half of the fields stay empty."""
    if random.random() < 0.5:
        kind = str(random.choice(EMPTY, p=[0.8, 0.1, 0.1]))
        if kind == "stain":
            stain(page, room, random)
        elif kind == "dot":
            at = np.array([(room.x + random.uniform(5, 150), room.y + random.uniform(5, 40))])
            draw(
                page, [Stroke(np.vstack([at, at + 0.1]), tool("ball pen", random))], PER_MM, random
            )
        return Note(room.question, kind)
    text, held = str(random.choice(TEXTS)), str(random.choice(TOOLS))
    pen = tool(held, random)
    draw(page, write(room, text, pen, random), PER_MM, random)
    return Note(room.question, f"{text}, {held}", pen.tone, pen.width)


def make_field_trials(seed: int, count: int, first: int = 0) -> Iterator[FieldTrial]:
    """Yield pages, clean and damaged in turn; a copied form was copied before it was filled in.

    Of damaged pages those in black and white are counted apart: what is pale is gone from them.
    """
    layout = layout_of_fields()
    for place in range(first, count):
        random = default_rng([seed, place])
        stratum = ("clean", "damaged")[place % 2]
        wear = clean(random) if stratum == "clean" else damaged(random)
        if wear.bitonal:
            stratum = "no grey"
        renderer = (by_reportlab, by_opencv)[int(random.integers(2))]
        page = renderer(layout, Mark(layout.edition, "nl", 1, "00A"), PER_MM)
        if wear.photocopy:
            page = photocopied(page, PER_MM, random)
        notes = [fill_field(page, room, random) for room in layout.page(1).fields]
        seen = wear_out(page, PER_MM, replace(wear, photocopy=False), random)
        yield FieldTrial(seen, notes, layout, wear, stratum)


@dataclass
class FieldScore:
    """Counts by stratum and kind: all, taken over as empty, shown to a person."""

    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    empty: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[tuple[int, Wear, Note]] = field(default_factory=list)
    asked_for: list[tuple[int, Wear, Note]] = field(default_factory=list)

    def add(self, place: int, trial: FieldTrial, reading: PageReading) -> None:
        read = {one.question: one for one in reading.fields}
        for note in trial.notes:
            key = (trial.stratum, note.kind)
            self.fields[key] += 1
            found = read.get(note.question)
            if found is None or found.is_doubtful:
                self.asked[key] += 1
                if not note.is_written:
                    self.asked_for.append((place, trial.wear, note))
            elif not found.has_ink:
                self.empty[key] += 1
                if note.is_written:
                    self.missed.append((place, trial.wear, note))

    def share_asked(self, stratum: str, kinds: Sequence[str] = ("nothing",)) -> float:
        """Of the fields of these kinds, how many a person was asked about."""
        keys = [(stratum, kind) for kind in kinds]
        return sum(self.asked[key] for key in keys) / max(1, sum(self.fields[key] for key in keys))

    def report(self) -> str:
        lines = []
        for key in sorted(self.fields):
            taken = self.fields[key] - self.empty[key] - self.asked[key]
            lines.append(
                f"{key[0]:8} {key[1]:22} {self.fields[key]:5} fields  {taken:5} as a picture  "
                f"{self.asked[key]:5} to a person  {self.empty[key]:5} as empty"
            )
        return "\n".join(lines)


def read_fields(trials: Iterator[FieldTrial]) -> FieldScore:
    """Read every page and count."""
    score = FieldScore()
    for place, trial in enumerate(trials):
        reading = read_page(ScanPage(1, trial.picture), {trial.layout.edition: trial.layout})
        score.add(place, trial, reading)
    return score
