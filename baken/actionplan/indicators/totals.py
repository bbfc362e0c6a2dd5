"""Figures over several periods: a year out of its months, and what readers see of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.indicators.all_figures import Books, Sums, is_small
from baken.actionplan.indicators.kinds import SeriesKind
from baken.actionplan.indicators.models import IndicatorSeries, IndicatorValue
from baken.actionplan.indicators.periods import Span

Rows = Mapping[UUID | None, Sequence[IndicatorValue]]


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


def totals_of(books: Books, series: IndicatorSeries, span: Span) -> dict[UUID | None, Total]:
    """Return the figures of a series over some days, by unit, without those of small groups.

    Where readers see some periods of a unit and not others, the total would tell what the others
    are together: then it is shown only when that is not small.
    """
    rows = {one: _by_unit(books, one, span) for one in books.relatives(series.id)}
    added = {
        one: {unit: _add(found, one, books) for unit, found in units.items()}
        for one, units in rows.items()
    }
    told = {one: [sums for sums in units.values() if sums] for one, units in added.items()}
    hidden = books.hidden_together(told, span)[series.id]
    kind = books.kinds[series.id]
    return {
        unit: _total(
            added[series.id][unit],
            found,
            span,
            is_hidden=unit in hidden or _tells_small(books, series.id, found, kind),
        )
        for unit, found in rows[series.id].items()
    }


def _by_unit(books: Books, series_id: UUID, span: Span) -> Rows:
    rows: dict[UUID | None, list[IndicatorValue]] = defaultdict(list)
    for row in books.rows_within(series_id, span):
        rows[row.unit_id].append(row)
    return rows


def _add(rows: Sequence[IndicatorValue], series_id: UUID, books: Books) -> Sums | None:
    """Add periods up; None where a figure without its sums stands among several."""
    kind, unit_id = books.kinds[series_id], rows[0].unit_id
    people = [books.people(row) for row in rows]
    known = [n for n in people if n is not None]
    fewest = min(known) if len(known) == len(people) else None
    if len(rows) == 1:
        row = rows[0]
        return Sums(unit_id, row.figure, row.numerator, row.denominator, fewest)
    if any(row.numerator is None for row in rows):
        return None
    first = sum(row.numerator or 0.0 for row in rows)
    if not kind.is_fraction:
        return Sums(unit_id, first, first, None, fewest)
    second = sum(row.denominator or 0.0 for row in rows)
    if kind.means_second:
        second /= len(rows)
    return Sums(unit_id, kind.factor * first / second, first, second, fewest)


def _tells_small(
    books: Books, series_id: UUID, rows: Sequence[IndicatorValue], kind: SeriesKind
) -> bool:
    """Whether the total less the periods that are shown is a small count."""
    rest = [
        row
        for row in rows
        if row.unit_id in books.hidden(series_id, Span(row.from_on, row.until_on))
    ]
    return bool(rest) and is_small(kind, rest)


def _total(
    added: Sums | None, rows: Sequence[IndicatorValue], span: Span, *, is_hidden: bool
) -> Total:
    unit_id = rows[0].unit_id
    covers = sum(Span(one.from_on, one.until_on).n_days for one in rows) == span.n_days
    entered_on = max(one.entered_on for one in rows)
    if added is None or is_hidden:
        return Total(unit_id, None, None, None, covers, entered_on)
    return Total(unit_id, added.figure, added.first, added.second, covers, entered_on)
