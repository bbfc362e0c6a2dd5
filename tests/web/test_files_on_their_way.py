"""A large file in a form: it goes to the disk in pieces, encrypted, and leaves no trace there."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from baken.survey.paper.scanning.errors import CannotReadScan
from baken.web import arriving
from baken.web.arriving import Arrival, passing_file

KIND = "multipart/form-data; boundary=xx"
SIZE = 3 * 2**20


async def sent(size: int) -> AsyncIterator[bytes]:
    """A form with one field and one file, in pieces of 64 KiB."""
    yield b'--xx\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nt\r\n--xx\r\n'
    yield b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    for _ in range(size // 2**16):
        yield b"z" * 2**16
    yield b"\r\n--xx--\r\n"


async def begun(size: int = SIZE) -> Arrival:
    return await Arrival.begin(sent(size), KIND)


def test_a_file_is_written_whole_and_gone_afterwards() -> None:
    async def act() -> tuple[bytes | None, bytes, Path]:
        arrival = await begun()
        assert (arrival.form.get("csrf"), arrival.has_file) == ("t", True)
        async with passing_file() as sealed:
            with sealed.open("wb") as file:
                digest = await arrival.save(file, SIZE)
            assert b"z" * 16 not in sealed.path.read_bytes()
            with sealed.open() as file:
                return digest, file.read(), sealed.path

    digest, content, path = anyio.run(act)
    assert content == b"z" * SIZE
    assert digest == hashlib.sha256(content).digest()
    assert not path.parent.exists()


CANARY = b"%PDF-1.7 canary of a page "
# Takes a scan as the server does, is read to its middle by a reader, and then waits to be killed.
VICTIM = """
import sys, time
from pathlib import Path
from baken.survey.paper.scanning.sealed_files import SealedFile
sealed = SealedFile(Path(sys.argv[1]))
with sealed.open("wb") as file:
    for _ in range(40_000):
        file.write(sys.argv[2].encode())
with sealed.open() as file:
    file.seek(20_000 * len(sys.argv[2]))
    assert file.read(len(sys.argv[2])) == sys.argv[2].encode()
    print("reading", flush=True)
    time.sleep(60)
"""


def test_no_byte_of_a_scan_is_on_the_disk_while_it_is_read_nor_after_a_kill(tmp_path: Path) -> None:
    target = tmp_path / "file"
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(target), CANARY.decode()], stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    with victim.stdout:
        assert victim.stdout.readline() == b"reading\n"
        reading = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(reading) == len(left) == 40_000 * len(CANARY)
    for word in (CANARY, b"canary", b"%PDF"):
        assert word not in reading
        assert word not in left


def test_more_than_allowed_is_not_written_out() -> None:
    async def act() -> bytes | None:
        return await (await begun()).save(io.BytesIO(), SIZE - 1)

    assert anyio.run(act) is None


@pytest.mark.parametrize("kept_free", [0, 2**60], ids=["full", "answers need the rest"])
def test_a_full_disk_is_told_in_words(
    kept_free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "_KEPT_FREE", kept_free)
    disk = tmp_path / "file" if kept_free else Path("/dev/full")

    async def act() -> None:
        with disk.open("wb", buffering=0) as file:
            await (await begun()).save(file, SIZE)  # type: ignore[arg-type]

    with pytest.raises(CannotReadScan) as refused:
        anyio.run(act)
    assert refused.value.key == "scanning.no_room"
    assert not kept_free or disk.stat().st_size == 0


def test_what_a_crash_left_is_cleared_and_what_still_arrives_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving.tempfile, "tempdir", str(tmp_path))
    long_ago = time.time() - 7 * 3600
    for name in ("left", "arriving"):
        folder = tmp_path / f"baken-file-{name}"
        folder.mkdir()
        (folder / "file").write_bytes(b"z")
        os.utime(folder, (long_ago, long_ago))
    left = tmp_path / "baken-file-left" / "file"
    os.utime(left, (long_ago, long_ago))
    # anybody may put a name into a shared folder: it leads nowhere, and stops nobody
    (tmp_path / "baken-file-foreign").symlink_to(tmp_path / "nowhere")

    async def act() -> None:
        async with passing_file():
            pass

    anyio.run(act)
    assert {path.name for path in tmp_path.iterdir()} == {
        "baken-file-arriving",
        "baken-file-foreign",
    }


def test_a_folder_that_goes_while_it_is_looked_at_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "baken-file-going").mkdir()

    def gone(folder: Path) -> float:
        folder.rmdir()
        return folder.stat().st_mtime

    monkeypatch.setattr(arriving, "_last_written", gone)
    arriving.clear_left_behind()
    assert not list(tmp_path.iterdir())
