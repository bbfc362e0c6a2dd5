"""`baken worker`: does the background work, beside any number of others."""

import logging
import multiprocessing
import os
import signal
import threading
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import wait
from typing import Annotated, Final

import typer

from baken.storage.durability import check_durability
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
        while not self._stop.is_set():
            process = spawn.Process(target=_accompany, args=(self._settings,), daemon=True)
            process.start()
            while process.is_alive() and not self._stop.wait(0.2):
                pass
            if self._stop.is_set():
                process.terminate()
                process.join(PATIENCE)
                process.kill()
            else:
                log.warning("The worker ended (code %s) and is started again.", process.exitcode)
                self._stop.wait(STARTED_AGAIN_AFTER)
            process.join()


def _accompany(settings: Settings) -> None:
    """Work beside a server, and end with it."""
    os.nice(NICENESS)
    # Ctrl+C reaches the whole group; the server says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work(settings, 1, stopping=(signal.SIGTERM,))


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
