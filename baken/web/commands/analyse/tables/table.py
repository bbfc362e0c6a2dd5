"""Tables of strangers: read a piece at a time, refused with the place that is wrong.

A table is a CSV file as some spreadsheet writes it (`layout`), or the first sheet of a workbook,
with one header line. Whatever else comes in gets a sentence that says which file, which row and
what to do. Rows are numbered as a spreadsheet numbers them: the header is row 1.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from baken.web.commands.errors import UnreadableTable

from .layout import WINDOWS, Layout, layout_of

CHUNK = 20_000
"""Rows that are in memory at a time."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What workbooks of today and of old begin with, whatever their names end with."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table. `first` is the number of the first row; rows have equal length.

    `numbers` are the row numbers, since empty rows are left out.
    """

    numbers: tuple[int, ...]
    rows: tuple[Sequence[str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An open table with a checked header.

    Attributes
    ----------
    notes : tuple[str, ...]
        What was taken for granted about the file as a whole, in sentences.
    layout : Layout or None
        How a CSV file is written; None for a workbook.
    header_lines : int
        Lines of the file before the first row.
    """

    path: Path
    header: tuple[str, ...]
    _chunks: Iterator[Chunk]
    notes: tuple[str, ...] = ()
    layout: Layout | None = None
    header_lines: int = 1

    def __iter__(self) -> Iterator[Chunk]:
        return self._chunks

    def position(self, column: str) -> int | None:
        """Where a column stands; None when there is no such column."""
        return self.header.index(column) if column in self.header else None

    def required(self, columns: Sequence[str]) -> list[int]:
        """Where columns stand, or an error naming those that are missing."""
        missing = [column for column in columns if column not in self.header]
        if missing:
            raise UnreadableTable(
                "commands.missing_columns",
                "{file} lacks {columns}. Nothing was written. Add what is missing, "
                "with exactly these names in the first row.",
                file=self.path.name,
                columns=_listed(missing),
            )
        return [self.header.index(column) for column in columns]


@contextmanager
def open_table(path: Path, on_bytes: Callable[[int], None] | None = None) -> Iterator[Table]:
    """Open a table; `on_bytes` hears after every chunk how many bytes have been read."""
    hears = on_bytes or (lambda _: None)
    if is_workbook(path):
        yield _open_workbook(path, hears)
        return
    layout = layout_of(path)
    with path.open("rb") as raw:
        text = TextIOWrapper(raw, encoding=layout.encoding, newline="")
        rows = csv.reader(text, delimiter=layout.separator, strict=True)
        try:
            for _ in range(1, layout.header_line):
                next(rows, None)
            header = checked_header(path, next(rows, ()))
            header_lines = rows.line_num
            chunks = chunks_of(path, rows, len(header), on_chunk=lambda: hears(raw.tell()))
            yield Table(path, header, chunks, tuple(_notes(layout)), layout, header_lines)
        except UnicodeDecodeError:
            _refuse_encoding(path)
        except csv.Error as error:
            refuse_damaged(path, rows.line_num, error)


def is_workbook(path: Path) -> bool:
    """Whether a file begins as a workbook does, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4) in WORKBOOKS


def _open_workbook(path: Path, hears: Callable[[int], object]) -> Table:
    # Not imported for a CSV file: the library for workbooks takes longer to load than most
    # analyses last.
    sheet = import_module("baken.web.commands.analyse.tables.workbook").read_first_sheet(path)
    header = checked_header(path, sheet.header)
    chunks = chunks_of(
        path, sheet.rows(len(header)), len(header), on_chunk=lambda: hears(sheet.n_bytes)
    )
    return Table(path, header, chunks, sheet.notes)


def _notes(layout: Layout) -> Iterator[str]:
    if layout.encoding == WINDOWS:
        yield (
            f"line {layout.foreign_line} is not written in UTF-8; the file was read as "
            "Windows-1252. Look whether names with accents are right; if not, save it as “CSV "
            "UTF-8”."
        )


def checked_header(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; refuses a name that two columns have."""
    names = tuple(name.strip() for name in cells)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise UnreadableTable(
            "commands.duplicate_columns",
            "{file} has more than one column called {columns}. Nothing was written. "
            "Keep one of them, or give the other another name.",
            file=path.name,
            columns=_listed(twice),
        )
    return names


def chunks_of(
    path: Path,
    rows: Iterator[list[str]],
    width: int,
    *,
    first: int = 2,
    on_chunk: Callable[[], object] = lambda: None,
) -> Iterator[Chunk]:
    """Put rows together in chunks, empty ones left out; refuses a row of another width.

    `first` is the number of the first row, `on_chunk` is called when one has been read.
    """
    numbers: list[int] = []
    kept: list[list[str]] = []
    for number, row in enumerate(rows, start=first):
        if not any(row):
            continue
        if len(row) != width:
            _refuse_width(path, number, len(row), width)
        numbers.append(number)
        kept.append(row)
        if len(kept) == CHUNK:
            yield Chunk(tuple(numbers), tuple(kept))
            numbers, kept = [], []
            on_chunk()
    if kept:
        yield Chunk(tuple(numbers), tuple(kept))
    on_chunk()


def refuse_damaged(path: Path, row: int, reason: csv.Error) -> NoReturn:
    """Say where a CSV file ends to be one."""
    raise UnreadableTable(
        "commands.not_csv",
        "{file} is damaged after row {row} ({reason}). Nothing was written. "
        "Look for a quotation mark that is not closed, and save the file as CSV again.",
        file=path.name,
        row=row,
        reason=reason,
    ) from reason


def _refuse_width(path: Path, number: int, found: int, width: int) -> NoReturn:
    raise UnreadableTable(
        "commands.row_width",
        "{file}, row {row}, has {found} values where the header has {width} columns. "
        "Nothing was written. A decimal comma (3,5) or a comma in a name must stand between "
        "quotation marks, otherwise everything after it shifts.",
        file=path.name,
        row=number,
        found=found,
        width=width,
    )


def _refuse_encoding(path: Path) -> NoReturn:
    """Find the first line that is neither UTF-8 nor of Windows and name it."""
    with path.open("rb") as file:
        number = next(n for n, line in enumerate(file, start=1) if not _is_of_windows(line))
    raise UnreadableTable(
        "commands.wrong_encoding",
        "{file}, line {line}, has a character that is neither UTF-8 nor Windows-1252. Nothing was "
        "written. Save it as “CSV UTF-8”, or as a workbook (.xlsx).",
        file=path.name,
        line=number,
    ) from None


def _is_of_windows(line: bytes) -> bool:
    try:
        line.decode(WINDOWS)
    except UnicodeDecodeError:
        return False
    return True


def _listed(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
