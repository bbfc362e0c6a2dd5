"""What may be followed, and which figures can be true."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.kinds import KINDS, PeriodKind, SeriesKind
from baken.actionplan.indicators.periods import Span, is_whole, span_of
from baken.actionplan.indicators.types import Better

FIRST_YEAR: Final = 2000
LARGEST: Final = 1e9
WHOLE_PERCENT: Final = 100.0
_WORDS: Final = (("name", 120), ("source", 300), ("definition", 2_000))


class AboveAll(Invalid):
    """A part is larger than the whole it is a part of."""


@dataclass(frozen=True, slots=True)
class SeriesFields:
    """What somebody says about a series."""

    kind: str
    name: str
    period: PeriodKind
    better: Better
    definition: str = ""
    source: str = ""
    target: float | None = None
    target_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: both sums, the first sum alone where it is a count, or the figure itself."""

    unit_id: UUID | None
    span: Span
    numerator: float | None = None
    denominator: float | None = None
    told: float | None = None
    people: int | None = None

    def value(self, kind: SeriesKind) -> float:
        """The figure in the unit of its kind."""
        if self.numerator is None:
            return self.told or 0.0
        if not kind.is_fraction:
            return self.numerator
        return kind.factor * self.numerator / (self.denominator or 1.0)


def check_series(fields: SeriesFields) -> None:
    """Raise `Invalid` unless this can be followed."""
    if fields.kind not in KINDS:
        raise Invalid("series.kind_unknown", "Choose what is followed from the list.")
    if not fields.name.strip() or not fields.source.strip():
        raise Invalid(
            "series.words_missing",
            "Give it a name and say where the figures come from: without that nobody can check it.",
        )
    if fields.kind == "own" and not fields.definition.strip():
        raise Invalid(
            "series.definition_missing",
            "Say what is counted, and how: a figure of your own has no definition but yours.",
        )
    if any(len(getattr(fields, name)) > most for name, most in _WORDS):
        raise Invalid("series.words_long", "One of the texts is too long. Shorten it.")
    if (fields.target is None) != (fields.target_on is None):
        raise Invalid(
            "series.target_half", "A target has a number and a day. Fill in both, or neither."
        )
    if fields.target is not None:
        _check_number(fields.target)
        if KINDS[fields.kind].part_of and fields.target > WHOLE_PERCENT:
            raise Invalid(
                "series.target_above_all",
                "A part is 100 % of the whole at most, and so is its target. Correct it.",
            )


def check_figure(kind: SeriesKind, period: PeriodKind, figure: Figure, *, today: date) -> None:
    """Raise `Invalid` unless the figure can be true."""
    _check_span(period, figure.span, today=today)
    for number in (figure.numerator, figure.denominator, figure.told, figure.people):
        if number is not None:
            _check_number(number)
    _check_complete(kind, figure)
    if kind.unit == "count" and not float(figure.numerator or 0).is_integer():
        raise Invalid("series.count_half", "This is a count: a whole number. Correct it.")
    if kind.part_of and figure.value(kind) > WHOLE_PERCENT:
        raise _above_all(kind)


def _above_all(kind: SeriesKind) -> AboveAll:
    if kind.part_of == "hours":
        return AboveAll(
            "series.above_all_hours",
            "Overtime is part of the hours worked, so never more than 100 % of them. Check both "
            "numbers: the hours worked count the overtime too.",
        )
    return AboveAll(
        "series.above_all",
        "Nobody can be absent for more than 100 % of the days. Check both numbers: they count "
        "the same kind of day.",
    )


def check_typed(kind: SeriesKind, figure: Figure) -> None:
    """Raise `Invalid` when somebody typed an outcome beside the numbers it follows from."""
    if kind.is_fraction and None not in (figure.numerator, figure.told):
        raise Invalid(
            "series.both_told",
            "Fill in the two numbers or the outcome alone: from the numbers the outcome follows.",
        )


def check_reason(reason: str) -> None:
    """Raise `Invalid` when a figure that was read already is corrected without saying why."""
    if not reason.strip():
        raise Invalid(
            "series.reason_missing",
            "Say why the figure is corrected. It was read before: who saw the old one wants to "
            "know.",
        )


def check_free(span: Span, others: Iterable[Span]) -> None:
    """Raise `Invalid` when another figure of the unit is about some of the same days."""
    for other in others:
        if span.touches(other):
            raise Invalid(
                "series.period_taken",
                "This unit has a figure for {first} to {last} already. Change that one.",
                first=other.from_on,
                last=other.until_on,
            )


def _check_span(period: PeriodKind, span: Span, *, today: date) -> None:
    if span.until_on < span.from_on:
        raise Invalid("series.period_reversed", "The period ends before it begins.")
    if not is_whole(period, span):
        right = span_of(period, span.from_on)
        raise Invalid(
            "series.period_odd",
            "The periods of this indicator run like {first} to {last}. Choose such a period.",
            first=right.from_on,
            last=right.until_on,
        )
    if span.from_on.year < FIRST_YEAR or span.until_on > today:
        raise Invalid(
            "series.period_ahead",
            "The period is not over, or lies before {first}. Figures are about periods that are "
            "over.",
            first=str(FIRST_YEAR),
        )


def _check_complete(kind: SeriesKind, figure: Figure) -> None:
    if figure.numerator is None:
        if figure.told is None or not kind.is_fraction:
            raise Invalid("series.number_missing", "Fill in the number.")
        return
    if kind.is_fraction and not figure.denominator:
        raise Invalid(
            "series.sum_missing",
            "Fill in both numbers; the second one is more than 0. Or only the outcome.",
        )


def _check_number(number: float) -> None:
    if not math.isfinite(number) or not 0 <= number <= LARGEST:
        raise Invalid(
            "series.number_odd",
            "A number lies below 0 or is too large to be true. Correct it.",
        )
