"""The whole tree out of the database, and what changed of it back in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Delete, Update, delete, insert, select, update
from sqlalchemy.orm.attributes import flag_modified

from baken.organisation.models import Headcount, Organisation, Unit
from baken.organisation.movements.models import UnitMovement
from baken.organisation.structure.history import (
    ONE_DAY,
    Count,
    Description,
    Heir,
    Tree,
    UnitHistory,
)
from baken.organisation.structure.models import UnitPeriod, UnitSuccession
from baken.storage.base import Base
from baken.storage.session import Session

# Databases limit how many values one statement may name.
_AT_ONCE: Final = 2_000
Item = TypeVar("Item")
_DESCRIBED: Final = ("parent_id", "kind", "number", "name", "address", "activity")


def lock_tree(session: Session) -> None:
    """Wait until nobody else changes the units of this organisation, until the end of the turn."""
    session.scalars(
        select(Organisation).where(Organisation.id == session.organisation_id).with_for_update()
    ).one()


def load_tree(session: Session) -> Tree:
    """Return every unit that ever was, with its history."""
    # what another session wrote meanwhile counts, not what this one has read before
    rows = session.scalars(select(Unit).execution_options(populate_existing=True)).all()
    before = _by_unit(session.scalars(select(UnitPeriod).order_by(UnitPeriod.from_on)))
    counts = _by_unit(session.scalars(select(Headcount).order_by(Headcount.from_on)))
    heirs: dict[UUID, list[Heir]] = defaultdict(list)
    for one in session.scalars(select(UnitSuccession)):
        heirs[one.predecessor_id].append(Heir(one.successor_id, one.on, one.how))
    return {
        row.id: UnitHistory(
            id=row.id,
            from_on=row.from_on,
            until_on=row.until_on,
            descriptions=(
                *(_description(period, period.from_on) for period in before[row.id]),
                _description(row, row.changed_on or row.from_on),
            ),
            counts=tuple(Count(one.from_on, one.people) for one in counts[row.id]),
            heirs=tuple(sorted(heirs[row.id], key=lambda one: (one.on, one.unit_id))),
            position=row.position,
        )
        for row in rows
    }


def versions_of(session: Session, unit_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How often each of these units was changed so far."""
    asked = {*unit_ids}
    rows = session.execute(select(Unit.id, Unit.version))
    return {row.id: row.version for row in rows if row.id in asked}


def save_units(session: Session, units: Sequence[UnitHistory]) -> None:
    """Write units as they are now, new ones and known ones."""
    known = {row.id: row for row in session.scalars(select(Unit))}
    _add_units(session, [unit for unit in units if unit.id not in known])
    for unit in units:
        if unit.id in known:
            row = known[unit.id]
            for name, value in _columns(unit).items():
                setattr(row, name, value)
            flag_modified(row, "name")  # a change of the history alone counts as a change too
    session.flush()
    _save_histories(session, units, {*known})


def remove_units(session: Session, units: Sequence[UnitHistory]) -> None:
    """Delete units that nothing refers to but each other."""
    waiting = {unit.id: unit for unit in units}
    for keys in _portions([*waiting]):
        _forget_histories(session, keys)
        _run(session, delete(UnitSuccession).where(UnitSuccession.successor_id.in_(keys)))
        _run(session, delete(UnitMovement).where(UnitMovement.unit_id.in_(keys)))
    while waiting:  # children before parents
        parents = {unit.newest.parent_id for unit in waiting.values()}
        last = [key for key in waiting if key not in parents]
        for keys in _portions(last):
            _run(session, delete(Unit).where(Unit.id.in_(keys)))
        for key in last:
            del waiting[key]
    session.expire_all()


def save_positions(session: Session, positions: dict[UUID, int]) -> None:
    """Put units in another order; nobody who edits one of them is disturbed."""
    for key, place in positions.items():
        _run(session, update(Unit).where(Unit.id == key).values(position=place))
    session.expire_all()


def _add_units(session: Session, units: Sequence[UnitHistory]) -> None:
    """Insert parents before children: the wall of the database looks for the parent."""
    waiting = {unit.id: unit for unit in units}
    while waiting:
        ready = [unit for unit in waiting.values() if unit.newest.parent_id not in waiting]
        rows = [
            {"id": unit.id, "organisation_id": session.organisation_id, "version": 1}
            | _columns(unit)
            for unit in ready
        ]
        _insert(session, Unit, rows)
        for unit in ready:
            del waiting[unit.id]


def _save_histories(session: Session, units: Sequence[UnitHistory], known: set[UUID]) -> None:
    keys = [unit.id for unit in units if unit.id in known]
    for some in _portions(keys):
        _forget_histories(session, some)
    session.expire_all()
    mine = {"organisation_id": session.organisation_id}
    periods = [{"id": uuid4(), **mine, **row} for unit in units for row in _periods(unit)]
    counts = [
        {"id": uuid4(), **mine, "unit_id": unit.id, "from_on": one.from_on, "people": one.people}
        for unit in units
        for one in unit.counts
    ]
    heirs = [
        {
            **mine,
            "predecessor_id": unit.id,
            "successor_id": one.unit_id,
            "on": one.on,
            "how": one.how,
        }
        for unit in units
        for one in unit.heirs
    ]
    for model, rows in ((UnitPeriod, periods), (Headcount, counts), (UnitSuccession, heirs)):
        _insert(session, model, rows)


def _insert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    for some in _portions(rows):
        session.execute(insert(model), some)


def _forget_histories(session: Session, keys: Sequence[UUID]) -> None:
    _run(session, delete(UnitSuccession).where(UnitSuccession.predecessor_id.in_(keys)))
    _run(session, delete(UnitPeriod).where(UnitPeriod.unit_id.in_(keys)))
    _run(session, delete(Headcount).where(Headcount.unit_id.in_(keys)))


def _run(session: Session, statement: Delete | Update) -> None:
    """Change rows where they are; what the session has read of them is thrown away afterwards."""
    session.execute(statement, execution_options={"synchronize_session": False})


def _columns(unit: UnitHistory) -> dict[str, Any]:
    since = unit.newest.from_on
    return {
        **{name: getattr(unit.newest, name) for name in _DESCRIBED},
        "position": unit.position,
        "from_on": unit.from_on,
        "until_on": unit.until_on,
        "changed_on": None if since == unit.from_on else since,
    }


def _periods(unit: UnitHistory) -> Iterator[dict[str, Any]]:
    """The descriptions that are over: each ends the day before the next one begins."""
    following = unit.descriptions[1:]
    for one, after in zip(unit.descriptions, following, strict=False):
        yield {
            "unit_id": unit.id,
            "from_on": one.from_on,
            "until_on": after.from_on - ONE_DAY,
            **{name: getattr(one, name) for name in _DESCRIBED},
        }


def _description(row: Unit | UnitPeriod, from_on: date) -> Description:
    return Description(from_on, **{name: getattr(row, name) for name in _DESCRIBED})


def _by_unit(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    return found


def _portions(whole: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]
