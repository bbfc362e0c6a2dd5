"""Figures over several periods: a year out of its months, and what readers see of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.kinds import SeriesKind
from baken.actionplan.indicators.models import IndicatorSeries, IndicatorValue
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.queries import (
    Point,
    kind_of,
    list_values,
    protected_points,
)
from baken.actionplan.indicators.shown import (
    LEAST_COUNT,
    Group,
    hidden_groups,
    nearest_with_figure,
)
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of a unit (None: the whole) over some days; `figure` None: readers see nothing.

    `covers` says whether the periods fill all the days.
    """

    unit_id: UUID | None
    figure: float | None
    numerator: float | None
    denominator: float | None
    covers: bool
    entered_on: date


@dataclass(frozen=True, slots=True)
class _Added:
    numerator: float | None
    denominator: float | None
    figure: float
    people: int | None


def totals_of(
    session: Session, series: IndicatorSeries, span: Span, heads: Heads
) -> dict[UUID | None, Total]:
    """Return the figures of a series over some days, by unit, without those of small groups.

    Where readers see some periods of a unit and not others, the total would tell what the others
    are together: then it is shown only when that is not small.
    """
    kind = kind_of(series)
    rows: dict[UUID | None, list[IndicatorValue]] = defaultdict(list)
    for row in list_values(session, [series.id]):
        if span.from_on <= row.from_on and row.until_on <= span.until_on:
            rows[row.unit_id].append(row)
    seen = _seen(protected_points(session, [series], heads)[series.id], span)
    added = {unit: _add(found, kind, heads) for unit, found in rows.items()}
    hidden = _hidden(added, rows, kind, heads, span=span, seen=seen)
    return {
        unit: _total(unit, added[unit], found, span, is_hidden=unit in hidden)
        for unit, found in rows.items()
    }


def _add(rows: Sequence[IndicatorValue], kind: SeriesKind, heads: Heads) -> _Added | None:
    """Add periods up; None where a figure without its sums stands among several."""
    people = [
        one.people if one.people is not None else heads.people(one.unit_id, one.until_on)
        for one in rows
    ]
    known = [n for n in people if n is not None]
    fewest = min(known) if len(known) == len(people) else None
    if len(rows) == 1:
        return _Added(rows[0].numerator, rows[0].denominator, rows[0].figure, fewest)
    if any(one.numerator is None for one in rows):
        return None
    first = sum(one.numerator or 0.0 for one in rows)
    if not kind.is_fraction:
        return _Added(first, None, first, fewest)
    second = sum(one.denominator or 0.0 for one in rows)
    if kind.means_second:
        second /= len(rows)
    return _Added(first, second, kind.factor * first / second, fewest)


def _hidden(
    added: dict[UUID | None, _Added | None],
    rows: dict[UUID | None, list[IndicatorValue]],
    kind: SeriesKind,
    heads: Heads,
    *,
    span: Span,
    seen: dict[UUID | None, list[Point]],
) -> set[UUID | None]:
    told = {unit: one for unit, one in added.items() if one is not None}
    parents, having = heads.parents(span.until_on), frozenset(told)
    groups = [
        Group(
            unit,
            nearest_with_figure(unit, parents, having) if unit else None,
            one.people,
            kind.count_of(one.numerator, one.denominator),
        )
        for unit, one in told.items()
    ]
    return {*hidden_groups(groups)} | {
        unit for unit in told if _tells_small(rows[unit], seen.get(unit, []), kind)
    }


def _tells_small(rows: Sequence[IndicatorValue], seen: Sequence[Point], kind: SeriesKind) -> bool:
    """Whether the total less the periods that are shown is a small count."""
    shown = {one.span.from_on for one in seen if not one.is_hidden}
    rest = [one for one in rows if one.from_on not in shown]
    counts = [kind.count_of(one.numerator, one.denominator) or 0.0 for one in rest]
    return 0 < sum(counts) < LEAST_COUNT


def _seen(points: Sequence[Point], span: Span) -> dict[UUID | None, list[Point]]:
    found: dict[UUID | None, list[Point]] = defaultdict(list)
    for one in points:
        if span.from_on <= one.span.from_on and one.span.until_on <= span.until_on:
            found[one.unit_id].append(one)
    return found


def _total(
    unit: UUID | None,
    added: _Added | None,
    rows: Sequence[IndicatorValue],
    span: Span,
    *,
    is_hidden: bool,
) -> Total:
    covers = sum(Span(one.from_on, one.until_on).n_days for one in rows) == span.n_days
    entered_on = max(one.entered_on for one in rows)
    if added is None or is_hidden:
        return Total(unit, None, None, None, covers, entered_on)
    return Total(unit, added.figure, added.numerator, added.denominator, covers, entered_on)
