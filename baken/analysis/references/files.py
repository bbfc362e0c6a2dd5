"""A file with references as somebody sends it: CSV or workbook, and an empty one to fill in."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from baken.analysis.errors import UnusableReference
from baken.analysis.references.reference import answers_of
from baken.analysis.references.rows import COLUMNS, Cells, ReadRows, check_columns, read_rows
from baken.instruments.definition import Instrument
from baken.storage.workbooks import is_workbook, open_rows, plain_cell, text_of, write_csv

MOST_ROWS: Final = 2_000
MOST_BYTES: Final = 1024 * 1024
_LONGEST: Final = 400
_SEPARATORS: Final = ",;\t"

Table = Sequence[Sequence[str]]


def read_file(content: bytes, instrument: Instrument, *, this_year: int) -> ReadRows:
    """Read the references of a questionnaire from a file.

    Raises
    ------
    UnusableReference, UnsafeFile
        The file as a whole cannot be read, with the sentence that says what to do.
    """
    table = _read_workbook(content) if is_workbook(content) else _read_csv(content)
    header = [cell.strip() for cell in table[0]] if table else []
    check_columns(header)
    if len(table) - 1 > MOST_ROWS:
        raise UnusableReference(
            "analysis.reference_rows",
            "The file has {n} rows; at most {limit} can be read at once. Split it.",
            n=len(table) - 1,
            limit=MOST_ROWS,
        )
    return read_rows(_cells(table, header), instrument, this_year=this_year)


def empty_file(instrument: Instrument) -> bytes:
    """Write a file with a row for every scale, and nothing in it but scale and answers."""
    rows = [
        [scale.key, "", "", "", "", "", "", answers_of(instrument, scale.key)]
        for scale in instrument.scales
    ]
    return write_csv([list(COLUMNS), *rows], delimiter=";")


def _cells(table: Table, header: Sequence[str]) -> Iterator[tuple[int, Cells]]:
    """Return the rows that say something; a scale of the empty file may stay without figures."""
    places = {column: header.index(column) for column in COLUMNS}
    for number, row in enumerate(table[1:], start=2):
        cells = {
            column: _printable(row[place]) if place < len(row) else ""
            for column, place in places.items()
        }
        if any(cells[column] for column in COLUMNS if column not in {"scale", "format"}):
            yield number, cells


def _printable(cell: str) -> str:
    """Return a cell without signs that nobody can see, and not longer than a refusal can repeat."""
    shown = "".join(sign if sign.isprintable() else " " for sign in cell[:_LONGEST])
    return shown.strip()


def _read_workbook(content: bytes) -> Table:
    return [[text_of(cell) for cell in row] for row in open_rows(content, max_rows=10 * MOST_ROWS)]


def _read_csv(content: bytes) -> Table:
    if len(content) > MOST_BYTES:
        raise UnusableReference(
            "analysis.reference_large",
            "The file is larger than {limit} MiB. Choose the file with references.",
            limit=MOST_BYTES // 1024 // 1024,
        )
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text() from error
    if "\0" in said:
        raise _no_text()
    header = said.partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    try:
        table = list(csv.reader(io.StringIO(said, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _no_text() from error
    return [[plain_cell(cell) for cell in row] for row in table]


def _no_text() -> UnusableReference:
    return UnusableReference(
        "analysis.reference_no_text",
        "This file cannot be read as a table. Save it as “CSV UTF-8” or as a workbook (.xlsx), and "
        "look for a quotation mark that is not closed.",
    )
