"""Pages with known answers, drawn from a seed, read by the engine, and counted."""

import io
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng
from PIL import Image

from baken.survey.paper.layout import Layout
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.files import ScanPage, open_scan
from baken.survey.paper.scanning.pages import read_page
from baken.survey.paper.scanning.readings import PageReading, QuestionState
from tests.survey.paper.scanning.pens import Stroke, Truth, draw, fill_in
from tests.survey.paper.scanning.printed import Grey, Renderer, by_opencv, by_reportlab, make_layout
from tests.survey.paper.scanning.wear import Wear, clean, damaged, wear_out

PER_MM = 13.0

# How people answer when a form says: put a cross.
USUAL = {
    "cross": 0.64,
    "overshooting cross": 0.08,
    "tick": 0.08,
    "slash": 0.05,
    "scribbled fill": 0.02,
    "dot": 0.015,
    "pencil": 0.03,
    "none": 0.045,
    "corrected": 0.03,
    "two marks": 0.002,
    "badly corrected": 0.002,
    "blackened alone": 0.001,
    "half-hearted": 0.002,
    "between": 0.001,
    "ring": 0.001,
    "speck": 0.001,
}
# Everything that is odd, often enough to be counted.
ODD = {
    "cross": 0.1,
    "overshooting cross": 0.08,
    "none": 0.1,
    "corrected": 0.12,
    "pencil": 0.08,
    "two marks": 0.1,
    "badly corrected": 0.08,
    "blackened alone": 0.05,
    "half-hearted": 0.08,
    "between": 0.07,
    "ring": 0.06,
    "speck": 0.08,
}

RESOLUTIONS = [(dpi, is_colour) for dpi in (150, 200, 300, 600) for is_colour in (False, True)]
# Of red, green and blue light, what ink of black, blue, red and green lets through.
INKS = [(0, 0, 0), (0, 0.1, 0.55), (0.7, 0, 0.05), (0, 0.4, 0.1)]
PAPERS = [(1, 1, 1), (1, 0.98, 0.92), (0.95, 0.98, 1)]


@dataclass
class Trial:
    """A page, what was meant on it, and how it was made."""

    picture: Grey
    truths: list[Truth]
    layout: Layout
    mark: Mark
    wear: Wear
    stratum: str
    renderer: str


def make_trial(random: Generator, stratum: str, layouts: Sequence[Layout]) -> Trial:
    trial, strokes = _filled(random, stratum, layouts)
    draw(trial.picture, strokes, PER_MM, random)
    wear = damaged(random) if stratum == "damaged" else clean(random)
    return replace(trial, wear=wear, picture=wear_out(trial.picture, PER_MM, wear, random))


def _filled(
    random: Generator, stratum: str, layouts: Sequence[Layout]
) -> tuple[Trial, list[Stroke]]:
    """A blank page, what is meant on it, and the strokes that say so."""
    layout = layouts[int(random.integers(len(layouts)))]
    number = int(random.integers(1, len(layout.pages) + 1))
    mark = Mark(layout.edition, layout.language, number, "00A")
    renderer: Renderer = (by_reportlab, by_opencv)[int(random.integers(2))]
    page = renderer(layout, mark, PER_MM)
    kinds = ODD if stratum == "odd" else USUAL
    names, weights = list(kinds), np.array(list(kinds.values()))
    truths: list[Truth] = []
    strokes: list[Stroke] = []
    boxes = layout.page(number).boxes
    for question in dict.fromkeys(box.question for box in boxes):
        own = [box for box in boxes if box.question == question]
        kind = str(random.choice(names, p=weights / weights.sum()))
        made, truth = fill_in(own, kind, random)
        strokes += made
        truths.append(truth)
    trial = Trial(page, truths, layout, mark, Wear(), stratum, renderer.__name__)
    return trial, strokes


def some_layouts() -> list[Layout]:
    return [make_layout(), make_layout(edition="Z2QF2M9D", size=5.0, rows=20)]


def make_trials(seed: int, count: int, layouts: Sequence[Layout] | None = None) -> Iterator[Trial]:
    """Yield trials: four in ten clean, four damaged, two with odd marks on clean paper."""
    layouts = layouts or some_layouts()
    strata = ["clean", "damaged", "odd", "clean", "damaged"]
    for place in range(count):
        yield make_trial(default_rng([seed, place]), strata[place % len(strata)], layouts)


