"""Evaluating the plans of a year: begin, write, close."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from baken.actionplan.plans.evaluations import rules
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.rules import (
    Conclusion,
    EvaluationFields,
    Input,
    Progress,
)
from baken.actionplan.plans.queries import get_global_plan, list_objectives
from baken.actionplan.references import find
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def get_evaluation(session: Session, evaluation_id: UUID) -> PlanEvaluation:
    """Return one evaluation."""
    return find(session, PlanEvaluation, evaluation_id)


def list_evaluations(session: Session, global_plan_id: UUID) -> list[PlanEvaluation]:
    """Return the evaluations of a plan over years, the newest year first."""
    asked = select(PlanEvaluation).where(PlanEvaluation.global_plan_id == global_plan_id)
    return list(session.scalars(asked.order_by(PlanEvaluation.year.desc())))


def fields_of(evaluation: PlanEvaluation) -> EvaluationFields:
    """Return what an evaluation says, as people filled it in."""
    return EvaluationFields(
        inputs={Input(key): text for key, text in evaluation.inputs.items()},
        conclusions={
            UUID(key): Conclusion(Progress(one["verdict"]), one["text"])
            for key, one in evaluation.conclusions.items()
        },
        participants=evaluation.participants,
        papa_involved=evaluation.papa_involved,
        papa_reason=evaluation.papa_reason,
    )


def begin_evaluation(
    session: Session,
    global_plan_id: UUID,
    year: int,
    *,
    inputs: Mapping[Input, str],
    by: Actor,
    today: date,
) -> PlanEvaluation:
    """Begin to look back on a year, with what is known already."""
    require(by, Action.EDIT_PLANS)
    plan = get_global_plan(session, global_plan_id)
    taken = {one.year for one in list_evaluations(session, plan.id)}
    rules.check_year(year, from_on=plan.from_on, until_on=plan.until_on, taken=taken, today=today)
    evaluation = PlanEvaluation(
        id=uuid4(),
        global_plan_id=plan.id,
        year=year,
        inputs={key.value: text.strip() for key, text in inputs.items() if text.strip()},
        conclusions={},
        participants="",
        papa_involved=False,
        papa_reason="",
    )
    session.add(evaluation)
    session.flush()
    _record(session, "begun", evaluation, by)
    return evaluation


def write_evaluation(
    session: Session, evaluation_id: UUID, fields: EvaluationFields, *, seen: int, by: Actor
) -> PlanEvaluation:
    """Write what was found and concluded; nothing has to be complete before it is closed."""
    require(by, Action.EDIT_PLANS)
    evaluation = _changeable(session, evaluation_id, seen)
    rules.check_fields(fields)
    for name, value in _columns(fields).items():
        setattr(evaluation, name, value)
    session.flush()
    _record(session, "written", evaluation, by)
    return evaluation


def close_evaluation(
    session: Session, evaluation_id: UUID, *, seen: int, by: Actor, today: date
) -> PlanEvaluation:
    """Close an evaluation that weighed everything; it stays as it is from then on."""
    require(by, Action.EDIT_PLANS)
    evaluation = _changeable(session, evaluation_id, seen)
    objectives = list_objectives(session, evaluation.global_plan_id)
    rules.check_can_close(fields_of(evaluation), objective_ids=[one.id for one in objectives])
    evaluation.closed_on = today
    session.flush()
    _record(session, "closed", evaluation, by)
    return evaluation


def _changeable(session: Session, evaluation_id: UUID, seen: int) -> PlanEvaluation:
    evaluation = get_evaluation(session, evaluation_id)
    check_version(evaluation, seen)
    rules.check_open(evaluation.closed_on)
    return evaluation


def _columns(fields: EvaluationFields) -> dict[str, Any]:
    return {
        "inputs": {key.value: text.strip() for key, text in fields.inputs.items() if text.strip()},
        "conclusions": {
            str(key): {"verdict": one.verdict.value, "text": one.text.strip()}
            for key, one in fields.conclusions.items()
        },
        "participants": fields.participants.strip(),
        "papa_involved": fields.papa_involved,
        "papa_reason": fields.papa_reason.strip(),
    }


def _record(session: Session, verb: str, evaluation: PlanEvaluation, by: Actor) -> None:
    record(
        session,
        f"evaluation.{verb}",
        by=by.person_id,
        subject=f"plan_evaluation:{evaluation.id}",
        facts={"year": str(evaluation.year)},
    )
