"""Workbooks and tables: read from strangers without harm, written so that nothing in them runs.

Reading: the archive is looked over first (`archives`), then the sheet is counted as bytes
(`sheet_limits`), and only then does openpyxl get it, cell values alone. Writing: every text is
typed as text, and in a CSV file, where nothing is typed, a cell that a spreadsheet would compute
begins with an apostrophe.
"""

import csv
import io
import math
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar

import xlsxwriter
from openpyxl.reader.excel import ExcelReader, _find_workbook_part  # type: ignore[attr-defined]
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS

from baken.storage.archives import MIB, UnsafeFile, damaged, open_archive
from baken.storage.sheet_limits import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT,
    WORKBOOK_PARTS,
    check_names,
    check_part,
    check_sheet,
    check_strings,
    no_workbook,
    too_long_text,
    too_many_columns,
    too_many_rows,
)

T = TypeVar("T")
Cell = str | int | float | bool | date | datetime | time | timedelta | None

MAX_BYTES: Final = 10 * MIB

_ZIP: Final = b"PK\x03\x04"
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPUTED: Final = ("=", "+", "-", "@")
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
    return _open(content, lambda: _read(content, max_rows, sheet))


def list_sheets(content: bytes) -> tuple[str, ...]:
    """Return the names of the sheets with cells, in order; raises like `open_rows`."""
    return _open(content, lambda: _sheets(content))


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
    return out.getvalue()


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


class _PlainSheet(ReadOnlyWorksheet):
    """A sheet as long as its rows: what the file says about its own size is not believed."""

    def _get_size(self) -> None:
        """Ask nothing: the library would read a sheet that states no size twice."""


def _read(content: bytes, max_rows: int, name: str | None) -> list[list[Cell]]:
    """Read the parts that are needed and no other: no drawings, comments, properties, names."""
    with _reader(content) as (reader, archive):
        links = dict(_links(reader))
        link = links.get(name) if name is not None else next(iter(links.values()), None)
        if link is None:
            raise no_workbook() if name is None else _no_such_sheet(name)
        check_sheet(archive, link.target, max_rows)  # before anything of it is built
        texts: Any = reader.package.find(SHARED_STRINGS)
        if texts is not None:
            check_strings(archive, texts.PartName[1:])
            reader.read_strings()
        apply_stylesheet(archive, reader.wb)
        sheet = _PlainSheet(reader.wb, "1", link.target, reader.shared_strings)
        return _rows(sheet, max_rows)


def _sheets(content: bytes) -> tuple[str, ...]:
    with _reader(content) as (reader, _):
        return tuple(name for name, _ in _links(reader))


@contextmanager
def _reader(content: bytes) -> Iterator[tuple[Any, Any]]:
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    with reader.archive as archive, warnings.catch_warnings():
        # Its warnings quote cells, and would end up in a log.
        warnings.simplefilter("ignore")
        for part in (*WORKBOOK_PARTS, "xl/styles.xml"):
            check_part(archive, part)
        reader.read_manifest()
        if _find_workbook_part(reader.package).PartName != "/xl/workbook.xml":
            raise no_workbook()
        reader.read_workbook()
        yield reader, archive


def _links(reader: Any) -> Iterator[tuple[str, Any]]:
    """The sheets that hold cells; a sheet may also be a chart."""
    for sheet, link in reader.parser.find_sheets():
        if link.Type.endswith("/worksheet"):
            yield sheet.name, link


def _no_such_sheet(name: str) -> UnsafeFile:
    return UnsafeFile(
        "storage.workbook_no_sheet",
        "The workbook has no sheet called {name}. Nothing was changed. Choose one of its sheets.",
        name=name,
    )


def _rows(sheet: Any, max_rows: int) -> list[list[Cell]]:
    rows = []
    for values in sheet.iter_rows(max_row=max_rows + 1, values_only=True):
        rows.append(_trimmed(values))
        if len(rows) > max_rows:
            raise too_many_rows(max_rows)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(values: Sequence[Any]) -> list[Cell]:
    row = list(values)
    while row and row[-1] is None:
        row.pop()
    if len(row) > MAX_COLUMNS:
        raise too_many_columns()
    for value in row:
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise too_long_text()
        if isinstance(value, float) and not math.isfinite(value):
            raise damaged()
    return row


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
