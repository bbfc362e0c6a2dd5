"""Writing accidents and hours down, fixing a year, and what becomes known afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.errors import Invalid, InvalidTransition, NotFound
from baken.actionplan.indicators.accidents import rules
from baken.actionplan.indicators.accidents.figures import Facts
from baken.actionplan.indicators.accidents.models import (
    Accident,
    AccidentCorrection,
    AccidentDraft,
    AccidentHours,
)
from baken.actionplan.indicators.accidents.queries import (
    facts_as,
    find_draft,
    get_accident,
    list_accidents,
    list_corrections,
    list_hours,
    whole_hours,
)
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def enter_accident(
    session: Session,
    facts: Facts,
    *,
    is_another: bool = False,
    reason: str = "",
    by: Actor,
    today: date,
) -> Accident:
    """Write an accident down; after the report of its year it is a correction with a reason.

    `is_another`: somebody said that it is not the one that looks the same.
    """
    require(by, Action.EDIT_ACCIDENTS)
    rules.check_facts(facts, today=today)
    _check_unit(session, facts.unit_id)
    if not is_another:
        standing = list_accidents(session, facts.happened_on.year)
        rules.check_new(facts, (row.facts for row in standing))
    is_late = _is_drafted(session, facts.happened_on.year)
    if is_late:
        rules.check_reason(reason)
    row = Accident(id=uuid4(), **_columns(facts))
    session.add(row)
    session.flush()
    if is_late:
        _correct(session, row, None, reason, today=today)
    _record(session, "accident.entered", row, by)
    return row


def change_accident(
    session: Session,
    accident_id: UUID,
    facts: Facts,
    *,
    seen: int,
    is_another: bool = False,
    reason: str = "",
    by: Actor,
    today: date,
) -> Accident:
    """Change what is known; what the report of the year counted is kept.

    `is_another`: somebody said that it is not the one that looks the same now.
    """
    require(by, Action.EDIT_ACCIDENTS)
    row = get_accident(session, accident_id)
    check_version(row, seen)
    facts = replace(facts, is_struck=row.is_struck)
    if not is_another and not row.is_struck:
        others = (one for one in list_accidents(session, facts.happened_on.year) if one is not row)
        rules.check_changed(facts, row.facts, (one.facts for one in others))
    _write(session, row, facts, reason=reason, today=today)
    _record(session, "accident.changed", row, by)
    return row


def strike_accident(
    session: Session, accident_id: UUID, *, seen: int, reason: str = "", by: Actor, today: date
) -> None:
    """Take an accident out: it was none, or was written down twice.

    Before the report it is deleted; afterwards it stays in the report and is struck in the books.
    """
    require(by, Action.EDIT_ACCIDENTS)
    row = get_accident(session, accident_id)
    check_version(row, seen)
    if _is_drafted(session, row.happened_on.year):
        _write(session, row, replace(row.facts, is_struck=True), reason=reason, today=today)
    else:
        session.delete(row)
        session.flush()
    _record(session, "accident.struck", row, by)


def enter_hours(
    session: Session,
    year: int,
    unit_id: UUID | None,
    hours: float,
    *,
    is_estimate: bool = False,
    source: str = "",
    by_category: Mapping[str, float] | None = None,
    seen: int = 0,
    by: Actor,
    today: date,
) -> AccidentHours:
    """Keep the hours worked in a year; `seen` is the version somebody looked at, 0 for none."""
    require(by, Action.EDIT_ACCIDENTS)
    parts = dict(by_category or {})
    rules.check_hours(year, hours, parts, today=today)
    _check_unit(session, unit_id)
    if _is_drafted(session, year):
        raise InvalidTransition(
            "accidents.hours_fixed",
            "The report of {year} was drawn up with these hours. They stay as they are.",
            year=str(year),
        )
    row = _hours_row(session, year, unit_id, seen)
    row.hours, row.is_estimate, row.source, row.by_category = hours, is_estimate, source, parts
    session.add(row)
    session.flush()
    record(session, "accident.hours_entered", by=by.person_id, subject=f"accident_hours:{row.id}",
           facts={"year": year})  # fmt: skip
    return row


def draft_year(session: Session, year: int, *, by: Actor, today: date) -> AccidentDraft:
    """Fix the figures of a year: its report is drawn up with what is known today."""
    require(by, Action.EDIT_ACCIDENTS)
    hours, _ = whole_hours(list_hours(session, year))
    rules.check_can_draft(year, hours, today=today)
    row = AccidentDraft(year=year, drafted_on=today)
    if find_draft(session, year) is not None:
        raise _drafted(year)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in ("uq_accident_draft", "accident_draft.")):
            raise
        raise _drafted(year) from error
    record(session, "accident.year_fixed", by=by.person_id, subject=f"accident_year:{year}",
           facts={"year": year})  # fmt: skip
    return row


def reopen_year(session: Session, year: int, *, is_signed: bool, by: Actor) -> None:
    """Take the fixing of a year back, as long as nothing was corrected since.

    `is_signed`: whether the annual report of the year is. The caller has looked: it stands in a
    room further on.
    """
    require(by, Action.EDIT_ACCIDENTS)
    draft = find_draft(session, year)
    if draft is None:
        raise NotFound("accidents.not_fixed", "The figures of this year are not fixed.")
    if is_signed:
        raise InvalidTransition(
            "accidents.report_signed",
            "The annual report of this year was signed. Correct an accident with its reason: the "
            "committee is told, the figures of the report stay.",
        )
    if list_corrections(session, list_accidents(session, year)):
        raise InvalidTransition(
            "accidents.has_corrections",
            "Something was corrected since the report. The figures of the report stay fixed.",
        )
    session.delete(draft)
    session.flush()
    record(session, "accident.year_reopened", by=by.person_id, subject=f"accident_year:{year}",
           facts={"year": year})  # fmt: skip


def tell_committee(
    session: Session, correction_id: UUID, told_on: date, *, seen: int, by: Actor, today: date
) -> None:
    """Write down when the committee was told of a correction."""
    require(by, Action.EDIT_ACCIDENTS)
    row = session.get(AccidentCorrection, correction_id)
    if row is None:
        raise NotFound("accidents.no_correction", "This correction does not exist here.")
    check_version(row, seen)
    if not row.corrected_on <= told_on <= today:
        raise Invalid(
            "accidents.told_odd",
            "The committee was told between {first} and today. Choose such a day.",
            first=row.corrected_on,
        )
    row.told_on = told_on
    session.flush()
    record(session, "accident.correction_told", by=by.person_id,
           subject=f"accident:{row.accident_id}")  # fmt: skip


def _write(session: Session, row: Accident, facts: Facts, *, reason: str, today: date) -> None:
    rules.check_facts(facts, today=today)
    _check_unit(session, facts.unit_id)
    years = {row.happened_on.year, facts.happened_on.year}
    drafted = [year for year in years if _is_drafted(session, year)]
    if drafted and len(years) > 1:
        raise Invalid(
            "accidents.other_year",
            "The report of {year} was drawn up, so the accident cannot change years. "
            "Strike it and write it down anew.",
            year=str(drafted[0]),
        )
    if drafted:
        rules.check_reason(reason)
        _correct(session, row, row.facts, reason, today=today)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    session.flush()


def _correct(
    session: Session, row: Accident, before: Facts | None, reason: str, *, today: date
) -> None:
    asked = select(func.count()).where(AccidentCorrection.accident_id == row.id)
    session.add(
        AccidentCorrection(
            accident_id=row.id,
            place=1 + (session.scalar(asked) or 0),
            corrected_on=today,
            reason=reason.strip(),
            before=facts_as(before) if before else {},
        )
    )
    session.flush()


def _hours_row(session: Session, year: int, unit_id: UUID | None, seen: int) -> AccidentHours:
    rows = [row for row in list_hours(session, year) if row.unit_id == unit_id]
    if not rows:
        return AccidentHours(year=year, unit_id=unit_id)
    check_version(rows[0], seen)
    return rows[0]


def _check_unit(session: Session, unit_id: UUID | None) -> None:
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise Invalid("accidents.no_unit", "This unit does not exist here. Choose another.")


def _is_drafted(session: Session, year: int) -> bool:
    return find_draft(session, year) is not None


def _columns(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


def _drafted(year: int) -> InvalidTransition:
    return InvalidTransition(
        "accidents.fixed_already",
        "The figures of {year} are fixed already.",
        year=str(year),
    )


def _record(session: Session, action: str, row: Accident, by: Actor) -> None:
    # neither the day nor the gravity: both may lead to somebody
    record(session, action, by=by.person_id, subject=f"accident:{row.id}")
