"""A file from a scanner or a phone, page by page.

What a file is follows from its first bytes, never from its name. One page at a time is in memory.
A page that is damaged or far too large becomes a page with a problem, and the pages after it are
still read; only a file that gives no page at all is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from baken.survey.paper.scanning import documents, photographs
from baken.survey.paper.scanning.errors import empty_scan, large_scan, long_scan, not_a_scan
from baken.survey.paper.scanning.limits import MAX_MIB, MAX_PAGES
from baken.survey.paper.scanning.readings import Bilevel, Drawn, Picture, Problem
from baken.survey.paper.scanning.sources import Source, size_of

_PDF: Final = b"%PDF-"
_TIFF: Final = (b"II*\0", b"MM\0*")
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# A reader of PDF allows something before the first line; so do some scanners.
_HEAD: Final = 1024


Wanted = Callable[[int], bool]
"""Whether the page of a number is to be read."""


def _all_of_them(number: int) -> bool:
    return number > 0


@dataclass(frozen=True, slots=True, eq=False)
class ScanPage:
    """One page of a file: a picture, or the reason why there is none.

    `number` counts from 1 in the order of the file; `is_drawn`: it has no grain of a scanner;
    `is_bilevel`: the file has black and white alone.
    """

    number: int
    picture: Picture | None
    problem: Problem | None = None
    is_drawn: bool = False
    is_bilevel: bool = False


def open_scan(source: Source, wanted: Wanted = _all_of_them) -> Iterator[ScanPage]:
    """Yield the pages of a file in their order; those not wanted are counted, not unpacked.

    Raises
    ------
    CannotReadScan
        Before the first page: too large, no scan, locked or damaged. After `MAX_PAGES` pages:
        longer than that.
    """
    pictures = _pictures(source, wanted)
    for number, picture in enumerate(pictures, start=1):
        if number > MAX_PAGES:
            raise long_scan(MAX_PAGES)
        if not wanted(number):
            continue
        if isinstance(picture, Problem):
            yield ScanPage(number, None, picture)
        elif isinstance(picture, Drawn):
            yield ScanPage(number, picture.picture, is_drawn=True)
        elif isinstance(picture, Bilevel):
            yield ScanPage(number, picture.picture, is_bilevel=True)
        else:
            yield ScanPage(number, picture)


def _pictures(
    source: Source, wanted: Wanted
) -> Iterator[Picture | Drawn | Bilevel | Problem | None]:
    size = size_of(source)
    if size == 0:
        raise empty_scan()
    if size > MAX_MIB * 2**20:
        raise large_scan(MAX_MIB)
    with source.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith((*_TIFF, _JPEG, _PNG)):
            yield from photographs.read_pictures(file, wanted)
        elif _PDF in head:
            yield from documents.read_pages(file, wanted)
        else:
            raise not_a_scan()
