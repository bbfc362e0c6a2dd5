"""What results are compared with: REFERENCE.csv, and the results of an earlier survey."""

import json
from pathlib import Path
from typing import Any, Final, NoReturn

from baken.analysis.errors import AnalysisError
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.references.reference import ScaleReference, check_reference
from baken.instruments.definition import Instrument

from .errors import UnreadableTable
from .tables import open_table

COLUMNS: Final = ("scale", "mean", "sd", "n", "source", "year", "population", "format")


def read_references(path: Path, instrument: Instrument) -> list[ScaleReference]:
    """Read one reference a row; every row must fit the instrument."""
    found: dict[str, ScaleReference] = {}
    with open_table(path) as table:
        places = table.required(COLUMNS)
        for chunk in table:
            for row_number, row in zip(chunk.numbers, chunk.rows, strict=True):
                cells = dict(zip(COLUMNS, (row[place].strip() for place in places), strict=True))
                reference = _reference(path, row_number, cells)
                if reference.scale in found:
                    _refuse(path, row_number, f"{reference.scale} stands in the file already")
                try:
                    check_reference(reference, instrument)
                except AnalysisError as error:
                    _refuse(path, row_number, str(error).rstrip("."))
                found[reference.scale] = reference
    if not found:
        _refuse(path, 2, "there is no reference")
    return list(found.values())


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


def _reference(path: Path, row: int, cells: dict[str, str]) -> ScaleReference:
    figures = Reference(
        _number(path, row, "mean", cells["mean"]),
        _number(path, row, "sd", cells["sd"]),
        _whole(path, row, "n", cells["n"]) if cells["n"] else None,
    )
    return ScaleReference(
        scale=cells["scale"],
        figures=figures,
        source=cells["source"],
        year=_whole(path, row, "year", cells["year"]),
        population=cells["population"],
        format=cells["format"].replace("–", "-").replace(" ", ""),
    )


def _number(path: Path, row: int, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        _refuse(path, row, f"{column} “{text}” is not a number with a decimal point")
    return value


def _whole(path: Path, row: int, column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        _refuse(path, row, f"{column} “{text}” is not a whole number")
    return int(text)


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
