"""A table read by column: the different texts of each, and which of them stands in each row.

Answers are a million times the same few texts. They are looked up once per text, not once per
cell; a regular CSV file is split by the block (`csv_cells`), anything else row by row as `tables`
does it. Both ways find the same cells, the same row numbers and the same faults.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from typing import BinaryIO, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .csv_cells import EMPTY, LONG, LONGEST, Cells, split
from .layout import Layout
from .table import Table, chunks_of, refuse_damaged

BLOCK: Final = 1 << 21
"""Bytes that are in memory at a time."""

Hears = Callable[[int], None]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of some rows: `texts[which[i]]` stands in row i; every text stands somewhere."""

    texts: Sequence[str]
    which: NDArray[np.intp]

    def first_rows(self) -> NDArray[np.intp]:
        """Return for each text the first of the rows in which it stands."""
        first = np.zeros(len(self.texts), dtype=np.intp)
        # of several values for one place the last one stays
        first[self.which[::-1]] = np.arange(len(self.which))[::-1]
        return first

    def times(self) -> NDArray[np.intp]:
        """Return for each text in how many rows it stands."""
        return np.bincount(self.which, minlength=len(self.texts))


class Piece(Protocol):
    """Some rows of a table."""

    @property
    def numbers(self) -> Numbers:
        """Number of each row, as a spreadsheet shows it."""

    def column(self, place: int) -> Column:
        """Return one column."""


def in_columns(table: Table, on_bytes: Hears | None = None) -> Iterator[Piece]:
    """Read an open table by column; `on_bytes` hears how many bytes have been read."""
    if table.layout is not None:
        with table.path.open("rb") as file:
            if _skip_header(file, table.header_lines):
                yield from _Reader(table, table.layout, file, on_bytes).pieces()
                return
    for chunk in table:
        yield _Rows(chunk.numbers, chunk.rows)


def _skip_header(file: BinaryIO, n_lines: int) -> bool:
    """Go to where the rows begin; False when lines do not end as they do today."""
    head = [file.readline(BLOCK) for _ in range(n_lines)]
    return all(line.endswith(b"\n") and b"\r" not in line[:-2] for line in head)


@dataclass(slots=True)
class _Reader:
    """Goes through a CSV file block by block."""

    table: Table
    layout: Layout
    file: BinaryIO
    on_bytes: Hears | None
    number: int = 2  # of the next row; the header is row 1

    def pieces(self) -> Iterator[Piece]:
        begin = self.file.tell()
        for block in _blocks(self.file):
            cells = self._split(block)
            if cells is not None:
                yield _Regular(self.number, block, cells, self.layout.encoding)
                self.number += cells.n_lines
            elif b'"' in block or not block.endswith(b"\n"):
                # where a row ends is certain no more: it may be that of the next block
                self.file.seek(begin)
                yield from self._row_by_row(self.file)
                return
            else:
                yield from self._row_by_row(BytesIO(block))
            begin += len(block)
            if self.on_bytes:
                self.on_bytes(begin)

    def _split(self, block: bytes) -> Cells | None:
        if not block.endswith(b"\n"):
            return None
        if not block.isascii():
            block.decode(self.layout.encoding)  # refused when it is not what the file seemed to be
        n_columns, separator = len(self.table.header), ord(self.layout.separator)
        return split(block, n_columns=n_columns, separator=separator)

    def _row_by_row(self, content: BinaryIO) -> Iterator[Piece]:
        first, path, width = self.number, self.table.path, len(self.table.header)
        with TextIOWrapper(content, encoding=self.layout.encoding, newline="") as text:
            rows = csv.reader(text, delimiter=self.layout.separator, strict=True)
            try:
                for chunk in chunks_of(path, self._counted(rows), width, first=first):
                    yield _Rows(chunk.numbers, chunk.rows)
            except csv.Error as error:
                refuse_damaged(path, self.number, error)

    def _counted(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        for row in rows:
            self.number += 1
            yield row


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Return whole lines, and whatever is left when no end of a line is in sight."""
    held = b""
    while more := file.read(BLOCK):
        held += more
        cut = _last_end(held)
        if cut or len(held) > 2 * BLOCK:
            yield held[: cut or None]
            held = held[cut:] if cut else b""
    if held:
        yield held if held.endswith(b"\n") else held + b"\n"


def _last_end(block: bytes) -> int:
    """Return where the last row ends, that is with all quotation marks closed; 0 when unknown."""
    end = block.rfind(b"\n") + 1
    n_quotes = block.count(b'"', 0, end)
    while n_quotes % 2 and end > len(block) - 2 * LONGEST:
        before = block.rfind(b"\n", 0, end - 1) + 1
        n_quotes -= block.count(b'"', before, end)
        end = before
    return 0 if n_quotes % 2 else end


class _Rows:
    """Rows that were read cell by cell."""

    def __init__(self, numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        self.numbers = np.array(numbers, dtype=np.intp)
        self._columns = list(zip(*rows, strict=True))

    def column(self, place: int) -> Column:
        known: dict[str, int] = {}
        which = [known.setdefault(text, len(known)) for text in self._columns[place]]
        return Column(tuple(known), np.array(which, dtype=np.intp))


class _Regular:
    """Rows whose cells were found all at once."""

    def __init__(self, first: int, block: bytes, cells: Cells, encoding: str) -> None:
        self.numbers = first + cells.lines
        self._block = block
        self._cells = cells
        self._encoding = "utf-8" if encoding.startswith("utf-8") else encoding

    def column(self, place: int) -> Column:
        symbols = self._cells.symbols[place]
        present = np.flatnonzero(np.bincount(symbols, minlength=LONG + 1)).tolist()
        is_long = present[-1:] == [LONG]
        known = {"" if s == EMPTY else chr(s): at for at, s in enumerate(present) if s != LONG}
        rank = np.zeros(LONG + 1, dtype=np.intp)
        rank[present] = np.arange(len(present))
        which = rank[symbols]
        if is_long:
            rows = np.flatnonzero(symbols == LONG)
            which[rows] = self._long(place, rows, known)
        return Column(tuple(known), which)

    def _long(self, place: int, rows: Numbers, known: dict[str, int]) -> list[int]:
        """Look up the cells of more than one byte, and learn their texts."""
        block, met = self._block, dict[bytes, int]()
        starts, ends = self._cells.starts[rows, place], self._cells.ends[rows, place]
        found = [block[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        for cell in dict.fromkeys(found):
            text = cell.decode(self._encoding).replace('""', '"')
            met[cell] = known.setdefault(text, len(known))
        return [met[cell] for cell in found]
