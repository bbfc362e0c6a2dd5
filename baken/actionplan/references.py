"""Rows a form points at: found in this organisation, or refused in one sentence."""

from collections.abc import Collection
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import inspect, select

from baken.actionplan.errors import NotFound
from baken.organisation.models import Organisation, Unit
from baken.organisation.structure.models import UnitPeriod
from baken.organisation.units import list_units
from baken.storage.base import OrganisationOwned
from baken.storage.session import Session

Row = TypeVar("Row", bound=OrganisationOwned)


def find(session: Session, model: type[Row], row_id: UUID) -> Row:
    """Return the row with this id.

    Raises
    ------
    NotFound
        It does not exist, or belongs to another organisation.
    """
    key = inspect(model).primary_key[0]
    row = session.scalars(select(model).where(key == row_id)).one_or_none()
    if row is None:
        raise NotFound(
            "actionplan.not_found",
            "This does not exist, or no longer. Nothing was changed; go back and choose again.",
        )
    return row


def check_exists(session: Session, model: type[Row], row_id: UUID | None) -> None:
    """Raise `NotFound` when an id is given and no row has it."""
    if row_id is not None:
        find(session, model, row_id)


def lock_organisation(session: Session) -> None:
    """Wait until nobody else is in the middle of such a step here, until the end of the turn."""
    mine = select(Organisation).where(Organisation.id == session.organisation_id)
    session.scalars(mine.with_for_update()).one()


def list_units_above(session: Session, unit_id: UUID | None, *, on: date) -> frozenset[UUID]:
    """Return a unit with all units above it on a day; nothing for the whole organisation."""
    found: set[UUID] = set()
    while unit_id is not None and unit_id not in found:
        found.add(unit_id)
        unit_id = _parent_of(session, unit_id, on=on)
    return frozenset(found)


def _parent_of(session: Session, unit_id: UUID, *, on: date) -> UUID | None:
    """The unit above another on a day: a move that lies ahead counts for nobody yet."""
    unit = find(session, Unit, unit_id)
    of_then = session.scalars(
        select(UnitPeriod)
        .where(UnitPeriod.unit_id == unit_id, UnitPeriod.until_on >= on)
        .order_by(UnitPeriod.from_on)
        .limit(1)
    ).first()
    return unit.parent_id if of_then is None else of_then.parent_id


def holds_everybody(session: Session, unit_id: UUID | None, *, on: date) -> bool:
    """Whether a unit is the one under which all others stand on a day, or on its first one."""
    if unit_id is None:
        return False
    day = max(on, find(session, Unit, unit_id).from_on)
    return [row.id for row in list_units(session, on=day) if row.parent_id is None] == [unit_id]


def list_units_below(session: Session, heads: Collection[UUID]) -> frozenset[UUID]:
    """Return these units and all below them; nothing for nobody's unit."""
    if not heads:
        return frozenset()
    children: dict[UUID | None, list[UUID]] = {}
    for unit_id, parent_id in session.execute(select(Unit.id, Unit.parent_id)):
        children.setdefault(parent_id, []).append(unit_id)
    found: set[UUID] = set()
    ahead = list(heads)
    while ahead:
        unit_id = ahead.pop()
        if unit_id not in found:
            found.add(unit_id)
            ahead += children.get(unit_id, [])
    return frozenset(found)
