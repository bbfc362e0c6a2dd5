"""Lines about people become sums of groups, in memory; nothing of a line is left afterwards."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.importing.covering import Covered
from baken.actionplan.indicators.kinds import SHORT_DAYS, PeriodKind
from baken.actionplan.indicators.periods import Span, span_of
from baken.actionplan.indicators.rules import Figure
from baken.actionplan.indicators.shown import LEAST_PEOPLE

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """An absence of somebody, or somebody in service; `until_on` None: it still lasts.

    `person` joins lines about one person; it stays in memory.
    """

    unit_id: UUID
    from_on: date
    until_on: date | None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of a kind."""

    kind: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Count:
    """What a file with lines about people gives.

    Attributes
    ----------
    small
        Units with too few people: their figures are in those above them and nowhere else.
    above_all
        Units with more days of absence than their people have days.
    without_people
        Units of which nobody has told how many people they have.
    missing
        Units of which no line speaks: neither they nor what stands above them has a figure.
    n_joined
        Lines that went on from, or overlapped with, another line about the same person.
    """

    figures: tuple[Counted, ...]
    small: frozenset[UUID]
    above_all: frozenset[UUID]
    without_people: frozenset[UUID]
    n_joined: int = 0
    missing: frozenset[UUID] = frozenset()


Without = Mapping[Span, Covered]
"""What a file leaves out, by period; nothing stands there where somebody said it is nobody."""
Above = Callable[[UUID, date], Sequence[UUID]]
"""The unit itself and every unit above it on a day."""
People = Callable[[UUID | None, date], int | None]


@dataclass(slots=True)
class _Sums:
    days: int = 0
    short_days: int = 0
    long_days: int = 0
    begun: int = 0
    ended: int = 0
    ended_days: int = 0


def join(spells: Iterable[Spell]) -> tuple[list[Spell], int]:
    """Join lines of one person that overlap or follow each other; return how many were joined."""
    alone: list[Spell] = []
    by_person: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.person:
            by_person[spell.person].append(spell)
        else:
            alone.append(spell)
    n_lines = sum(map(len, by_person.values()))
    joined = [one for lines in by_person.values() for one in _joined(lines)]
    return alone + joined, n_lines - len(joined)


def count_absences(
    spells: Sequence[Spell],
    spans: Sequence[Span],
    period: PeriodKind,
    *,
    above: Above,
    people: People,
    units: Iterable[UUID],
    without: Without,
) -> Count:
    """Count absences in calendar days.

    Parameters
    ----------
    spans
        The periods that the file covers.
    above
        Where else a line counts.
    people
        Headcount of a unit (None: of the whole) on a day.
    units
        Every unit to give figures for.
    without
        Where the file says nothing.
    """
    joined, n_joined = join(spells)
    sums: dict[tuple[UUID | None, Span], _Sums] = defaultdict(_Sums)
    known = frozenset(spans)
    covered = Span(min(span.from_on for span in spans), max(span.until_on for span in spans))
    for spell in joined:
        _count_spell(spell, period, known, covered, above=above, sums=sums)
    small: set[UUID] = set()
    above_all: set[UUID] = set()
    unknown: set[UUID] = set()
    found: list[Counted] = []
    for unit_id in (None, *units):
        for span in spans:
            if span in without and unit_id in without[span].without:
                continue
            n = people(unit_id, span.until_on)
            if n is None or n < LEAST_PEOPLE:
                _note(unit_id, unknown if n is None else small)
                continue
            added = sums.get((unit_id, span), _Sums())
            if added.days > n * span.n_days:
                _note(unit_id, above_all)
                continue
            found.extend(_absence_figures(unit_id, span, added, n))
    return Count(
        tuple(found),
        frozenset(small),
        frozenset(above_all),
        frozenset(unknown),
        n_joined,
        _missing(without),
    )


