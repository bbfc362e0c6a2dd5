"""CSV files of strangers: read a piece at a time, refused with the place that is wrong.

A table is comma separated, UTF-8 (a byte order mark is fine), with one header line. Whatever else
comes in gets a sentence that says which file, which row and what to do. Rows are numbered as a
spreadsheet numbers them: the header is row 1.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from .errors import UnreadableTable

CHUNK = 20_000
"""Rows that are in memory at a time."""

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK = b"PK\x03\x04"
OTHER_SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table. `first` is the number of the first row; rows have equal length.

    `numbers` are the row numbers, since empty rows are left out.
    """

    numbers: tuple[int, ...]
    rows: tuple[Sequence[str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An open CSV file with a checked header."""

    path: Path
    header: tuple[str, ...]
    _chunks: Iterator[Chunk]

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
    """Open a CSV file; `on_bytes` hears after every chunk how many bytes have been read."""
    _check_start(path)
    with path.open("rb") as raw:
        rows = csv.reader(TextIOWrapper(raw, encoding="utf-8-sig", newline=""), strict=True)
        try:
            header = _header(path, rows)
            yield Table(path, header, _chunks(path, rows, len(header), on_bytes, raw.tell))
        except UnicodeDecodeError:
            _refuse_encoding(path)
        except csv.Error as error:
            raise UnreadableTable(
                "commands.not_csv",
                "{file} is damaged after row {row} ({reason}). Nothing was written. "
                "Look for a quotation mark that is not closed, and save the file as CSV again.",
                file=path.name,
                row=rows.line_num,
                reason=error,
            ) from error


def _check_start(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UnreadableTable(
            "commands.empty_file", "{file} is empty. Choose another file.", file=path.name
        )
    if start.startswith(UTF_16):
        raise UnreadableTable(
            "commands.utf_16",
            "{file} is saved as UTF-16 (“Unicode text”). Nothing was written. "
            "Save it as “CSV UTF-8 (comma separated)”.",
            file=path.name,
        )
    if start == WORKBOOK:
        raise UnreadableTable(
            "commands.workbook",
            "{file} is a workbook, not a CSV file. Nothing was written. "
            "Open it in the spreadsheet and save it as “CSV UTF-8 (comma separated)”.",
            file=path.name,
        )


def _header(path: Path, rows: Iterator[list[str]]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in next(rows, ()))
    for sign, called in OTHER_SEPARATORS.items():
        if "".join(names).count(sign) >= max(1, len(names)):
            raise UnreadableTable(
                "commands.wrong_separator",
                "The columns of {file} are separated by {called} ({sign!r}), not by a comma. "
                "Nothing was written. Save it as “CSV UTF-8 (comma separated)”.",
                file=path.name,
                called=called,
                sign=sign,
            )
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


def _chunks(
    path: Path,
    rows: Iterator[list[str]],
    width: int,
    on_bytes: Callable[[int], None] | None,
    tell: Callable[[], int],
) -> Iterator[Chunk]:
    numbers: list[int] = []
    kept: list[list[str]] = []
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != width:
            _refuse_width(path, number, len(row), width)
        numbers.append(number)
        kept.append(row)
        if len(kept) == CHUNK:
            yield Chunk(tuple(numbers), tuple(kept))
            numbers, kept = [], []
            if on_bytes:
                on_bytes(tell())
    if kept:
        yield Chunk(tuple(numbers), tuple(kept))
    if on_bytes:
        on_bytes(tell())


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
    """Find the first line that is not UTF-8 and name it."""
    with path.open("rb") as file:
        number = next(n for n, line in enumerate(file, start=1) if not _is_utf_8(line))
    raise UnreadableTable(
        "commands.wrong_encoding",
        "{file}, line {line}, has a character that is not UTF-8. Nothing was written. "
        "Save it as “CSV UTF-8 (comma separated)”.",
        file=path.name,
        line=number,
    ) from None


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _listed(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
