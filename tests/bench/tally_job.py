"""The standard job without starting a program: from a file, and from the tally that was kept.

    python tests/bench/tally_job.py FOLDER RUNS

Prints the least processor seconds of some runs: reading and counting the file of answers, results
from the counts in memory, and results from the stored bytes of the tally; and how many bytes.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from baken.analysis.releases.results import results
from baken.analysis.tallies.binary import from_bytes, to_bytes
from baken.instruments.library import load_instrument
from baken.web.commands.analyse.reading.answers import count_answers
from baken.web.commands.analyse.reading.units import read_units

T = TypeVar("T")


def main(folder: Path, n_runs: int) -> None:
    instrument = load_instrument(str(folder / "instrument"))
    tree = read_units(folder / "units.csv").tree
    file = folder / "answers.csv"

    count, counted = best(n_runs, lambda: count_answers(file, instrument, tree, unit_column="unit"))
    content = to_bytes(counted.tally, min_group=1)

    def from_stored() -> bytes:
        found = results(from_bytes(content), tree, instrument, min_group=10)
        return msgspec.json.encode(found)

    # the first run loads libraries, which a server has done before
    from_stored()
    stored, _ = best(n_runs, from_stored)
    print(json.dumps({"count": count, "stored": stored, "bytes": len(content)}))


def best(n_runs: int, work: Callable[[], T]) -> tuple[float, T]:
    """Return the least processor seconds of some runs, and what the last one gave."""
    took = []
    for _ in range(n_runs):
        begun = time.process_time()
        given = work()
        took.append(time.process_time() - begun)
    return min(took), given


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
