"""A form with a large file at its end: the fields are read first, the file goes to disk in pieces.

So nobody's file touches the disk before the guard has seen who sends it and the token of the form.
On the disk the file is encrypted with a key that is in memory alone: what a crash leaves behind
opens no more. It is deleted when the act is over; what is left is cleared away by the next file or
the next night.
"""

import errno
import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from anyio import CancelScope, to_thread
from multipart import (  # type: ignore[import-untyped]  # ships no types
    MultipartError,
    PushMultipartParser,
    parse_options_header,
)

from baken.survey.paper.scanning.errors import no_room_for_scan
from baken.survey.paper.scanning.sealed_files import SealedFile
from baken.web.body import FORM_LIMIT, Form, gathered, read, unreadable

_PREFIX: Final = "baken-file-"
# A file waits for those before it, and one of 1,000 pages may take 40 minutes.
_LEFT_BEHIND: Final = 6 * 3600.0
_MOST_PARTS: Final = 16
_PIECE: Final = 1024 * 1024
# Kept free on the disk of the files: answers that come in meanwhile may lie on the same one.
_KEPT_FREE: Final = 256 * 2**20


class Arrival:
    """A form whose file is still on its way; `form` has the fields that came before it.

    `name` is what the sender calls the file, empty without one; it never becomes a path.
    """

    def __init__(self, form: Form, events: AsyncIterator[Any] | None, name: str = "") -> None:
        self.form = form
        self.name = name
        self._events = events

    @classmethod
    async def begin(cls, pieces: AsyncIterator[bytes], content_type: str) -> "Arrival":
        """Read up to the file; raise `UnreadableForm` for what no browser sends.

        A form without a file is read as any other.
        """
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or not options.get("boundary"):
            return cls(read(await _whole(pieces), content_type), None)
        events = _events(pieces, options["boundary"])
        pairs: list[tuple[str, str]] = []
        name, value = "", b""
        async for event in events:
            if event is None:
                pairs.append((name, _text(value)))
            elif isinstance(event, bytes | bytearray):
                value += event
                _check_fields(len(value))
            elif event.filename:
                return cls(Form(gathered(pairs)), events, event.filename)
            else:
                name, value = event.name, b""
        return cls(Form(gathered(pairs)), None)

    @property
    def has_file(self) -> bool:
        """Whether a file follows."""
        return self._events is not None

    async def save(self, file: BinaryIO, most: int) -> bytes | None:
        """Write the file out; return its SHA-256, or None when it has more than `most` bytes.

        One piece of it is in memory. Others are served while a piece goes to the disk.
        """
        digest, size, piece = hashlib.sha256(), 0, bytearray()
        if self._events is None:
            return digest.digest()
        async for event in self._events:
            if event is None:
                break
            size += len(event)
            if size > most:
                return None
            piece += event
            if len(piece) >= _PIECE:
                await to_thread.run_sync(_put, file, digest.update, bytes(piece))
                piece.clear()
        await to_thread.run_sync(_put, file, digest.update, bytes(piece))
        return digest.digest()


@asynccontextmanager
async def passing_file() -> AsyncIterator[SealedFile]:
    """Give a sealed file that is gone, with its key, when the block ends."""
    await to_thread.run_sync(clear_left_behind)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # for this user alone
    try:
        yield SealedFile(folder / "file")
    finally:
        with CancelScope(shield=True):  # whoever sent it may have gone away
            await to_thread.run_sync(_delete, folder)


def _put(file: BinaryIO, note: Callable[[bytes], None], piece: bytes) -> None:
    note(piece)
    _check_room(file)
    try:
        file.write(piece)
        file.flush()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise no_room_for_scan() from error
        raise


def _check_room(file: BinaryIO) -> None:
    try:
        disk = os.fstatvfs(file.fileno())
    except io.UnsupportedOperation:
        return  # in memory
    if disk.f_bavail * disk.f_frsize < _KEPT_FREE:
        raise no_room_for_scan()


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def clear_left_behind() -> None:
    """Delete what a crash left. What goes away meanwhile was deleted by whoever it belonged to."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):
            is_ours = not folder.is_symlink() and folder.stat().st_uid == os.getuid()
            if is_ours and time.time() - _last_written(folder) > _LEFT_BEHIND:
                _delete(folder)


def _last_written(folder: Path) -> float:
    """When something last came: a large file on a slow line takes more than an hour."""
    return max(path.stat().st_mtime for path in (folder, *folder.glob("*")))


async def _events(pieces: AsyncIterator[bytes], boundary: str) -> AsyncIterator[Any]:
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, strict=True) as parser:
            async for piece in pieces:
                if piece:
                    for event in parser.parse(piece):
                        yield event
    except (MultipartError, UnicodeDecodeError):
        raise unreadable() from None


async def _whole(pieces: AsyncIterator[bytes]) -> bytes:
    body = b""
    async for piece in pieces:
        body += piece
        _check_fields(len(body))
    return body


def _check_fields(size: int) -> None:
    if size > FORM_LIMIT:
        raise unreadable()


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise unreadable() from None
