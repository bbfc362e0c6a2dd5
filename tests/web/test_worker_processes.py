"""The worker as a process: beside a server and alone; it ends properly, and with its server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from baken.storage.jobs import Job, JobState
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.commands.worker import WELL_AFTER, pause_after
from tests.mailbox import free_port

pytestmark = pytest.mark.sqlite
COMMAND = [sys.executable, "-c", "from baken.web.commands.main import main; main()"]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(sqlite_url: str, keys: KeyStore, tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "BAKEN_DATABASE_URL": sqlite_url,
            "BAKEN_KEYS": str(keys.folder),
            "BAKEN_BACKUPS": str(tmp_path / "backups"),
            "BAKEN_PORT": str(free_port()),
        }
        log = (tmp_path / "log").open("ab")
        with log:
            process = subprocess.Popen(
                [*COMMAND, *arguments], env=environment | settings, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], Any]) -> Any:
    for _ in range(1200):
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def children(pid: int) -> list[int]:
    """Workers of a server; the process beside them only counts what they share."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [int(child) for file in found for child in file.read_text().split()]
    return [child for child in pids if b"spawn_main" in command(child)]


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def has_done_the_round(database: Database) -> bool:
    with database.read(None) as session:
        return session.scalar(select(Job.state)) is JobState.DONE


def test_a_worker_works_and_ends_when_asked(start: Start, sqlite: Database) -> None:
    worker = start("worker", "--threads", "2")
    wait_until(lambda: has_done_the_round(sqlite))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0


def test_a_server_has_its_worker_which_is_started_again_and_ends_with_it(
    start: Start, sqlite: Database
) -> None:
    server = start("serve")
    (first,) = wait_until(lambda: children(server.pid))
    os.kill(first, signal.SIGKILL)
    (second,) = wait_until(lambda: [pid for pid in children(server.pid) if pid != first])
    wait_until(lambda: has_done_the_round(sqlite))
    server.kill()  # no chance to say anything to its worker
    wait_until(lambda: not command(second))


def test_a_worker_that_cannot_start_is_tried_ever_less_often_with_a_line_each(
    start: Start, sqlite: Database, keys: KeyStore, tmp_path: Path
) -> None:
    pauses = [0.0]
    for _ in range(12):
        pauses.append(pause_after(pauses[-1], lived=2))
    assert pauses[1:5] == [1, 2, 4, 8]
    assert pauses[-1] == 300
    assert pause_after(300, lived=WELL_AFTER) == 1

    server = start("serve")
    (first,) = wait_until(lambda: children(server.pid))
    wait_until(lambda: has_done_the_round(sqlite))
    keys.folder.rename(tmp_path / "away")
    os.kill(first, signal.SIGKILL)
    log = tmp_path / "log"
    wait_until(lambda: log.read_text().count("The worker cannot work") >= 2)
    assert "Traceback" not in log.read_text()
