"""What waits about plans: findings nothing was done with, drafts, advice, replies, adoption."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.consultations.deadlines import draft_deadline, warn_from
from baken.actionplan.consultations.items import Standing, get_item, standing
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.organs import present_organs
from baken.actionplan.consultations.queries import as_asked, list_consultations
from baken.actionplan.consultations.rules import Asked, Organ, SubjectKind
from baken.actionplan.findings.models import Finding
from baken.actionplan.measures.models import Measure
from baken.actionplan.plans import asked_waiting, rules, states
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan, ObjectiveFinding
from baken.actionplan.plans.periods import reminder_due, year_name
from baken.actionplan.plans.queries import (
    has_draft_deadline,
    list_annual_plans,
    list_global_plans,
    whole_item,
    year_item,
)
from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.actionplan.plans.teams.models import TeamItem, TeamPlan
from baken.actionplan.plans.teams.rules import follow_up_due, item_due
from baken.actionplan.plans.variants import PlanKind
from baken.actionplan.references import list_units_below
from baken.actionplan.wording import shortened
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.errors import BakenError
from baken.storage.session import Session

LONGEST_TITLE: Final = 90

EVALUATED_BY: Final = (3, 31)
"""Month and day by which last year is evaluated, beside the annual report: a choice of Baken."""

_TEAMS: Final = (
    select(TeamPlan, Unit.name, func.max(TeamItem.held_on))
    .join(Unit, Unit.id == TeamPlan.unit_id)
    .outerjoin(TeamItem, TeamItem.team_plan_id == TeamPlan.id)
    .group_by(TeamPlan.id, Unit.name)
)
_MEASURES: Final = select(Measure.finding_id)
_KEEPERS: Final = frozenset({Role.ADVISER, Role.PREVENTION_ADVISER})


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of an organisation and what was asked about them, read once."""

    global_plans: list[GlobalPlan]
    annual_plans: list[AnnualPlan]
    consultations: list[Consultation]

    @property
    def every(self) -> list[GlobalPlan | AnnualPlan]:
        """The five-year plans, then those of the years."""
        return [*self.global_plans, *self.annual_plans]

    @property
    def states(self) -> frozenset[PlanState]:
        """How far all these plans are."""
        return frozenset(PlanState(plan.state) for plan in self.every)

    def asked(self, plan: GlobalPlan | AnnualPlan) -> list[Asked]:
        """What was asked about the plan in its present edition."""
        return [
            as_asked(each)
            for each in self.consultations
            if plan.id in {each.global_plan_id, each.annual_plan_id}
            and each.edition == plan.edition
        ]


def read_plans(session: Session) -> Plans:
    """Read the plans of the organisation."""
    global_plans = list_global_plans(session)
    annual_plans = list_annual_plans(session) if global_plans else []  # each rests on one
    return Plans(global_plans, annual_plans, list_consultations(session))


