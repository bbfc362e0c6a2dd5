"""Changing the unit tree: look at what a change would do, make it, undo it, order neighbours."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from baken.organisation.errors import Conflict, NotFound
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, Role, require
from baken.organisation.structure import rules
from baken.organisation.structure.changes import Change, ChangeKind, find, moved_order
from baken.organisation.structure.history import Tree, UnitHistory, first_difference
from baken.organisation.structure.models import UnitChange, UnitChangePart
from baken.organisation.structure.references import name_in_use
from baken.organisation.structure.rules import Frozen
from baken.organisation.structure.states import as_state, from_state
from baken.organisation.structure.trees import (
    load_tree,
    lock_tree,
    remove_units,
    save_positions,
    save_units,
    versions_of,
)
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile, check_version
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Difference:
    """One unit that a change touches; without `before` it begins."""

    before: UnitHistory | None
    after: UnitHistory


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change would do; `token` stands for the units it touches, as they are now."""

    change: Change
    before: Tree
    after: Tree
    differences: tuple[Difference, ...]
    token: str


def plan_change(
    session: Session,
    change: Change,
    *,
    seen: Mapping[UUID, int] | None = None,
    by: Actor,
    today: date,
    frozen: Frozen,
) -> Planned:
    """Say what a change would do; writes nothing.

    Parameters
    ----------
    seen : mapping, optional
        Versions of the units that the person was looking at.

    Raises
    ------
    OrganisationError
        It may not be done, with the sentence that says why.
    EditedMeanwhile
        Somebody else changed one of these units.
    """
    require(by, Action.EDIT_UNITS)
    lock_tree(session)
    before = load_tree(session)
    for unit_id, version in (seen or {}).items():
        find(before, unit_id)
        check_version(session.get_one(Unit, unit_id), version)
    after = change.apply(before)
    differences = _differences(before, after)
    if not differences:
        raise Conflict("units.no_change", "This changes nothing.")
    since = _first_day(differences, change.on)
    if change.kind is not ChangeKind.REOPENED:
        rules.check_day(since, today=today, frozen=frozen)
    rules.check_tree(after, since=since)
    versions = versions_of(session, (one.after.id for one in differences))
    return Planned(change, before, after, differences, _token(change, versions))


def change_units(
    session: Session,
    change: Change,
    *,
    token: str | None = None,
    by: Actor,
    today: date,
    now: datetime,
    frozen: Frozen,
) -> UUID:
    """Make a change and remember the state before; returns the identifier of the change.

    Parameters
    ----------
    token : str, optional
        That of the `Planned` the person confirmed; the change is refused when the units are no
        longer what they were then.
    """
    planned = plan_change(session, change, by=by, today=today, frozen=frozen)
    if token is not None and token != planned.token:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )
    save_units(session, [one.after for one in planned.differences])
    row = _remember(session, planned, by=by, now=now)
    record(
        session,
        f"units.{change.kind}",
        by=by.person_id,
        subject=f"unit_change:{row.id}",
        facts={"units": len(planned.differences), "on": change.on.isoformat(), **_facts(planned)},
        at=now,
    )
    return row.id


def undo_change(
    session: Session, change_id: UUID, *, by: Actor, now: datetime, frozen: Frozen
) -> None:
    """Bring every unit of a change back to what it was before.

    Raises
    ------
    Conflict
        Somebody else made it, it was undone already, one of its units changed again, or something
        refers to a unit that would disappear.
    """
    require(by, Action.EDIT_UNITS)
    lock_tree(session)
    row = get_change(session, change_id)
    before, gone = plan_undo(session, row, by=by, frozen=frozen)
    save_units(session, before)
    remove_units(session, gone)
    row.undone_at, row.undone_by = now, by.person_id
    record(
        session,
        "units.undone",
        by=by.person_id,
        subject=f"unit_change:{row.id}",
        facts={"units": len(before) + len(gone), "kind": str(row.kind)},
        at=now,
    )


def plan_undo(
    session: Session, row: UnitChange, *, by: Actor, frozen: Frozen
) -> tuple[list[UnitHistory], list[UnitHistory]]:
    """Return the units as undoing leaves them and those that go; writes nothing.

    Raises
    ------
    Conflict
        For each reason that `undo_change` names.
    """
    require(by, Action.EDIT_UNITS)
    check_may_undo(row, by)
    tree = load_tree(session)
    before, gone = _states_before(tree, list_parts(session, row.id), _changed_after(session, row))
    _check_not_used(session, gone, frozen)
    after = {key: unit for key, unit in tree.items() if key not in {one.id for one in gone}}
    after |= {unit.id: unit for unit in before}
    rules.check_tree(after, since=row.on)
    return before, gone


