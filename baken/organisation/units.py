"""The unit tree and its headcounts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from baken.organisation.models import Headcount, Unit, UnitKind
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
        select(Unit)
        .where(Unit.from_on <= on, or_(Unit.until_on.is_(None), Unit.until_on >= on))
        .order_by(Unit.position, Unit.number)
    ).all()
    heads = list_headcounts(session, on=on)
    children: dict[UUID | None, list[Unit]] = {}
    known = {unit.id for unit in units}
    for unit in units:
        # a unit whose parent has ended stands at the top until somebody moves it
        parent = unit.parent_id if unit.parent_id in known else None
        children.setdefault(parent, []).append(unit)
    return list(_walk(children, None, 0, heads))


def list_headcounts(session: Session, *, on: date) -> dict[UUID, int]:
    """Return the latest headcount of every unit on a day."""
    rows = session.scalars(
        select(Headcount).where(Headcount.from_on <= on).order_by(Headcount.from_on)
    )
    return {row.unit_id: row.people for row in rows}


def list_below(rows: Iterable[UnitRow], unit_id: UUID) -> frozenset[UUID]:
    """Return the unit and every unit below it."""
    below = {unit_id}
    for row in rows:  # parents come before children
        if row.parent_id in below:
            below.add(row.id)
    return frozenset(below)


def _walk(
    children: dict[UUID | None, list[Unit]], parent: UUID | None, depth: int, heads: dict[UUID, int]
) -> Iterable[UnitRow]:
    for unit in children.get(parent, ()):
        below = list(_walk(children, unit.id, depth + 1, heads))
        own = heads.get(unit.id)
        row = UnitRow(
            id=unit.id,
            version=unit.version,
            parent_id=parent,
            kind=unit.kind,
            number=unit.number,
            name=unit.name,
            address=unit.address,
            activity=unit.activity,
            headcount=own,
            total=own,
            depth=depth,
        )
        direct = [child.total for child in below if child.parent_id == unit.id]
        counts = [own, *direct]
        known = [count for count in counts if count is not None]
        yield replace(row, total=sum(known) if known else None)
        yield from below
