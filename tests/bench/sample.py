"""Answers to measure with: an instrument, units and people, made from a fixed seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ITEMS_PER_SCALE = 4
UNITS_PER_DEPARTMENT = 25
SEED = 20261122
AT_A_TIME = 50_000
MISSING = -1


@dataclass(frozen=True)
class Job:
    """How large a job is."""

    people: int
    items: int
    units: int

    @property
    def n_scales(self) -> int:
        return self.items // ITEMS_PER_SCALE

    @property
    def codes(self) -> list[list[str]]:
        """Items of each scale; the last one of a scale is reversed."""
        return [
            [f"S{scale:02}I{item}" for item in range(ITEMS_PER_SCALE)]
            for scale in range(self.n_scales)
        ]

    def department(self, unit: int) -> int:
        return unit // UNITS_PER_DEPARTMENT

    @property
    def n_departments(self) -> int:
        return self.department(self.units - 1) + 1

    def __str__(self) -> str:
        return f"{self.people:,} people x {self.items} items x {self.units:,} units"


def answers_of(job: Job, unit: NDArray[np.intp], part: int) -> NDArray[np.int8]:
    """Answers of some people: they differ by unit and by person, and 2 % are missing.

    Distances from the lowest answer of five; the answers of a unit do not depend on its place.
    """
    level = np.random.default_rng(SEED).normal(0, 0.3, (job.units, job.n_scales))
    random = np.random.default_rng([SEED, part])
    person = level[unit] + random.normal(0, 0.7, (len(unit), job.n_scales))
    noise = random.normal(0, 0.8, (len(unit), job.n_scales, ITEMS_PER_SCALE))
    values = np.clip(np.rint(2 + person[:, :, None] + noise), 0, 4).astype(np.int8)
    values[:, :, -1] = 4 - values[:, :, -1]
    sheets = values.reshape(len(unit), job.items)
    sheets[random.random(sheets.shape) < 0.02] = MISSING
    return sheets


def by_portion(job: Job) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int8]]]:
    """Unit and answers of everybody, in no order, a portion at a time."""
    for part, start in enumerate(range(0, job.people, AT_A_TIME)):
        n = min(AT_A_TIME, job.people - start)
        unit = np.random.default_rng([SEED, part, 1]).integers(0, job.units, n)
        yield unit, answers_of(job, unit, part)


def write_files(job: Job, folder: Path) -> None:
    """Write the three things `baken analyse` reads: instrument, answers and headcounts."""
    write_instrument(job, folder / "instrument")
    answered = np.zeros(job.units, dtype=np.int64)
    with (folder / "answers.csv").open("wb") as out:
        header = ["unit", *(code for codes in job.codes for code in codes)]
        out.write(",".join(header).encode() + b"\n")
        for unit, sheets in by_portion(job):
            out.write(_lines(unit, sheets))
            answered += np.bincount(unit, minlength=job.units)
    with (folder / "units.csv").open("w") as out:
        out.write("unit,headcount,parent\nall,0,\n")
        out.writelines(f"d{d},0,all\n" for d in range(job.n_departments))
        for unit, n in enumerate(answered.tolist()):
            out.write(f"{_name(unit)},{int(n / 0.7) + 1},d{job.department(unit)}\n")


def _name(unit: int) -> str:
    return f"u{unit:05}"


def _lines(unit: NDArray[np.intp], sheets: NDArray[np.int8]) -> bytes:
    """Lines of a CSV file: all characters beside each other, those of missing answers left out."""
    names = np.array([_name(u).encode() for u in range(int(unit.max()) + 1)])[unit]
    start = names.view(np.uint8).reshape(len(unit), -1)
    cells = np.full((*sheets.shape, 2), ord(","), dtype=np.uint8)
    cells[:, :, 1] = sheets + ord("1")
    end = np.full((len(unit), 1), ord("\n"), dtype=np.uint8)
    line = np.hstack([start, cells.reshape(len(unit), -1), end])
    kept = np.ones(cells.shape, dtype=bool)
    kept[:, :, 1] = sheets != MISSING
    whole = np.ones((len(unit), start.shape[1]), dtype=bool), np.ones((len(unit), 1), dtype=bool)
    return line[np.hstack([whole[0], kept.reshape(len(unit), -1), whole[1]])].tobytes()


def write_instrument(job: Job, folder: Path) -> None:
    """Write an instrument of scales of four items, every fourth item reversed."""
    folder.mkdir(parents=True, exist_ok=True)
    definition = [
        'key = "bench"\nversion = "1"\nkind = "questionnaire"\nlanguages = ["en"]',
        'dimensions = ["A1"]\nsource = "Made for measuring."\nlicence = "None needed."',
        "[formats.agreement]\nlow = 1\nhigh = 5",
    ]
    for scale, items in enumerate(job.codes):
        definition.append(
            f'[scales.s{scale:02}]\ndimension = "A1"\nhigh_is = "risk"\nitems = {items}\n'
            f'reversed = ["{items[-1]}"]\nsource = "Made for measuring."\n'
            'cutoff = { operator = ">=", value = 62.5, source = "Made for measuring." }'
        )
    codes = [code for items in job.codes for code in items]
    definition += [f'[[items]]\ncode = "{code}"\nformat = "agreement"' for code in codes]
    (folder / "definition.toml").write_text("\n\n".join(definition).replace("'", '"') + "\n")
    texts = ['language = "en"\ntitle = "Bench"', '[dimensions]\nA1 = "One"']
    texts += ['[dimension_headings]\nA1 = "One"', "[options.agreement]"]
    texts += [f'{value} = "Answer {value}"' for value in range(1, 6)]
    for section, pattern in (
        ("scales", "Scale {}"),
        ("scale_notes", "High is more of {}."),
        ("short_scales", "S{}"),
    ):
        texts.append(f"[{section}]")
        texts += [f's{scale:02} = "{pattern.format(scale)}"' for scale in range(job.n_scales)]
    texts.append("[items]")
    texts += [f'{code} = "Statement {code}."' for code in codes]
    (folder / "en.toml").write_text("\n".join(texts) + "\n")
