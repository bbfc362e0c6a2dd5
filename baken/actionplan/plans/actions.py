"""The five-year plan and its objectives."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.errors import Invalid
from baken.actionplan.findings.models import Finding
from baken.actionplan.plans import periods, queries, rules, states
from baken.actionplan.plans.choices import get_variant, is_review_exempt
from baken.actionplan.plans.models import GlobalPlan, Objective, ObjectiveFinding
from baken.actionplan.plans.rules import Activity, GlobalPlanFields, ObjectiveFields, PlanState
from baken.actionplan.plans.states import record_plan
from baken.actionplan.plans.variants import (
    ExpertReview,
    check_kind,
    check_review,
    check_reviewed,
    variant_of,
)
from baken.actionplan.references import find
from baken.actionplan.wording import check_lines
from baken.organisation.permissions import Action, Actor, require
from baken.storage.base import check_version
from baken.storage.session import Session


def draft_global_plan(session: Session, fields: GlobalPlanFields, *, by: Actor) -> GlobalPlan:
    """Draft a plan over years, of a kind that the organisation's rules know."""
    require(by, Action.EDIT_PLANS)
    check_kind(fields.kind, get_variant(session))
    plan = GlobalPlan(state=PlanState.DRAFT, **_checked(fields))
    session.add(plan)
    session.flush()
    record_plan(session, "drafted", plan, by)
    return plan


def edit_global_plan(
    session: Session, plan_id: UUID, fields: GlobalPlanFields, *, seen: int, by: Actor
) -> GlobalPlan:
    """Change a five-year plan that has not been adopted."""
    require(by, Action.EDIT_PLANS)
    plan = _changeable(session, plan_id)
    check_version(plan, seen)
    check_kind(fields.kind, variant_of(plan.kind))
    values = _checked(fields)
    periods.check_years_inside(
        values["from_on"],
        values["until_on"],
        years=[
            (year.starts_on, year.ends_on)
            for year in queries.list_annual_plans(session, global_plan_id=plan.id)
        ],
    )
    for name, value in values.items():
        setattr(plan, name, value)
    record_plan(session, "edited", plan, by)
    return plan


def adopt_global_plan(
    session: Session, plan_id: UUID, *, seen: int, by: Actor, today: date
) -> GlobalPlan:
    """Adopt a five-year plan after advice, or after the time for it.

    An inventory of the Dutch variant asks for the review of an expert and for agreement.
    """
    require(by, Action.EDIT_PLANS)
    plan = queries.get_global_plan(session, plan_id)
    check_version(plan, seen)
    check_reviewed(plan.kind, has_review=bool(plan.expert_review), exempt=is_review_exempt(session))
    states.adopt(session, plan, by=by, today=today)
    return plan


def reopen_global_plan(session: Session, plan_id: UUID, *, seen: int, by: Actor) -> GlobalPlan:
    """Open an adopted plan for a change, on which the committee advises again."""
    require(by, Action.EDIT_PLANS)
    plan = queries.get_global_plan(session, plan_id)
    check_version(plan, seen)
    states.reopen(session, plan, by=by)
    return plan


def end_global_plan(
    session: Session, plan_id: UUID, *, seen: int, by: Actor, today: date
) -> GlobalPlan:
    """End a five-year plan; it stays readable."""
    require(by, Action.EDIT_PLANS)
    plan = queries.get_global_plan(session, plan_id)
    check_version(plan, seen)
    states.end(session, plan, by=by, today=today)
    return plan


