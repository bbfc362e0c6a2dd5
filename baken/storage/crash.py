"""Named places at which a test lets the process die, as if the power had gone."""

import os
import signal

VARIABLE = "BAKEN_CRASH_AT"


def crash_point(name: str) -> None:
    """Kill this process at once when the environment names this place; otherwise do nothing."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
