"""The units of a campaign: as they are now, and frozen at the launch."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from baken.organisation.models import Headcount, Unit
from baken.storage.session import Session
from baken.survey.campaigns.models import FrozenUnit
from baken.survey.disclosure.tree import Tree, UnitNode


def current_tree(session: Session, *, on: date) -> Tree | None:
    """Return the units of the organisation on a day; None when there are none."""
    units = _units(session, on)
    if not units:
        return None
    people = _headcounts(session, on)
    present = {unit.id for unit in units}
    return Tree.of(
        UnitNode(str(unit.id), _parent(unit, present), people.get(unit.id), unit.name)
        for unit in units
    )


def freeze_units(session: Session, *, on: date) -> list[FrozenUnit]:
    """Return the units of a day as a campaign keeps them, in their fixed order.

    A unit without a number that has others below it counts nobody of its own.
    """
    units = _units(session, on)
    people = _headcounts(session, on)
    present = {unit.id for unit in units}
    return [
        FrozenUnit(
            key=str(unit.id),
            parent=_parent(unit, present),
            number=unit.number,
            name=unit.name,
            kind=str(unit.kind),
            headcount=people.get(unit.id, 0),
        )
        for unit in units
    ]


def _units(session: Session, on: date) -> list[Unit]:
    asked = (
        select(Unit)
        .where(Unit.from_on <= on, or_(Unit.until_on.is_(None), Unit.until_on >= on))
        .order_by(Unit.position, Unit.number, Unit.id)
    )
    return list(session.scalars(asked))


def _headcounts(session: Session, on: date) -> dict[UUID, int]:
    asked = select(Headcount).where(Headcount.from_on <= on).order_by(Headcount.from_on)
    return {row.unit_id: row.people for row in session.scalars(asked)}


def _parent(unit: Unit, present: set[UUID]) -> str | None:
    """A unit whose parent has ended stands at the top until it is moved."""
    return str(unit.parent_id) if unit.parent_id in present else None
