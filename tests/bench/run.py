"""Measure speed and print a table: `make bench`."""

import tempfile
from pathlib import Path

from standard_job import Job, measure

JOBS = (Job(25_000, 500), Job(50_000, 500), Job(100_000, 500))


def main() -> None:
    for job in JOBS:
        with tempfile.TemporaryDirectory() as folder:
            measure(job, Path(folder))


if __name__ == "__main__":
    main()
