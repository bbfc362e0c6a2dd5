"""ANSWERS.csv: one row a person, one column an item, read in pieces and counted at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import AnswerFormat, Instrument
from baken.instruments.sheet import MISSING
from baken.survey.disclosure.tree import NO_UNIT, Tree

from .errors import UnreadableTable
from .tables import Chunk, Table, open_table

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.0*)?", re.ASCII)
MOST_NAMED = 8


@dataclass(slots=True)
class Oddity:
    """A value that was read as a missing answer: where it stands first, and how often."""

    column: str
    value: str
    reason: str
    first_row: int
    times: int = 0

    def __str__(self) -> str:
        times = "" if self.times == 1 else f" {self.times} times in this column, first here."
        return (
            f"row {self.first_row}, column {self.column}: “{self.value}” {self.reason}; "
            f"counted as missing.{times}"
        )


@dataclass(slots=True)
class Counted:
    """What came out of an answers file."""

    tally: Tally
    n_rows: int
    ignored: tuple[str, ...]
    oddities: list[Oddity]


@dataclass(slots=True)
class _Column:
    """How the texts of one item become answers; learns every text it meets once."""

    code: str
    place: int
    format: AnswerFormat
    known: dict[str, int]
    odd: dict[str, Oddity] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, place: int, answer_format: AnswerFormat) -> "_Column":
        known = {str(value): value - answer_format.low for value in answer_format.values}
        return cls(code, place, answer_format, {**known, "": MISSING})

    def read(self, texts: Sequence[str], numbers: Sequence[int]) -> list[int]:
        known = self.known
        try:
            codes = [known[text] for text in texts]
        except KeyError:
            for text in texts:
                if text not in known:
                    known[text] = self._learn(text)
            codes = [known[text] for text in texts]
        if self.odd:
            self._note(texts, numbers)
        return codes

    def _learn(self, text: str) -> int:
        stripped = text.strip()
        if stripped == "":
            return MISSING
        if not WHOLE_NUMBER.fullmatch(stripped):
            reason = "is not a whole number"
        else:
            value = int(stripped.split(".")[0])
            if value in self.format.values:
                return value - self.format.low
            reason = f"lies outside {self.format.low} to {self.format.high}"
        self.odd[text] = Oddity(self.code, stripped, reason, 0)
        return MISSING

    def _note(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        for text, number in zip(texts, numbers, strict=True):
            oddity = self.odd.get(text)
            if oddity is not None:
                oddity.times += 1
                oddity.first_row = oddity.first_row or number


def count_answers(
    path: Path,
    instrument: Instrument,
    tree: Tree,
    *,
    unit_column: str,
    on_bytes: Callable[[int], None] | None = None,
) -> Counted:
    """Read and count a file of answers; only counts stay in memory."""
    tally = Tally.empty(instrument)
    n_rows = 0
    with open_table(path, on_bytes) as table:
        unit_place, *places = table.required(
            [unit_column, *(item.code for item in instrument.items)]
        )
        columns = [
            _Column.of(item.code, place, item.format)
            for item, place in zip(instrument.items, places, strict=True)
        ]
        strangers: dict[str, list[int]] = {}
        for chunk in table:
            by_column = list(zip(*chunk.rows, strict=True))
            labels = _labels(by_column[unit_place], chunk.numbers, tree, strangers)
            matrix = _matrix(by_column, chunk, columns)
            tally += Tally.count(instrument, matrix, labels)
            n_rows += len(chunk.rows)
        ignored = _ignored(table, instrument, unit_column)
    _check_units(path, tree, strangers)
    if n_rows == 0:
        raise UnreadableTable(
            "commands.no_answers",
            "{file} has a header, but no answers below it. Nothing was written.",
            file=path.name,
        )
    oddities = [oddity for column in columns for oddity in column.odd.values()]
    return Counted(tally, n_rows, ignored, oddities)


def _matrix(
    by_column: Sequence[Sequence[str]], chunk: Chunk, columns: Sequence[_Column]
) -> NDArray[np.int8]:
    matrix = np.empty((len(chunk.rows), len(columns)), dtype=np.int8)
    for position, column in enumerate(columns):
        matrix[:, position] = column.read(by_column[column.place], chunk.numbers)
    return matrix


def _labels(
    texts: Sequence[str], numbers: Sequence[int], tree: Tree, strangers: dict[str, list[int]]
) -> list[str]:
    """Units of the rows; what the tree does not know is noted and refused at the end."""
    label_of = {text: text.strip() for text in set(texts)}
    unknown = {text for text, unit in label_of.items() if unit not in tree}
    if unknown:
        for text, number in zip(texts, numbers, strict=True):
            if text in unknown:
                strangers.setdefault(label_of[text], []).append(number)
        label_of |= dict.fromkeys(unknown, NO_UNIT)
    return [label_of[text] for text in texts]


def _check_units(path: Path, tree: Tree, strangers: Mapping[str, Sequence[int]]) -> None:
    if not strangers:
        return
    named = [_described(tree, unit, rows) for unit, rows in sorted(strangers.items())]
    more = f"; and {len(named) - MOST_NAMED} other names" if len(named) > MOST_NAMED else ""
    raise UnreadableTable(
        "commands.unknown_units",
        "{file} names units that the units file does not have: {units}. Nothing was written. "
        "Correct the name, or add the unit; leave the unit open for somebody who has none.",
        file=path.name,
        units="; ".join(named[:MOST_NAMED]) + more,
    )


def _described(tree: Tree, unit: str, rows: Sequence[int]) -> str:
    keys = [tree.root_key_or(key) for key in tree.keys]
    near = get_close_matches(unit, keys, n=1)
    hint = f" (do you mean “{near[0]}”?)" if near else ""
    others = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"“{unit}” in row {rows[0]}{others}{hint}"


def _ignored(table: Table, instrument: Instrument, unit_column: str) -> tuple[str, ...]:
    used = {
        unit_column,
        *(item.code for item in instrument.items),
        *(background.key for background in instrument.backgrounds),
    }
    return tuple(
        name or f"(column {place} has no name)"
        for place, name in enumerate(table.header, start=1)
        if name not in used
    )
