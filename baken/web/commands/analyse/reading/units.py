"""UNITS.csv: the unit tree with its headcounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.tree import Tree, UnitNode
from baken.web.commands.analyse.tables.table import open_table
from baken.web.commands.errors import UnreadableTable

from .odd_values import WHOLE_NUMBER

COLUMNS = ("unit", "headcount", "parent", "name", "joined", "left")


@dataclass(frozen=True, slots=True)
class Units:
    """What came out of a units file.

    Attributes
    ----------
    movers : Mapping[str, int]
        How many people joined or left since the earlier survey, of each unit for which both stand
        there.
    ignored : tuple[str, ...]
        Columns that were not used.
    rows : Mapping[str, int]
        Row of each unit, by its own key.
    notes : tuple[str, ...]
        What was taken for granted about the file as a whole.
    """

    tree: Tree
    ignored: tuple[str, ...]
    rows: Mapping[str, int]
    notes: tuple[str, ...] = ()
    movers: Mapping[str, int] = field(default_factory=dict)


def read_units(path: Path) -> Units:
    """Read `unit,headcount` and optionally `parent,name,joined,left`; numbers may be left open."""
    nodes: list[UnitNode] = []
    seen: dict[str, int] = {}
    movers: dict[str, int] = {}
    with open_table(path) as table:
        table.required(COLUMNS[:2])
        places = [table.position(column) for column in COLUMNS]
        for chunk in table:
            for number, row in zip(chunk.numbers, chunk.rows, strict=True):
                unit, headcount, parent, name, joined, departed = (
                    "" if place is None else row[place].strip() for place in places
                )
                if unit in seen:
                    _refuse(path, number, "unit", f"{unit} stands in row {seen[unit]} already")
                if not unit:
                    _refuse(path, number, "unit", "the unit has no name")
                seen[unit] = number
                people = _number(path, number, "headcount", headcount)
                moved = [
                    _number(path, number, column, text)
                    for column, text in (("joined", joined), ("left", departed))
                ]
                if None not in moved:
                    movers[unit] = sum(one or 0 for one in moved)
                elif moved != [None, None]:
                    empty = "joined" if moved[0] is None else "left"
                    _refuse(path, number, empty, "it is empty and the other number is not")
                nodes.append(UnitNode(unit, parent or None, people, name))
        ignored = tuple(name for name in table.header if name and name not in COLUMNS)
        notes = table.notes
    try:
        return Units(Tree.of(nodes), ignored, seen, notes, movers)
    except DisclosureError as error:
        raise UnreadableTable(
            "commands.no_tree",
            "{file}: {reason} Nothing was written.",
            file=path.name,
            reason=error,
        ) from error


def _number(path: Path, number: int, column: str, text: str) -> int | None:
    if not text:
        return None
    if not WHOLE_NUMBER.fullmatch(text):
        _refuse(path, number, column, f"“{text}” is not a whole number")
    people = int(text.split(".", maxsplit=1)[0])
    if people < 0:
        _refuse(path, number, column, f"{people} is less than nobody")
    return people


def _refuse(path: Path, number: int, column: str, what: str) -> NoReturn:
    raise UnreadableTable(
        "commands.wrong_unit",
        "{file}, row {row}, column {column}: {what}. Nothing was written. Correct this row.",
        file=path.name,
        row=number,
        column=column,
        what=what,
    )
