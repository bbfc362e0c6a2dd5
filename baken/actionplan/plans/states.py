"""What every plan goes through, of five years or of one: adopted, opened for a change, ended."""

import hashlib
import json
from datetime import date
from typing import Any

from baken.actionplan.consultations.items import Standing, check_standing, get_item, standing
from baken.actionplan.consultations.organs import present_organs
from baken.actionplan.consultations.queries import as_asked, list_consultations
from baken.actionplan.consultations.rules import Asked
from baken.actionplan.plans import queries, rules
from baken.actionplan.plans.editions.content import content_of
from baken.actionplan.plans.editions.freezing import freeze
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.plans.variants import PlanKind, Variant, variant_of
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.session import Session

Plan = GlobalPlan | AnnualPlan


def adopt(session: Session, plan: Plan, *, by: Actor, today: date) -> None:
    """Adopt a plan after advice or agreement, or after the time for advice."""
    asked = list_asked(session, plan)
    rules.check_transition(PlanState(plan.state), PlanState.ADOPTED)
    if variant_of(_kind(session, plan)) == Variant.BELGIAN:
        rules.check_can_adopt(PlanState(plan.state), asked, today=today)
    check_standing(_standing(session, plan, asked, today=today))
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


def standing_of(session: Session, plan: Plan, *, today: date) -> Standing:
    """Say whether a plan may be adopted as far as consultation goes."""
    return _standing(session, plan, list_asked(session, plan), today=today)


def item_of(session: Session, plan: Plan) -> str:
    """Return the line of the table of consultation under which a plan falls."""
    kind = _kind(session, plan)
    return queries.whole_item(kind) if isinstance(plan, GlobalPlan) else queries.year_item(kind)


def content_hash(session: Session, plan: Plan) -> str:
    """Return a digest of what a plan says today, to see whether it was changed since."""
    said = json.dumps(content_of(session, plan), sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def list_asked(session: Session, plan: Plan) -> list[Asked]:
    """Return what was asked about the present edition, and whether it was changed since then."""
    found = list_consultations(session, queries.subject_of_plan(plan))
    now = content_hash(session, plan) if any(each.content_hash for each in found) else ""
    return [as_asked(each, content_hash=now) for each in found if each.edition == plan.edition]


def _kind(session: Session, plan: Plan) -> PlanKind:
    if isinstance(plan, GlobalPlan):
        return plan.kind
    return queries.get_global_plan(session, plan.global_plan_id).kind


def _standing(session: Session, plan: Plan, asked: list[Asked], *, today: date) -> Standing:
    present, item = present_organs(session), get_item(item_of(session, plan))
    return standing(item, asked, present=present, today=today)


def record_plan(session: Session, verb: str, plan: Plan, by: Actor, **facts: Any) -> None:
    """Write into the audit chain what was done with a plan."""
    name = plan.__tablename__
    record(session, f"{name}.{verb}", by=by.person_id, subject=f"{name}:{plan.id}", facts=facts)
