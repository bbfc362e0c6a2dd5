"""Every figure of the organisation, and what readers see of none of them.

One series is never looked at alone: short and long absence together are all absence, and the
absences that are counted in one series say how many people may stand behind the days of another.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.kinds import (
    KINDS,
    LEAST_COUNT,
    PARTS,
    SPELLS,
    WHOLE_OF_PARTS,
    SeriesKind,
)
from baken.actionplan.indicators.models import IndicatorSeries, IndicatorValue
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.shown import (
    LEAST_PEOPLE,
    LEAST_UNCOUNTED,
    Group,
    hidden_groups,
    nearest_with_figure,
)
from baken.storage.session import Session

Hidden = frozenset[UUID | None]
NOTHING_ELSE: Final[Mapping[UUID, Hidden]] = {}


@dataclass(frozen=True, slots=True)
class Sums:
    """A figure of a unit over some days: its sums where they are known, and its people."""

    unit_id: UUID | None
    figure: float
    first: float | None
    second: float | None
    people: int | None


@dataclass(slots=True)
class Books:
    """The figures of all series, by series and period."""

    heads: Heads
    kinds: dict[UUID, SeriesKind]
    by_period: dict[tuple[UUID, Span], list[IndicatorValue]]
    _known: dict[tuple[UUID, Span], Hidden] = field(default_factory=dict)
    _spells: dict[UUID | None, list[tuple[UUID, Span, float]]] | None = None

    @classmethod
    def load(cls, session: Session, heads: Heads) -> Self:
        kinds = {row.id: KINDS[row.kind] for row in session.scalars(select(IndicatorSeries))}
        by_period: dict[tuple[UUID, Span], list[IndicatorValue]] = defaultdict(list)
        asked = select(IndicatorValue).order_by(IndicatorValue.from_on, IndicatorValue.id)
        for row in session.scalars(asked):
            by_period[row.series_id, Span(row.from_on, row.until_on)].append(row)
        return cls(heads, kinds, dict(by_period))

    def hidden(self, series_id: UUID, span: Span) -> Hidden:
        """Return the units of which readers see nothing in one period of a series."""
        key = (series_id, span)
        if key not in self._known:
            sums = {
                one: [self._sums(row) for row in self.by_period[one, span]]
                for one in self.relatives(series_id)
                if (one, span) in self.by_period
            }
            told = {one: self._told_by_finer(one, span) for one in sums}
            for one, units in self.hidden_together(sums, span, told).items():
                self._known[one, span] = units
        return self._known[key]

    def relatives(self, series_id: UUID) -> list[UUID]:
        """The series from which one follows when the others are shown, itself among them."""
        family = {*PARTS, WHOLE_OF_PARTS}
        if self.kinds[series_id].key not in family:
            return [series_id]
        return [key for key, kind in self.kinds.items() if kind.key in family]

    def hidden_together(
        self,
        sums: Mapping[UUID, Sequence[Sums]],
        span: Span,
        also: Mapping[UUID, Hidden] = NOTHING_ELSE,
    ) -> dict[UUID, Hidden]:
        """Return what is hidden of several series of the same days, by series.

        Where one part of all absence is hidden the other is too, and both where the whole is.
        `also` is hidden for another reason.
        """
        groups = {key: self._groups(key, found, span) for key, found in sums.items()}
        hidden = {
            key: hidden_groups(found, also.get(key, frozenset())) for key, found in groups.items()
        }
        while True:
            of_parts: Hidden = frozenset().union(
                *(hidden[key] for key in groups if self.kinds[key].key in (*PARTS, WHOLE_OF_PARTS))
            )
            of_whole: Hidden = frozenset().union(
                *(hidden[key] for key in groups if self.kinds[key].key == WHOLE_OF_PARTS)
            )
            after = {
                key: hidden_groups(
                    found, hidden[key] | (of_parts if self._is_part(key) else of_whole)
                )
                if self.kinds[key].key in (*PARTS, WHOLE_OF_PARTS)
                else hidden[key]
                for key, found in groups.items()
            }
            if after == hidden:
                return hidden
            hidden = after

    def rows_within(self, series_id: UUID, span: Span) -> list[IndicatorValue]:
        """Return the figures of a series whose periods lie within some days, oldest first."""
        return [
            row
            for (key, at), rows in self.by_period.items()
            if key == series_id and _within(at, span)
            for row in rows
        ]

    def spells(self, unit_id: UUID | None, span: Span) -> float | None:
        """Absences of a unit that began in some days, by the series that knows most; None: none."""
        if self._spells is None:
            self._spells = defaultdict(list)
            for (series_id, at), rows in self.by_period.items():
                if self.kinds[series_id].key == SPELLS:
                    for row in rows:
                        self._spells[row.unit_id].append((series_id, at, row.numerator or 0.0))
        counted: dict[UUID, float] = defaultdict(float)
        for series_id, at, n in self._spells.get(unit_id, ()):
            if _within(at, span):
                counted[series_id] += n
        return max(counted.values(), default=None)

    def people(self, row: IndicatorValue) -> int | None:
        """How many stand behind a figure: as it was told, else the headcount of that day."""
        told = row.people
        return told if told is not None else self.heads.people(row.unit_id, row.until_on)

    def _told_by_finer(self, series_id: UUID, span: Span) -> Hidden:
        """Units of which another series of the kind shows some shorter periods but not all.

        The longer period less those that are shown would be what the others are together.
        """
        kind, found = self.kinds[series_id], set[UUID | None]()
        others = {key for key, one in self.kinds.items() if one.key == kind.key} - {series_id}
        for other in others:
            shown: set[UUID | None] = set()
            rest: dict[UUID | None, list[IndicatorValue]] = defaultdict(list)
            for (key, at), rows in self.by_period.items():
                if key != other or at == span or not _within(at, span):
                    continue
                hidden = self.hidden(other, at)
                for row in rows:
                    if row.unit_id in hidden:
                        rest[row.unit_id].append(row)
                    else:
                        shown.add(row.unit_id)
            found |= {unit for unit in rest if unit in shown and is_small(kind, rest[unit])}
        return frozenset(found)

    def _is_part(self, series_id: UUID) -> bool:
        return self.kinds[series_id].key in PARTS

    def _sums(self, row: IndicatorValue) -> Sums:
        return Sums(row.unit_id, row.figure, row.numerator, row.denominator, self.people(row))

    def _groups(self, series_id: UUID, found: Sequence[Sums], span: Span) -> list[Group]:
        kind = self.kinds[series_id]
        having = frozenset(one.unit_id for one in found)
        parents = self.heads.parents_ever(span.until_on)
        counts = [count_of(kind, one, span) for one in found]
        few = [
            kind.key != WHOLE_OF_PARTS or self._few_spells(one.unit_id, count, span)
            for one, count in zip(found, counts, strict=True)
        ]
        return [
            Group(
                key=one.unit_id,
                parent=nearest_with_figure(one.unit_id, parents, having) if one.unit_id else None,
                people=one.people,
                count=count if any(few) else None,
                least=self._least(kind, one, count, span),
                is_many=not is_few,
                is_unknown=count is None and kind.must_count and one.figure > 0,
            )
            for one, count, is_few in zip(found, counts, few, strict=True)
        ]

    def _few_spells(self, unit_id: UUID | None, count: float | None, span: Span) -> bool:
        """Whether few absences are known to stand behind the days of a unit."""
        spells = self.spells(unit_id, span)
        return spells is not None and spells < LEAST_COUNT and bool(count)

    def _least(self, kind: SeriesKind, one: Sums, count: float | None, span: Span) -> int:
        """How many people a group must be to be shown.

        All absence is no rare thing in twenty people. In a smaller group the days of few may be
        those of one, as long as nobody told how many absences they are.
        """
        if kind.key != WHOLE_OF_PARTS or self.spells(one.unit_id, span) is not None:
            return LEAST_PEOPLE
        return LEAST_UNCOUNTED if 0 < (count or 0.0) < LEAST_COUNT else LEAST_PEOPLE


def count_of(kind: SeriesKind, one: Sums, span: Span) -> float | None:
    """Return what must not be small behind a figure; of an outcome alone what it stands for."""
    first = one.first
    if first is None:
        first = kind.first_of(one.figure, one.people, span.n_days)
    return kind.count_of(first, one.second, n_days=span.n_days)


def is_small(kind: SeriesKind, rows: Sequence[IndicatorValue]) -> bool:
    """Whether some periods of a unit are few people together, or nobody knows how many."""
    if any(row.numerator is None for row in rows):
        return kind.must_count
    days = Span(min(row.from_on for row in rows), max(row.until_on for row in rows))
    first = sum(row.numerator or 0.0 for row in rows)
    second = sum(row.denominator or 0.0 for row in rows)
    return 0 < (kind.count_of(first, second, n_days=days.n_days) or 0.0) < LEAST_COUNT


def _within(inner: Span, outer: Span) -> bool:
    return outer.from_on <= inner.from_on and inner.until_on <= outer.until_on
