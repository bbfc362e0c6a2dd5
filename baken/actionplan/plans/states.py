"""What every plan goes through, of five years or of one: adopted, opened for a change, ended."""

from datetime import date
from typing import Any

from baken.actionplan.bodies.rules import AGREED, ConsultationKind
from baken.actionplan.plans import queries, rules
from baken.actionplan.plans.editions.freezing import freeze
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.session import Session

Plan = GlobalPlan | AnnualPlan


def adopt(session: Session, plan: Plan, *, by: Actor, today: date) -> None:
    """Adopt a plan after advice, or after the time for it."""
    rules.check_can_adopt(PlanState(plan.state), queries.list_asked(session, plan), today=today)
    plan.state = PlanState.ADOPTED
    plan.adopted_on = today
    freeze(session, plan, by=by, today=today)
    record_plan(session, "adopted", plan, by, edition=plan.edition)


def reopen(session: Session, plan: Plan, *, by: Actor) -> None:
    """Open an adopted plan for a change, on which the committee advises again."""
    rules.check_can_reopen(PlanState(plan.state))
    plan.state = PlanState.DRAFT
    plan.edition += 1
    record_plan(session, "reopened", plan, by, edition=plan.edition)


def end(session: Session, plan: Plan, *, by: Actor, today: date) -> None:
    """End a plan; it stays readable."""
    rules.check_transition(PlanState(plan.state), PlanState.ENDED)
    plan.state = PlanState.ENDED
    plan.ended_on = today
    record_plan(session, "ended", plan, by)


def has_consent(session: Session, plan: Plan) -> bool:
    """Whether those who speak for the workers agreed with the plan in its present edition."""
    return any(
        asked.kind == ConsultationKind.AGREEMENT and asked.outcome in AGREED
        for asked in queries.list_asked(session, plan)
    )


def record_plan(session: Session, verb: str, plan: Plan, by: Actor, **facts: Any) -> None:
    """Write into the audit chain what was done with a plan."""
    name = plan.__tablename__
    record(session, f"{name}.{verb}", by=by.person_id, subject=f"{name}:{plan.id}", facts=facts)
