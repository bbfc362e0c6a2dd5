"""The demonstration, made once for all processes of a run; whoever wants one takes a copy."""

import fcntl
import os
import pickle
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from baken.web.demo.making import Demo, make_demo

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Demonstration:
    """As it came out of the making; nobody changes it."""

    folder: Path
    demo: Demo

    def copy_to(self, folder: Path) -> Demo:
        """Put the same organisation in a folder of its own, to be changed."""
        shutil.copytree(self.folder, folder)
        return self.demo


def make_once(paths: pytest.TempPathFactory) -> Demonstration:
    """Make it, or wait until another process of this run has made it."""
    ours = paths.getbasetemp()
    root = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    folder, told = root / "demonstration", root / "demonstration.pickle"
    with (root / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file is closed
        if not told.exists():
            told.write_bytes(pickle.dumps(make_demo(folder, now=NOW)))
        demo: Demo = pickle.loads(told.read_bytes())
    return Demonstration(folder, demo)
