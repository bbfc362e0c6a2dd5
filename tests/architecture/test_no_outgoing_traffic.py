"""The watch over outgoing connections works: it hears, stops and fails the test."""

import contextlib
import socket
from collections.abc import Callable

import pytest

from tests import outgoing
from tests.outgoing import OutgoingTraffic, is_here


def connect() -> None:
    with socket.socket() as out:
        out.settimeout(1)
        out.connect(("192.0.2.1", 80))


def connect_by_ipv6() -> None:
    with socket.socket(socket.AF_INET6) as out:
        out.connect(("2001:db8::1", 80))


def send_a_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"x", ("192.0.2.1", 53))


def ask_a_name() -> None:
    socket.getaddrinfo("elders.example", 443)


def ask_a_name_the_old_way() -> None:
    socket.gethostbyname("elders.example")


def ask_while_failures_are_swallowed() -> None:
    with contextlib.suppress(Exception):  # the kind of code that must not hide it
        ask_a_name()


@pytest.mark.parametrize(
    "act",
    [
        connect,
        connect_by_ipv6,
        send_a_datagram,
        ask_a_name,
        ask_a_name_the_old_way,
        ask_while_failures_are_swallowed,
    ],
)
def test_whoever_goes_elsewhere_is_stopped_and_remembered(act: Callable[[], None]) -> None:
    with pytest.raises(OutgoingTraffic):
        act()
    assert len(outgoing.seen) == 1
    outgoing.seen.clear()  # otherwise this test itself would fail


def test_a_test_that_went_elsewhere_fails(pytester_like: Callable[[str], str]) -> None:
    said = pytester_like(
        "import socket\n"
        "def test_quiet():\n"
        "    pass\n"
        "def test_leak():\n"
        "    try:\n"
        "        socket.create_connection(('192.0.2.1', 80), 1)\n"
        "    except BaseException:\n"
        "        pass\n"
    )
    assert "1 error" in said
    assert "socket.getaddrinfo: 192.0.2.1" in said or "socket.connect: 192.0.2.1" in said


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), (None, True), ("", True),
     (b"localhost", True), ("0.0.0.0", True), ("::", True), ("fe80::1%eth0", False),
     ("10.0.0.1", False), ("elders.example", False), ("127.0.0.1.elders.example", False)],
)  # fmt: skip
def test_what_is_here(host: object, expected: bool) -> None:
    assert is_here(host) is expected


@pytest.fixture
def pytester_like(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Runs a file of tests in a process of its own, under the conftest of the house."""
    import subprocess  # noqa: PLC0415 - here alone
    import sys  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    house = Path(__file__).parents[2]
    folder = tmp_path_factory.mktemp("inner")

    def run(source: str) -> str:
        (folder / "conftest.py").write_text(
            "from tests.conftest import nothing_leaves_this_machine  # noqa: F401\n"
        )
        (folder / "test_inner.py").write_text(source)
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null",
             "--rootdir", str(folder), str(folder)],
            cwd=house, capture_output=True, text=True, timeout=60, check=False,
            env={"PYTHONPATH": str(house), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        return ended.stdout + ended.stderr

    return run
