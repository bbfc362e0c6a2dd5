"""The units of a campaign: as they are now, and frozen at the launch."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.structure.rules import Frozen
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign, FrozenUnit
from baken.survey.disclosure.tree import Tree, UnitNode


def current_tree(session: Session, *, on: date) -> Tree | None:
    """Return the units of the organisation on a day; None when there are none."""
    units = list_units(session, on=on)
    if not units:
        return None
    return Tree.of(
        UnitNode(str(unit.id), _key(unit.parent_id), unit.headcount, unit.name) for unit in units
    )


def freeze_units(session: Session, *, on: date) -> list[FrozenUnit]:
    """Return the units of a day as a campaign keeps them, in their fixed order.

    A unit without a number that has others below it counts nobody of its own.
    """
    return [
        FrozenUnit(
            key=str(unit.id),
            parent=_key(unit.parent_id),
            number=unit.number,
            name=unit.name,
            kind=str(unit.kind),
            headcount=unit.headcount or 0,
        )
        for unit in list_units(session, on=on)
    ]


def get_frozen(session: Session) -> Frozen:
    """Return what surveys with frozen units hold on to: their latest day, their units."""
    rows = session.execute(
        select(
            Campaign.launched_on, Campaign.opens_on, Campaign.units_on, Campaign.unit_tree
        ).where(Campaign.launched_on.is_not(None) | Campaign.units_on.is_not(None))
    ).all()
    days = [row.units_on or max(row.launched_on, row.opens_on) for row in rows]
    return Frozen(
        until_on=max(days, default=None),
        unit_ids=frozenset(UUID(unit["key"]) for row in rows for unit in row.unit_tree or []),
    )


def _key(unit_id: UUID | None) -> str | None:
    return str(unit_id) if unit_id is not None else None
