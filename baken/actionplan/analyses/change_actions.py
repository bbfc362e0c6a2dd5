"""Noting a change in the organisation, checking what it does, and concluding."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses import changes
from baken.actionplan.analyses.changes import ChangeFields, Conclusion, Effect, Expected, Question
from baken.actionplan.analyses.models import ChangeEvent, RiskAnalysis
from baken.actionplan.references import check_exists, find
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def get_change(session: Session, change_id: UUID) -> ChangeEvent:
    """Return one change."""
    return find(session, ChangeEvent, change_id)


def list_changes(session: Session, *, risk_analysis_id: UUID | None = None) -> list[ChangeEvent]:
    """Return changes, all or those that touch one analysis: the open ones first, by due day."""
    asked = select(ChangeEvent).order_by(ChangeEvent.due_on, ChangeEvent.title, ChangeEvent.id)
    if risk_analysis_id is not None:
        asked = asked.where(ChangeEvent.risk_analysis_id == risk_analysis_id)
    return sorted(session.scalars(asked), key=lambda row: row.closed_on is not None)


def note_change(session: Session, fields: ChangeFields, *, by: Actor) -> ChangeEvent:
    """Note a change; somebody has to look again by its day."""
    require(by, Action.EDIT_PLANS)
    change = ChangeEvent(**_checked(session, fields))
    session.add(change)
    session.flush()
    record(session, "change.noted", by=by.person_id, subject=f"change_event:{change.id}")
    return change


def edit_change(
    session: Session, change_id: UUID, fields: ChangeFields, *, seen: int, by: Actor
) -> ChangeEvent:
    """Mend a change, or answer questions of its check."""
    require(by, Action.EDIT_PLANS)
    change = get_change(session, change_id)
    check_version(change, seen)
    changes.check_still_open(change.closed_on)
    for name, value in _checked(session, fields).items():
        setattr(change, name, value)
    record(session, "change.edited", by=by.person_id, subject=f"change_event:{change.id}")
    return change


def conclude_change(
    session: Session,
    change_id: UUID,
    conclusion: Conclusion,
    text: str,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> ChangeEvent:
    """Say what looking again showed; afterwards the change stays as it is."""
    require(by, Action.EDIT_PLANS)
    change = get_change(session, change_id)
    check_version(change, seen)
    changes.check_still_open(change.closed_on)
    changes.check_can_conclude(fields_of(change), conclusion, text, today=today)
    change.conclusion, change.conclusion_text = conclusion, text.strip()
    change.closed_on = today
    record(
        session,
        "change.concluded",
        by=by.person_id,
        subject=f"change_event:{change.id}",
        facts={"conclusion": conclusion.value},
    )
    return change


def fields_of(change: ChangeEvent) -> ChangeFields:
    """What was filled in so far, as the form shows it."""
    return ChangeFields(
        title=change.title,
        description=change.description,
        happens_on=change.happens_on,
        unit_id=change.unit_id,
        risk_analysis_id=change.risk_analysis_id,
        responsible=change.responsible,
        due_on=change.due_on,
        check={
            Question(key): Expected(Effect(kept["answer"]), kept["note"])
            for key, kept in change.expected.items()
        },
    )


def _checked(session: Session, fields: ChangeFields) -> dict[str, Any]:
    changes.check_change(fields)
    check_exists(session, Unit, fields.unit_id)
    check_exists(session, RiskAnalysis, fields.risk_analysis_id)
    return {
        "title": fields.title.strip(),
        "description": fields.description.strip(),
        "happens_on": fields.happens_on,
        "unit_id": fields.unit_id,
        "risk_analysis_id": fields.risk_analysis_id,
        "responsible": fields.responsible.strip(),
        "due_on": fields.looked_at_by,
        "expected": {
            key.value: {"answer": one.effect.value, "note": one.note.strip()}
            for key, one in fields.check.items()
        },
    }
