"""HEADCOUNTS.csv: how many people each group of `--group` has."""

from pathlib import Path
from typing import Final, NoReturn

from .errors import UnreadableTable
from .odd_values import WHOLE_NUMBER
from .tables import open_table

COLUMNS: Final = ("group", "headcount")


def read_headcounts(path: Path) -> dict[str, int]:
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
    if not found:
        _refuse(path, 2, "group", "there is no group")
    return found


def _refuse(path: Path, number: int, column: str, what: str) -> NoReturn:
    raise UnreadableTable(
        "commands.wrong_headcount",
        "{file}, row {row}, column {column}: {what}. Nothing was written. Correct this row.",
        file=path.name,
        row=number,
        column=column,
        what=what,
    )
