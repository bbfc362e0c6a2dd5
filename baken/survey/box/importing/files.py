"""A file with one line per person, as columns and lines in memory. Nothing is ever written."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Final

from baken.storage.workbooks import Cell, is_workbook, list_sheets, open_rows, plain_cell, text_of
from baken.survey.errors import CannotImport

MAX_PEOPLE: Final = 100_000
MAX_BYTES: Final = 10 * 1024 * 1024

_LOOKED_AT: Final = 20
_SEPARATORS: Final = ";\t|,"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_WIDE: Final = (("utf-16", "UTF-16"),)
_PLAIN: Final = (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"))
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_SAYS_SEPARATOR: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `place` is 0 for the first one."""

    place: int
    head: str

    @property
    def letters(self) -> str:
        """What a spreadsheet calls it: A, B, ... Z, AA."""
        left, found = self.place, ""
        while left >= 0:
            left, digit = divmod(left, 26)
            found, left = chr(ord("A") + digit) + found, left - 1
        return found

    def __str__(self) -> str:
        return f"{self.letters}: {self.head}" if self.head else self.letters


@dataclass(frozen=True, slots=True)
class Line:
    """What stands about one person; `number` is the row of the file, the first one being 1."""

    number: int
    cells: Sequence[Cell]

    def cell(self, place: int) -> Cell:
        return self.cells[place] if place < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read.

    Attributes
    ----------
    head_row
        Row of the file with the names of the columns.
    shifted
        Rows with more values than there are columns: what they say cannot be trusted.
    encoding
        How the text was read; empty for a workbook.
    sheets
        The sheets of a workbook; the one that was read is `sheet`.
    """

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    head_row: int
    shifted: tuple[int, ...] = ()
    encoding: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def repeated(self) -> tuple[str, ...]:
        """Names that more than one column has."""
        heads = [fold(column.head) for column in self.columns if column.head]
        return tuple(
            column.head
            for place, column in enumerate(self.columns)
            if column.head
            and heads.count(fold(column.head)) > 1
            and fold(column.head) not in {fold(one.head) for one in self.columns[:place]}
        )


def read_table(content: bytes, *, sheet: str = "", head_row: int | None = None) -> Table:
    """Read a CSV file or a sheet of a workbook.

    Parameters
    ----------
    sheet : str
        Name of a sheet; the first one when left out.
    head_row : int, optional
        Row with the names of the columns; the first with two names when left out.

    Raises
    ------
    CannotImport, UnsafeFile
        The file as a whole cannot be read, with the sentence that says what to do.
    """
    if is_workbook(content):
        sheets = list_sheets(content)
        chosen = sheet or next(iter(sheets), "")
        rows = open_rows(content, sheet=chosen)
        found = _table(rows, head_row, is_text=False)
        return Table(found.columns, found.lines, found.head_row, sheet=chosen, sheets=sheets)
    rows, encoding = _read_csv(content)
    found = _table(rows, head_row, is_text=True)
    return Table(found.columns, found.lines, found.head_row, found.shifted, encoding)


def fold(text: str) -> str:
    """A text for comparing: small letters, single spaces."""
    return " ".join(text.casefold().split())


def said(cell: Cell) -> str:
    """A cell as text, without spaces around it."""
    return text_of(cell).strip()


def _table(rows: Sequence[Sequence[Cell]], head_row: int | None, *, is_text: bool) -> Table:
    at = _find_head(rows) if head_row is None else head_row - 1
    if not 0 <= at < len(rows) or not _is_filled(rows[at]):
        raise CannotImport(
            "survey.import_no_header",
            "Row {row} of the file holds no names of columns. Nothing was imported. Say in which "
            "row they stand.",
            row=at + 1,
        )
    heads = [said(cell) for cell in rows[at]]
    below = [(number, row) for number, row in enumerate(rows[at + 1 :], start=at + 2)]
    filled = [(number, row) for number, row in below if _is_filled(row)]
    # A workbook keeps every cell in its column; in a text everything after a stray comma moves.
    width = len(heads) if is_text else max(len(heads), *(len(row) for _, row in filled), 0)
    shifted = [number for number, row in filled if len(_trimmed(row)) > width]
    lines = [Line(number, row) for number, row in filled if number not in {*shifted}]
    if not filled:
        raise CannotImport(
            "survey.import_no_lines",
            "The file has names of columns, but nobody's answers below them. Nothing was imported.",
        )
    if len(filled) > MAX_PEOPLE:
        raise CannotImport(
            "survey.import_many_lines",
            "The file has {n} rows; at most {limit} can be imported at once.",
            n=len(filled),
            limit=MAX_PEOPLE,
        )
    heads += [""] * (width - len(heads))
    columns = tuple(Column(place, head) for place, head in enumerate(heads))
    return Table(columns, tuple(lines), at + 1, tuple(shifted))


def _find_head(rows: Sequence[Sequence[Cell]]) -> int:
    """The first row with at least two cells: above it a title may stand."""
    for at, row in enumerate(rows[:_LOOKED_AT]):
        if sum(bool(said(cell)) for cell in row) >= 2:
            return at
    return 0


def _is_filled(row: Iterable[Cell]) -> bool:
    return any(said(cell) for cell in row)


def _trimmed(row: Sequence[Cell]) -> Sequence[Cell]:
    width = len(row)
    while width and not said(row[width - 1]):
        width -= 1
    return row[:width]


def _read_csv(content: bytes) -> tuple[list[list[Cell]], str]:
    if len(content) > MAX_BYTES:
        raise CannotImport(
            "survey.import_large", "The file is larger than 10 MiB. Nothing was imported. Split it."
        )
    text, encoding = _decode(content)
    text, separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise CannotImport(
            "survey.import_not_csv",
            "The file cannot be read as CSV ({why}). Nothing was imported. Look for a quotation "
            "mark that is not closed, and save the file again.",
            why=error,
        ) from error
    return [[plain_cell(cell) for cell in row] for row in rows], encoding


def _decode(content: bytes) -> tuple[str, str]:
    for encoding, name in _WIDE if content.startswith(_UTF_16) else _PLAIN:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name
    raise CannotImport(
        "survey.import_not_text",
        "This is no text file and no workbook. Nothing was imported. Save it as an Excel workbook "
        "(.xlsx) or as CSV UTF-8.",
    )


def _separator(text: str) -> tuple[str, str]:
    """What parts the columns: what the file says itself, or the sign that returns in every row.

    Commas in a title or in decimal numbers are fewer than the separators of an ordinary row.
    """
    first, newline, rest = text.partition("\n")
    stated = _SAYS_SEPARATOR.fullmatch(first.strip('" \r\t'))
    if stated:
        return f"{newline}{rest}", stated[1]
    lines = [_QUOTED.sub("", line) for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    if not lines:
        raise CannotImport("survey.import_empty", "The file is empty. Choose another file.")
    return text, max(_SEPARATORS, key=lambda sign: median_low(line.count(sign) for line in lines))
