"""What a process that reads pages says to the one that asked: values only, checked on arrival.

It may have been taken over by the file that it reads. So nothing it says is ever run or looked up:
each message is a letter and MessagePack of known types, no longer than allowed, and why a file
cannot be read is one word of a list.
"""

from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Annotated, Final

import msgspec

from baken.survey.paper.scanning.errors import (
    CannotReadScan,
    damaged_scan,
    empty_scan,
    large_scan,
    locked_scan,
    long_scan,
    not_a_scan,
)
from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.limits import MAX_MIB, MOST_PICTURES
from baken.survey.paper.scanning.readings import BoxCrop, BoxState, PageReading

_PAGE: Final = b"P"
_BOXES: Final = b"B"
_REFUSAL: Final = b"R"
_COUNT: Final = b"N"
_SLACK: Final = 2**20
_MOST_COUNTED: Final = 10_000_000

_REFUSALS: Final[dict[str, Callable[[int], CannotReadScan]]] = {
    "scanning.not_a_scan": lambda _: not_a_scan(),
    "scanning.empty": lambda _: empty_scan(),
    "scanning.locked": lambda _: locked_scan(),
    "scanning.damaged": lambda _: damaged_scan(),
    "scanning.too_large": lambda _: large_scan(MAX_MIB),
    "scanning.too_long": long_scan,
}


class _Seen(msgspec.Struct, frozen=True):
    """The boxes of a gallery: how many of each state, and those that are kept."""

    counts: dict[BoxState, int]
    kept: dict[BoxState, list[BoxCrop]]


_pages: Final = msgspec.msgpack.Decoder(PageReading)
_boxes: Final = msgspec.msgpack.Decoder(_Seen)
_words: Final = msgspec.msgpack.Decoder(str)
_counts: Final[msgspec.msgpack.Decoder[int]] = msgspec.msgpack.Decoder(
    Annotated[int, msgspec.Meta(ge=0, le=_MOST_COUNTED)]
)


def tell_page(line: Connection, page: PageReading) -> None:
    line.send_bytes(_PAGE + msgspec.msgpack.encode(page))


def tell_count(line: Connection, n_pages: int) -> None:
    line.send_bytes(_COUNT + msgspec.msgpack.encode(n_pages))


def tell_boxes(line: Connection, boxes: Boxes) -> None:
    seen = _Seen(dict(boxes.counts), boxes.kept)
    line.send_bytes(_BOXES + msgspec.msgpack.encode(seen))


def tell_refusal(line: Connection, error: CannotReadScan) -> None:
    line.send_bytes(_REFUSAL + msgspec.msgpack.encode(error.key))


def hear(line: Connection, most_pages: int) -> PageReading | Boxes | int:
    """Return how many pages there are, the next page, or, last, the boxes of all of them.

    Raises
    ------
    CannotReadScan
        The reader refused the file, died of it, or said something that it never says.
    """
    try:
        told = line.recv_bytes(MOST_PICTURES + _SLACK)
        kind, content = told[:1], told[1:]
        if kind == _PAGE:
            return _pages.decode(content)
        if kind == _COUNT:
            return _counts.decode(content)
        if kind == _BOXES:
            seen = _boxes.decode(content)
            return Boxes(Counter(seen.counts), seen.kept)
        refusal = _REFUSALS[_words.decode(content)]
    except (EOFError, OSError, KeyError, msgspec.MsgspecError):
        raise damaged_scan() from None
    raise refusal(most_pages)
