"""HEADCOUNTS.csv: how many people each group of `--group` has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from baken.web.commands.analyse.tables.table import open_table
from baken.web.commands.errors import UnreadableTable

from .odd_values import WHOLE_NUMBER

COLUMNS: Final = ("group", "headcount")


@dataclass(frozen=True, slots=True)
class Headcounts:
    """What came out of a file of headcounts.

    Attributes
    ----------
    people : Mapping[str, int]
        Group to number of people.
    ignored : tuple[str, ...]
        Columns that were not used.
    notes : tuple[str, ...]
        What was taken for granted about the file as a whole.
    """

    people: Mapping[str, int]
    ignored: tuple[str, ...]
    notes: tuple[str, ...]


def read_headcounts(path: Path) -> Headcounts:
    """Read `group,headcount`, one row a group."""
    found: dict[str, int] = {}
    with open_table(path) as table:
        places = table.required(COLUMNS)
        for chunk in table:
            for number, row in zip(chunk.numbers, chunk.rows, strict=True):
                group, headcount = (row[place].strip() for place in places)
                if not group:
                    _refuse(path, number, "group", "the group has no name")
                if group in found:
                    _refuse(path, number, "group", f"{group} stands in the file already")
                if not WHOLE_NUMBER.fullmatch(headcount) or headcount.startswith("-"):
                    _refuse(path, number, "headcount", f"“{headcount}” is no number of people")
                found[group] = int(headcount.split(".", maxsplit=1)[0])
        ignored = tuple(name for name in table.header if name and name not in COLUMNS)
        notes = table.notes
    if not found:
        _refuse(path, 2, "group", "there is no group")
    return Headcounts(found, ignored, notes)


def _refuse(path: Path, number: int, column: str, what: str) -> NoReturn:
    raise UnreadableTable(
        "commands.wrong_headcount",
        "{file}, row {row}, column {column}: {what}. Nothing was written. Correct this row.",
        file=path.name,
        row=number,
        column=column,
        what=what,
    )
