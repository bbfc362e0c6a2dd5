"""How a CSV file is written: found out before a row of it is read.

Spreadsheets write what they call CSV with the separator of the country and, when they are older,
in the characters of Windows. Both are read as they are. The whole file is looked at once, in
pieces: one accent far below decides how all of it is read.
"""

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from baken.web.commands.errors import UnreadableTable

PIECE: Final = 1 << 20
SEPARATORS: Final = ",;\t|"
UTF_8: Final = "utf-8-sig"
WINDOWS: Final = "cp1252"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
FIRST_LINE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Layout:
    """What a reader has to know beforehand.

    Attributes
    ----------
    encoding : str
        `UTF_8` or `WINDOWS`.
    separator : str
        One of `SEPARATORS`.
    header_line : int
        Line of the column names: 2 when the first line only says which sign separates, else 1.
    foreign_line : int or None
        The first line that is not UTF-8, None when all of them are.
    """

    encoding: str
    separator: str
    header_line: int
    foreign_line: int | None


def layout_of(path: Path) -> Layout:
    """Look a file over; refuses what is empty, no text, or text in two bytes a character."""
    with path.open("rb") as file:
        start = file.read(FIRST_LINE)
        _check_start(path, start)
        file.seek(0)
        foreign = _first_foreign_line(path, file)
    encoding = UTF_8 if foreign is None else WINDOWS
    lines = start.decode(encoding, errors="replace").splitlines()
    first = lines[0] if lines else ""
    stated = first.lower().strip('"').startswith("sep=") and len(first.strip('"')) == 5
    if stated and first.strip('"')[4] in SEPARATORS:
        return Layout(encoding, first.strip('"')[4], 2, foreign)
    return Layout(encoding, _separator(first), 1, foreign)


def _separator(header: str) -> str:
    """Return the sign that parts most names; a comma among equals."""
    return max(SEPARATORS, key=lambda sign: len(next(csv.reader([header], delimiter=sign), ())))


def _check_start(path: Path, start: bytes) -> None:
    if not start:
        raise UnreadableTable(
            "commands.empty_file", "{file} is empty. Choose another file.", file=path.name
        )
    if start.startswith(UTF_16):
        raise UnreadableTable(
            "commands.utf_16",
            "{file} is saved as UTF-16 (“Unicode text”). Nothing was written. "
            "Save it as “CSV UTF-8”, or as a workbook (.xlsx).",
            file=path.name,
        )


def _first_foreign_line(path: Path, file: BinaryIO) -> int | None:
    """Return the first line that is not UTF-8; refuses bytes that no text has."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    foreign, line, pending = None, 1, False
    while piece := file.read(PIECE):
        if b"\0" in piece:
            _refuse_no_text(path, line + piece[: piece.index(b"\0")].count(b"\n"))
        if foreign is None and (pending or not piece.isascii()):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                # The bytes that were kept from the piece before stand on the line it ended with.
                foreign = line + error.object[: error.start].count(b"\n")
            else:
                pending = bool(decoder.getstate()[0])
        line += piece.count(b"\n")
    return line if foreign is None and pending else foreign


def _refuse_no_text(path: Path, line: int) -> None:
    raise UnreadableTable(
        "commands.no_text",
        "{file} is not a text file: line {line} holds a byte that no text has. Nothing was "
        "written. Choose the file of answers, saved as CSV UTF-8 or as a workbook (.xlsx).",
        file=path.name,
        line=line,
    )
