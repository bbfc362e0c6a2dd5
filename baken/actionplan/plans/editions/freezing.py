"""Keeping a plan as it is on the day of its adoption."""

from datetime import date

from baken.actionplan.plans.editions.content import content_of
from baken.actionplan.plans.editions.models import PlanEdition
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.organisation.permissions import Actor
from baken.storage.session import Session


def freeze(
    session: Session, plan: GlobalPlan | AnnualPlan, *, by: Actor, today: date
) -> PlanEdition:
    """Keep the plan in its present edition as it is."""
    is_global = isinstance(plan, GlobalPlan)
    kept = PlanEdition(
        global_plan_id=plan.id if is_global else None,
        annual_plan_id=None if is_global else plan.id,
        edition=plan.edition,
        adopted_on=today,
        adopted_by=by.person_id,
        content=content_of(session, plan),
    )
    session.add(kept)
    session.flush()
    return kept
