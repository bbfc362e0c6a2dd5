"""Measure speed and print a table: `make bench`."""

import platform
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from standard_job import Job, make_input, measure

JOBS = (Job(25_000, 500), Job(50_000, 500), Job(100_000, 500))


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print("people  items  units  wall s  processor s  memory MiB")
    for job in JOBS:
        with tempfile.TemporaryDirectory() as folder:
            # A process of its own makes the tables: on Linux the memory of a parent counts in what
            # its children are said to have used.
            with ProcessPoolExecutor(1) as maker:
                maker.submit(make_input, job, Path(folder)).result()
            took = measure(job, Path(folder))
        print(
            f"{job.people:6}  {60:5}  {job.units:5}  {took.wall:6.2f}  {took.processor:11.2f}"
            f"  {took.memory:10.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
