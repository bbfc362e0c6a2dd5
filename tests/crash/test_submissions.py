"""The server is killed in the middle of submissions: nothing acknowledged is lost, nothing doubled.

Several clients send whole questionnaires over HTTP to a real `baken serve` and write down what was
acknowledged. At random moments its process dies by SIGKILL, another one starts, and everybody goes
on; whoever got no answer sends the same again. `BAKEN_KILLS` says how many kills.
"""

import http.client
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import func, select

from baken.survey.box.models import Envelope
from baken.survey.box.sealing import print_receipt, receipt_hash
from baken.survey.codes.models import Code, CodeState
from tests.crash.killed_acts import FORKS
from tests.crash.killed_server import serve
from tests.web.respondents import Answer, Campaigning, Respondent, all_answers, prepare

pytestmark = pytest.mark.crash

KILLS = int(os.environ.get("BAKEN_KILLS", "5"))
CLIENTS = 6
STARTED_WITHIN = 30.0


@dataclass
class Server:
    """`baken serve` in a process of its own, on one port over all its lives."""

    running: Campaigning
    port: int
    log: Path
    process: ForkServerProcess | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        began = time.monotonic()
        environment = {
            "BAKEN_DATABASE_URL": self.running.url,
            "BAKEN_KEYS": str(self.running.keys_folder),
            "BAKEN_BACKUPS": str(self.running.keys_folder.parent / "backups"),
            "BAKEN_PORT": str(self.port),
            "BAKEN_WORKER": "off",  # takes no part in this, and is killed in tests of its own
        }
        self.process = FORKS.Process(target=serve, args=(environment, self.log))
        self.process.start()
        while not self._answers():
            assert self.process.is_alive(), self.log.read_text()
            assert time.monotonic() - began < STARTED_WITHIN, self.log.read_text()
            time.sleep(0.02)
        self.starts.append(time.monotonic() - began)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.join()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2):
                return True
        except OSError:
            return False


@dataclass
class Journal:
    """What was acknowledged, by code; a repetition has to be acknowledged with the same receipt."""

    receipts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    repeated: int = 0
    killed_under_load: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, code: str, answer: Answer, *, is_repetition: bool) -> bool:
        with self.lock:
            self.repeated += is_repetition
            if answer.status == 503:
                return False
            if answer.status != 200 or not answer.receipt:
                self.faults.append(f"{code}: {answer.status}")
                return True
            before = self.receipts.setdefault(code, answer.receipt)
            if before != answer.receipt:
                self.faults.append(f"{code}: {before} became {answer.receipt}")
            return True


def answer_until_acknowledged(
    respondent: Respondent, codes: Callable[[], str | None], journal: Journal, gone: threading.Event
) -> None:
    """Take code after code; the same answers again until they are acknowledged."""
    number = 0
    while (code := codes()) is not None:
        number += 1
        fields = {**all_answers(number), "code": code, "lang": "nl", "comment": "Meer tijd."}
        tries = 0
        while not gone.is_set():
            tries += 1
            try:
                answer = respondent.post("/answers", fields)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)  # a server that starts needs the machine for itself
                continue
            if journal.note(code, answer, is_repetition=tries > 1):
                break


def run_kills(running: Campaigning, folder: Path, kills: int) -> tuple[Journal, Server]:
    """Kill the server `kills` times under load; returns after everybody has been answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = Server(running, port, folder / "server.log")
    journal, end, gone, lock = Journal(), threading.Event(), threading.Event(), threading.Lock()
    waiting = iter(running.codes)

    def next_code() -> str | None:
        with lock:
            return None if end.is_set() else next(waiting, None)

    dice = random.Random(kills)
    server.start()
    clients = [
        threading.Thread(
            target=answer_until_acknowledged,
            args=(Respondent(port, running.name), next_code, journal, gone),
        )
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        for _ in range(kills):
            seen = len(journal.receipts)
            while len(journal.receipts) == seen and any(one.is_alive() for one in clients):
                time.sleep(0.001)  # the first new acknowledgement: submissions are under way
            time.sleep(dice.uniform(0, 0.08))
            journal.killed_under_load += all(one.is_alive() for one in clients)
            server.kill()
            server.start()
        end.set()
        for client in clients:
            client.join(60)
        assert not any(client.is_alive() for client in clients)
    finally:
        end.set()
        gone.set()
        server.kill()
        for client in clients:
            client.join(60)
    return journal, server


def check(running: Campaigning, journal: Journal) -> tuple[int, int]:
    """Compare the journal with what the database holds."""
    with running.database.read(running.organisation_id) as session:
        boxes = session.scalars(select(Envelope)).all()
        used = session.scalar(
            select(func.count()).select_from(Code).where(Code.state == CodeState.USED)
        )
        stored = [print_receipt(receipt_hash(envelope.box)) for envelope in boxes]
    acknowledged = set(journal.receipts.values())
    assert journal.faults == []
    assert acknowledged - set(stored) == set(), "acknowledged and lost"
    assert len(stored) == len(set(stored)) == used
    assert set(stored) == acknowledged, "everybody was answered in the end"
    return len(acknowledged), len(stored)


def survive(url: str, folder: Path, kills: int) -> None:
    today = datetime.now(UTC).date()
    running = prepare(
        url,
        folder,
        people=100 + 100 * kills,
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=30),
    )
    try:
        journal, server = run_kills(running, folder, kills)
        acknowledged, stored = check(running, journal)
        assert journal.killed_under_load == kills, "there were too few people for so many kills"
    finally:
        running.database.dispose()
    log = server.log.read_text()
    assert not [code for code in running.codes if code in log]
    sys.stdout.write(
        f"{kills} kills: {acknowledged} acknowledged, {stored} stored, 0 lost, 0 doubled, "
        f"{journal.repeated} sent again, ready after {max(server.starts):.1f} s at most\n"
    )


@pytest.mark.sqlite
def test_kills_during_submissions_lose_and_double_nothing_on_sqlite(
    sqlite_url: str, tmp_path: Path
) -> None:
    survive(sqlite_url, tmp_path, KILLS)


@pytest.mark.postgresql
def test_kills_during_submissions_lose_and_double_nothing_on_postgresql(
    postgresql_url: str, tmp_path: Path
) -> None:
    survive(postgresql_url, tmp_path, max(2, KILLS // 4))
