"""Periods of indicators: months, quarters and years of the calendar, and how files write them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from baken.actionplan.indicators.kinds import PeriodKind

_MONTHS: Final = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_YEAR: Final = re.compile(r"(\d{4})")
_QUARTER: Final = re.compile(r"(\d{4})[-/ ]?[qkt]([1-4])|[qkt]([1-4])[-/ ]?(\d{4})", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/](\d{4})")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from the first to the last, both included."""

    from_on: date
    until_on: date

    def touches(self, other: "Span") -> bool:
        """Whether both hold some same day."""
        return self.from_on <= other.until_on and other.from_on <= self.until_on

    @property
    def n_days(self) -> int:
        return (self.until_on - self.from_on).days + 1


def span_of(kind: PeriodKind, day: date) -> Span:
    """Return the month, quarter or year in which a day lies."""
    length = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    last_month = first.month + length - 1
    last = date(day.year, last_month, calendar.monthrange(day.year, last_month)[1])
    return Span(first, last)


def is_whole(kind: PeriodKind, span: Span) -> bool:
    """Whether the days are exactly one month, quarter or year of the calendar."""
    return span_of(kind, span.from_on) == span


def spans_between(kind: PeriodKind, first: date, last: date) -> tuple[Span, ...]:
    """Return every period that holds a day from the first to the last."""
    found = []
    at = first
    while at <= last:
        span = span_of(kind, at)
        found.append(span)
        at = span.until_on + timedelta(days=1)
    return tuple(found)


def read_period(written: str) -> tuple[PeriodKind, Span] | None:
    """Read 2026, 2026-Q1, K1 2026, 2026-03 or 03/2026; None when it is none of these."""
    text = written.strip()
    if found := _YEAR.fullmatch(text):
        return _made(PeriodKind.YEAR, int(found[1]), 1)
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        return _made(PeriodKind.QUARTER, year, 3 * quarter - 2)
    if found := _MONTH.fullmatch(text):
        return _made(PeriodKind.MONTH, int(found[1] or found[4]), int(found[2] or found[3]))
    return None


def _made(kind: PeriodKind, year: int, month: int) -> tuple[PeriodKind, Span] | None:
    if not (1 <= month <= 12 and date.min.year <= year < date.max.year):
        return None
    return kind, span_of(kind, date(year, month, 1))
