"""The standard analysis job: 100,000 people x 60 items x 500 units, from CSV to results.json.

Data and instrument are made here from a fixed seed. Run it with `make bench`.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

N_SCALES, ITEMS_PER_SCALE = 15, 4
SEED = 20261122


@dataclass(frozen=True)
class Job:
    """How large the job is."""

    people: int
    units: int


@dataclass(frozen=True)
class Measured:
    """What one run took: wall and processor time in seconds, the largest memory in MiB."""

    job: Job
    wall: float
    processor: float
    memory: float


def measure(job: Job, folder: Path) -> Measured:
    """Run `baken analyse` on what `make_input` left in `folder`, return what it took."""
    command = [
        str(Path(sys.executable).with_name("baken")),
        "analyse",
        str(folder / "answers.csv"),
        "--instrument",
        str(folder / "instrument"),
        "--units",
        str(folder / "units.csv"),
        "--out",
        str(folder / "out"),
        "--formats",
        "json",
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"baken analyse ended with {process.returncode}")
    return Measured(job, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def make_input(job: Job, folder: Path) -> None:
    """Write instrument, answers and headcounts of a job."""
    make_instrument(folder / "instrument")
    make_tables(job, folder)


def make_instrument(folder: Path) -> None:
    """Write an instrument of 15 scales of four items, every fourth item reversed."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = [[f"S{s:02}I{i}" for i in range(ITEMS_PER_SCALE)] for s in range(N_SCALES)]
    definition = [
        'key = "bench"\nversion = "1"\nkind = "questionnaire"\nlanguages = ["en"]',
        'dimensions = ["A1"]\nsource = "Made for measuring."\nlicence = "None needed."',
        "[formats.agreement]\nlow = 1\nhigh = 5",
    ]
    for s, items in enumerate(codes):
        definition.append(
            f'[scales.s{s:02}]\ndimension = "A1"\nhigh_is = "risk"\nitems = {items}\n'
            f'reversed = ["{items[3]}"]\nsource = "Made for measuring."\n'
            'cutoff = { operator = ">=", value = 62.5, source = "Made for measuring." }'
        )
    definition += [
        f'[[items]]\ncode = "{code}"\nformat = "agreement"' for row in codes for code in row
    ]
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
        texts += [f's{s:02} = "{pattern.format(s)}"' for s in range(N_SCALES)]
    texts.append("[items]")
    texts += [f'{code} = "Statement {code}."' for row in codes for code in row]
    (folder / "en.toml").write_text("\n".join(texts) + "\n")


def make_tables(job: Job, folder: Path) -> None:
    """Write answers that differ by unit and by person, with 2 % missing, and the headcounts."""
    random = np.random.default_rng(SEED)
    unit = random.integers(0, job.units, job.people)
    level = random.normal(0, 0.3, (job.units, N_SCALES))[unit] + random.normal(
        0, 0.7, (job.people, N_SCALES)
    )
    noise = random.normal(0, 0.8, (job.people, N_SCALES, ITEMS_PER_SCALE))
    values = np.clip(np.rint(3 + level[:, :, None] + noise), 1, 5).astype(int)
    values[:, :, 3] = 6 - values[:, :, 3]
    cells = values.reshape(job.people, -1).astype(str)
    cells[random.random(cells.shape) < 0.02] = ""
    codes = [f"S{s:02}I{i}" for s in range(N_SCALES) for i in range(ITEMS_PER_SCALE)]
    with (folder / "answers.csv").open("w") as out:
        out.write(",".join(["unit", *codes]) + "\n")
        for number, row in zip(unit, cells, strict=True):
            out.write(f"u{number}," + ",".join(row) + "\n")
    answered = np.bincount(unit, minlength=job.units)
    with (folder / "units.csv").open("w") as out:
        out.write("unit,headcount,parent\nall,0,\n")
        out.writelines(f"d{d},0,all\n" for d in range(20))
        out.writelines(f"u{u},{int(n / 0.7) + 1},d{u % 20}\n" for u, n in enumerate(answered))
