"""The unit tree and its headcounts, as they stand on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from baken.organisation.models import Headcount, Unit
from baken.organisation.structure.history import UnitKind
from baken.organisation.structure.models import UnitPeriod
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it stands on a day.

    `headcount` counts the people attached to it directly, `total` those below it too; None when
    nobody has told yet. `depth` is 0 for a top unit.
    """

    id: UUID
    version: int
    parent_id: UUID | None
    kind: UnitKind
    number: str
    name: str
    address: str
    activity: str
    headcount: int | None
    total: int | None
    depth: int


def list_units(session: Session, *, on: date) -> list[UnitRow]:
    """Return the units that exist on a day, parents before children, in a fixed order."""
    units = session.scalars(
        select(Unit).where(Unit.from_on <= on, or_(Unit.until_on.is_(None), Unit.until_on >= on))
    ).all()
    periods = session.scalars(
        select(UnitPeriod).where(UnitPeriod.from_on <= on, UnitPeriod.until_on >= on)
    )
    before = {period.unit_id: period for period in periods}
    described = {unit.id: before.get(unit.id, unit) for unit in units}
    order = sorted(units, key=lambda unit: (unit.position, described[unit.id].number, unit.id))
    return _in_order(order, described, list_headcounts(session, on=on))


def list_headcounts(session: Session, *, on: date) -> dict[UUID, int]:
    """Return the latest headcount of every unit on a day."""
    rows = session.execute(
        select(Headcount.unit_id, Headcount.people)
        .where(Headcount.from_on <= on)
        .order_by(Headcount.from_on)
    )
    return {row.unit_id: row.people for row in rows}


def list_below(rows: Iterable[UnitRow], unit_id: UUID) -> frozenset[UUID]:
    """Return the unit and every unit below it."""
    below = {unit_id}
    for row in rows:  # parents come before children
        if row.parent_id in below:
            below.add(row.id)
    return frozenset(below)


def _in_order(
    units: Iterable[Unit], described: Mapping[UUID, Unit | UnitPeriod], heads: Mapping[UUID, int]
) -> list[UnitRow]:
    children: dict[UUID | None, list[Unit]] = {}
    for unit in units:
        # a unit whose parent has ended stands at the top until somebody moves it
        parent_id = described[unit.id].parent_id
        above = parent_id if parent_id in described else None
        children.setdefault(above, []).append(unit)
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    places: list[tuple[Unit, int]] = []
    while waiting:
        unit, depth = waiting.pop()
        places.append((unit, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(unit.id, [])))
    totals = _totals([unit for unit, _ in places], children, heads)
    return [
        _row(unit, depth, described, people=heads.get(unit.id), total=totals[unit.id])
        for unit, depth in places
    ]


def _totals(
    units: list[Unit], children: Mapping[Any, list[Unit]], heads: Mapping[UUID, int]
) -> dict[UUID, int | None]:
    totals: dict[UUID, int | None] = {}
    for unit in reversed(units):  # children before parents
        below = [totals[child.id] for child in children.get(unit.id, [])]
        known = [count for count in (heads.get(unit.id), *below) if count is not None]
        totals[unit.id] = sum(known) if known else None
    return totals


def _row(
    unit: Unit,
    depth: int,
    described: Mapping[UUID, Unit | UnitPeriod],
    *,
    people: int | None,
    total: int | None,
) -> UnitRow:
    said = described[unit.id]
    return UnitRow(
        id=unit.id,
        version=unit.version,
        parent_id=said.parent_id if said.parent_id in described else None,
        kind=said.kind,
        number=said.number,
        name=said.name,
        address=said.address,
        activity=said.activity,
        headcount=people,
        total=total,
        depth=depth,
    )
