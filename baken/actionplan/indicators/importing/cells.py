"""Cells become numbers and days, or a reason why not; an error never quotes what stood there."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from baken.actionplan.indicators.rules import LARGEST
from baken.storage.workbooks import Cell
from baken.survey.box.importing.files import said

_DECIMAL: Final = re.compile(r"\d+([.,]\d+)?")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_THREE: Final = re.compile(r"\d{1,3}\.\d{3}")
_DAY: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]+")
FIRST_YEAR, LAST_YEAR = 1950, 2199


class Reason(StrEnum):
    """Why a row is not taken."""

    SHIFTED = "shifted"
    NO_UNIT = "no_unit"
    UNIT_UNKNOWN = "unit_unknown"
    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    AMBIGUOUS = "ambiguous"
    NO_DATE = "no_date"
    DATE_ORDER = "date_order"
    REVERSED = "reversed"
    AHEAD = "ahead"
    TOO_EARLY = "too_early"
    NO_PERIOD = "no_period"
    OTHER_PERIOD = "other_period"
    SERIES_PERIOD = "series_period"
    TWICE = "twice"
    ABOVE_ALL = "above_all"
    HALF = "half"
    NO_COUNT = "no_count"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that is not taken; `column` is the head of a column, never what stands below it."""

    row: int
    reason: Reason
    column: str = ""


class NotRead(ValueError):
    """A cell cannot be read; `reason` says why, `at` in which column (None: in none alone)."""

    def __init__(self, reason: Reason, at: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.at = at


def read_number(cell: Cell) -> float | None:
    """Read 12, 12,5, 1.234,5, 1 234,5 or 7,5 %; None for an empty cell.

    Raises
    ------
    NotRead
        It is no number, lies below zero or is too large, or 1.234 stands there: one and a bit, or
        more than a thousand.
    """
    if isinstance(cell, bool | date | datetime):
        raise NotRead(Reason.NO_NUMBER)
    if isinstance(cell, int | float):
        return _checked(float(cell))
    text = said(cell).removesuffix("%").strip().replace("'", "")
    if not text:
        return None
    if text.startswith(("-", "\u2212")):
        raise NotRead(Reason.NEGATIVE)
    return _checked(_plain(_SPACES.sub(" ", text)))


def _plain(text: str) -> float:
    if _THREE.fullmatch(text):
        raise NotRead(Reason.AMBIGUOUS)
    if _DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    if (found := _GROUPED.fullmatch(text)) is None:
        raise NotRead(Reason.NO_NUMBER)
    digits = text.replace(found[1], "")
    return float(digits.replace(",", "."))


def _checked(number: float) -> float:
    if not math.isfinite(number):
        raise NotRead(Reason.NO_NUMBER)
    if number < 0:
        raise NotRead(Reason.NEGATIVE)
    if number > LARGEST:
        raise NotRead(Reason.TOO_LARGE)
    return number


def read_day(cell: Cell) -> date | None:
    """Read a day: of a spreadsheet, 2026-03-31, or day first (31/03/2026); None when empty.

    Raises
    ------
    NotRead
        It is no day, or only makes sense with the month first.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    text = said(cell)
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.fullmatch(text):
        if int(found[3]) > 12 >= int(found[1]):
            raise NotRead(Reason.DATE_ORDER)
        return _made(int(found[4]), int(found[3]), int(found[1]))
    raise NotRead(Reason.NO_DATE)


def is_month_first(cells: Iterable[Cell]) -> bool:
    """Whether a column holds a day that only makes sense with the month first."""
    for cell in cells:
        found = _DAY.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found and int(found[3]) > 12 >= int(found[1]):
            return True
    return False


def _made(year: int, month: int, day: int) -> date:
    try:
        return _in_range(date(year, month, day))
    except ValueError as error:
        raise NotRead(Reason.NO_DATE) from error


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotRead(Reason.NO_DATE)
    return day
