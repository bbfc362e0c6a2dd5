"""What a file brings is written down: in the series that is there, or in a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from baken.actionplan.indicators.actions import value_columns
from baken.actionplan.indicators.importing.undoing import as_json, place_of
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.models import IndicatorImport, IndicatorSeries, IndicatorValue
from baken.actionplan.indicators.rules import Figure
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Name:
    """What a series is called that a file brings for the first time.

    `periods` are words for its periods, for where its name is taken by a series with other ones.
    """

    name: str
    definition: str
    source: str
    periods: Mapping[PeriodKind, str] = field(default_factory=dict)


def series_for(session: Session, kind: str, period: PeriodKind, name: Name) -> IndicatorSeries:
    """Return the series of a kind with these periods; make it where there is none yet."""
    asked = select(IndicatorSeries).where(
        IndicatorSeries.kind == kind, IndicatorSeries.period == period
    )
    found = session.scalars(asked.order_by(IndicatorSeries.id)).first()
    if found is None:
        found = IndicatorSeries(
            kind=kind,
            period=period,
            better=KINDS[kind].better,
            name=_free_name(session, name, period),
            definition=name.definition,
            source=name.source,
        )
        session.add(found)
        session.flush()
    return found


def _free_name(session: Session, name: Name, period: PeriodKind) -> str:
    taken = {*session.scalars(select(IndicatorSeries.name))}
    if name.name not in taken:
        return name.name
    plain = f"{name.name} ({name.periods[period]})" if period in name.periods else name.name
    number, free = 1, plain
    while free in taken:
        number += 1
        free = f"{plain} ({number})"
    return free


def put_figures(
    session: Session,
    series: IndicatorSeries,
    figures: Sequence[Figure],
    row: IndicatorImport,
    *,
    today: date,
) -> list[dict[str, Any]]:
    """Write figures; return what stood there before."""
    standing = {
        place_of(one): one
        for one in session.scalars(
            select(IndicatorValue).where(IndicatorValue.series_id == series.id)
        )
    }
    replaced = []
    for figure in figures:
        old = standing.get((series.id, figure.unit_id, figure.span.from_on))
        if old is not None:
            replaced.append(as_json(old))
            session.delete(old)
    session.flush()
    session.add_all(
        IndicatorValue(
            series_id=series.id,
            entered_on=today,
            import_id=row.id,
            **value_columns(series, figure),
        )
        for figure in figures
    )
    session.flush()
    return replaced
