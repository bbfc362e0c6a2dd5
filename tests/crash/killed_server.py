"""A server that a test kills: `baken serve` in a process of its own, with the house loaded."""

import os
from collections.abc import Mapping
from pathlib import Path

from baken.web.commands import serve as _serve  # noqa: F401  # loaded before the fork, once
from baken.web.commands.main import main


def serve(environment: Mapping[str, str], log: Path) -> None:
    """Serve until somebody kills this process; what it says goes into the log."""
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(environment)
    main(["serve"])
