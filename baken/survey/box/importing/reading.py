"""Lines of a file become answer sheets, and a list of everything that is not taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from baken.instruments.definition import Instrument
from baken.instruments.sheet import MISSING
from baken.survey.box.importing.columns import Columns, check_columns
from baken.survey.box.importing.files import Line, Table, said
from baken.survey.box.importing.places import NoPlace, Places, Stranger
from baken.survey.box.importing.values import (
    Oddity,
    Reader,
    listed,
    reader_of_band,
    reader_of_item,
)
from baken.survey.box.sheet import Sheet
from baken.survey.campaigns.models import FrozenUnit
from baken.survey.disclosure.tree import NO_UNIT


class Omission(StrEnum):
    """Why a whole row is left out."""

    SHIFTED = "shifted"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of which nothing is taken."""

    row: int
    reason: Omission

    def __str__(self) -> str:
        if self.reason is Omission.SHIFTED:
            return f"row {self.row} has more values than there are columns; it is left out"
        return f"row {self.row} answers no question; it is left out"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. Single answers stand in `letters` alone, which never leaves the box.

    Attributes
    ----------
    letters
        Unit (or `NO_UNIT`) and answer sheet of everybody who is taken, in the order of the file.
    n_rows
        People in the file.
    """

    letters: tuple[tuple[str, Sheet], ...]
    n_rows: int
    oddities: tuple[Oddity, ...]
    left_out: tuple[LeftOut, ...]
    strangers: tuple[Stranger, ...]

    @property
    def n_without_unit(self) -> int:
        return sum(unit == NO_UNIT for unit, _ in self.letters)


def read_answers(
    table: Table, columns: Columns, instrument: Instrument, units: Iterable[FrozenUnit]
) -> Reading:
    """Read the answers of a file; what cannot be one is listed and counts as missing."""
    check_columns(columns, table, instrument)
    sheets = _Sheets(table, columns, instrument)
    places = Places(units)
    letters: list[tuple[str, Sheet]] = []
    left_out = [LeftOut(row, Omission.SHIFTED) for row in table.shifted]
    for line in table.lines:
        sheet = sheets.read(line)
        if all(code == MISSING for code in sheet.answers):
            left_out.append(LeftOut(line.number, Omission.NO_ANSWER))
            continue
        where = NO_UNIT
        if columns.unit is not None:
            where = places.find(said(line.cell(columns.unit)), line.number)
        letters.append((where, sheet))
    return Reading(
        letters=tuple(letters),
        n_rows=len(table.lines) + len(table.shifted),
        oddities=listed(sheets.readers),
        left_out=tuple(sorted(left_out, key=lambda one: one.row)),
        strangers=_in_words(places, columns),
    )


def _in_words(places: Places, columns: Columns) -> tuple[Stranger, ...]:
    if columns.unit is None:
        return ()
    empty_last = sorted(places.strangers.values(), key=lambda one: one.reason is NoPlace.EMPTY)
    return tuple(empty_last)


class _Sheets:
    """Reads line after line with a reader for every column."""

    def __init__(self, table: Table, columns: Columns, instrument: Instrument) -> None:
        rules = columns.rules
        self._language = instrument.languages[0]
        self._items = [
            (place, reader_of_item(str(table.columns[place]), item, instrument, rules))
            if (place := columns.items.get(item.code)) is not None
            else None
            for item in instrument.items
        ]
        self._bands = [
            (place, reader_of_band(str(table.columns[place]), question, instrument, rules))
            if (place := columns.backgrounds.get(question.key)) is not None
            else None
            for question in instrument.backgrounds
        ]
        self._comments = [columns.comments.get(one.key) for one in instrument.open_questions]

    @property
    def readers(self) -> list[Reader]:
        return [one[1] for one in (*self._items, *self._bands) if one is not None]

    def read(self, line: Line) -> Sheet:
        return Sheet(
            language=self._language,
            answers=_codes(self._items, line),
            backgrounds=_codes(self._bands, line),
            comments=tuple(
                "" if place is None else said(line.cell(place)).replace("\0", "")
                for place in self._comments
            ),
        )


def _codes(readers: Iterable[tuple[int, Reader] | None], line: Line) -> tuple[int, ...]:
    return tuple(
        MISSING if one is None else one[1].read(line.cell(one[0]), line.number) for one in readers
    )
