"""The server itself: slow, endless and broken requests, and what it says of them."""

import asyncio
import select
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn

from baken.web.connections import PatientProtocol, server_options
from baken.web.logs import set_up_logs
from tests.web.hardening.fuzzing import IS_CAMPAIGN

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
N_SLOW = 500 if IS_CAMPAIGN else 100


class Hasty(PatientProtocol):
    head_seconds = 1.0
    body_seconds = 1.5
    steady_bytes = 4_096


@pytest.fixture
def port(website: Any) -> Iterator[int]:
    """The application behind the real server, in a thread; impatient."""
    app = website.app
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(2_048)
    config = uvicorn.Config(app, **{**server_options(), "http": Hasty, "lifespan": "off"})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    listener.close()


def talk(port: int, *pieces: bytes, wait: float = 5) -> bytes:
    """Send pieces and read until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line:
        for piece in pieces:
            line.sendall(piece)
        answer = b""
        while chunk := line.recv(65_536):
            answer += chunk
        return answer


def head_of(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


POST = b"POST /log-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
REFUSED = (
    (b"GARBAGE\r\n\r\n", b"400"),
    (b"\x16\x03\x01\x02\x00\x01\x00", b"400"),
    (b"GET /log-in HTTP/9.9\r\n\r\n", b"400"),
    (b"GET /\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"400"),
    (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"400"),
    (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX", b"400"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000, b"431"),
    (b"GET /" + b"a" * 70_000, b"431"),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 9_000, b"431"),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"408"),
    (b"", b"408"),
    (POST + b"Content-Length: 50\r\n\r\na=1", b"408"),
)


def test_the_server_refuses_by_itself_with_the_headers(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(len(REFUSED)) as pool:
        answers = list(pool.map(lambda one: talk(port, one[0]), REFUSED))
    for (said, status), answer in zip(REFUSED, answers, strict=True):
        assert answer.startswith(b"HTTP/1.1 " + status), said[:60]
        head = head_of(answer)
        assert head["content-security-policy"].startswith("default-src 'none'")
        assert head["x-content-type-options"] == "nosniff"
        assert head["cache-control"] == "no-store"
        assert "server" not in head
    assert "Traceback" not in "".join(capsys.readouterr())


def test_slow_clients_keep_nobody_waiting_and_are_sent_away(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(N_SLOW)]
    try:
        for n, line in enumerate(slow):
            if n % 2:
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            else:
                line.sendall(
                    b"POST /log-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
                    b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
                )
        begun = time.monotonic()
        ask = b"GET /log-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        assert talk(port, ask).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - begun < 2
        closed = 0
        for line in slow:
            line.settimeout(8)
            while line.recv(65_536):
                pass
            closed += 1
        assert closed == N_SLOW
    finally:
        for line in slow:
            line.close()


def test_a_byte_now_and_then_does_not_buy_more_time(port: int) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=8) as line:
        answer = b""
        try:
            for _ in range(60):
                line.sendall(b"G" if not answer else b"")
                time.sleep(0.1)
                line.settimeout(0.01)
                try:
                    answer = line.recv(100)
                except TimeoutError:
                    continue
                break
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(("piece", "status"), [(4_000, b"403"), (10, b"408")])
def test_a_body_may_take_longer_as_long_as_it_keeps_coming(
    port: int, piece: int, status: bytes
) -> None:
    """Twenty pieces in two seconds, where a body has one and a half."""
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    asked = POST + kind + b"Content-Length: %d\r\n\r\n" % (20 * piece)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(asked)
        for n in range(20):
            line.sendall(b"a" * piece if n else b"mail=".ljust(piece, b"a"))
            if select.select([line], [], [], 0.1)[0]:
                break
        assert line.recv(65_536).startswith(b"HTTP/1.1 " + status)


def test_a_body_that_comes_in_one_piece_is_no_head(port: int) -> None:
    """A long comment or a workbook over a fast line, longer than headers may be."""
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    for size in (70_000, 200_000):
        body = b"mail=" + b"a" * size
        asked = POST + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body
        assert talk(port, asked).startswith(b"HTTP/1.1 403"), size


def test_two_requests_on_one_connection_are_both_answered(port: int) -> None:
    ask = b"GET /log-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = ask.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert talk(port, ask, ask, last).count(b"HTTP/1.1 200") == 3


def test_somebody_who_goes_away_in_the_middle_leaves_no_trace(
    port: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    set_up_logs()
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"POST /log-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nkanarie="
        )
        time.sleep(0.2)
    time.sleep(0.5)
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said
    assert "kanarie" not in said
