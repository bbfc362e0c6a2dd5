"""Reading plans, objectives and what a year allows its measures."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.consultations import deadlines
from baken.actionplan.consultations.deadlines import Notice, deadline_notice, draft_deadline
from baken.actionplan.consultations.queries import as_asked, list_consultations
from baken.actionplan.consultations.rules import Asked, Subject, SubjectKind
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import OLDEST_FIRST
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.measures.rules import PlanFrame
from baken.actionplan.plans.models import (
    AnnualObjective,
    AnnualPlan,
    GlobalPlan,
    Objective,
    ObjectiveFinding,
)
from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.actionplan.plans.variants import PlanKind, read_variants, variant_of
from baken.actionplan.references import find
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when the draft of a year goes to the committee, and how that stands."""

    on: date
    notice: Notice
    asked_on: date | None


def has_draft_deadline(kind: PlanKind) -> bool:
    """Whether the law names a day on which the draft of a year has to be with the committee."""
    return deadlines.has_draft_deadline(year_item(kind))


def whole_item(kind: PlanKind) -> str:
    """The line of the table of consultation under which a plan over years of this kind falls."""
    return read_variants()[variant_of(kind)].whole_item


def year_item(kind: PlanKind) -> str:
    """The line of the table under which the plan of a year falls, by the kind of its framework."""
    return read_variants()[variant_of(kind)].year_item


def get_global_plan(session: Session, plan_id: UUID) -> GlobalPlan:
    """Return one five-year plan."""
    return find(session, GlobalPlan, plan_id)


def list_global_plans(session: Session) -> list[GlobalPlan]:
    """Return the five-year plans, newest first."""
    return list(
        session.scalars(select(GlobalPlan).order_by(GlobalPlan.from_on.desc(), GlobalPlan.title))
    )


def find_changeable_plan(session: Session) -> GlobalPlan | None:
    """Return the newest five-year plan that still takes objectives; None when there is none."""
    plans = list_global_plans(session)
    return next((plan for plan in plans if plan.state in IN_THE_MAKING), None)


def get_objective(session: Session, objective_id: UUID) -> Objective:
    """Return one objective."""
    return find(session, Objective, objective_id)


def list_objectives(session: Session, global_plan_id: UUID) -> list[Objective]:
    """Return the objectives of a five-year plan, the first priority first."""
    wanted = select(Objective).where(Objective.global_plan_id == global_plan_id)
    return list(session.scalars(wanted.order_by(Objective.rank)))


def list_findings_by_objective(session: Session, global_plan_id: UUID) -> dict[UUID, list[Finding]]:
    """Return the findings of each objective of a five-year plan, oldest first."""
    found: dict[UUID, list[Finding]] = {
        objective.id: [] for objective in list_objectives(session, global_plan_id)
    }
    rows = session.execute(
        select(ObjectiveFinding.objective_id, Finding)
        .join(Finding, Finding.id == ObjectiveFinding.finding_id)
        .where(ObjectiveFinding.objective_id.in_(found))
        .order_by(*OLDEST_FIRST)
    )
    for objective_id, finding in rows:
        found[objective_id].append(finding)
    return found


def get_annual_plan(session: Session, plan_id: UUID) -> AnnualPlan:
    """Return the plan of one year."""
    return find(session, AnnualPlan, plan_id)


def list_annual_plans(session: Session, *, global_plan_id: UUID | None = None) -> list[AnnualPlan]:
    """Return the plans of the years, newest first."""
    wanted = select(AnnualPlan).order_by(AnnualPlan.starts_on.desc(), AnnualPlan.id)
    if global_plan_id is not None:
        wanted = wanted.where(AnnualPlan.global_plan_id == global_plan_id)
    return list(session.scalars(wanted))


def list_chosen_objectives(session: Session, annual_plan_id: UUID) -> list[Objective]:
    """Return the objectives chosen for a year, the first priority first."""
    wanted = (
        select(Objective)
        .join(AnnualObjective, AnnualObjective.objective_id == Objective.id)
        .where(AnnualObjective.annual_plan_id == annual_plan_id)
        .order_by(Objective.rank)
    )
    return list(session.scalars(wanted))


def get_frame(session: Session, annual_plan_id: UUID) -> PlanFrame:
    """What the measures of a year have to know about its plan."""
    plan = get_annual_plan(session, annual_plan_id)
    chosen = list_chosen_objectives(session, annual_plan_id)
    return PlanFrame(
        annual_plan_id=plan.id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        may_add=plan.state in IN_THE_MAKING,
        may_change=plan.state != PlanState.ENDED,
        is_adopted=plan.state == PlanState.ADOPTED,
        edition_to_advise=plan.edition + (plan.state == PlanState.ADVISED),
        objective_ids=frozenset(objective.id for objective in chosen),
    )


def get_frame_of(session: Session, measure_id: UUID) -> PlanFrame:
    """What one measure has to know about the plan of its year."""
    return get_frame(session, get_measure(session, measure_id).annual_plan_id)


def get_deadline(session: Session, annual_plan_id: UUID, *, today: date) -> Deadline:
    """Until when the draft of a year goes to the committee, and whether it went."""
    plan = get_annual_plan(session, annual_plan_id)
    asked = [each.asked_on for each in list_asked(session, plan)]
    asked_on = min(asked, default=None)
    return Deadline(
        on=draft_deadline(plan.starts_on),
        notice=deadline_notice(plan.starts_on, asked_on, today=today),
        asked_on=asked_on,
    )


def subject_of_plan(plan: GlobalPlan | AnnualPlan) -> Subject:
    """The plan, in its present edition, as the subject of a consultation."""
    is_global = isinstance(plan, GlobalPlan)
    kind = SubjectKind.GLOBAL_PLAN if is_global else SubjectKind.ANNUAL_PLAN
    return Subject(kind, plan.id, plan.edition)


def list_asked(session: Session, plan: GlobalPlan | AnnualPlan) -> list[Asked]:
    """What was asked about the plan in its present edition."""
    found = list_consultations(session, subject_of_plan(plan))
    return [as_asked(each) for each in found if each.edition == plan.edition]