def count_leavers(
    spells: Sequence[Spell],
    spans: Sequence[Span],
    *,
    above: Above,
    units: Iterable[UUID],
    without: Without,
) -> Count:
    """Count who left, against the mean of the people at the start and at the end of a period."""
    found: list[Counted] = []
    small: set[UUID] = set()
    wanted = [None, *units]
    for span in spans:
        start: dict[UUID | None, int] = defaultdict(int)
        end: dict[UUID | None, int] = defaultdict(int)
        left: dict[UUID | None, int] = defaultdict(int)
        for spell in spells:
            places = (None, *above(spell.unit_id, span.until_on))
            _add(start, places, is_in=_serves(spell, span.from_on - _ONE_DAY))
            _add(end, places, is_in=_serves(spell, span.until_on))
            is_gone = spell.until_on is not None and span.from_on <= spell.until_on <= span.until_on
            _add(left, places, is_in=is_gone)
        for unit_id in wanted:
            if span in without and unit_id in without[span].without:
                continue
            mean = (start[unit_id] + end[unit_id]) / 2
            if mean < LEAST_PEOPLE:
                _note(unit_id, small)
                continue
            figure = Figure(unit_id, span, left[unit_id], mean, people=end[unit_id])
            found.append(Counted("turnover", figure))
    return Count(
        tuple(found), frozenset(small), frozenset(), frozenset(), missing=_missing(without)
    )


def _missing(without: Without) -> frozenset[UUID]:
    return frozenset().union(*(one.missing for one in without.values()))


def _count_spell(
    spell: Spell,
    period: PeriodKind,
    spans: frozenset[Span],
    covered: Span,
    *,
    above: Above,
    sums: dict[tuple[UUID | None, Span], _Sums],
) -> None:
    last = covered.until_on
    until_on = min(spell.until_on or last, last)
    length = (until_on - spell.from_on).days + 1
    is_over = spell.until_on is not None and spell.until_on <= last
    at = max(spell.from_on, covered.from_on)
    while at <= until_on:
        span = span_of(period, at)
        if span in spans:
            days = (min(until_on, span.until_on) - max(spell.from_on, span.from_on)).days + 1
            for place in (None, *above(spell.unit_id, span.until_on)):
                added = sums[place, span]
                added.days += days
                if length <= SHORT_DAYS:
                    added.short_days += days
                else:
                    added.long_days += days
                added.begun += span.from_on <= spell.from_on <= span.until_on
                if is_over and span.from_on <= until_on <= span.until_on:
                    added.ended += 1
                    added.ended_days += length
        at = span.until_on + _ONE_DAY


def _absence_figures(
    unit_id: UUID | None, span: Span, added: _Sums, people: int
) -> Iterable[Counted]:
    available = people * span.n_days
    sums: Mapping[str, tuple[float, float]] = {
        "absence_rate": (added.days, available),
        "absence_short": (added.short_days, available),
        "absence_long": (added.long_days, available),
        "absence_frequency": (added.begun, people),
        "absence_duration": (added.ended_days, added.ended),
    }
    for kind, (first, second) in sums.items():
        if second:
            yield Counted(kind, Figure(unit_id, span, first, second, people=people))


def _joined(lines: list[Spell]) -> list[Spell]:
    ordered = sorted(lines, key=lambda one: (one.from_on, one.until_on or date.max))
    kept = ordered[:1]
    for one in ordered[1:]:
        end = kept[-1].until_on or date.max
        if end == date.max or one.from_on <= end + _ONE_DAY:
            later = max(end, one.until_on or date.max)
            kept[-1] = Spell(
                kept[-1].unit_id,
                kept[-1].from_on,
                None if later == date.max else later,
                one.person,
            )
        else:
            kept.append(one)
    return kept


def _serves(spell: Spell, on: date) -> bool:
    return spell.from_on <= on and (spell.until_on is None or spell.until_on > on)


def _add(counts: dict[UUID | None, int], places: Iterable[UUID | None], *, is_in: bool) -> None:
    if is_in:
        for place in places:
            counts[place] += 1


def _note(unit_id: UUID | None, units: set[UUID]) -> None:
    if unit_id is not None:
        units.add(unit_id)