def make_scans(
    seed: int, each: int, folder: Path, wanted: Sequence[tuple[int, bool]]
) -> Iterator[Trial]:
    """Yield pages as they come out of a file: so many of each resolution, in grey or in colour."""
    layouts = some_layouts()
    for dpi, is_colour in wanted:
        for place in range(each):
            random = default_rng([seed, dpi, is_colour, place])
            stratum = f"{dpi} dpi {'colour' if is_colour else 'grey'}"
            trial, strokes = _filled(random, stratum, layouts)
            wear = replace(clean(random), dpi=float(dpi), jpeg=0)
            picture = _seen(trial.picture, strokes, wear, random, is_colour=is_colour)
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "JPEG", quality=int(random.integers(75, 93)))
            (folder / "scan").write_bytes(content.getvalue())
            (page,) = open_scan(folder / "scan")
            assert page.picture is not None
            yield replace(trial, wear=wear, picture=page.picture)


def _seen(
    blank: Grey, strokes: Sequence[Stroke], wear: Wear, random: Generator, *, is_colour: bool
) -> Grey:
    """What a scanner sees: each light for itself, or all of it as grey."""
    ink, paper = (table[int(random.integers(len(table)))] for table in (INKS, PAPERS))
    hand, machine = (int(random.integers(2**31)) for _ in range(2))
    lights = []
    for passes, white in zip(ink, paper, strict=True) if is_colour else [(0.0, 1.0)]:
        page = (blank * white).astype(np.uint8)
        tinted = [
            Stroke(one.path, replace(one.pen, tone=one.pen.tone + (1 - one.pen.tone) * passes))
            for one in strokes
        ]
        draw(page, tinted, PER_MM, default_rng(hand))
        lights.append(wear_out(page, PER_MM, wear, default_rng(machine)))
    return np.dstack(lights) if is_colour else lights[0]


@dataclass
class Score:
    """Counts by stratum and kind of mark: all, accepted wrongly, sent to a person."""

    asked: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    review: Counter = field(default_factory=Counter)
    pages: Counter = field(default_factory=Counter)
    renderers: Counter = field(default_factory=Counter)
    problems: dict = field(default_factory=lambda: defaultdict(Counter))
    mistakes: list = field(default_factory=list)
    seconds: float = 0.0

    def add(self, trial: Trial, reading: PageReading, place: int) -> None:
        self.pages[trial.stratum] += 1
        if reading.problem:
            self.problems[trial.stratum][str(reading.problem)] += 1
        read = {each.question: each for each in reading.questions}
        for truth in trial.truths:
            key = (trial.stratum, truth.kind)
            self.asked[key] += 1
            self.renderers[trial.renderer, "asked"] += 1
            found = read.get(truth.question)
            if found is None or found.state is QuestionState.DOUBTFUL:
                self.review[key] += 1
                self.renderers[trial.renderer, "to a person"] += 1
            elif truth.value is None or found.value != truth.value:
                self.wrong[key] += 1
                self.renderers[trial.renderer, "wrongly accepted"] += 1
                self.mistakes.append((place, trial.wear, truth, found))

    def share_reviewed(self, stratum: str) -> float:
        asked = sum(n for (s, _), n in self.asked.items() if s == stratum)
        review = sum(n for (s, _), n in self.review.items() if s == stratum)
        return review / max(asked, 1)

    @property
    def wrongly_accepted(self) -> int:
        return sum(self.wrong.values())

    def report(self) -> str:
        lines = []
        for stratum, pages in sorted(self.pages.items()):
            problems = dict(self.problems[stratum])
            lines.append(
                f"{stratum}: {pages} pages, {self.share_reviewed(stratum):.2%} to a person; "
                f"pages with a problem: {problems}"
            )
            for (name, kind), asked in sorted(self.asked.items()):
                if name == stratum:
                    key = (name, kind)
                    lines.append(
                        f"  {kind:20} {asked:6} asked  {self.wrong[key]:3} wrongly accepted  "
                        f"{self.review[key]:5} to a person ({self.review[key] / asked:.1%})"
                    )
        pages = sum(self.pages.values())
        lines.append(f"by renderer: {dict(sorted(self.renderers.items()))}")
        lines.append(f"reading: {self.seconds / max(pages, 1) * 1000:.0f} ms of processor a page")
        return "\n".join(lines)


def read_trials(trials: Iterator[Trial]) -> Score:
    """Read every page and count."""
    score = Score()
    for place, trial in enumerate(trials, start=1):
        layouts = {trial.layout.edition: trial.layout}
        began = time.process_time()
        reading = read_page(ScanPage(place, trial.picture), layouts)
        score.seconds += time.process_time() - began
        score.add(trial, reading, place)
    return score
