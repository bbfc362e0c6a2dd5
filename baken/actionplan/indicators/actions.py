"""Following something, and writing its figures down by hand."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators import rules
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.models import (
    IndicatorCorrection,
    IndicatorSeries,
    IndicatorValue,
)
from baken.actionplan.indicators.periods import Span
from baken.actionplan.indicators.queries import get_series, get_value, kind_of, list_values
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.trees import load_tree
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

_KEPT: Final = ("series_id", "unit_id", "from_on", "until_on", "numerator", "denominator", "figure",
                "people", "entered_on")  # fmt: skip


def add_series(session: Session, fields: SeriesFields, *, by: Actor) -> IndicatorSeries:
    """Begin to follow something."""
    require(by, Action.EDIT_INDICATORS)
    rules.check_series(fields)
    row = IndicatorSeries(**asdict(fields))
    _add(session, row)
    _record(session, "indicator.added", row.id, by, kind=row.kind)
    return row


def change_series(
    session: Session, series_id: UUID, fields: SeriesFields, *, seen: int, by: Actor
) -> IndicatorSeries:
    """Change name, definition, source or target; kind and periods stay once there are figures."""
    require(by, Action.EDIT_INDICATORS)
    row = get_series(session, series_id)
    check_version(row, seen)
    rules.check_series(fields)
    fixed = (row.kind, row.period)
    if fixed != (fields.kind, fields.period) and list_values(session, [row.id]):
        raise Invalid(
            "series.kind_fixed",
            "There are figures already, so kind and periods stay. Make another indicator.",
        )
    for name, value in asdict(fields).items():
        setattr(row, name, value)
    _add(session, row)
    _record(session, "indicator.changed", row.id, by)
    return row


def remove_series(session: Session, series_id: UUID, *, seen: int, by: Actor) -> None:
    """Stop following something; its figures go too."""
    require(by, Action.EDIT_INDICATORS)
    row = get_series(session, series_id)
    check_version(row, seen)
    n_values = len(list_values(session, [row.id]))
    for table in (IndicatorValue, IndicatorCorrection):
        session.execute(delete(table).where(table.series_id == row.id))
    session.delete(row)
    session.flush()
    _record(session, "indicator.removed", series_id, by, n_values=n_values)


def enter_value(
    session: Session, series_id: UUID, figure: Figure, *, by: Actor, today: date
) -> IndicatorValue:
    """Write one figure down."""
    require(by, Action.EDIT_INDICATORS)
    series, figure = get_series(session, series_id), _placed(session, figure)
    rules.check_typed(kind_of(series), figure)
    check_value(session, series, figure, today=today)
    row = IndicatorValue(series_id=series.id, entered_on=today, **value_columns(series, figure))
    session.add(row)
    session.flush()
    _record(session, "indicator.value_entered", series.id, by)
    return row


def change_value(
    session: Session,
    value_id: UUID,
    figure: Figure,
    *,
    reason: str,
    seen: int,
    by: Actor,
    today: date,
) -> IndicatorValue:
    """Correct a figure; what it was is kept, with the reason."""
    require(by, Action.EDIT_INDICATORS)
    row = get_value(session, value_id)
    check_version(row, seen)
    series, figure = get_series(session, row.series_id), _placed(session, figure)
    rules.check_typed(kind_of(series), figure)
    check_value(session, series, figure, today=today, but=row)
    columns = value_columns(series, figure)
    if all(getattr(row, name) == value for name, value in columns.items()):
        return row
    _correct(session, row, reason, is_removed=False, by=by, today=today)
    for name, value in columns.items():
        setattr(row, name, value)
    row.entered_on = today
    session.flush()
    _record(session, "indicator.value_changed", series.id, by)
    return row


def remove_value(
    session: Session, value_id: UUID, *, reason: str, seen: int, by: Actor, today: date
) -> None:
    """Take a figure away; what it was is kept, with the reason."""
    require(by, Action.EDIT_INDICATORS)
    row = get_value(session, value_id)
    check_version(row, seen)
    _correct(session, row, reason, is_removed=True, by=by, today=today)
    session.delete(row)
    session.flush()
    _record(session, "indicator.value_removed", row.series_id, by)


def check_value(
    session: Session,
    series: IndicatorSeries,
    figure: Figure,
    *,
    today: date,
    but: IndicatorValue | None = None,
) -> None:
    """Raise unless the figure can stand in the series."""
    rules.check_figure(kind_of(series), series.period, figure, today=today)
    if figure.unit_id is not None and session.get(Unit, figure.unit_id) is None:
        raise Invalid("series.no_unit", "This unit does not exist here. Choose another.")
    others = [
        Span(row.from_on, row.until_on)
        for row in list_values(session, [series.id])
        if row.unit_id == figure.unit_id and row is not but
    ]
    rules.check_free(figure.span, others)


def value_columns(series: IndicatorSeries, figure: Figure) -> dict[str, Any]:
    """What the table keeps of a figure."""
    kind = kind_of(series)
    return {
        "unit_id": figure.unit_id,
        "from_on": figure.span.from_on,
        "until_on": figure.span.until_on,
        "numerator": figure.numerator,
        "denominator": figure.denominator if kind.is_fraction else None,
        "figure": figure.value(kind),
        "people": figure.people,
    }


def _correct(
    session: Session, row: IndicatorValue, reason: str, *, is_removed: bool, by: Actor, today: date
) -> None:
    rules.check_reason(reason)
    session.add(
        IndicatorCorrection(
            **{name: getattr(row, name) for name in _KEPT},
            is_removed=is_removed,
            reason=reason.strip(),
            corrected_on=today,
            corrected_by=by.person_id,
        )
    )


def _placed(session: Session, figure: Figure) -> Figure:
    """A figure of the unit that is the whole organisation stands with those of the whole."""
    place = Heads(load_tree(session)).place(figure.unit_id, figure.span.until_on)
    return replace(figure, unit_id=place)


def _add(session: Session, row: IndicatorSeries) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        names = ("uq_indicator_series_name", "indicator_series.name")
        if not any(name in str(error.orig) for name in names):
            raise
        raise Invalid(
            "series.name_taken", "There is an indicator of this name. Choose another name."
        ) from error


def _record(session: Session, action: str, series_id: UUID, by: Actor, **facts: Any) -> None:
    record(session, action, by=by.person_id, subject=f"indicator:{series_id}", facts=facts)
