"""Reading a file in processes of their own: a crash, a hang or a bomb in there ends with them.

They run as the user of the server, with what `confined` leaves them; what they say is checked on
arrival (`messages`).

Two processes share the pages of a file, each with one page in memory. What they hand back is
bounded too: pictures are shown for what is in doubt, and a file of nothing but doubts is refused.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Final

from baken.survey.paper.layout import Layout
from baken.survey.paper.scanning.confined import allow_a_page, confine
from baken.survey.paper.scanning.errors import (
    CannotReadScan,
    doubtful_scan,
    long_scan,
    slow_scan,
)
from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.limits import MAX_PAGES, MOST_PICTURES
from baken.survey.paper.scanning.messages import (
    hear,
    tell_boxes,
    tell_count,
    tell_page,
    tell_refusal,
)
from baken.survey.paper.scanning.patience import Limits, Patience
from baken.survey.paper.scanning.readings import PageReading
from baken.survey.paper.scanning.sources import Source, size_of

FIELD_BYTES: Final = 128 * 1024
"""For the picture of what is written below an open question, where a person types it over."""
Said = Callable[[int, int], None]
"""Told after each page: how many were read, and how many there are, 0 where that is not known."""
_USUAL: Final = Limits()
_PROCESSES: Final = 2
# A second process takes a second to begin: a few pages are read sooner by one.
_SMALL: Final = 4 * 2**20


@dataclass(frozen=True, slots=True)
class FileReading:
    """All pages of a file in their order, and boxes for the gallery."""

    pages: tuple[PageReading, ...]
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process reads: every `of`-th page, from `first` on."""

    source: Source
    layouts: Mapping[str, Layout]
    most_pages: int
    limits: Limits
    field_bytes: int
    first: int
    of: int

    def holds(self, number: int) -> bool:
        return (number - self.first) % self.of == 0


@dataclass(slots=True)
class _Gathered:
    """What came from the processes so far; `total`: pages of the file, 0 while not known."""

    pages: list[PageReading] = field(default_factory=list)
    boxes: Boxes = field(default_factory=Boxes)
    picture_bytes: int = 0
    total: int = 0

    def add(self, page: PageReading) -> None:
        self.pages.append(page)
        self.picture_bytes += page.picture_bytes
        if self.picture_bytes > MOST_PICTURES:
            raise doubtful_scan()


def read_apart(
    source: Source,
    layouts: Mapping[str, Layout],
    *,
    most_pages: int = MAX_PAGES,
    limits: Limits = _USUAL,
    field_bytes: int = FIELD_BYTES,
    said: Said = lambda _read, _total: None,
) -> FileReading:
    """Return what stands in a file; one page at a time is open in each process.

    Raises
    ------
    CannotReadScan
        No scan, locked, damaged, too many pages or doubts, or it went too slowly; nothing was read
        then.
    """
    of = _PROCESSES if size_of(source) > _SMALL else 1
    shares = [
        _Share(source, dict(layouts), most_pages, limits, field_bytes, first, of)
        for first in range(1, of + 1)
    ]
    with _processes(shares) as lines:
        gathered = _gathered(lines, Patience(limits, time.monotonic()), most_pages, said)
    pages = sorted(gathered.pages, key=lambda page: page.number)
    return FileReading(tuple(pages), gathered.boxes)


@contextmanager
def _processes(shares: list[_Share]) -> Iterator[list[Connection]]:
    spawn = multiprocessing.get_context("spawn")
    running, lines = [], []
    try:
        for share in shares:
            here, there = spawn.Pipe(duplex=False)
            # it ends with the server
            process = spawn.Process(target=_read, args=(share, there), daemon=True)
            process.start()
            there.close()
            running.append(process)
            lines.append(here)
        yield lines
    finally:
        for process in running:
            process.kill()
            process.join()
            process.close()
        for here in lines:
            here.close()


def _gathered(
    lines: list[Connection], patience: Patience, most_pages: int, said: Said
) -> _Gathered:
    found, open_lines = _Gathered(), list(lines)
    while open_lines:
        left = patience.left(open_lines, time.monotonic())
        ready = wait(open_lines, left) if left else []
        if not ready:
            raise slow_scan()
        for line in ready:
            told = hear(line, most_pages)  # type: ignore[arg-type]  # only lines were waited for
            patience.hear(line, time.monotonic(), is_page=isinstance(told, PageReading))
            if isinstance(told, PageReading):
                found.add(told)
                said(len(found.pages), found.total)
            elif isinstance(told, int):
                found.total = told
            else:
                found.boxes.merge(told)
                open_lines.remove(line)  # type: ignore[arg-type]
    return found


def _read(share: _Share, there: Connection) -> None:
    # Loaded in this process alone: these speak with libraries for pictures and documents.
    import cv2  # noqa: PLC0415

    from baken.survey.paper.scanning.counting import count_pages  # noqa: PLC0415
    from baken.survey.paper.scanning.files import open_scan  # noqa: PLC0415
    from baken.survey.paper.scanning.pages import Wishes, read_page  # noqa: PLC0415
    from baken.survey.paper.scanning.pictures import picture_of_box  # noqa: PLC0415

    cv2.setNumThreads(1)
    confine(share.limits.most(share.most_pages))
    allow_a_page(share.limits.silence)
    wishes, boxes = Wishes(field_bytes=share.field_bytes, crops=True, glimpse=True), Boxes()
    try:
        if share.first == 1:
            tell_count(there, count_pages(share.source))
        for page in open_scan(share.source, share.holds):
            if page.number > share.most_pages:
                raise long_scan(share.most_pages)
            reading = read_page(page, share.layouts, wishes=wishes)
            boxes.add(reading.crops)
            tell_page(there, replace(reading, crops=()))
            allow_a_page(share.limits.silence)
        tell_boxes(there, boxes.with_pictures(picture_of_box))
    except CannotReadScan as error:
        tell_refusal(there, error)
