"""Reading what changed, and who or what still hangs on a unit that has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from baken.organisation.models import Person, RoleGrant, Unit
from baken.organisation.permissions import Role
from baken.organisation.structure.actions import Difference
from baken.organisation.structure.models import UnitChange, UnitChangePart, UnitSuccession
from baken.organisation.structure.states import from_state
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class EndedUnit:
    """A unit that is over on a day, with the units in which it goes on."""

    id: UUID
    name: str
    until_on: date
    heirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadOfEndedUnit:
    """Somebody whose role holds for a unit that no longer exists: it needs another one."""

    person_id: UUID
    person: str
    role: Role
    unit: EndedUnit


def list_changes(session: Session, *, limit: int) -> list[UnitChange]:
    """Return the newest changes of the tree, newest first."""
    newest = select(UnitChange).order_by(UnitChange.seq.desc()).limit(limit)
    return list(session.scalars(newest))


def differences_of(parts: Iterable[UnitChangePart]) -> tuple[Difference, ...]:
    """Return what a change did, unit by unit."""
    return tuple(
        Difference(
            from_state(part.unit_id, part.before) if part.before else None,
            from_state(part.unit_id, part.after),
        )
        for part in parts
    )


def list_ended(session: Session, *, on: date) -> dict[UUID, EndedUnit]:
    """Return the units that are over on a day: what hangs on them still shows where it went."""
    rows = session.scalars(select(Unit).where(Unit.until_on < on)).all()
    if not rows:
        return {}
    names = {row.id: row.name for row in session.execute(select(Unit.id, Unit.name))}
    heirs: dict[UUID, list[str]] = {}
    order = (UnitSuccession.on, UnitSuccession.successor_id)
    for one in session.scalars(select(UnitSuccession).order_by(*order)):
        heirs.setdefault(one.predecessor_id, []).append(names[one.successor_id])
    return {
        row.id: EndedUnit(row.id, row.name, row.until_on, tuple(sorted(heirs.get(row.id, []))))
        for row in rows
        if row.until_on is not None
    }


def list_heirs(session: Session, unit_id: UUID) -> dict[UUID, str]:
    """Return the units in which one that ended goes on, with their names, in order of name."""
    asked = (
        select(Unit.id, Unit.name)
        .join(UnitSuccession, UnitSuccession.successor_id == Unit.id)
        .where(UnitSuccession.predecessor_id == unit_id)
        .order_by(Unit.name)
    )
    return {row.id: row.name for row in session.execute(asked)}


def list_heads_of_ended_units(session: Session, *, on: date) -> list[HeadOfEndedUnit]:
    """Return whose role holds on a day for a unit that is over by then, by name."""
    ended = list_ended(session, on=on)
    asked = (
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.unit_id.is_not(None),
            RoleGrant.from_on <= on,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= on),
            RoleGrant.ended_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return [
        HeadOfEndedUnit(person.id, person.name, grant.role, ended[grant.unit_id])
        for grant, person in session.execute(asked).all()
        if grant.unit_id in ended
    ]
