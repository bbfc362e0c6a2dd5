"""ANSWERS.csv: one row a person, one column an item, read in pieces and counted at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from baken.analysis.tallies.driver_cells import DriverCells, declared_models
from baken.analysis.tallies.portions import Portion, count_portions, processes_for
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import NO_UNIT, Tree
from baken.web.commands.analyse.tables.csv_columns import Column, Numbers, Piece, in_columns
from baken.web.commands.analyse.tables.table import Table, open_table
from baken.web.commands.errors import UnreadableTable

from .group_column import GroupColumn
from .item_column import ItemColumn
from .odd_values import Oddity

MOST_NAMED = 8

MOST_STRANGERS = 1_000
"""Unknown units after which the file is refused without reading on: it is the wrong column."""

BYTES_OF_A_ROW = 130
"""Roughly, for sixty questions: tells a large file from a small one."""


@dataclass(slots=True)
class Counted:
    """What came out of an answers file.

    Attributes
    ----------
    notes : tuple[str, ...]
        What was taken for granted about the file as a whole.
    drivers : tuple[DriverCells, ...]
        What each model of an outcome and its factors needs.
    first_without_unit : int
        The first row that names no unit; 0 when all of them do.
    """

    tally: Tally
    n_rows: int
    ignored: tuple[str, ...]
    oddities: list[Oddity]
    notes: tuple[str, ...] = ()
    drivers: tuple[DriverCells, ...] = ()
    first_without_unit: int = 0


def count_answers(
    path: Path,
    instrument: Instrument,
    tree: Tree,
    *,
    unit_column: str,
    group: str | None = None,
    on_bytes: Callable[[int], None] | None = None,
) -> Counted:
    """Read and count a file of answers; only counts stay in memory.

    `group` names a column whose values are counted as background groups.
    """
    with open_table(path, on_bytes) as table:
        answers = _Answers.of(table, instrument, tree, unit_column=unit_column, group=group)
        portions = (answers.portion(piece) for piece in in_columns(table, on_bytes))
        counted = count_portions(
            instrument,
            portions,
            processes=processes_for(path.stat().st_size // BYTES_OF_A_ROW),
            models=declared_models(instrument),
        )
    _check_units(path, tree, answers.strangers)
    if answers.n_rows == 0:
        raise UnreadableTable(
            "commands.no_answers",
            "{file} has a header, but no answers below it. Nothing was written.",
            file=path.name,
        )
    return Counted(
        counted.tally,
        answers.n_rows,
        _ignored(table, {unit_column, *(item.code for item in instrument.items), group}),
        answers.oddities,
        table.notes,
        counted.drivers,
        answers.first_without_unit,
    )


@dataclass(slots=True)
class _Stranger:
    """A unit that the units file does not have: where it stands first, and how often."""

    row: int
    times: int = 0


@dataclass(slots=True)
class _Answers:
    """How the rows of a file become answer sheets, and what was odd about them so far."""

    path: Path
    tree: Tree
    unit_place: int
    items: list[ItemColumn]
    group: GroupColumn | None
    strangers: dict[str, _Stranger] = field(default_factory=dict)
    n_rows: int = 0
    first_without_unit: int = 0

    @classmethod
    def of(
        cls,
        table: Table,
        instrument: Instrument,
        tree: Tree,
        *,
        unit_column: str,
        group: str | None,
    ) -> "_Answers":
        codes = [item.code for item in instrument.items]
        unit_place, *places = table.required([unit_column, *codes, *([group] if group else [])])
        column = GroupColumn.of(table.path, group, places.pop(), instrument) if group else None
        items = [
            ItemColumn.of(item, place) for item, place in zip(instrument.items, places, strict=True)
        ]
        return cls(table.path, tree, unit_place, items, column)

    @property
    def oddities(self) -> list[Oddity]:
        found = [item.odd for item in self.items] + ([self.group.odd] if self.group else [])
        return [oddity for odd in found for oddity in odd.values()]

    def portion(self, piece: Piece) -> Portion:
        """Return some rows as answer sheets."""
        numbers = piece.numbers
        units = piece.column(self.unit_place)
        matrix = np.empty((len(numbers), len(self.items)), dtype=np.int8, order="F")
        for position, item in enumerate(self.items):
            matrix[:, position] = item.read(piece.column(item.place), numbers)
        backgrounds = {}
        if self.group:
            column = piece.column(self.group.place)
            backgrounds[self.group.name] = self.group.read(column, numbers)
        self.n_rows += len(numbers)
        return Portion(matrix, units.which, self._labels(units, numbers), backgrounds)

    def _labels(self, units: Column, numbers: Numbers) -> list[str]:
        """Unit of each text; what the tree does not know is noted and refused at the end."""
        labels = [text.strip() for text in units.texts]
        if NO_UNIT in labels and not self.first_without_unit:
            rows = [units.first_rows()[at] for at, unit in enumerate(labels) if unit == NO_UNIT]
            self.first_without_unit = int(numbers[min(rows)])
        unknown = [at for at, unit in enumerate(labels) if unit not in self.tree]
        if unknown:
            first, times = units.first_rows(), units.times()
            for at in sorted(unknown, key=first.__getitem__):
                row = int(numbers[first[at]])
                self.strangers.setdefault(labels[at], _Stranger(row)).times += int(times[at])
                labels[at] = NO_UNIT
        if len(self.strangers) > MOST_STRANGERS:
            _check_units(self.path, self.tree, self.strangers)
        return labels


def _check_units(path: Path, tree: Tree, strangers: Mapping[str, _Stranger]) -> None:
    if not strangers:
        return
    named = [_described(tree, unit, met) for unit, met in sorted(strangers.items())[:MOST_NAMED]]
    left = len(strangers) - len(named)
    more = f"; and {left} other names" if left else ""
    raise UnreadableTable(
        "commands.unknown_units",
        "{file} names units that the units file does not have: {units}. Nothing was written. "
        "Correct the name, or add the unit; leave the unit open for somebody who has none.",
        file=path.name,
        units="; ".join(named) + more,
    )


def _described(tree: Tree, unit: str, met: _Stranger) -> str:
    keys = [tree.root_key_or(key) for key in tree.keys]
    near = [key for key in keys if key.casefold() == unit.casefold()]
    near = near or get_close_matches(unit, keys, n=1)
    hint = f" (do you mean “{near[0]}”?)" if near else ""
    others = f" and {met.times - 1} more" if met.times > 1 else ""
    return f"“{unit}” in row {met.row}{others}{hint}"


def _ignored(table: Table, used: Collection[str | None]) -> tuple[str, ...]:
    return tuple(
        name or f"(column {place} has no name)"
        for place, name in enumerate(table.header, start=1)
        if name not in used
    )
