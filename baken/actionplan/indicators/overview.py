"""An overview of absence, unit by unit, and figures that a screening sheet can take over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.accidents.shown import is_shown
from baken.actionplan.indicators.all_figures import Books
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.kinds import ABSENCE
from baken.actionplan.indicators.models import IndicatorSeries
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.queries import list_series
from baken.actionplan.indicators.totals import Total, totals_of
from baken.actionplan.indicators.yearly import accident_year
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session

TURNOVER: Final = "turnover"
# Lights of the screening table of Baken, and the kind of indicator that counts the same thing.
_LIGHTS: Final = {
    "ABS": "absence_rate",
    "ABF": "absence_frequency",
    "EXI": TURNOVER,
}
_ACCIDENTS: Final = "ACC"
_DURATION: Final = "absence_duration"
ACCIDENTS: Final = "accidents"
"""Kind of an offer that comes from the accidents of a year."""


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """Absence of one unit in a year, in the order of `ABSENCE`; None: unknown or not shown."""

    unit_id: UUID | None
    figures: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A figure that a screening sheet may take over, with where it comes from."""

    light: str
    kind: str
    value: float
    source: str
    span: Span
    entered_on: date | None = None


def whole_year(year: int) -> Span:
    """Return the days of a year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def totals_by_kind(session: Session, span: Span) -> dict[str, dict[UUID | None, Total]]:
    """Return the totals of every kind over some days; of two series of a kind, the fuller one."""
    found: dict[str, dict[UUID | None, Total]] = {}
    books = Books.load(session, Heads(load_tree(session)))
    for series in list_series(session):
        totals = totals_of(books, series, span)
        if _full(totals) > _full(found.get(series.kind, {})):
            found[series.kind] = totals
    return found


def absence_overview(session: Session, year: int, *, by: Actor) -> tuple[AbsenceLine, ...]:
    """Return absence of a year: the whole organisation first, then every unit with a figure."""
    require(by, Action.SEE_INDICATORS)
    totals = totals_by_kind(session, whole_year(year))
    kinds = [totals.get(kind, {}) for kind in ABSENCE]
    units = {unit for found in kinds for unit in found}
    lines = [
        AbsenceLine(
            unit,
            tuple(
                _figure(found.get(unit), kind) for kind, found in zip(ABSENCE, kinds, strict=True)
            ),
        )
        for unit in units
    ]
    return tuple(sorted(lines, key=lambda line: (line.unit_id is not None, str(line.unit_id))))


def offers(session: Session, unit_id: UUID, span: Span, *, by: Actor) -> Mapping[str, Offer]:
    """Return what the indicators say of a unit in the period of a screening sheet, by light.

    Only figures that fill the whole period, count what the light counts, and are shown to readers.
    """
    require(by, Action.FILL_SCREENING)
    heads = Heads(load_tree(session))
    books = Books.load(session, heads)
    place = heads.place(unit_id, span.until_on)
    found: dict[str, Offer] = {}
    for series in list_series(session):
        light = next((key for key, kind in _LIGHTS.items() if kind == series.kind), None)
        if light is None or light in found:
            continue
        total = _of_unit(totals_of(books, series, span), unit_id, place)
        offer = _offer(light, series, total, span) if total else None
        if offer is not None:
            found[light] = offer
    accidents = _accidents(session, span) if place is None else None
    return {**found, _ACCIDENTS: accidents} if accidents else found


def _offer(light: str, series: IndicatorSeries, total: Total, span: Span) -> Offer | None:
    if not total.covers or total.figure is None:
        return None
    return Offer(light, series.kind, total.figure, series.source, span, total.entered_on)


def _accidents(session: Session, span: Span) -> Offer | None:
    if span != whole_year(span.from_on.year):
        return None
    work = accident_year(session, span.from_on.year).work
    if work.fg is None or not is_shown(work.n_total):
        return None
    return Offer(_ACCIDENTS, ACCIDENTS, work.fg.value, "", span)


def _of_unit(
    totals: Mapping[UUID | None, Total], unit_id: UUID, place: UUID | None
) -> Total | None:
    found = totals.get(unit_id)
    return found if found is not None else totals.get(None) if place is None else None


def _figure(total: Total | None, kind: str) -> float | None:
    """The figure of a year; a month in which no absence ended has no duration."""
    if total is None or not (total.covers or kind == _DURATION):
        return None
    return total.figure


def _full(totals: Mapping[UUID | None, Total]) -> int:
    return sum(total.covers for total in totals.values())
