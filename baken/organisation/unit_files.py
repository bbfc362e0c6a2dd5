"""Files with units: a CSV file or a workbook as lines of cells, and the tree as a file again.

What is written is read back as it was: numbers of units are text, so that zeros in front stay.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from baken.organisation.errors import Invalid
from baken.organisation.structure.history import UnitKind
from baken.organisation.units import UnitRow
from baken.storage.workbooks import (
    Cell,
    Sheet,
    is_workbook,
    open_rows,
    plain_cell,
    text_of,
    write_csv,
    write_rows,
)

MAX_ROWS: Final = 20_000
MAX_BYTES: Final = 10 * 1024 * 1024
FILE_ORDER: Final = ("number", "name", "parent", "kind", "headcount", "address", "activity")
"""The columns of a file that is written, from left to right."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty; `line` is its place in the file, the first one being 1."""

    line: int
    cells: Sequence[Cell]

    def cell(self, place: int) -> Cell:
        return self.cells[place] if place < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Wording:
    """How a file calls its columns and the kinds of units, in the language of who opens it."""

    sheet: str
    columns: Sequence[str]  # in `FILE_ORDER`
    kinds: Mapping[UnitKind, str]


def read_lines(content: bytes) -> list[Line]:
    """Read a file; the first line is the header.

    Raises
    ------
    Invalid, UnsafeFile
        The file as a whole cannot be read, with the sentence that says what to do.
    """
    rows = _read_workbook(content) if is_workbook(content) else _read_csv(content)
    lines = [Line(at, cells) for at, cells in enumerate(rows, start=1) if _is_filled(cells)]
    if not lines:
        raise Invalid("organisation.import_no_header", "The file is empty; it needs a header line.")
    if len(lines) - 1 > MAX_ROWS:
        raise Invalid(
            "organisation.import_rows",
            "The file has {n} lines; at most {limit} units can be imported at once.",
            n=len(lines) - 1,
            limit=MAX_ROWS,
        )
    return lines


def is_time(cell: Cell) -> bool:
    """Whether a spreadsheet took what was typed for a day or an hour."""
    return isinstance(cell, date | datetime | time | timedelta)


def text(cell: Cell) -> str:
    """A cell as text, without spaces around it."""
    return text_of(cell).strip()


def units_as_csv(rows: Iterable[UnitRow], wording: Wording) -> bytes:
    """Write the tree as CSV, in the form that an import reads back."""
    return write_csv(_table(rows, wording), delimiter=";")


def units_as_workbook(rows: Iterable[UnitRow], wording: Wording) -> bytes:
    """Write the tree as a workbook, in the form that an import reads back."""
    return write_rows([Sheet(wording.sheet, _table(rows, wording))])


def _table(rows: Iterable[UnitRow], wording: Wording) -> list[list[Cell]]:
    known = list(rows)
    numbers = {row.id: row.number for row in known}
    lines: list[list[Cell]] = [list(wording.columns)]
    for row in known:
        parent = numbers[row.parent_id] if row.parent_id else ""
        kind = wording.kinds[row.kind]
        told = [row.number, row.name, parent, kind, row.headcount, row.address, row.activity]
        lines.append([cell if cell != "" else None for cell in told])
    return lines


def _read_workbook(content: bytes) -> Sequence[Sequence[Cell]]:
    # one more than may come in: the sentence about too many lines counts units
    return open_rows(content, max_rows=10 * MAX_ROWS)


def _read_csv(content: bytes) -> Sequence[Sequence[Cell]]:
    if len(content) > MAX_BYTES:
        raise Invalid("organisation.import_large", "The file is larger than 10 MiB; split it.")
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "organisation.import_encoding",
            "The file is not in UTF-8 (it goes wrong at byte {at}). Save it as CSV UTF-8.",
            at=error.start,
        ) from error
    if "\0" in said:
        raise Invalid(
            "organisation.import_binary", "This is not a text file. Save it as CSV UTF-8."
        )
    header = said.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        table = list(csv.reader(io.StringIO(said, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Invalid(
            "organisation.import_not_csv",
            "The file cannot be read as CSV ({why}). Look for a quotation mark that is not closed.",
            why=error,
        ) from error
    return [[plain_cell(cell) for cell in row] for row in table]


def _is_filled(cells: Sequence[Cell]) -> bool:
    return any(text(cell) for cell in cells)
