"""What pages show of indicators: their figures in words, a chart, and the table beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.models import IndicatorCorrection, IndicatorSeries
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.queries import Point, kind_of
from baken.organisation.people import list_names
from baken.organisation.structure.history import in_order
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session
from baken.web import numerals
from baken.web.charts.series import Spot, series_chart
from baken.web.texts import Catalogue

HIDDEN = "–"


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One indicator in the list: its last figure of the whole organisation."""

    id: UUID
    version: int
    name: str
    kind: str
    source: str
    definition: str
    period: str
    figure: str
    when: str
    before: str
    target: str
    is_reached: bool | None
    has_units: bool


@dataclass(frozen=True, slots=True)
class PointRow:
    """One figure in a table."""

    id: UUID
    version: int
    unit_id: UUID | None
    unit: str
    when: str
    figure: str
    sums: str
    people: str
    is_imported: bool


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """A chart with its sentence and the same numbers as rows."""

    figure: dict[str, Any] | None
    sentence: str
    rows: tuple[tuple[str, str], ...]


def unit_names(session: Session) -> dict[UUID, str]:
    """The name of every unit that ever was, in the order of the organisation."""
    return {unit.id: unit.newest.name for unit in in_order(load_tree(session))}


def said_period(span: Span, period: PeriodKind, texts: Catalogue) -> str:
    """A period as people name it: 2026, Q1 2026, mrt 2026."""
    if period is PeriodKind.YEAR:
        return str(span.from_on.year)
    if period is PeriodKind.QUARTER:
        quarter = (span.from_on.month + 2) // 3
        return texts("series.quarter", n=quarter, year=str(span.from_on.year))
    return numerals.month(span.from_on, texts.language)


def said_figure(
    value: float | None, kind: str, texts: Catalogue, decimals: int | None = None
) -> str:
    """A figure with its unit; a dash where readers see nothing of it.

    `decimals` as `decimals_of` gives them for figures that stand together.
    """
    if value is None:
        return HIDDEN
    unit = KINDS[kind].unit
    if unit == "%":
        return numerals.percent(value / 100, texts.language, 1)
    if decimals is None:
        decimals = decimals_of(kind, (value,))
    shown = numerals.number(round(value, 2), texts.language, decimals)
    return texts("series.in_days", n=shown) if unit == "days" else shown


def decimals_of(kind: str, values: Iterable[float | None]) -> int:
    """How many decimals figures of one kind get that stand together: the same for all of them."""
    fixed = {"count": 0, "days": 1, "%": 1}.get(KINDS[kind].unit)
    if fixed is not None:
        return fixed
    if KINDS[kind].is_fraction:
        return 2
    told = [round(one, 2) for one in values if one is not None]
    return next((n for n in (0, 1) if all(round(one, n) == one for one in told)), 2)


def series_row(
    row: IndicatorSeries, points: Sequence[Point], texts: Catalogue, *, by: str
) -> SeriesRow:
    """One line of the list; `by` names the kind."""
    whole = [one for one in points if one.unit_id is None]
    n = decimals_of(row.kind, (*(one.figure for one in points), row.target))
    last = whole[-1] if whole else None
    before = whole[-2] if len(whole) > 1 else None
    reached = None
    if row.target is not None and last is not None and last.figure is not None:
        is_lower = row.better.value == "lower"
        reached = last.figure <= row.target if is_lower else last.figure >= row.target
    return SeriesRow(
        id=row.id,
        version=row.version,
        name=row.name,
        kind=by,
        source=row.source,
        definition=row.definition,
        period=texts(f"series.period_{row.period}"),
        figure=said_figure(last.figure, row.kind, texts, n) if last else "",
        when=said_period(last.span, row.period, texts) if last else "",
        before=said_figure(before.figure, row.kind, texts, n) if before else "",
        target=said_figure(row.target, row.kind, texts, n) if row.target is not None else "",
        is_reached=reached,
        has_units=len(points) > len(whole),
    )


def point_rows(
    row: IndicatorSeries, points: Sequence[Point], names: Mapping[UUID, str], texts: Catalogue
) -> tuple[PointRow, ...]:
    """Figures for a table, the newest first; of a period in the order of the units in `names`."""
    places = {unit_id: place for place, unit_id in enumerate((None, *names))}
    ordered = sorted(points, key=lambda one: places.get(one.unit_id, len(places)))
    ordered.sort(key=lambda one: one.span.from_on, reverse=True)
    n = decimals_of(row.kind, (one.figure for one in points))
    return tuple(
        PointRow(
            id=one.id,
            version=one.version,
            unit_id=one.unit_id,
            unit=names.get(one.unit_id, "") if one.unit_id else texts("series.whole"),
            when=said_period(one.span, row.period, texts),
            figure=said_figure(one.figure, row.kind, texts, n),
            sums=_sums(one, row, texts),
            people="" if one.people is None else numerals.number(one.people, texts.language),
            is_imported=one.is_imported,
        )
        for one in ordered
    )


def correction_rows(
    session: Session,
    row: IndicatorSeries,
    corrections: Sequence[IndicatorCorrection],
    texts: Catalogue,
) -> tuple[tuple[str, ...], ...]:
    """What figures were: period, unit, old figure, what happened, who, why."""
    people, names = dict(list_names(session)), unit_names(session)
    return tuple(
        (
            said_period(Span(one.from_on, one.until_on), row.period, texts),
            names.get(one.unit_id, "") if one.unit_id else texts("series.whole"),
            said_figure(one.figure, row.kind, texts),
            texts(
                "series.was_removed" if one.is_removed else "series.was_changed",
                day=one.corrected_on,
                name=people.get(one.corrected_by, ""),
            ),
            one.reason,
        )
        for one in corrections
    )


def chart_of(
    row: IndicatorSeries, points: Sequence[Point], unit: str, texts: Catalogue
) -> SeriesChart:
    """The chart of one unit, or of the whole organisation."""
    n = decimals_of(row.kind, (*(one.figure for one in points), row.target))
    spots = [
        Spot(
            said_period(one.span, row.period, texts),
            one.figure,
            said_figure(one.figure, row.kind, texts, n),
        )
        for one in points
    ]
    rows = tuple((spot.when, spot.words) for spot in spots)
    shown = [spot for spot in spots if spot.value is not None]
    if not shown:
        return SeriesChart(None, texts("series.nothing_shown", unit=unit), rows)
    target = ""
    if row.target is not None and row.target_on is not None:
        target = texts(
            "series.target_line",
            value=said_figure(row.target, row.kind, texts, n),
            day=row.target_on,
        )
    sentence = texts(
        "series.sentence" if len(shown) > 1 else "series.sentence_once",
        unit=unit,
        first=shown[0].words,
        start=shown[0].when,
        last=shown[-1].words,
        end=shown[-1].when,
    )
    figure = series_chart(spots, target=row.target, target_words=target)
    return SeriesChart(figure, sentence, rows)


def latest_of_units(points: Sequence[Point]) -> list[Point]:
    """The figures of units in the newest period."""
    units = [one for one in points if one.unit_id is not None]
    newest: date | None = max((one.span.from_on for one in units), default=None)
    return [one for one in units if one.span.from_on == newest]


def _sums(point: Point, row: IndicatorSeries, texts: Catalogue) -> str:
    if point.numerator is None or not kind_of(row).is_fraction or point.denominator is None:
        return ""
    first, second = (
        numerals.number(round(one, 2), texts.language)
        for one in (point.numerator, point.denominator)
    )
    return texts("series.sums", first=first, second=second)
