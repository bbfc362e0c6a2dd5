"""The plan of a service year."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete

from baken.actionplan.measures.carrying import end_year
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.plans import periods, queries, rules, states
from baken.actionplan.plans.models import AnnualObjective, AnnualPlan
from baken.actionplan.plans.rules import AnnualPlanFields, PlanState
from baken.actionplan.plans.states import record_plan
from baken.organisation.permissions import Action, Actor, require
from baken.storage.base import check_version
from baken.storage.session import Session


def draft_annual_plan(
    session: Session,
    global_plan_id: UUID,
    *,
    starts_on: date,
    ends_on: date | None = None,
    objective_ids: Iterable[UUID] = (),
    by: Actor,
) -> AnnualPlan:
    """Draft the plan of a year within a five-year plan."""
    require(by, Action.EDIT_PLANS)
    framework = queries.get_global_plan(session, global_plan_id)
    last = ends_on or periods.service_year_end(starts_on)
    rules.check_not_ended(PlanState(framework.state))
    periods.check_service_year(
        starts_on,
        last,
        from_on=framework.from_on,
        until_on=framework.until_on,
        others=[
            (other.starts_on, other.ends_on)
            for other in queries.list_annual_plans(session, global_plan_id=framework.id)
        ],
    )
    plan = AnnualPlan(
        global_plan_id=framework.id, starts_on=starts_on, ends_on=last, state=PlanState.DRAFT
    )
    session.add(plan)
    session.flush()
    _choose(session, plan, objective_ids)
    record_plan(session, "drafted", plan, by, starts_on=starts_on.isoformat())
    return plan


def edit_annual_plan(
    session: Session,
    plan_id: UUID,
    fields: AnnualPlanFields,
    *,
    objective_ids: Iterable[UUID],
    seen: int,
    by: Actor,
) -> AnnualPlan:
    """Change the plan of a year that has not been adopted."""
    require(by, Action.EDIT_PLANS)
    plan = queries.get_annual_plan(session, plan_id)
    check_version(plan, seen)
    rules.check_may_change(PlanState(plan.state))
    rules.check_annual_plan(fields)
    for name in (
        "means_and_methods",
        "changed_circumstances",
        "accidents",
        "annual_report",
        "committee_advice",
    ):
        setattr(plan, name, getattr(fields, name).strip())
    plan.roles = [asdict(row) for row in fields.roles]
    _choose(session, plan, objective_ids)
    record_plan(session, "edited", plan, by)
    return plan


def adopt_annual_plan(
    session: Session, plan_id: UUID, *, seen: int, by: Actor, today: date
) -> AnnualPlan:
    """Adopt the plan of a year after advice; on silence not before the year starts."""
    require(by, Action.EDIT_PLANS)
    plan = queries.get_annual_plan(session, plan_id)
    check_version(plan, seen)
    framework = queries.get_global_plan(session, plan.global_plan_id)
    rules.check_framework(PlanState(framework.state))
    if queries.has_draft_deadline(framework.kind):
        asked = queries.list_asked(session, plan)
        rules.check_silence(asked, starts_on=plan.starts_on, today=today)
    states.adopt(session, plan, by=by, today=today)
    return plan


def reopen_annual_plan(session: Session, plan_id: UUID, *, seen: int, by: Actor) -> AnnualPlan:
    """Open an adopted plan for a change, on which the committee advises again."""
    require(by, Action.EDIT_PLANS)
    plan = queries.get_annual_plan(session, plan_id)
    check_version(plan, seen)
    states.reopen(session, plan, by=by)
    return plan


def end_annual_plan(
    session: Session, plan_id: UUID, *, seen: int, by: Actor, today: date, now: datetime
) -> AnnualPlan:
    """End the plan of a year; it stays readable.

    Each of its measures was closed with its reason, or goes on in the plan of a later year.
    """
    require(by, Action.EDIT_PLANS)
    plan = queries.get_annual_plan(session, plan_id)
    check_version(plan, seen)
    end_year(session, plan.id, by=by, now=now)
    states.end(session, plan, by=by, today=today)
    return plan


def _choose(session: Session, plan: AnnualPlan, objective_ids: Iterable[UUID]) -> None:
    wanted = list(dict.fromkeys(objective_ids))
    possible = {each.id for each in queries.list_objectives(session, plan.global_plan_id)}
    used = {each.objective_id for each in list_measures(session, annual_plan_id=plan.id)}
    rules.check_choice(wanted, possible=possible, used=used)
    session.execute(delete(AnnualObjective).where(AnnualObjective.annual_plan_id == plan.id))
    for objective_id in wanted:
        session.add(AnnualObjective(annual_plan_id=plan.id, objective_id=objective_id))
    session.flush()
