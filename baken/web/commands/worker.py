"""`baken worker`: does the background work, beside any number of others."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import wait
from typing import Annotated, Final

import typer

from baken.storage.durability import check_durability
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.privileges import check_role
from baken.storage.session import Database
from baken.web.jobs.worker import Worker
from baken.web.logs import set_up_logs
from baken.web.settings import Settings

log = logging.getLogger("baken.jobs")

# People who answer come first: the worker takes what they leave of the processor.
NICENESS: Final = 10
# How long a server waits for the item that is being done; whatever takes longer is done again.
PATIENCE: Final = 30.0
STARTED_AGAIN_AFTER: Final = 1.0
# A worker that cannot start is tried again ever less often, and at last every five minutes.
STARTED_AGAIN_AT_LEAST_EVERY: Final = 300.0
# Whoever has worked this long was well: what ended it was something else.
WELL_AFTER: Final = 60.0


def worker(
    threads: Annotated[int, typer.Option(help="How many jobs at once.", min=1, max=16)] = 1,
) -> None:
    """Do the background work until somebody stops it.

    `baken serve` does so by itself, unless BAKEN_WORKER=off. Any number of workers may share one
    PostgreSQL database. At SIGTERM the item that is being done is finished and the rest is left to
    others.
    """
    settings = Settings.from_environment()
    KeyStore.open(settings.keys)
    print("Baken works in the background - stop with Ctrl+C.", flush=True)
    _work(settings, threads, stopping=(signal.SIGTERM, signal.SIGINT))


class Companion:
    """The worker of a server on one machine: a process of its own, started again when it dies.

    In a process of its own, because a busy job in a thread would keep respondents waiting.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="companion", daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._watching.start()

    def stop(self) -> None:
        """Let the worker finish its item, and wait for its end."""
        self._stop.set()
        self._watching.join()

    def _watch(self) -> None:
        # Not forked: a copy of a process with threads and open connections is no good start.
        spawn = multiprocessing.get_context("spawn")
        pause = 0.0
        while not self._stop.is_set():
            begun = time.monotonic()
            process = spawn.Process(target=_accompany, args=(self._settings,), daemon=True)
            process.start()
            while process.is_alive() and not self._stop.wait(0.2):
                pass
            if self._stop.is_set():
                process.terminate()
                process.join(PATIENCE)
                process.kill()
            else:
                pause = pause_after(pause, time.monotonic() - begun)
                log.warning(
                    "The worker ended (code %s) and is started again in %d seconds.",
                    process.exitcode,
                    pause,
                )
                self._stop.wait(pause)
            process.join()


def pause_after(last: float, lived: float) -> float:
    """How many seconds to wait before a worker that ended is started again."""
    if lived >= WELL_AFTER or not last:
        return STARTED_AGAIN_AFTER
    return min(2 * last, STARTED_AGAIN_AT_LEAST_EVERY)


def _accompany(settings: Settings) -> None:
    """Work beside a server, and end with it; what keeps it from that is one line in the log."""
    os.nice(NICENESS)
    # Ctrl+C reaches the whole group; the server says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logs()
    try:
        _work(settings, 1, stopping=(signal.SIGTERM,))
    except Exception as error:  # noqa: BLE001, RUF100 - told in the log and by the code of the end
        # A sentence of ours says what to do; another may quote what somebody typed.
        sentence = str(error) if isinstance(error, BakenError) else "see where it happened."
        log.exception("The worker cannot work: %s", sentence)
        sys.exit(1)


def _work(settings: Settings, threads: int, *, stopping: tuple[signal.Signals, ...]) -> None:
    set_up_logs()
    database, keys = Database(settings.database_url), KeyStore.open(settings.keys)
    check_role(database)
    check_durability(database)
    hands = Worker(database, keys, settings, partial(datetime.now, UTC))
    for number in stopping:
        # Not by the handler itself: it may have interrupted who holds the lock of the event.
        signal.signal(number, lambda *_: threading.Thread(target=hands.stop).start())
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = partial(_end_with, parent.sentinel, hands)
        threading.Thread(target=watch, name="parent", daemon=True).start()
    hands.run(threads)
    database.dispose()


def _end_with(parent: int, hands: Worker) -> None:
    wait([parent])
    hands.stop()
