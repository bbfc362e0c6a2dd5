"""People who answer at the same time, against `baken serve`: what they wait, what it costs.

    .venv/bin/python tests/bench/arrivals.py --people 1000 --seconds 300

Everybody comes at a moment of their own (Poisson), loads the first page with its styles and
scripts, the questionnaire, and sends answers. Nobody waits for anybody else, so a slow server
does not make the load lighter. At the end the envelopes in the database are held against the
receipts that people got. Ends with 1 when an answer is lost or doubled, or a page is an error.
"""

import argparse
import gzip
import http.client
import os
import platform
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, not as a module of the tests

from baken.storage.migrate import migrate  # noqa: E402
from baken.survey.box.models import Envelope  # noqa: E402
from baken.web.pages.access import utc_now  # noqa: E402
from tests.web.respondents import Campaigning, all_answers, prepare  # noqa: E402

LISTED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
RECEIPT = re.compile(r'data-receipt="([^"]+)"')
TICKS = os.sysconf("SC_CLK_TCK")
REACH_MS = 150


@dataclass
class Seen:
    """What all people together met."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, status: int) -> None:
        with self.lock:
            self.waits.setdefault(kind, []).append(seconds)
            if status != 200:
                self.errors.append(f"{kind}: {status}")


@dataclass(frozen=True)
class Visitor:
    """One person with a code and a browser that keeps its connection."""

    port: int
    name: str
    code: str
    number: int
    think: float
    seen: Seen

    def walk(self, rng: random.Random) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            page = self.ask(connection, "first page", "GET", "")
            for file in sorted(set(LISTED.findall(page))):
                self.ask(connection, "file", "GET", file)
            self.rest(rng)
            self.ask(connection, "questionnaire", "POST", "", {"code": self.code, "lang": "nl"})
            self.rest(rng)
            sent = {**all_answers(self.number), "comment": "Meer rust. " * (self.number % 90)}
            page = self.ask(connection, "answers", "POST", "/answers", {**sent, "code": self.code})
            with self.seen.lock:
                self.seen.receipts += RECEIPT.findall(page)
        except OSError as error:
            with self.seen.lock:
                self.seen.errors.append(type(error).__name__)
        finally:
            connection.close()

    def rest(self, rng: random.Random) -> None:
        """Read and answer, much faster than people do: that makes more of them at once."""
        time.sleep(rng.uniform(0, 2 * self.think))

    def ask(
        self,
        connection: http.client.HTTPConnection,
        kind: str,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
    ) -> str:
        address = path if path.startswith("/static/") else f"/s/{self.name}{path}"
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "nl"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        connection.request(method, address, urlencode(fields) if fields else None, headers)
        response = connection.getresponse()
        content = response.read()
        self.seen.note(kind, time.perf_counter() - start, response.status)
        if kind == "file":
            return ""
        is_packed = response.getheader("content-encoding") == "gzip"
        return (gzip.decompress(content) if is_packed else content).decode()


@contextmanager
def served(made: Campaigning, folder: Path) -> Iterator[tuple[int, int]]:
    """`baken serve` as a process of its own; gives its port and its number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "BAKEN_DATABASE_URL": made.url,
        "BAKEN_KEYS": str(made.keys_folder),
        "BAKEN_BACKUPS": str(folder / "backups"),
        "BAKEN_TRANSFERS": str(folder / "transfers"),
        "BAKEN_PORT": str(port),
        "BAKEN_WORKER": "off",
    }
    baken = Path(sys.executable).parent / "baken"
    server = subprocess.Popen([baken, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("baken serve did not start.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("baken serve does not answer.")


def processor_seconds(pid: int) -> float:
    """What a process used so far, its own code and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mib(pid: int) -> float:
    """The most memory that a process had so far."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def let_them_come(visitors: list[Visitor], seconds: float, rng: random.Random) -> None:
    """Start everybody at a moment of their own and wait for the last."""
    moments = sorted(rng.uniform(0, seconds) for _ in visitors)
    begun, walking = time.monotonic(), []
    for moment, visitor in zip(moments, visitors, strict=True):
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        own = random.Random(visitor.number)
        walker = threading.Thread(target=visitor.walk, args=(own,))
        walker.start()
        walking.append(walker)
    for walker in walking:
        walker.join()


def report(seen: Seen, n_kept: int, n_people: int) -> bool:
    """Print what was measured; tells whether nothing was lost, doubled or an error."""
    print(f"{'':14}      n   p50 ms   p95 ms   p99 ms   max ms")
    for kind, waits in sorted(seen.waits.items()):
        ordered = sorted(1000 * wait for wait in waits)
        at = [
            ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)
        ]
        print(f"{kind:14} {len(waits):6} " + " ".join(f"{ms:8.1f}" for ms in (*at, ordered[-1])))
    pages = sorted(w for kind, all_of in seen.waits.items() if kind != "file" for w in all_of)
    p95 = 1000 * pages[int(0.95 * len(pages))]
    print(f"p95 of a page: {p95:.1f} ms (to reach: below {REACH_MS})")
    n_lost, n_twice = n_people - n_kept, len(seen.receipts) - len(set(seen.receipts))
    print(f"errors: {len(seen.errors)}, lost: {n_lost}, doubled receipts: {n_twice}")
    for error in sorted(set(seen.errors)):
        print(f"  {error} ({seen.errors.count(error)} times)")
    return not seen.errors and n_lost == 0 and n_twice == 0 and n_kept == len(seen.receipts)


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--people", type=int, default=1_000)
    reader.add_argument("--seconds", type=float, default=300)
    reader.add_argument("--think", type=float, default=2.0, help="seconds between two pages")
    reader.add_argument("--folder", type=Path, help="where the database stands for the while")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        folder = Path(temporary)
        url = f"sqlite:///{folder / 'baken.sqlite'}"
        migrate(url)
        today = utc_now().date()
        made = prepare(
            url,
            folder,
            people=asked.people,
            opens_on=today,
            closes_on=today + timedelta(days=30),
        )
        seen, rng = Seen(), random.Random(2026)
        with served(made, folder) as (port, pid):
            visitors = [
                Visitor(port, made.name, code, number, asked.think, seen)
                for number, code in enumerate(made.codes[: asked.people])
            ]
            before = processor_seconds(pid)
            let_them_come(visitors, asked.seconds, rng)
            used, memory = processor_seconds(pid) - before, memory_mib(pid)
        with made.database.read(made.organisation_id) as session:
            n_kept = len(session.scalars(select(Envelope.tag)).all())
        made.database.dispose()
    print(f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{asked.people} people within {asked.seconds:.0f} s")
    is_good = report(seen, n_kept, asked.people)
    print(f"processor of the server: {1000 * used / asked.people:.1f} ms a person")
    print(f"memory of the server: {memory:.0f} MiB at most")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
