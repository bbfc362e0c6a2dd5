"""Cells become answers; what cannot be one is named and counts as missing, never guessed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from baken.instruments.definition import Background, Instrument, Item
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT
from baken.storage.workbooks import Cell
from baken.survey.box.importing.files import fold, said

SHOWN_SIGNS: Final = 40
"""Of an odd value no more is shown: a column chosen by mistake may hold somebody's own words."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}(?:[.,]0+)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+", re.ASCII)


class Reason(StrEnum):
    """Why a value counts as missing."""

    FRACTION = "fraction"
    OUTSIDE = "outside"
    DATE = "date"
    NO_NUMBER = "no_number"
    NO_BAND = "no_band"
    NOT_OFFERED = "not_offered"


_SENTENCES: Final[Mapping[Reason, str]] = {
    Reason.FRACTION: "is not a whole number",
    Reason.OUTSIDE: "lies outside the answers of this question",
    Reason.DATE: "was taken for a day or an hour by the spreadsheet",
    Reason.NO_NUMBER: "is no answer to this question",
    Reason.NO_BAND: "is none of the groups of this question",
    Reason.NOT_OFFERED: "is not offered with this question",
}


@dataclass(slots=True)
class Oddity:
    """A value that counts as missing: in which column, in which row first, and how often."""

    column: str
    value: str
    reason: Reason
    row: int = 0
    times: int = 0

    def __str__(self) -> str:
        more = f" ({self.times} times)" if self.times > 1 else ""
        sentence = _SENTENCES[self.reason]
        return f"row {self.row}, column {self.column}: “{self.value}” {sentence}{more}"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a file writes its answers.

    Attributes
    ----------
    lowest
        The number that stands for the lowest answer of every question; None: the questionnaire's
        own numbers.
    not_applicable, prefer_not
        Words or numbers that stand for "does not apply to me" and "prefer not to say".
    """

    lowest: int | None = None
    not_applicable: tuple[str, ...] = ()
    prefer_not: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """How the cells of one column become numbers of the answer sheet; learns each value once."""

    column: str
    known: dict[str, int]
    values: range | None
    shift: int = 0
    odd: dict[tuple[type, Cell], Oddity] = field(default_factory=dict)
    _learnt: dict[tuple[type, Cell], int] = field(default_factory=dict)

    def read(self, cell: Cell, row: int) -> int:
        name = (type(cell), cell)  # for Python, TRUE would be the number 1
        code = self._learnt.get(name)
        if code is None:
            code = self._learnt[name] = self._learn(name, cell)
        oddity = self.odd.get(name)
        if oddity is not None:
            oddity.times += 1
            oddity.row = oddity.row or row
        return code

    def _learn(self, name: tuple[type, Cell], cell: Cell) -> int:
        text = said(cell)
        if not text:
            return MISSING
        is_day = isinstance(cell, date | datetime | time | timedelta)
        found = Reason.DATE if is_day else self._meaning(text, is_word=isinstance(cell, bool))
        if isinstance(found, Reason):
            self.odd[name] = Oddity(self.column, text[:SHOWN_SIGNS], found)
            return MISSING
        return found

    def _meaning(self, text: str, *, is_word: bool) -> int | Reason:
        known = self.known.get(fold(text))
        if known is not None:
            return Reason.NOT_OFFERED if known == _NOT_OFFERED else known
        if self.values is None:
            return Reason.NO_BAND
        if is_word or not _NUMBER.fullmatch(text.replace(" ", "")):
            return Reason.NO_NUMBER
        if not _WHOLE.fullmatch(text):
            return Reason.FRACTION
        value = int(re.split("[.,]", text)[0]) + self.shift
        return value - self.values.start if value in self.values else Reason.OUTSIDE


# Only a mark in `Reader.known`; it never leaves this room.
_NOT_OFFERED: Final = -100


def reader_of_item(column: str, item: Item, instrument: Instrument, rules: Rules) -> Reader:
    """Return how a column with answers to an item is read: numbers, labels, and what is beside."""
    answers = item.format
    known = _unique(
        (label, value - answers.low)
        for texts in instrument.texts.values()
        for value, label in texts.options.get(answers.key, {}).items()
    )
    beside = NOT_APPLICABLE if item.not_applicable else _NOT_OFFERED
    known |= {fold(word): beside for word in rules.not_applicable}
    known |= {fold(word): PREFER_NOT for word in rules.prefer_not}
    shift = 0 if rules.lowest is None else answers.low - rules.lowest
    return Reader(column, known, answers.values, shift)


def reader_of_band(
    column: str, question: Background, instrument: Instrument, rules: Rules
) -> Reader:
    """Return how a column with a background question is read: the bands by key or by label."""
    known = _unique(
        (label, question.bands.index(band))
        for texts in instrument.texts.values()
        for band, label in texts.bands.get(question.key, {}).items()
    )
    known |= {fold(band): place for place, band in enumerate(question.bands)}
    known |= {fold(word): PREFER_NOT for word in rules.prefer_not}
    return Reader(column, known, None)


def listed(readers: Sequence[Reader]) -> tuple[Oddity, ...]:
    """Everything odd, column by column, in the order of the rows."""
    return tuple(
        oddity
        for reader in readers
        for oddity in sorted(reader.odd.values(), key=lambda one: one.row)
    )


def _unique(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Labels that mean the same in every language; one that means two answers means none."""
    found: dict[str, set[int]] = {}
    for label, code in pairs:
        found.setdefault(fold(label), set()).add(code)
    return {label: codes.pop() for label, codes in found.items() if len(codes) == 1}
