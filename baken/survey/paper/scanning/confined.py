"""What a process that reads pages may still do, once its libraries are loaded.

It keeps the rights of the user of the server: a prison is made by whoever installs it. But it can
write no file, start no process, keep no core and outlive nobody.
"""

import ctypes
import math
import resource
import signal
import sys
from typing import Final

# Address space: libraries take 1 GiB of it, a page in colour a quarter, a TIFF its whole length.
_MEMORY: Final = 4 * 2**30
# The file of scans, the line to the server, and what libraries open for themselves.
_FILES: Final = 64
# A little more than the server waits: the processor is given back even when nobody listens.
_MORE_SECONDS: Final = 30
# Of <linux/prctl.h>.
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38


def confine(seconds: float) -> None:
    """Give up what reading pages does not need, for the rest of this process.

    Parameters
    ----------
    seconds
        How long its reading may take at most.
    """
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, math.ceil(seconds) + _MORE_SECONDS),
        (resource.RLIMIT_NOFILE, _FILES),
        # a library that dies of a page must not leave that page on the disk
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_PDEATHSIG, signal.SIGKILL)):
            if system.prctl(option, int(value), 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


def allow_a_page(seconds: float) -> None:
    """Let this process use the processor for so many seconds from now, within what is left."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds) + _MORE_SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(until, most), most))
