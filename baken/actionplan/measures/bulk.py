"""Changing several measures of a year at once, and undoing that.

Undoing never takes away what somebody changed in one of them afterwards: it refuses, and names it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select

from baken.actionplan.errors import Invalid, InvalidTransition, NotFound
from baken.actionplan.measures import people, queries, rules
from baken.actionplan.measures.models import Measure, MeasureChange
from baken.actionplan.measures.rules import MeasureStatus, PlanFrame
from baken.actionplan.references import find
from baken.organisation.models import Person, RoleGrant, Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session


class Field(StrEnum):
    """What can be changed in several measures at once."""

    RESPONSIBLE = "responsible"
    DECIDER = "decider"
    UNIT = "unit"
    ENDS_ON = "ends_on"
    IS_REPORTED = "is_reported"


_COLUMNS: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.RESPONSIBLE: ("responsible_id", "responsible_name"),
    Field.DECIDER: ("decider_id", "decider_name"),
    Field.UNIT: ("unit_id",),
    Field.ENDS_ON: ("ends_on",),
    Field.IS_REPORTED: ("is_reported",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One field and its new value; `row_id` is a person or a unit, none for the whole house."""

    field: Field
    row_id: UUID | None = None
    on: date | None = None
    is_on: bool = False


def change_measures(
    session: Session,
    measure_ids: Collection[UUID],
    wanted: Wanted,
    *,
    within: PlanFrame,
    by: Actor,
    now: datetime,
) -> MeasureChange:
    """Change one field of several measures of a year: all of them, or none when one refuses."""
    require(by, Action.EDIT_PLANS)
    chosen = [queries.get_measure(session, one) for one in dict.fromkeys(measure_ids)]
    if not chosen:
        raise Invalid("actionplan.none_chosen", "Tick the measures that you want to change.")
    values = _values(session, wanted)
    parts: dict[str, Any] = {}
    for measure in chosen:
        _check(measure, wanted, within)
        before = {name: getattr(measure, name) for name in values}
        if before != values:
            parts[str(measure.id)] = {"before": _plain(before), "after": _plain(values)}
            for name, value in values.items():
                setattr(measure, name, value)
    if not parts:
        raise InvalidTransition("actionplan.nothing_changes", "This changes nothing.")
    change = MeasureChange(
        id=uuid4(),
        annual_plan_id=within.annual_plan_id,
        made_at=now,
        made_by=by.person_id,
        parts=parts,
    )
    session.add(change)
    session.flush()
    _record(session, "measures.changed", change, by, now)
    return change


def undo_change(
    session: Session, change_id: UUID, *, within: PlanFrame, by: Actor, now: datetime
) -> MeasureChange:
    """Give every measure of a change back what it was before; none that is over meanwhile."""
    require(by, Action.EDIT_PLANS)
    change = find(session, MeasureChange, change_id)
    if change.annual_plan_id != within.annual_plan_id:
        raise NotFound("actionplan.not_in_plan", "This measure stands in the plan of another year.")
    if change.undone_at is not None:
        raise InvalidTransition("actionplan.undone_already", "This change was undone already.")
    found = {each: queries.get_measure(session, UUID(each)) for each in change.parts}
    for each, measure in found.items():
        after = change.parts[each]["after"]
        if _plain({name: getattr(measure, name) for name in after}) != after:
            raise InvalidTransition(
                "actionplan.changed_since",
                "“{title}” was changed again afterwards, so this cannot be undone as a whole. "
                "Change the measures one by one.",
                title=measure.title,
            )
        rules.check_may_change(MeasureStatus(measure.status), within)
    for each, measure in found.items():
        for name, value in change.parts[each]["before"].items():
            setattr(measure, name, _read(name, value))
        rules.check_period(measure.starts_on, measure.ends_on, within)
    change.undone_at = now
    session.flush()
    _record(session, "measures.undone", change, by, now)
    return change


def last_change(session: Session, annual_plan_id: UUID, *, by: Actor) -> MeasureChange | None:
    """Return the person's last change of several measures that can be undone; None for none."""
    asked = (
        select(MeasureChange)
        .where(
            MeasureChange.annual_plan_id == annual_plan_id,
            MeasureChange.made_by == by.person_id,
            MeasureChange.undone_at.is_(None),
        )
        .order_by(MeasureChange.made_at.desc())
        .limit(1)
    )
    return session.scalars(asked).first()


def _check(measure: Measure, wanted: Wanted, within: PlanFrame) -> None:
    if measure.annual_plan_id != within.annual_plan_id:
        raise Invalid("actionplan.not_in_plan", "This measure stands in the plan of another year.")
    rules.check_may_change(MeasureStatus(measure.status), within)
    if wanted.field == Field.ENDS_ON and wanted.on is not None:
        rules.check_period(measure.starts_on, wanted.on, within)
    if wanted.field == Field.IS_REPORTED and wanted.is_on and not measure.initiator:
        raise Invalid(
            "actionplan.initiator_missing",
            "The annual report names who took the initiative for this measure. Fill it in.",
        )


def _values(session: Session, wanted: Wanted) -> dict[str, Any]:
    """The columns and their new values."""
    first, *names = _COLUMNS[wanted.field]
    if wanted.field == Field.ENDS_ON:
        if wanted.on is None:
            raise Invalid("actionplan.day_missing", "Choose the day.")
        return {first: wanted.on}
    if wanted.field == Field.IS_REPORTED:
        return {first: wanted.is_on}
    if wanted.field == Field.UNIT:
        if wanted.row_id is not None:
            find(session, Unit, wanted.row_id)
        return {first: wanted.row_id}
    if wanted.row_id is None:
        raise Invalid("actionplan.person_missing", "Choose who it is.")
    person = find(session, Person, wanted.row_id)
    if wanted.field == Field.DECIDER:
        held = select(RoleGrant.role).where(
            RoleGrant.person_id == person.id, RoleGrant.ended_at.is_(None)
        )
        people.check_may_be_decider(set(session.scalars(held)))
    return {first: person.id, names[0]: person.name}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {
        name: value
        if value is None or isinstance(value, bool)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
        for name, value in values.items()
    }


def _read(name: str, value: Any) -> Any:
    if value is None or name.endswith("_name") or isinstance(value, bool):
        return value
    return UUID(value) if name.endswith("_id") else date.fromisoformat(value)


def _record(session: Session, act: str, change: MeasureChange, by: Actor, now: datetime) -> None:
    record(
        session,
        act,
        by=by.person_id,
        subject=f"measure_change:{change.id}",
        facts={"measures": len(change.parts), "annual_plan": str(change.annual_plan_id)},
        at=now,
    )
