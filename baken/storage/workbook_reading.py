"""The cells of a workbook (XLSX) that was looked over: values alone, and no more than is allowed.

In a module of its own, loaded with the first workbook: the library for it is large.
"""

import io
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from openpyxl.reader.excel import ExcelReader, _find_workbook_part  # type: ignore[attr-defined]
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS

from baken.storage.archives import UnsafeFile, damaged
from baken.storage.sheet_limits import (
    MAX_COLUMNS,
    MAX_TEXT,
    WORKBOOK_PARTS,
    check_part,
    check_sheet,
    check_strings,
    no_workbook,
    too_long_text,
    too_many_columns,
    too_many_rows,
)


class _PlainSheet(ReadOnlyWorksheet):
    """A sheet as long as its rows: what the file says about its own size is not believed."""

    def _get_size(self) -> None:
        """Ask nothing: the library would read a sheet that states no size twice."""


def read_sheet(content: bytes, max_rows: int, name: str | None) -> list[list[Any]]:
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


def read_names(content: bytes) -> tuple[str, ...]:
    """Return the names of the sheets with cells."""
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


def _rows(sheet: Any, max_rows: int) -> list[list[Any]]:
    rows = []
    for values in sheet.iter_rows(max_row=max_rows + 1, values_only=True):
        rows.append(_trimmed(values))
        if len(rows) > max_rows:
            raise too_many_rows(max_rows)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(values: Sequence[Any]) -> list[Any]:
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
