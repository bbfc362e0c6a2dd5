"""Adding and changing measures, and noting how they go.

What a measure may do depends on the plan of its year; `within` tells it (see
`baken.actionplan.plans.queries.get_frame`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import NotFound
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.indicators.types import as_settings
from baken.actionplan.measures import people, queries, rules
from baken.actionplan.measures.consulted import check_heard
from baken.actionplan.measures.contracts import check_contract, check_series
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.rules import MeasureFields, MeasureStatus, PlanFrame
from baken.actionplan.priorities.queries import check_ready_for_measure
from baken.actionplan.references import find, list_units_above
from baken.actionplan.wording import check_text
from baken.organisation.models import Person, RoleGrant, Unit
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.roles import list_grants
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_measure(
    session: Session, fields: MeasureFields, *, within: PlanFrame, by: Actor
) -> Measure:
    """Add a measure to a plan that is still in the making."""
    require(by, Action.EDIT_PLANS)
    rules.check_may_add(within)
    measure = _make(session, fields, within)
    record(
        session,
        "measure.added",
        by=by.person_id,
        subject=f"measure:{measure.id}",
        facts={"annual_plan": str(within.annual_plan_id), "level": fields.prevention_level},
    )
    return measure


def import_measures(
    session: Session, rows: Iterable[MeasureFields], *, within: PlanFrame, by: Actor
) -> list[Measure]:
    """Add the measures of a file to a plan in the making: all of them, or none when one refuses."""
    require(by, Action.EDIT_PLANS)
    rules.check_may_add(within)
    made = [_make(session, fields, within) for fields in rows]
    record(
        session,
        "measures.imported",
        by=by.person_id,
        subject=f"annual_plan:{within.annual_plan_id}",
        facts={"measures": len(made)},
    )
    return made


def edit_measure(
    session: Session,
    measure_id: UUID,
    fields: MeasureFields,
    *,
    within: PlanFrame,
    seen: int,
    by: Actor,
) -> Measure:
    """Change a measure that is not over; an agreed figure stays."""
    require(by, Action.EDIT_PLANS)
    measure = _load(session, measure_id, within)
    check_version(measure, seen)
    status = MeasureStatus(measure.status)
    rules.check_may_change(status, within)
    rules.check_same_contract(measure.indicator, fields.indicator, status)
    # What it was made from may have been dropped since: that is no reason to lose the link.
    if fields.priority_id is not None and fields.priority_id != measure.priority_id:
        check_ready_for_measure(session, fields.priority_id)
    for name, value in _checked(session, fields, within).items():
        setattr(measure, name, value)
    record(session, "measure.edited", by=by.person_id, subject=f"measure:{measure.id}")
    return measure


def note_progress(
    session: Session,
    measure_id: UUID,
    text: str,
    *,
    status: MeasureStatus | None = None,
    value: float | None = None,
    evidence: str = "",
    within: PlanFrame,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> ProgressNote:
    """Note how a measure goes, with a new status or a new reading of its own figure.

    A note alone clashes with nobody; a new status asks that the measure is still the one seen.
    """
    require(by, Action.FOLLOW_UP)
    measure = _load(session, measure_id, within)
    people.check_own_unit(by, list_units_above(session, measure.unit_id, on=today))
    rules.check_note(text, has_status=status is not None, has_value=value is not None)
    rules.check_reading(measure.indicator, value)
    check_text(evidence)
    before = MeasureStatus(measure.status)
    if status is not None:
        check_version(measure, seen)
        _move(session, measure, status, reason=text, within=within, by=by, today=today)
    note = ProgressNote(
        measure_id=measure.id,
        noted_at=now,
        noted_by=by.person_id,
        text=text.strip(),
        status_before=before if status else None,
        status_after=status,
        value=value,
        evidence=evidence.strip(),
    )
    session.add(note)
    session.flush()
    record(
        session,
        "measure.followed_up",
        by=by.person_id,
        subject=f"measure:{measure.id}",
        facts={"note": str(note.id), "status": measure.status},
        at=now,
    )
    return note


def _make(session: Session, fields: MeasureFields, within: PlanFrame) -> Measure:
    if fields.priority_id is not None:
        check_ready_for_measure(session, fields.priority_id)
    measure = Measure(
        annual_plan_id=within.annual_plan_id,
        status=MeasureStatus.PLANNED,
        since_edition=within.edition_to_advise,
        **_checked(session, fields, within),
    )
    session.add(measure)
    session.flush()
    return measure


def _move(
    session: Session,
    measure: Measure,
    status: MeasureStatus,
    *,
    reason: str,
    within: PlanFrame,
    by: Actor,
    today: date,
) -> None:
    before = MeasureStatus(measure.status)
    people.check_may_decide(by, before, status)
    rules.check_transition(before, status, reason=reason, frame=within)
    if status == MeasureStatus.DECIDED:
        people.check_decider(measure.decider_name)
        if measure.decider_id is not None:
            held = list_grants(session, measure.decider_id, today=today)
            people.check_may_be_decider({grant.role for grant in held})
        measure.decided_on = today
    elif status == MeasureStatus.RUNNING:
        check_heard(session, measure, today=today)
    elif status == MeasureStatus.PLANNED:
        measure.decided_on = None
    measure.status = status


def _load(session: Session, measure_id: UUID, within: PlanFrame) -> Measure:
    measure = queries.get_measure(session, measure_id)
    if measure.annual_plan_id != within.annual_plan_id:
        raise NotFound("actionplan.not_in_plan", "This measure stands in the plan of another year.")
    return measure


def _checked(session: Session, fields: MeasureFields, within: PlanFrame) -> dict[str, Any]:
    responsible = _name(session, fields.responsible_id, fields.responsible_name)
    decider = _name(session, fields.decider_id, fields.decider_name)
    _check_decider(session, fields.decider_id)
    rules.check_fields(fields, within)
    check_contract(fields.indicator, _finding(session, fields.finding_id))
    check_series(session, fields.indicator)
    if fields.unit_id is not None:
        find(session, Unit, fields.unit_id)
    plain = ("objective_id", "finding_id", "unit_id", "responsible_id", "decider_id", "priority_id")
    choices = ("prevention_level", "scope", "starts_on", "ends_on", "is_reported", "budget",
               "strategy", "topic", "changes_work")  # fmt: skip
    texts = ("title", "method", "who_does_what", "initiator")
    means = ("means_organisational", "means_material", "means_financial")
    return {
        **{name: getattr(fields, name) for name in (*plain, *choices)},
        **{name: getattr(fields, name).strip() for name in (*texts, *means)},
        "responsible_name": responsible,
        "decider_name": decider,
        "prevention_hours": {name: n for name, n in fields.prevention_hours.items() if n},
        "domains": [domain.value for domain in dict.fromkeys(fields.domains)],
        "indicator_kind": fields.indicator.kind,
        "indicator_settings": as_settings(fields.indicator),
    }


def _check_decider(session: Session, decider_id: UUID | None) -> None:
    """Refuse whoever never had the right; on the day of the decision it is asked again."""
    if decider_id is not None:
        asked = select(RoleGrant.role).where(
            RoleGrant.person_id == decider_id, RoleGrant.ended_at.is_(None)
        )
        people.check_may_be_decider(set(session.scalars(asked)))


def _finding(session: Session, finding_id: UUID | None) -> Finding | None:
    return None if finding_id is None else get_finding(session, finding_id)


def _name(session: Session, person_id: UUID | None, name: str) -> str:
    return name.strip() if person_id is None else find(session, Person, person_id).name
