"""How large a sheet may be: counted as bytes, before anything is built from it.

What is counted is what would take memory or time: rows, cells, texts, tags. A part that counts
differently here than it is read afterwards (another encoding, declarations of its own) is refused.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from typing import Final

from baken.storage.archives import MIB, UnsafeFile, damaged

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 2_000_000
MAX_TEXT: Final = 32_767
"""Characters in a cell: what spreadsheets themselves allow."""

WORKBOOK_PARTS: Final = ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
"""What every workbook has: what kinds of parts there are, which sheets, and where they are."""

# Beside the sheet and its texts there are only small parts: names, formats, colours.
_SMALL_PART: Final = 2 * MIB
# Tags of a cell or text with every formatting there is, and those of a sheet around its cells.
_TAGS_PER_CELL: Final = 24
_TAGS_AROUND: Final = 100_000

_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_STRING: Final = re.compile(rb"<(?:\w+:)?si[\s/>]")
_FAR_ROW: Final = re.compile(rb"""\sr\s*=\s*["'][A-Z]*\d{8}""")
_FAR_COLUMN: Final = re.compile(rb"""\sr\s*=\s*["'][A-Z]{3}""")
_NOT_COMPUTED: Final = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*><f\b[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3}\d{1,7})["']""")
_ENCODING: Final = re.compile(rb"""^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']""")
_KNOWN_ENCODINGS: Final = {b"utf-8", b"us-ascii"}


def check_names(names: Collection[str]) -> None:
    """Refuse a zip file that is no workbook of cells, or one that holds more than cells."""
    if not {*WORKBOOK_PARTS} <= {*names}:
        raise no_workbook()
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise UnsafeFile(
            "storage.workbook_macros",
            "The workbook holds macros. Nothing was changed. "
            "Save it as an Excel workbook without macros (.xlsx).",
        )
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise UnsafeFile(
            "storage.workbook_links",
            "The workbook takes figures from other files. Nothing was changed. Copy the data and "
            "paste it as values into a new workbook.",
        )


def check_part(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a part beside the sheet that is large; there may be none of this name."""
    if name in archive.namelist() and archive.getinfo(name).file_size > _SMALL_PART:
        raise UnsafeFile(
            "storage.workbook_part",
            "The workbook holds more formatting than data. Nothing was changed. "
            "Copy the data and paste it as values into a new workbook.",
        )


def check_sheet(archive: zipfile.ZipFile, part: str, max_rows: int) -> None:
    """Count what stands in a sheet."""
    n_rows = n_cells = n_tags = 0
    for piece in _pieces(archive, part):
        n_rows += len(_ROW.findall(piece))
        if n_rows > max_rows or _FAR_ROW.search(piece):
            raise too_many_rows(max_rows)
        if _FAR_COLUMN.search(piece):
            raise too_many_columns()
        if found := _NOT_COMPUTED.search(piece):
            raise _not_computed(_place_of(found[0]))
        n_cells += len(_CELL.findall(piece))
        n_tags += piece.count(b"<")
        _check_counts(n_cells, n_tags - 2 * n_rows)


def check_strings(archive: zipfile.ZipFile, part: str) -> None:
    """Count the texts that the cells of a workbook share."""
    n_strings = n_tags = 0
    for piece in _pieces(archive, part):
        n_strings += len(_STRING.findall(piece))
        n_tags += piece.count(b"<")
        _check_counts(n_strings, n_tags)


def _check_counts(n_cells: int, n_tags: int) -> None:
    if n_cells > MAX_CELLS:
        raise UnsafeFile(
            "storage.workbook_cells",
            "The sheet has more than {limit} cells. Nothing was changed. "
            "Keep only the columns that are needed, or split the rows over several files.",
            limit=MAX_CELLS,
        )
    if n_tags > _TAGS_PER_CELL * n_cells + _TAGS_AROUND:
        raise damaged()


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces that end before a row, a cell or a text, never inside one."""
    kept = b""
    with archive.open(part) as source:
        while chunk := source.read(MIB):
            _check_tongue(kept, chunk)
            kept += chunk
            cut = max(kept.rfind(sign) for sign in (b"<c ", b"<row", b"<si"))
            if cut <= 0 or len(kept) - cut > MIB:
                cut = max(0, kept.rfind(b"<"))
            if len(kept) - cut > MIB:
                raise too_long_text()
            yield kept[:cut]
            kept = kept[cut:]
    yield kept


def _check_tongue(before: bytes, chunk: bytes) -> None:
    """Refuse what would be read in another way than it was counted: only plain XML in UTF-8."""
    given = _ENCODING.search(chunk[:400]) if not before else None
    if given and given[1].lower() not in _KNOWN_ENCODINGS:
        raise damaged()
    seam = before[-16:] + chunk
    if b"\0" in chunk or b"<!DOCTYPE" in seam or b"<!ENTITY" in seam:
        raise damaged()


def no_workbook() -> UnsafeFile:
    """What to say of a file that is something else."""
    return UnsafeFile(
        "storage.no_workbook",
        "This is not an Excel workbook (.xlsx), whatever its name says. Nothing was changed. "
        "Save the table as .xlsx or as CSV (UTF-8) and choose that file.",
    )


def too_many_rows(limit: int) -> UnsafeFile:
    """What to say of a sheet that is too long."""
    return UnsafeFile(
        "storage.workbook_rows",
        "The sheet has more than {limit} rows. Nothing was changed. Split it.",
        limit=limit,
    )


def too_many_columns() -> UnsafeFile:
    """What to say of a sheet that is too wide."""
    return UnsafeFile(
        "storage.workbook_columns",
        "The sheet has more than {limit} columns. Nothing was changed. "
        "Keep only the columns that are needed.",
        limit=MAX_COLUMNS,
    )


def too_long_text() -> UnsafeFile:
    """What to say of a cell that is too long."""
    return UnsafeFile(
        "storage.workbook_text",
        "A cell has more than {limit} characters. Nothing was changed. Shorten it.",
        limit=MAX_TEXT,
    )


def _not_computed(cell: str) -> UnsafeFile:
    return UnsafeFile(
        "storage.workbook_formulas",
        "The workbook holds formulas that were never computed, the first in cell {cell}. Nothing "
        "was changed. Open it in a spreadsheet, save it and choose it again.",
        cell=cell,
    )


def _place_of(cell: bytes) -> str:
    """Where a cell stands, as it says itself; a question mark where it does not."""
    said = _PLACE.search(cell)
    return said[1].decode("ascii") if said else "?"