def record_expert_review(
    session: Session,
    plan_id: UUID,
    review: ExpertReview,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> GlobalPlan:
    """Record what a certified expert said of an inventory, and why it is not followed."""
    require(by, Action.EDIT_PLANS)
    plan = _changeable(session, plan_id)
    check_version(plan, seen)
    check_review(review, today=today)
    plan.expert_review = asdict(review)
    record_plan(session, "reviewed", plan, by, followed=review.is_followed)
    return plan


def link_analysis(session: Session, plan_id: UUID, analysis_id: UUID, *, by: Actor) -> RiskAnalysis:
    """Let a five-year plan rest on a risk analysis (element 1)."""
    require(by, Action.EDIT_PLANS)
    plan = _changeable(session, plan_id)
    analysis = get_analysis(session, analysis_id)
    analysis.global_plan_id = plan.id
    record_plan(session, "analysis_linked", plan, by, analysis=str(analysis.id))
    return analysis


def add_objective(
    session: Session,
    plan_id: UUID,
    fields: ObjectiveFields,
    *,
    finding_ids: Iterable[UUID] = (),
    by: Actor,
) -> Objective:
    """Add an objective as the last priority."""
    require(by, Action.EDIT_PLANS)
    plan = _changeable(session, plan_id)
    rules.check_objective(fields, from_on=plan.from_on, until_on=plan.until_on)
    last = select(func.max(Objective.rank)).where(Objective.global_plan_id == plan.id)
    objective = Objective(
        global_plan_id=plan.id, rank=(session.scalar(last) or 0) + 1, **_objective(fields)
    )
    session.add(objective)
    session.flush()
    _link_findings(session, objective.id, finding_ids)
    record_plan(session, "objective_added", plan, by, objective=str(objective.id))
    return objective


def edit_objective(
    session: Session,
    objective_id: UUID,
    fields: ObjectiveFields,
    *,
    finding_ids: Iterable[UUID],
    seen: int,
    by: Actor,
) -> Objective:
    """Change an objective and the findings it answers to."""
    require(by, Action.EDIT_PLANS)
    objective = queries.get_objective(session, objective_id)
    check_version(objective, seen)
    plan = _changeable(session, objective.global_plan_id)
    rules.check_objective(fields, from_on=plan.from_on, until_on=plan.until_on)
    for name, value in _objective(fields).items():
        setattr(objective, name, value)
    session.execute(delete(ObjectiveFinding).where(ObjectiveFinding.objective_id == objective.id))
    _link_findings(session, objective.id, finding_ids)
    record_plan(session, "objective_edited", plan, by, objective=str(objective.id))
    return objective


def rank_objectives(
    session: Session, plan_id: UUID, objective_ids: Sequence[UUID], *, by: Actor
) -> list[Objective]:
    """Put the objectives of a plan in this order, the first priority first."""
    require(by, Action.EDIT_PLANS)
    plan = _changeable(session, plan_id)
    found = {objective.id: objective for objective in queries.list_objectives(session, plan.id)}
    if len(objective_ids) != len(found) or set(objective_ids) != set(found):
        raise Invalid(
            "actionplan.ranking_incomplete",
            "Give every objective of the plan one place. Somebody may have added one meanwhile.",
        )
    ordered = [found[objective_id] for objective_id in objective_ids]
    # A rank is unique at every moment: step aside first.
    for place, objective in enumerate(ordered, start=1):
        objective.rank = -place
    session.flush()
    for place, objective in enumerate(ordered, start=1):
        objective.rank = place
    record_plan(session, "objectives_ranked", plan, by)
    return ordered


def _changeable(session: Session, plan_id: UUID) -> GlobalPlan:
    plan = queries.get_global_plan(session, plan_id)
    rules.check_may_change(PlanState(plan.state))
    return plan


def _link_findings(session: Session, objective_id: UUID, finding_ids: Iterable[UUID]) -> None:
    for finding_id in dict.fromkeys(finding_ids):
        finding = find(session, Finding, finding_id)
        session.add(ObjectiveFinding(objective_id=objective_id, finding_id=finding.id))
    session.flush()


def _objective(fields: ObjectiveFields) -> dict[str, Any]:
    targets = {str(year): text.strip() for year, text in sorted(fields.targets.items())}
    return {
        "statement": fields.statement.strip(),
        "targets": {year: text for year, text in targets.items() if text},
    }


def _checked(fields: GlobalPlanFields) -> dict[str, Any]:
    rules.check_global_plan(fields)
    means = ("means_organisational", "means_material", "means_financial")
    return {
        **{name: getattr(fields, name).strip() for name in ("title", "adaptation", *means)},
        "kind": fields.kind,
        "from_on": fields.from_on,
        "until_on": fields.until_on or periods.global_plan_end(fields.from_on),
        "intended_measures": check_lines(fields.intended_measures),
        "criteria": check_lines(fields.criteria),
        "roles": [asdict(row) for row in fields.roles],
        "activities": [_activity(each) for each in fields.activities],
    }


def _activity(activity: Activity) -> dict[str, str]:
    return {
        "what": activity.what.strip(),
        "owner": activity.owner.strip(),
        "from_on": activity.from_on.isoformat(),
        "until_on": activity.until_on.isoformat(),
    }
