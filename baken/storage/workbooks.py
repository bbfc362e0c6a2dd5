"""Workbooks and tables: read from strangers without harm, written so that nothing in them runs.

Reading: the archive is looked over first (`archives`), then the sheet is counted as bytes
(`sheet_limits`), and only then does openpyxl get it, cell values alone. Writing: every text is
typed as text, and in a CSV file, where nothing is typed, a cell that a spreadsheet would compute
begins with an apostrophe.
"""

import csv
import io
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any, Final, TypeVar

import xlsxwriter

from baken.storage.archives import MIB, UnsafeFile, damaged, open_archive
from baken.storage.sheet_limits import (
    MAX_ROWS,
    check_names,
    no_workbook,
    too_long_text,
    too_many_rows,
)

T = TypeVar("T")
Cell = str | int | float | bool | date | datetime | time | timedelta | None

MAX_BYTES: Final = 10 * MIB

_ZIP: Final = b"PK\x03\x04"
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPUTED: Final = ("=", "+", "-", "@")
_MEASURED, _NARROWEST, _WIDEST = 200, 9, 60
_NOT_FIRST: Final = ("\t", "\r", "\n", "\0")
# One at a time: the largest permitted workbook takes memory, many at once would take it all.
_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to write; its first row is the header."""

    name: str
    rows: Sequence[Sequence[Cell]]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as a workbook does, of today or of old, whatever the name says."""
    return content.startswith((_ZIP, _OLD_OR_LOCKED))


def open_rows(
    content: bytes, *, max_rows: int = MAX_ROWS, sheet: str | None = None
) -> list[list[Cell]]:
    """Read a sheet of a workbook (XLSX): the first one, or the one of this name.

    Rows are as long as their last filled cell; empty rows between stay as empty lists, so that the
    place in the list is the row of the sheet less one. A formula counts for what it last gave.

    Raises
    ------
    UnsafeFile
        With the sentence to show: what is wrong with the file, the limit, and what to do.
    """
    return _open(content, lambda: _reader().read_sheet(content, max_rows, sheet))


def list_sheets(content: bytes) -> tuple[str, ...]:
    """Return the names of the sheets with cells, in order; raises like `open_rows`."""
    return _open(content, lambda: _reader().read_names(content))


def _reader() -> Any:
    """Load what reads workbooks with the first of them: few processes ever see one."""
    return import_module("baken.storage.workbook_reading")


def _open(content: bytes, read: Callable[[], T]) -> T:
    """Look a workbook over and read it; whatever hostile bytes do, the answer is a sentence."""
    if len(content) > MAX_BYTES:
        raise UnsafeFile(
            "storage.file_large",
            "The file is larger than {limit} MiB. Nothing was changed. Split it.",
            limit=MAX_BYTES // MIB,
        )
    if content.startswith(_OLD_OR_LOCKED):
        raise UnsafeFile(
            "storage.workbook_old",
            "This workbook is of an old kind, or protected by a password. Nothing was changed. "
            "Save it as an Excel workbook (.xlsx) without a password.",
        )
    if not content.startswith(_ZIP):
        raise no_workbook()
    with _reading, open_archive(content) as archive:
        check_names(archive.namelist())
        try:
            return read()
        except UnsafeFile:
            raise
        except Exception as error:  # whatever hostile bytes make two libraries raise
            raise damaged() from error


def text_of(cell: Cell) -> str:
    """A cell as somebody would type it: 12, 12.5, 2026-03-31; nothing for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def write_rows(sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook (XLSX). Every text is typed as text: nothing in it is a formula or a link.

    Raises
    ------
    UnsafeFile
        A text or the table is longer than a spreadsheet can hold; nothing is cut off silently.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # The same rows give the same bytes, whenever they are written.
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        names: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, names))
            page.freeze_panes(1, 0)
            for row, cells in enumerate(sheet.rows):
                for column, cell in enumerate(cells):
                    _write(page, row, column, cell, formats)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width)
    return out.getvalue()


def _widths(sheet: Sheet) -> Iterable[int]:
    """Room for what stands in the first rows of each column, within reason."""
    found: list[int] = []
    for cells in sheet.rows[:_MEASURED]:
        found += [_NARROWEST] * (len(cells) - len(found))
        for column, cell in enumerate(cells):
            letters = len(str(cell)) + 1 if cell is not None else 0
            found[column] = min(max(found[column], letters), _WIDEST)
    return found


def safe_cell(text: str) -> str:
    """A text for a CSV file that no spreadsheet computes; `plain_cell` takes the sign off again."""
    bare = text.lstrip("'")  # a text that begins with the sign itself gets one more
    if bare.startswith(_NOT_FIRST) or bare.lstrip().startswith(_COMPUTED):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """A text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) != text[1:] else text


def write_csv(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",") -> bytes:
    """Write a CSV file (RFC 4180, UTF-8 with the mark that spreadsheets look for)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [safe_cell(cell) if isinstance(cell, str) else text_of(cell) for cell in row]
        )
    return out.getvalue().encode("utf-8-sig")


def _write(page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    head = formats["head"] if row == 0 else None
    if cell is None:
        return
    if isinstance(cell, bool):
        written = page.write_boolean(row, column, cell, head)
    elif isinstance(cell, int | float):
        written = page.write_number(row, column, cell, head)
    elif isinstance(cell, datetime):
        written = page.write_datetime(row, column, cell, formats["moment"])
    elif isinstance(cell, date):
        written = page.write_datetime(row, column, cell, formats["date"])
    else:
        written = page.write_string(row, column, str(cell), head)
    if written == -2:
        raise too_long_text()
    if written != 0:
        raise too_many_rows(1_048_576)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that spreadsheets take: 31 characters, without the signs that mean something."""
    cleaned = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:31].rstrip(" '") or "1"
    number, unique = 1, cleaned
    while unique.casefold() in taken:
        number += 1
        unique = f"{cleaned[:27]} {number}"
    taken.add(unique.casefold())
    return unique
