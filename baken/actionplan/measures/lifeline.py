"""The life line of a measure: from the figure it began with to the figure that judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from baken.actionplan.consultations.queries import list_consultations
from baken.actionplan.consultations.rules import ConsultationKind, Subject, SubjectKind
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.findings.rules import may_see_figures
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import get_measure, list_notes
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.rules import ENDED, MeasureStatus, days_overdue
from baken.actionplan.measures.sight import may_see_agreed
from baken.actionplan.references import find, list_units_above
from baken.organisation.models import Unit
from baken.organisation.permissions import Actor
from baken.storage.session import Session


class StepKind(StrEnum):
    """The stations of a life line."""

    FINDING = "finding"
    CHOICE = "choice"
    ADVICE = "advice"
    DOING = "doing"
    MEASUREMENT = "measurement"


class StepState(StrEnum):
    """Behind us, the one dot that is now, or ahead."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One station: when, how far, and the values a page makes its sentence of."""

    kind: StepKind
    state: StepState
    on: date | None
    values: Mapping[str, Any] = field(default_factory=dict)


def lifeline(session: Session, measure_id: UUID, *, by: Actor, today: date) -> list[Step]:
    """Return the stations of a measure; at most one of them is now.

    A running measure is now; otherwise the first station that is not behind us is. What is behind
    us stands before it and what is ahead after it, by date; what has no date comes last. Figures
    of a unit are left out (None) for those who may not see its results.
    """
    measure = get_measure(session, measure_id)
    steps = [
        *_finding(session, measure, by, today),
        _choice(measure),
        *_advice(session, measure),
        _doing(session, measure, today),
        _measurement(session, measure, by, today),
    ]
    marked = _mark_now(steps, is_running=measure.status == MeasureStatus.RUNNING)
    return sorted(marked, key=_place)


def _mark_now(steps: list[Step], *, is_running: bool) -> list[Step]:
    ahead = [step for step in steps if step.state == StepState.AHEAD]
    if is_running:
        ahead = [step for step in ahead if step.kind == StepKind.DOING]
    return [replace(s, state=StepState.NOW) if ahead and s is ahead[0] else s for s in steps]


def _place(step: Step) -> tuple[int, bool, date]:
    return (list(StepState).index(step.state), step.on is None, step.on or date.max)


def _finding(session: Session, measure: Measure, by: Actor, today: date) -> list[Step]:
    if measure.finding_id is None:
        return []
    finding = get_finding(session, measure.finding_id)
    values = {
        "finding_id": finding.id,
        "release_id": finding.release_id,
        "unit_key": finding.unit_key,
        "unit_name": _unit_name(session, finding.unit_id),
        "scale": finding.scale,
        "statement": finding.statement,
        "figures": finding.figures if _may_see(session, finding, by, today) else None,
    }
    return [Step(StepKind.FINDING, StepState.DONE, finding.found_on, values)]


def _unit_name(session: Session, unit_id: UUID | None) -> str:
    return "" if unit_id is None else find(session, Unit, unit_id).name


def _may_see(session: Session, finding: Finding, by: Actor, today: date) -> bool:
    return may_see_figures(by, list_units_above(session, finding.unit_id, on=today))


def _choice(measure: Measure) -> Step:
    values = {
        "level": measure.prevention_level,
        "scope": measure.scope,
        "strategy": measure.strategy,
        "decider": measure.decider_name,
    }
    state = StepState.AHEAD if measure.decided_on is None else StepState.DONE
    return Step(StepKind.CHOICE, state, measure.decided_on, values)


def _advice(session: Session, measure: Measure) -> list[Step]:
    """Advice on the plan of the year counts for its measures, next to advice on one of them.

    Not for a measure that was added after it: the committee never saw that one.
    """
    on_plan = list_consultations(session, Subject(SubjectKind.ANNUAL_PLAN, measure.annual_plan_id))
    asked = [
        *(each for each in on_plan if each.edition >= measure.since_edition),
        *list_consultations(session, Subject(SubjectKind.MEASURE, measure.id)),
    ]
    steps = [
        Step(
            StepKind.ADVICE,
            StepState.AHEAD if each.outcome is None else StepState.DONE,
            each.advised_on or each.due_on,
            {
                "consultation_id": each.id,
                "organ": each.organ,
                "kind": each.kind,
                "asked_on": each.asked_on,
                "due_on": each.due_on,
                "outcome": each.outcome,
                "outcome_text": each.outcome_text,
                "dissent": each.dissent,
                "reply": each.employer_reply,
            },
        )
        for each in asked
        if each.kind != ConsultationKind.INFO
    ]
    return steps or [Step(StepKind.ADVICE, StepState.AHEAD, None)]


def _doing(session: Session, measure: Measure, today: date) -> Step:
    status = MeasureStatus(measure.status)
    notes = list_notes(session, measure.id)
    values = {
        "status": status,
        "starts_on": measure.starts_on,
        "ends_on": measure.ends_on,
        "days_overdue": days_overdue(status, measure.ends_on, today=today),
        "last_note": notes[-1].text if notes else "",
        "noted_at": notes[-1].noted_at if notes else None,
    }
    state = StepState.DONE if status in ENDED else StepState.AHEAD
    return Step(StepKind.DOING, state, measure.starts_on, values)


def _measurement(session: Session, measure: Measure, by: Actor, today: date) -> Step:
    """The agreed figure; behind us once it was read on or after the agreed day."""
    indicator = measure.indicator
    points = list_points(session, measure, by=by)
    last = points[-1] if points else None
    is_due = last is not None and last.reading is not None and last.on >= indicator.by_on
    values = {
        "indicator": indicator,
        "reading": last.reading if last else None,
        "judgement": last.judgement if last else None,
    }
    if not may_see_agreed(session, measure, by=by, today=today):
        values = {"indicator": None, "reading": None, "judgement": None}
    state = StepState.DONE if is_due else StepState.AHEAD
    return Step(
        StepKind.MEASUREMENT, state, last.on if is_due and last else indicator.by_on, values
    )
