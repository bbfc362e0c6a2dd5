"""Reading a file in a process of its own: what a hostile file does there ends with that process."""

import multiprocessing
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from baken.survey.paper.layout import Layout
from baken.survey.paper.scanning.errors import CannotReadScan, damaged_scan, long_scan, slow_scan
from baken.survey.paper.scanning.readings import PageReading

MOST_PAGES: Final = 200
SECONDS: Final = 90
"""At some four pages a second; somebody waits for the answer."""

FIELD_BYTES: Final = 128 * 1024


def read_apart(
    path: Path,
    layouts: Mapping[str, Layout],
    *,
    most_pages: int = MOST_PAGES,
    seconds: int = SECONDS,
) -> list[PageReading]:
    """Return all pages of a file in their order; one page at a time is open, elsewhere.

    Raises
    ------
    CannotReadScan
        No scan, locked, damaged, too many pages, or not done in time; nothing was read then.
    """
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    given = (path, dict(layouts), most_pages, there)
    process = spawn.Process(target=_read, args=given, daemon=True)  # it ends with the server
    process.start()
    there.close()
    try:
        return _received(here, seconds)
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()


def _received(here: Connection, seconds: int) -> list[PageReading]:
    until = time.monotonic() + seconds
    found: list[PageReading] = []
    while here.poll(max(0.0, until - time.monotonic())):
        try:
            got = here.recv()
        except EOFError:  # the process died of this file
            raise damaged_scan() from None
        if got is None:
            return found
        if isinstance(got, CannotReadScan):
            raise got
        found.append(got)
    raise slow_scan(seconds)


def _read(path: Path, layouts: dict[str, Layout], most_pages: int, there: Connection) -> None:
    # Loaded in this process alone: these speak with libraries for pictures and documents.
    import cv2  # noqa: PLC0415

    from baken.survey.paper.scanning.files import open_scan  # noqa: PLC0415
    from baken.survey.paper.scanning.pages import Wishes, read_page  # noqa: PLC0415

    cv2.setNumThreads(1)
    wishes = Wishes(field_bytes=FIELD_BYTES)
    try:
        for page in open_scan(path):
            if page.number > most_pages:
                raise long_scan(most_pages)
            there.send(read_page(page, layouts, wishes=wishes))
        there.send(None)
    except CannotReadScan as error:
        there.send(error)
