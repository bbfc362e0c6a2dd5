"""What results are compared with: REFERENCE.csv, and the results of an earlier survey."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from baken.analysis.errors import UnusableReference
from baken.analysis.references.reference import ScaleReference
from baken.analysis.references.rows import COLUMNS, Cells, read_rows
from baken.instruments.definition import Instrument
from baken.web.commands.analyse.tables.table import Table, open_table
from baken.web.commands.errors import UnreadableTable


def read_references(path: Path, instrument: Instrument) -> list[ScaleReference]:
    """Read one reference a row; every row must fit the instrument, and every fault is named."""
    with open_table(path) as table:
        try:
            found = read_rows(_rows(table), instrument, this_year=datetime.now(UTC).year)
        except UnusableReference:
            _refuse(path, 2, "there is no reference")
    if found.errors:
        raise UnreadableTable(
            "commands.wrong_references",
            "{file}: {faults}. Nothing was written. Correct these rows.",
            file=path.name,
            faults="; ".join(
                f"row {one.row}: {str(one.error).rstrip('.')}" for one in found.errors
            ),
        )
    return list(found.references)


def _rows(table: Table) -> Iterator[tuple[int, Cells]]:
    places = table.required(COLUMNS)
    for chunk in table:
        for number, row in zip(chunk.numbers, chunk.rows, strict=True):
            yield (
                number,
                dict(zip(COLUMNS, (row[place].strip() for place in places), strict=True)),
            )


def read_previous(path: Path) -> dict[str, Any]:
    """Read the `results.json` of an earlier survey."""
    try:
        previous = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        _refuse_previous(path, error)
    needed = ("instrument", "min_group", "protected", "scales", "units", "headcount")
    if not isinstance(previous, dict) or any(key not in previous for key in needed):
        _refuse_previous(path, None)
    return previous


def _refuse(path: Path, row: int, what: str) -> NoReturn:
    raise UnreadableTable(
        "commands.wrong_reference",
        "{file}, row {row}: {what}. Nothing was written. Correct this row.",
        file=path.name,
        row=row,
        what=what,
    )


def _refuse_previous(path: Path, error: Exception | None) -> NoReturn:
    raise UnreadableTable(
        "commands.no_results",
        "{file} is not a results.json of baken analyse{why}. Nothing was written. Choose the file "
        "that an earlier analysis wrote.",
        file=path.name,
        why=f" ({error})" if error else "",
    )
