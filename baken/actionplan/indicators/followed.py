"""Series that a measure can be followed by, with a reading for each period, as readers see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.accidents.queries import find_draft, list_years
from baken.actionplan.indicators.accidents.shown import is_shown
from baken.actionplan.indicators.cells import WHOLE
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.queries import Point, kind_of, list_series, protected_points
from baken.actionplan.indicators.types import Better, Reading, SeriesIndicator
from baken.actionplan.indicators.yearly import accident_year
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session

ACCIDENTS: Final = "accidents"
"""Frequency rate of accidents at work of the whole organisation, a year at a time."""


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """A figure of one period, named by its last day; `reading` None: readers see nothing of it."""

    on: date
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A series in one unit (`WHOLE`: in all), oldest period first.

    `name` is empty for accidents, whose name is a text.
    """

    series: str
    unit_key: str
    name: str
    unit: str
    better: Better
    readings: tuple[PeriodReading, ...]

    @property
    def last(self) -> PeriodReading | None:
        """The newest period of which something is shown."""
        shown = (one for one in reversed(self.readings) if one.reading is not None)
        return next(shown, None)


def list_followed(session: Session) -> list[Followed]:
    """Return every series in every place where readers see a figure of it; whoever asks has asked.

    Small groups are left out as they are on every page.
    """
    return [one for one in _all(session) if one.last is not None]


def readings_of(session: Session, indicator: SeriesIndicator) -> list[PeriodReading]:
    """Return the periods after the one a contract starts from; whoever asks has asked."""
    found = _find(session, indicator.series, indicator.unit_key)
    return [one for one in found.readings if one.on > indicator.start_on] if found else []


def series_contract(
    session: Session,
    series: str,
    unit_key: str,
    *,
    name: str,
    start_on: date | None,
    better: Better,
    target: float,
    by_on: date,
) -> SeriesIndicator:
    """Make the contract of a measure from a series.

    Parameters
    ----------
    start_on : date or None
        Last day of the period it starts from; None: the newest one that is shown.

    Raises
    ------
    Invalid
        Nothing is shown of the series in this unit, or of that period.
    """
    found = _find(session, series, unit_key)
    periods = [one for one in found.readings if one.reading is not None] if found else []
    if start_on is not None:
        periods = [one for one in periods if one.on == start_on]
    if found is None or not periods or (first := periods[-1]).reading is None:
        raise Invalid(
            "series.not_followed",
            "This indicator has no figure here that may be shown. Choose another one, or follow "
            "a figure of your own.",
        )
    return SeriesIndicator(
        series=series,
        unit_key=unit_key,
        name=name,
        unit=found.unit,
        better=better,
        start=first.reading.value,
        start_on=first.on,
        low=first.reading.low,
        high=first.reading.high,
        target=target,
        by_on=by_on,
    )


def _find(session: Session, series: str, unit_key: str) -> Followed | None:
    found = (one for one in _all(session) if (one.series, one.unit_key) == (series, unit_key))
    return next(found, None)


def _all(session: Session) -> Iterator[Followed]:
    rows = list_series(session)
    points = protected_points(session, rows, Heads(load_tree(session)))
    for row in rows:
        by_place: dict[UUID | None, list[Point]] = {}
        for one in sorted(points[row.id], key=lambda point: point.span):
            by_place.setdefault(one.unit_id, []).append(one)
        for unit_id, found in by_place.items():
            yield Followed(
                series=str(row.id),
                unit_key=WHOLE if unit_id is None else str(unit_id),
                name=row.name,
                unit=kind_of(row).unit,
                better=row.better,
                readings=tuple(
                    PeriodReading(
                        one.span.until_on, None if one.figure is None else Reading(one.figure)
                    )
                    for one in found
                ),
            )
    yield from _accidents(session)


def _accidents(session: Session) -> Iterator[Followed]:
    """Only years whose report was drawn up: figures of others still move."""
    years = [year for year in sorted(list_years(session)) if find_draft(session, year)]
    found = [(year, accident_year(session, year).work) for year in years]
    readings = tuple(
        PeriodReading(
            date(year, 12, 31),
            Reading(fg.value, fg.low, fg.high) if is_shown(work.n_total) else None,
        )
        for year, work in found
        if (fg := work.fg) is not None
    )
    if readings:
        yield Followed(ACCIDENTS, WHOLE, "", "number", Better.LOWER, readings)