def order_unit(session: Session, unit_id: UUID, *, up: bool, by: Actor, today: date) -> None:
    """Put a unit one place higher or lower among its neighbours."""
    require(by, Action.EDIT_UNITS)
    lock_tree(session)
    tree = load_tree(session)
    positions = moved_order(tree, unit_id, today, up=up)
    save_positions(
        session, {key: place for key, place in positions.items() if tree[key].position != place}
    )
    record(session, "units.ordered", by=by.person_id, subject=f"unit:{unit_id}")


def get_change(session: Session, change_id: UUID) -> UnitChange:
    """Return one change, or raise `NotFound`."""
    asked = select(UnitChange).where(UnitChange.id == change_id)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return row


def list_parts(session: Session, change_id: UUID) -> list[UnitChangePart]:
    """Return what a change did, unit by unit."""
    asked = select(UnitChangePart).where(UnitChangePart.change_id == change_id)
    return list(session.scalars(asked.order_by(UnitChangePart.unit_id)))


def check_may_undo(row: UnitChange, by: Actor) -> None:
    """Raise `Conflict` unless this person may undo the change, and nobody has."""
    if row.undone_at is not None:
        raise Conflict("units.undone_already", "This change was undone already.")
    if row.made_by != by.person_id and Role.ADMINISTRATOR not in by.roles:
        raise Conflict(
            "units.undo_of_another",
            "Somebody else made this change. Ask that person or an administrator to undo it.",
        )


def _changed_after(session: Session, row: UnitChange) -> frozenset[UUID]:
    """The units that later changes touch, as far as those stand."""
    later = (
        select(UnitChangePart.unit_id)
        .join(UnitChange, UnitChange.id == UnitChangePart.change_id)
        .where(UnitChange.seq > row.seq, UnitChange.undone_at.is_(None))
    )
    return frozenset(session.scalars(later))


def _states_before(
    tree: Tree, parts: Iterable[UnitChangePart], later: frozenset[UUID]
) -> tuple[list[UnitHistory], list[UnitHistory]]:
    """The units as they were, and those that did not exist; refuses when one changed again."""
    before, gone = [], []
    for part in parts:
        after = from_state(part.unit_id, part.after)
        now = tree.get(part.unit_id)
        # the place among neighbours has no history: another order is no reason to refuse
        is_same = now is not None and replace(now, position=after.position) == after
        if now is None or not is_same or part.unit_id in later:
            raise Conflict(
                "units.changed_again",
                "{name} was changed again after this. Undo the later change first.",
                name=after.newest.name,
            )
        if part.before is None:
            gone.append(now)
        else:
            before.append(from_state(part.unit_id, part.before))
    return before, gone


def _check_not_used(session: Session, gone: Iterable[UnitHistory], frozen: Frozen) -> None:
    names = {unit.id: unit.newest.name for unit in gone}
    held = next((name for key, name in names.items() if key in frozen.unit_ids), None)
    if held is not None:
        raise Conflict(
            "units.in_survey",
            "A survey was launched with {name}. It stays; let it end instead.",
            name=held,
        )
    used = name_in_use(session, names)
    if used is not None:
        raise Conflict(
            "units.in_use",
            "{name} is named in a role, a finding, a measure or a risk analysis. It stays; let it "
            "end instead.",
            name=used,
        )


def _differences(before: Tree, after: Tree) -> tuple[Difference, ...]:
    return tuple(
        Difference(before.get(key), unit) for key, unit in after.items() if before.get(key) != unit
    )


def _first_day(differences: Iterable[Difference], on: date) -> date:
    days = [first_difference(one.before, one.after) for one in differences]
    return min((day for day in days if day is not None), default=on)


def _token(change: Change, versions: Mapping[UUID, int]) -> str:
    told = [str(change.kind), change.on.isoformat(), *sorted(map(repr, versions.items()))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _remember(session: Session, planned: Planned, *, by: Actor, now: datetime) -> UnitChange:
    last = session.scalars(select(func.max(UnitChange.seq))).one()
    row = UnitChange(
        seq=(last or 0) + 1,
        kind=planned.change.kind,
        on=planned.change.on,
        made_at=now,
        made_by=by.person_id,
    )
    session.add(row)
    session.flush()
    rows = [
        {
            "organisation_id": session.organisation_id,
            "change_id": row.id,
            "unit_id": one.after.id,
            "before": as_state(one.before) if one.before else None,
            "after": as_state(one.after),
        }
        for one in planned.differences
    ]
    session.execute(insert(UnitChangePart), rows)
    return row


def _facts(planned: Planned) -> dict[str, int]:
    new = [one for one in planned.differences if one.before is None]
    people = [count.people for one in new for count in one.after.counts[-1:]]
    return {"new": len(new), "people": sum(people)}