def list_waiting(session: Session, plans: Plans, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits about plans for this person."""
    if not may(by, Action.SEE_PLANS):
        return []
    is_keeper = not by.roles.isdisjoint(_KEEPERS)
    measures = session.scalars(_MEASURES).all() if plans.annual_plans and is_keeper else ()
    titles = {
        **{plan.id: plan.title for plan in plans.global_plans},
        **{plan.id: year_name(plan.starts_on, plan.ends_on) for plan in plans.annual_plans},
    }
    making = any(plan.state in IN_THE_MAKING for plan in plans.every)
    present = present_organs(session) if making and may(by, Action.EDIT_PLANS) else frozenset()
    reader = _Reader(plans, by, today, titles, present)
    found = asked_waiting.list_waiting(session, plans.consultations, by=by)
    found += [*_adoptions(session, reader), *_drafts(reader)]
    if is_keeper:
        found += _unused_findings(session, set(measures))
        found += _evaluations(session, plans, today)
    found += _teams(session, plans, by, today)
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks at the plans, on which day, with the names of everything."""

    plans: Plans
    by: Actor
    today: date
    titles: dict[UUID, str]
    present: frozenset[Organ]

    @property
    def kinds(self) -> dict[UUID, PlanKind]:
        """What each plan over years is."""
        return {plan.id: plan.kind for plan in self.plans.global_plans}


def _adoptions(session: Session, look: _Reader) -> Iterator[Waiting]:
    """Plans that can be adopted; what was changed after it was sent is asked about again."""
    if not may(look.by, Action.EDIT_PLANS):
        return
    for plan in look.plans.every:
        if plan.state in IN_THE_MAKING and _can_be_adopted(plan, look):
            is_global = isinstance(plan, GlobalPlan)
            kind = SubjectKind.GLOBAL_PLAN if is_global else SubjectKind.ANNUAL_PLAN
            is_free = states.standing_of(session, plan, today=look.today) == Standing.FREE
            step = "adopt" if is_free else "ask_again"
            yield Waiting(kind=f"{step}_{kind}", path=_path_of(plan), what=look.titles[plan.id])


def _can_be_adopted(plan: GlobalPlan | AnnualPlan, look: _Reader) -> bool:
    """Whether everything was answered, as if nothing was changed since it was sent."""
    asked = look.plans.asked(plan)
    try:
        rules.check_can_adopt(PlanState(plan.state), asked, today=look.today)
        if _standing(plan, asked, look) != Standing.FREE:
            return False
        if isinstance(plan, AnnualPlan):
            (whole,) = (one for one in look.plans.global_plans if one.id == plan.global_plan_id)
            rules.check_framework(PlanState(whole.state))
            rules.check_silence(asked, starts_on=plan.starts_on, today=look.today)
    except BakenError:
        return False
    return True


def _standing(plan: GlobalPlan | AnnualPlan, asked: list[Asked], look: _Reader) -> Standing:
    if isinstance(plan, GlobalPlan):
        code = whole_item(plan.kind)
    else:
        code = year_item(look.kinds[plan.global_plan_id])
    return standing(get_item(code), asked, present=look.present, today=look.today)


def _drafts(look: _Reader) -> Iterator[Waiting]:
    """Drafts that have to go to the committee, and plans that have to be drafted."""
    if look.by.roles.isdisjoint(_KEEPERS):
        return
    for plan in look.plans.annual_plans:
        is_due = plan.state in IN_THE_MAKING and not look.plans.asked(plan)
        is_due = is_due and has_draft_deadline(look.kinds[plan.global_plan_id])
        if is_due and look.today >= warn_from(plan.starts_on):
            yield Waiting(
                kind="send_annual_plan",
                path=_path_of(plan),
                what=look.titles[plan.id],
                due_on=draft_deadline(plan.starts_on) if plan.edition == 1 else None,
            )
    adopted = next((one for one in look.plans.global_plans if one.state == PlanState.ADOPTED), None)
    if adopted is not None:
        yield from _next_plans(adopted, look)


def _next_plans(adopted: GlobalPlan, look: _Reader) -> Iterator[Waiting]:
    ends = [year.ends_on for year in look.plans.annual_plans if year.global_plan_id == adopted.id]
    begin = max(ends) + timedelta(days=1) if ends else date(look.today.year + 1, 1, 1)
    is_due = has_draft_deadline(adopted.kind) and look.today >= warn_from(begin)
    if begin <= adopted.until_on and is_due:
        yield Waiting(
            kind="draft_annual_plan",
            path="/annual-plans/new",
            what=str(begin.year),
            due_on=draft_deadline(begin),
        )
    has_next = any(one.from_on > adopted.from_on for one in look.plans.global_plans)
    is_due = reminder_due(adopted.until_on, today=look.today) is not None
    if not has_next and is_due and adopted.kind == PlanKind.GLOBAL:
        yield Waiting(
            kind="global_plan_ends",
            path=_path_of(adopted),
            what=adopted.title,
            due_on=adopted.until_on,
        )


def _evaluations(session: Session, plans: Plans, today: date) -> Iterator[Waiting]:
    """The year that is over, of a plan that held then, while nobody closed its evaluation."""
    adopted = [plan for plan in plans.global_plans if plan.state == PlanState.ADOPTED]
    if not adopted:
        return
    asked = select(PlanEvaluation.global_plan_id, PlanEvaluation.year).where(
        PlanEvaluation.closed_on.is_not(None)
    )
    closed = {tuple(row) for row in session.execute(asked)}
    year = today.year - 1
    for plan in adopted:
        held = plan.from_on.year <= year <= plan.until_on.year
        if held and (plan.id, year) not in closed:
            yield Waiting(
                kind="evaluate_plan",
                path=f"/plans/{plan.id}/evaluations",
                what=str(year),
                due_on=date(today.year, *EVALUATED_BY),
            )


def _teams(session: Session, plans: Plans, by: Actor, today: date) -> Iterator[Waiting]:
    """Teams that did not speak of their plan for a month, and plans that are a year old."""
    running = {
        plan.id: plan
        for plan in plans.annual_plans
        if plan.state in {PlanState.ADOPTED, PlanState.ENDED} and plan.adopted_on is not None
    }
    if not running or not may(by, Action.FOLLOW_UP):
        return
    is_keeper = not by.roles.isdisjoint(_KEEPERS)
    own = list_units_below(session, by.unit_ids)
    for team, unit, last in session.execute(_TEAMS).all():
        plan = running.get(team.annual_plan_id)
        if plan is None or plan.adopted_on is None or not (is_keeper or team.unit_id in own):
            continue
        path = f"/annual-plans/{plan.id}/teams/{team.unit_id}"
        due = follow_up_due(plan.adopted_on)
        if team.followed_up_on is None and due <= today:
            yield Waiting(kind="team_follow_up", path=path, what=unit, due_on=due)
        elif plan.state == PlanState.ADOPTED and plan.starts_on <= today <= plan.ends_on:
            spoken = item_due(filter(None, [last]), starts_on=plan.starts_on)
            if spoken <= today:
                yield Waiting(kind="team_item", path=path, what=unit, due_on=spoken)


def _unused_findings(session: Session, used: set[UUID | None]) -> Iterator[Waiting]:
    rows = session.execute(select(Finding.id, Finding.statement, Finding.found_on)).all()
    if not rows:
        return
    answered = used | set(session.scalars(select(ObjectiveFinding.finding_id)))
    for finding_id, statement, found_on in rows:
        if finding_id not in answered:
            yield Waiting(
                kind="finding_unused",
                path=f"/findings/{finding_id}",
                what=shortened(statement, LONGEST_TITLE),
                since_on=found_on,
            )


def _path_of(plan: GlobalPlan | AnnualPlan) -> str:
    return f"/{'plans' if isinstance(plan, GlobalPlan) else 'annual-plans'}/{plan.id}"
