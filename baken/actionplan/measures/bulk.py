"""Changing several measures of a year at once, and undoing that.

Undoing never takes away what somebody changed in one of them afterwards: it refuses, and names it.
Whoever made a change undoes it; somebody else who keeps the plans says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select

from baken.actionplan.errors import Invalid, InvalidTransition, NotFound
from baken.actionplan.measures import people, queries, rules
from baken.actionplan.measures.bulk_refusals import with_title
from baken.actionplan.measures.models import Measure, MeasureChange
from baken.actionplan.measures.rules import MeasureStatus, PlanFrame
from baken.actionplan.references import find
from baken.actionplan.wording import check_text
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


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of several measures, and those that somebody else had changed meanwhile."""

    change: MeasureChange
    left: tuple[UUID, ...]


def change_measures(
    session: Session,
    seen: Mapping[UUID, int],
    wanted: Wanted,
    *,
    within: PlanFrame,
    by: Actor,
    now: datetime,
) -> Changed:
    """Change one field of several measures of a year: all of them, or none when one refuses.

    What somebody else changed meanwhile is left as it is; the rest goes on.

    Parameters
    ----------
    seen : mapping
        The measures that were ticked, each with the version that was looked at.
    """
    require(by, Action.EDIT_PLANS)
    chosen = [queries.get_measure(session, one) for one in seen]
    if not chosen:
        raise Invalid("actionplan.none_chosen", "Tick the measures that you want to change.")
    for one in chosen:
        _check_in(within, one)
    same = [one for one in chosen if one.version == seen[one.id]]
    if not same:
        raise InvalidTransition(
            "actionplan.all_changed_meanwhile",
            "Somebody else changed {titles} in the meantime, so nothing was changed. "
            "Look at the new values, then choose again.",
            titles=", ".join(f"“{one.title}”" for one in chosen),
        )
    unit_id = wanted.row_id if wanted.field == Field.UNIT else None
    unit = find(session, Unit, unit_id) if unit_id is not None else None
    parts = _write(same, _values(session, wanted), wanted, within, unit)
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
    return Changed(change, tuple(one.id for one in chosen if one not in same))


def undo_change(
    session: Session,
    change_id: UUID,
    reason: str = "",
    *,
    within: PlanFrame,
    by: Actor,
    now: datetime,
) -> MeasureChange:
    """Give every measure of a change back what it was before; none that is over meanwhile.

    Parameters
    ----------
    reason : str
        Why, from somebody who did not make the change.
    """
    require(by, Action.EDIT_PLANS)
    change = find(session, MeasureChange, change_id)
    if change.annual_plan_id != within.annual_plan_id:
        raise NotFound("actionplan.not_in_plan", "This measure stands in the plan of another year.")
    if change.undone_at is not None:
        raise InvalidTransition("actionplan.undone_already", "This change was undone already.")
    why = check_text(reason)
    if change.made_by != by.person_id and not why:
        raise Invalid(
            "actionplan.undo_reason",
            "Somebody else made this change. Write why you undo it: that person reads it here.",
        )
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
        rules.check_initiator(measure.initiator, is_reported=measure.is_reported)
    change.undone_at, change.undone_by, change.undone_reason = now, by.person_id, why
    session.flush()
    is_own = change.made_by == by.person_id
    act = "measures.undone" if is_own else "measures.undone_of_another"
    _record(session, act, change, by, now)
    return change


@dataclass(frozen=True, slots=True)
class LastChanges:
    """The newest changes of several measures in a plan, each None for none.

    `own` and `others` can still be undone; `taken_back` is one's own that somebody else undid.
    """

    own: MeasureChange | None
    others: MeasureChange | None
    taken_back: MeasureChange | None


def last_changes(session: Session, annual_plan_id: UUID, *, by: Actor) -> LastChanges:
    """Return what this person can undo, and what somebody else undid of theirs."""
    asked = select(MeasureChange).where(MeasureChange.annual_plan_id == annual_plan_id)
    every = session.scalars(asked.order_by(MeasureChange.made_at.desc())).all()
    mine = [one for one in every if one.made_by == by.person_id]
    undone = (one for one in mine if one.undone_by not in (None, by.person_id))
    return LastChanges(
        own=next((one for one in mine if one.undone_at is None), None),
        others=next(
            (one for one in every if one.made_by != by.person_id and one.undone_at is None), None
        ),
        taken_back=max(undone, key=lambda one: one.undone_at or one.made_at, default=None),
    )


def _write(
    measures: Iterable[Measure],
    values: Mapping[str, Any],
    wanted: Wanted,
    within: PlanFrame,
    unit: Unit | None,
) -> dict[str, Any]:
    """Give measures their new values; what each was and is, by its id, where that differs."""
    parts: dict[str, Any] = {}
    for measure in measures:
        _check(measure, wanted, within)
        if unit is not None:
            _check_there_on(unit, measure)
        before = {name: getattr(measure, name) for name in values}
        if before != values:
            parts[str(measure.id)] = {"before": _plain(before), "after": _plain(values)}
            for name, value in values.items():
                setattr(measure, name, value)
    return parts


def _check_there_on(unit: Unit, measure: Measure) -> None:
    """Raise `Invalid` unless a unit is there on the day on which a measure starts."""
    day = measure.starts_on
    if day < unit.from_on or (unit.until_on is not None and unit.until_on < day):
        raise Invalid(
            "actionplan.unit_not_there",
            "{unit} is not there on {day}, when {title} starts. Choose another unit, "
            "or untick that measure.",
            unit=unit.name,
            day=day,
            title=f"“{measure.title}”",
        )


def _check_in(within: PlanFrame, measure: Measure) -> None:
    if measure.annual_plan_id != within.annual_plan_id:
        raise Invalid("actionplan.not_in_plan", "This measure stands in the plan of another year.")


def _check(measure: Measure, wanted: Wanted, within: PlanFrame) -> None:
    """Raise what the rule of one measure raises, with the title: several were ticked."""
    try:
        rules.check_may_change(MeasureStatus(measure.status), within)
        if wanted.field == Field.ENDS_ON and wanted.on is not None:
            rules.check_period(measure.starts_on, wanted.on, within)
        if wanted.field == Field.IS_REPORTED:
            rules.check_initiator(measure.initiator, is_reported=wanted.is_on)
    except (Invalid, InvalidTransition) as error:
        raise with_title(error, f"“{measure.title}”") from error


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
