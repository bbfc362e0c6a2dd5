"""The command that serves, as a process of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from baken.storage.keys import KeyStore

pytestmark = pytest.mark.sqlite
COMMAND = [sys.executable, "-c", "from baken.web.commands.main import main; main(['serve'])"]


@pytest.fixture
def environment(sqlite_url: str, keys: KeyStore, tmp_path: Path) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        **os.environ,
        "BAKEN_DATABASE_URL": sqlite_url,
        "BAKEN_KEYS": str(keys.folder),
        "BAKEN_BACKUPS": str(tmp_path / "backups"),
        "BAKEN_PORT": str(port),
        "BAKEN_WORKER": "off",  # it has tests of its own
    }


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Baken listens on http://127.0.0.1:")
    yield process
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def ask(environment: dict[str, str], path: str) -> tuple[int, str | None]:
    """Status and Server header; the port is taken before the server is announced."""
    connection = http.client.HTTPConnection("127.0.0.1", int(environment["BAKEN_PORT"]), timeout=20)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("server")
    finally:
        connection.close()


def test_the_server_answers_names_nobody_and_keeps_no_list_of_visits(
    server: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    assert ask(environment, "/log-in?secret=kanarie") == (200, None)
    assert ask(environment, "/kanarie") == (404, None)
    server.send_signal(signal.SIGINT)
    output, _ = server.communicate(timeout=20)
    assert "kanarie" not in output


def test_a_port_in_use_is_one_clear_sentence(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["BAKEN_PORT"])))
        taken.listen()
        ended = subprocess.run(
            COMMAND, env=environment, capture_output=True, text=True, timeout=30, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {environment['BAKEN_PORT']} on 127.0.0.1 is in use")
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_missing_key_folder_is_one_clear_sentence(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ended = subprocess.run(
        COMMAND,
        env={**environment, "BAKEN_KEYS": str(tmp_path / "elsewhere")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("There is no key store in")
    assert ended.stderr.count("\n") == 1
