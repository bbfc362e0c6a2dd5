"""Taking back what a file brought."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from baken.actionplan.errors import InvalidTransition, NotFound
from baken.actionplan.indicators.models import (
    IndicatorCorrection,
    IndicatorImport,
    IndicatorSeries,
    IndicatorValue,
)
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session


def undo_import(
    session: Session,
    import_id: UUID,
    *,
    in_use: frozenset[str] = frozenset(),
    by: Actor,
    today: date,
) -> int:
    """Take back what a file brought, and put back what it replaced; return how many figures went.

    A figure that somebody changed since stays as it is. A series that the file began goes too,
    unless something else was put in or `in_use` (series that measures follow) holds it.
    """
    require(by, Action.EDIT_INDICATORS)
    row = session.get(IndicatorImport, import_id)
    if row is None:
        raise NotFound("series.no_import", "This file was not read in here.")
    if row.undone_on is not None:
        raise InvalidTransition("series.undone_already", "This was taken back already.")
    brought = list(
        session.scalars(select(IndicatorValue).where(IndicatorValue.import_id == row.id))
    )
    untouched = [one for one in brought if one.version == 1]
    places = {place_of(one) for one in brought if one.version > 1}
    session.execute(delete(IndicatorValue).where(
        IndicatorValue.id.in_([one.id for one in untouched])
    ))  # fmt: skip
    session.flush()
    _put_back(session, row, places)
    row.undone_on = today
    session.flush()
    _remove_begun(session, in_use, by=by)
    record(session, "indicator.import_undone", by=by.person_id,
           subject=f"indicator_import:{row.id}", facts={"values": len(untouched)})  # fmt: skip
    return len(untouched)


def _remove_begun(session: Session, in_use: frozenset[str], *, by: Actor) -> None:
    """Remove what files began that were taken back, where nothing else was put in.

    Of all such files: one may have been kept by figures of another that goes now.
    """
    undone = select(IndicatorImport).where(IndicatorImport.undone_on.is_not(None))
    began = {one for row in session.scalars(undone) for one in row.began} - in_use
    rows = [row for one in sorted(began) if (row := session.get(IndicatorSeries, UUID(one)))]
    for row in rows:
        if row.version > 1 or _holds_something(session, row):
            continue
        session.delete(row)
        session.flush()
        record(session, "indicator.removed", by=by.person_id, subject=f"indicator:{row.id}",
               facts={"n_values": 0})  # fmt: skip


def _holds_something(session: Session, series: IndicatorSeries) -> bool:
    return any(
        session.scalars(select(table.id).where(table.series_id == series.id).limit(1)).first()
        for table in (IndicatorValue, IndicatorCorrection)
    )


def place_of(value: IndicatorValue) -> tuple[UUID, UUID | None, date]:
    """Where a figure stands: no two figures stand there."""
    return (value.series_id, value.unit_id, value.from_on)


def as_json(value: IndicatorValue) -> dict[str, Any]:
    """A figure as it is kept for the way back."""
    return {
        "series_id": str(value.series_id),
        "unit_id": str(value.unit_id) if value.unit_id else None,
        "from_on": value.from_on.isoformat(),
        "until_on": value.until_on.isoformat(),
        "import_id": str(value.import_id) if value.import_id else None,
        "entered_on": value.entered_on.isoformat(),
        "numbers": [value.numerator, value.denominator, value.figure, value.people],
    }


def _from_json(told: Mapping[str, Any]) -> IndicatorValue:
    numerator, denominator, figure, people = told["numbers"]
    return IndicatorValue(
        series_id=UUID(told["series_id"]),
        unit_id=UUID(told["unit_id"]) if told["unit_id"] else None,
        from_on=date.fromisoformat(told["from_on"]),
        until_on=date.fromisoformat(told["until_on"]),
        import_id=UUID(told["import_id"]) if told["import_id"] else None,
        entered_on=date.fromisoformat(told["entered_on"]),
        numerator=numerator,
        denominator=denominator,
        figure=figure,
        people=people,
    )


def _put_back(session: Session, row: IndicatorImport, kept: set[Any]) -> None:
    """Put back what was replaced; not what came from a file that was taken back meanwhile."""
    known = {*session.scalars(select(IndicatorSeries.id))}
    undone = {
        *session.scalars(select(IndicatorImport.id).where(IndicatorImport.undone_on.is_not(None)))
    }
    taken = kept | {place_of(one) for one in session.scalars(select(IndicatorValue))}
    for told in row.replaced:
        value = _from_json(told)
        is_free = place_of(value) not in taken and value.import_id not in undone
        if value.series_id in known and is_free:
            session.add(value)
    row.replaced = []
