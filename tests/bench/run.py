"""Measure speed side by side and print tables: `make bench`.

Everything is made here from a fixed seed. Other work on the machine makes all figures worse, those
of the peers as well; seconds are the least of some runs.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from commands import HERE, PYTHON, Took, apart, baken_analyse, measured, told
from sample import Job, write_files

STANDARD = Job(100_000, 60, 500)
MILLION = Job(1_000_000, 80, 2_000)
CURVES = {
    "people": [Job(people, 60, 500) for people in (50_000, 100_000, 200_000, 400_000)],
    "items": [Job(100_000, items, 500) for items in (40, 80, 160, 320)],
    "units": [Job(200_000, 60, units) for units in (250, 500, 1_000, 2_000)],
}
NODES = 5_000
LOOPED = 4
AGREE = 1e-9


@contextmanager
def made(job: Job, folder: Path | None) -> Iterator[Path]:
    """Files of a job, for the while."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        apart(write_files, job, Path(temporary))
        yield Path(temporary)


def standard(n_runs: int, place: Path | None) -> None:
    """The standard job: Baken, pandas and R in turn."""
    print(f"\n## The standard job: {STANDARD}, from a CSV file")
    with made(STANDARD, place) as folder:
        commands = {
            "baken analyse --formats json": baken_analyse(folder),
            "pandas, vectorised": [PYTHON, str(HERE / "peer_pandas.py"), str(folder)],
        }
        if rscript := shutil.which("Rscript"):
            commands["R, vectorised"] = [rscript, str(HERE / "peer_base.R"), str(folder)]
        else:
            print("R is not installed here (no Rscript): left out.")
        runs: dict[str, list[Took]] = {name: [] for name in commands}
        for _ in range(n_runs):
            for name, command in commands.items():
                runs[name].append(measured(command))
        loop = told("peer_loop.py", str(folder), str(LOOPED))
        tally = told("tally_job.py", str(folder), str(n_runs))
        check_agreement(folder)
    took = {name: Took.least(of_one) for name, of_one in runs.items()}
    ours = took["baken analyse --formats json"]
    print(f"{'':34}  wall s  processor s  memory MiB  times ours (wall, processor)")
    for name, one in took.items():
        times = f"{one.wall / ours.wall:6.1f} {one.processor / ours.processor:6.1f}"
        print(f"{name:34} {one.wall:7.2f} {one.processor:12.2f} {one.memory:11.0f}  {times}")
    whole = loop["read"] + loop["unit"] * STANDARD.units
    about = f"estimated from {LOOPED} of {STANDARD.units} units"
    print(f"{'one scipy call per unit':34} {whole:7.0f} ({about}) {whole / ours.wall:17.0f}")
    pandas = took["pandas, vectorised"].processor
    print(f"{'from the stored tally, in a server':34} {'':7} {tally['stored']:12.3f}")
    print(f"pandas takes {pandas / tally['stored']:.0f} times as long as results from a tally")
    print(f"reading and counting alone: {tally['count']:.2f} s; tally: {tally['bytes']:,} bytes")


def check_agreement(folder: Path) -> None:
    """Hold figures of Baken against those of pandas: a fast wrong answer is no answer."""
    ours = json.loads((folder / "out" / "results.json").read_text())["units"]
    theirs = json.loads((folder / "pandas.json").read_text())["units"]
    names = ("n", "mean", "sd", "low", "high", "p_welch", "q_welch", "p_mwu", "q_mwu")
    apart_most = max(
        abs(figures[name] - theirs[unit][scale][name])
        for unit, entry in ours.items()
        for scale, figures in entry["scales"].items()
        for name in names
        if figures[name] is not None
    )
    if apart_most > AGREE:
        raise SystemExit(f"Baken and pandas differ by {apart_most}")
    print(f"All figures of all units agree with those of pandas within {AGREE}.")


def curves(n_runs: int, place: Path | None) -> None:
    """How the cost grows with people, items and units."""
    print("\n## How the cost grows: processor seconds, reading + counting + results")
    for name, jobs in CURVES.items():
        sizes, costs = [], []
        for job in jobs:
            with made(job, place) as folder:
                took = told("tally_job.py", str(folder), str(n_runs))
            sizes.append(getattr(job, name))
            costs.append(took["count"] + took["stored"])
        slope = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
        steps = " ".join(f"{size:,}: {cost:.2f}" for size, cost in zip(sizes, costs, strict=True))
        last = math.log2(costs[-1] / costs[-2])
        print(f"{name:7} slope {slope:5.2f}, last doubling {last:5.2f} (reach: <= 1.05)   {steps}")


def million(place: Path | None) -> None:
    """Answers in the database to complete results."""
    print(f"\n## From the database: {MILLION}")
    for people in (MILLION.people // 2, MILLION.people):
        with tempfile.TemporaryDirectory(dir=place) as folder:
            sizes = (str(people), str(MILLION.items), str(MILLION.units))
            script = str(HERE / "stored_job.py")
            subprocess.run([PYTHON, script, "fill", folder, *sizes], check=True)
            took = told("stored_job.py", "release", folder)
        print(
            f"{people:9,} people: {took['wall']:.1f} s, processor {took['processor']:.1f} s, "
            f"memory {took['memory']:.0f} MiB and {took['memory_of_a_helper']:.0f} MiB for each "
            "process that helps"
        )
    print("(reach: below 10 s and 1,500 MiB; twice the people at most 2.1 times as long)")


def large(n_bytes: int, place: Path | None) -> None:
    """A file that does not fit in memory."""
    job = Job(n_bytes // 167, MILLION.items, MILLION.units)
    print(f"\n## A large file: {job}")
    with made(job, place) as folder:
        size = (folder / "answers.csv").stat().st_size
        took = measured(baken_analyse(folder))
    print(f"{size / 1e9:.2f} GB: {took.wall:.0f} s, processor {took.processor:.0f} s,", end=" ")
    print(f"memory {took.memory:.0f} MiB (the largest of its processes)")


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--runs", type=int, default=3, help="of which the least counts")
    reader.add_argument("--large", type=float, help="also a file of so many gigabytes")
    reader.add_argument("--only", choices=("standard", "curves", "million", "plan", "large"))
    reader.add_argument("--folder", type=Path, help="where files stand for the while")
    asked = reader.parse_args()
    today = datetime.now(UTC).date()
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(
        f"{today}, {platform.machine()}, Python {platform.python_version()}, {cores} cores,",
        end=" ",
    )
    print(f"{load:.1f} processes at work in the last minute")
    parts = {
        "standard": lambda: standard(asked.runs, asked.folder),
        "curves": lambda: curves(asked.runs, asked.folder),
        "million": lambda: million(asked.folder),
        "plan": plan,
    }
    if asked.large:
        parts["large"] = lambda: large(int(asked.large * 1e9), asked.folder)
    for name, part in parts.items():
        if asked.only in (None, name):
            part()


def plan() -> None:
    """The release plan of a large tree."""
    seconds = told("plan_job.py", str(NODES))["seconds"]
    print(f"\n## Release plan of {NODES:,} nodes: {seconds:.2f} s (reach: below 1 s)")


if __name__ == "__main__":
    main()
