"""Commands that are measured, each as a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON = sys.executable


@dataclass(frozen=True)
class Took:
    """What a command took: seconds on the clock and of processors, the largest memory in MiB."""

    wall: float
    processor: float
    memory: float

    @classmethod
    def least(cls, runs: Sequence["Took"]) -> "Took":
        """Of several runs of one command: whatever else the machine did only adds to them."""
        return cls(*(min(getattr(run, name) for run in runs) for name in cls.__annotations__))


def baken_analyse(folder: Path) -> list[str]:
    """Return the command for the three files that `sample.write_files` made."""
    return [
        str(Path(PYTHON).with_name("baken")),
        *("analyse", str(folder / "answers.csv"), "--instrument", str(folder / "instrument")),
        *("--units", str(folder / "units.csv"), "--out", str(folder / "out")),
        *("--formats", "json"),
    ]


def measured(command: Sequence[str]) -> Took:
    """Run a command and return what it took, what it started included."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def told(script: str, *arguments: str) -> Mapping[str, Any]:
    """Run a script of this folder and return what it says."""
    done = subprocess.run(
        [PYTHON, str(HERE / script), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{script} ended with {done.returncode}: {done.stderr}")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def apart(work: Any, *arguments: Any) -> None:
    """Do something in a process of its own.

    On Linux the memory of a parent counts in what its children are said to have used.
    """
    with ProcessPoolExecutor(1) as other:
        other.submit(work, *arguments).result()
