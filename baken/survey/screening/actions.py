"""Filling in a sheet, agreeing on it, and correcting what was agreed by a new edition."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.units import list_units
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.screening import queries, rules
from baken.survey.screening.errors import InvalidEntry
from baken.survey.screening.marks import (
    Mark,
    Marks,
    carried_over,
    corrected,
    moved,
    read_marks,
    store_group,
    store_marks,
)
from baken.survey.screening.models import ScreeningSheet
from baken.survey.screening.rules import Period, SheetFields, SheetState
from baken.survey.screening.wording import Wording, current_wording, wording_of

_TWICE: Final = ("uq_screening_sheet", "screening_sheet.edition")


def start_sheet(
    session: Session, unit_id: UUID, fields: SheetFields, *, by: Actor, today: date
) -> ScreeningSheet:
    """Begin a sheet of a unit; figures that earlier sheets hold stand there already."""
    require(by, Action.FILL_SCREENING)
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise InvalidEntry("screening.no_unit", "This unit does not exist here. Choose another.")
    rules.check_fields(fields, today=today)
    _check_free(session, unit_id, fields)
    wording = current_wording(session)
    sheet = ScreeningSheet(
        unit_id=unit_id,
        instrument_version=wording.instrument.version,
        wording_id=wording.id,
        marks=store_marks(_carried(session, unit_id, fields.from_on, wording)),
        started_on=today,
    )
    _fill(sheet, fields)
    _add(session, sheet)
    _record(session, "screening.started", sheet, by, {"unit": str(unit_id)})
    return sheet


def edit_sheet(
    session: Session, sheet_id: UUID, fields: SheetFields, *, seen: int, by: Actor, today: date
) -> ScreeningSheet:
    """Change period, group and day of a draft; another period has other periods before it."""
    sheet = _draft(session, sheet_id, seen, by)
    rules.check_fields(fields, today=today)
    if sheet.edition > 1 and (fields.from_on, fields.until_on) != (sheet.from_on, sheet.until_on):
        raise InvalidEntry(
            "screening.edition_period",
            "A new edition is about the same days as the sheet it corrects. Leave the period as "
            "it is.",
        )
    _check_free(session, sheet.unit_id, fields, but=sheet)
    _move(session, sheet, fields.from_on)
    _fill(sheet, fields)
    session.flush()
    _record(session, "screening.edited", sheet, by)
    return sheet


def fill_sheet(
    session: Session, sheet_id: UUID, marks: Marks, *, seen: int, by: Actor
) -> ScreeningSheet:
    """Write down what the group says of the lights; lights that are left out stay as they were."""
    sheet = _draft(session, sheet_id, seen, by)
    rules.check_marks(wording_of(session, sheet).screening, marks)
    sheet.marks = {**sheet.marks, **store_marks(marks)}
    session.flush()
    _record(session, "screening.filled_in", sheet, by)
    return sheet


def agree_sheet(
    session: Session, sheet_id: UUID, *, seen: int, by: Actor, today: date
) -> ScreeningSheet:
    """Record that the group agrees; from now on the sheet stays as it is.

    Drafts about later periods take its figures over, and those that it corrects.
    """
    sheet = _draft(session, sheet_id, seen, by)
    marks = read_marks(sheet.marks)
    rules.check_can_agree(wording_of(session, sheet).screening, marks, sheet.fields)
    carried = _carried_to_drafts(session, sheet)
    sheet.state = SheetState.AGREED
    sheet.agreed_on = today
    sheet.agreed_by = by.person_id
    on = min(sheet.until_on, today)
    sheet.people = next(
        (unit.total for unit in list_units(session, on=on) if unit.id == sheet.unit_id), None
    )
    session.flush()
    for draft, left in carried:
        anew = _carried(session, draft.unit_id, draft.from_on, wording_of(session, draft))
        draft.marks = store_marks(corrected(read_marks(draft.marks), left=left, found=anew))
    session.flush()
    found = queries.read_sheet(session, sheet).result
    _record(
        session,
        "screening.agreed",
        sheet,
        by,
        {"colour": found.colour.word, "on": found.n_on, "unknown": found.n_unknown},
    )
    return sheet


def revise_sheet(session: Session, sheet_id: UUID, *, by: Actor, today: date) -> ScreeningSheet:
    """Begin a new edition of an agreed sheet, with what stands in it; until then that one counts.

    Words and limits stay those of the sheet, so that both editions can be compared.
    """
    require(by, Action.FILL_SCREENING)
    before = queries.get_sheet(session, sheet_id)
    rules.check_is_agreed(before.state)
    editions = [one for one in queries.list_of_unit(session, before.unit_id)
                if one.period == before.period]  # fmt: skip
    if editions[-1] is not before:
        raise InvalidEntry(
            "screening.newer_edition",
            "There is a newer edition of this sheet already. Go on with that one.",
        )
    sheet = ScreeningSheet(
        unit_id=before.unit_id,
        from_on=before.from_on,
        until_on=before.until_on,
        edition=before.edition + 1,
        instrument_version=before.instrument_version,
        wording_id=before.wording_id,
        people_named=before.people_named,
        marks=before.marks,
        started_on=today,
    )
    _add(session, sheet)
    _record(session, "screening.revised", sheet, by, {"edition": sheet.edition})
    return sheet


def delete_sheet(session: Session, sheet_id: UUID, *, seen: int, by: Actor) -> None:
    """Throw a draft away; what was agreed is never removed by itself."""
    sheet = _draft(session, sheet_id, seen, by)
    session.delete(sheet)
    session.flush()
    _record(session, "screening.deleted", sheet, by)


def _add(session: Session, sheet: ScreeningSheet) -> None:
    """Write a new sheet, unless somebody else began the same one in this very moment."""
    session.add(sheet)
    try:
        session.flush()
    except IntegrityError as error:
        # PostgreSQL names the constraint, SQLite its columns
        if not any(name in str(error.orig) for name in _TWICE):
            raise
        raise InvalidEntry(
            "screening.begun_meanwhile",
            "Somebody else began this sheet just now. Go on with that one; it stands in the list.",
        ) from error


def _draft(session: Session, sheet_id: UUID, seen: int, by: Actor) -> ScreeningSheet:
    require(by, Action.FILL_SCREENING)
    sheet = queries.get_sheet(session, sheet_id)
    rules.check_is_draft(sheet.state)
    check_version(sheet, seen)
    return sheet


def _check_free(
    session: Session, unit_id: UUID, fields: SheetFields, but: ScreeningSheet | None = None
) -> None:
    others = [
        one.period
        for one in queries.list_of_unit(session, unit_id)
        if one is not but and not (but is not None and one.period == but.period)
    ]
    rules.check_period(Period(fields.from_on, fields.until_on), others)


def _move(session: Session, sheet: ScreeningSheet, from_on: date) -> None:
    """Carry figures of earlier sheets over anew where the period begins on another day."""
    if from_on == sheet.from_on:
        return
    wording = wording_of(session, sheet)
    left = _carried(session, sheet.unit_id, sheet.from_on, wording)
    found = _carried(session, sheet.unit_id, from_on, wording)
    sheet.marks = store_marks(moved(read_marks(sheet.marks), left=left, found=found))


def _carried_to_drafts(
    session: Session, sheet: ScreeningSheet
) -> list[tuple[ScreeningSheet, dict[str, Mark]]]:
    """What drafts of the unit about later periods have been told by earlier sheets so far."""
    return [
        (draft, _carried(session, draft.unit_id, draft.from_on, wording_of(session, draft)))
        for draft in queries.list_of_unit(session, sheet.unit_id)
        if draft.state is SheetState.DRAFT and draft.from_on > sheet.until_on
    ]


def _carried(session: Session, unit_id: UUID, day: date, wording: Wording) -> dict[str, Mark]:
    """What earlier sheets of a unit say of the periods before a day."""
    earlier = queries.list_before(session, unit_id, day)
    codes = [light.item for light in wording.screening.lights]
    return carried_over([read_marks(one.marks) for one in earlier], codes)


def _fill(sheet: ScreeningSheet, fields: SheetFields) -> None:
    sheet.from_on = fields.from_on
    sheet.until_on = fields.until_on
    sheet.people_named = store_group(fields.group)
    sheet.met_on = fields.met_on


def _record(
    session: Session,
    action: str,
    sheet: ScreeningSheet,
    by: Actor,
    facts: Mapping[str, Any] | None = None,
) -> None:
    record(session, action, by=by.person_id, subject=f"screening:{sheet.id}", facts=facts)
