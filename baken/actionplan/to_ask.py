"""What the table of consultation says should be asked this year, and was not asked yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.rules import AnalysisKind
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.consultations.deadlines import draft_deadline
from baken.actionplan.consultations.gates import standing_of
from baken.actionplan.consultations.items import (
    Item,
    Standing,
    Timing,
    get_item,
    items_for,
    was_put,
)
from baken.actionplan.consultations.organs import present_organs
from baken.actionplan.consultations.queries import OF_PLANS, list_asked, sees_all
from baken.actionplan.consultations.rules import ConsultationKind, Organ, Subject, SubjectKind
from baken.actionplan.measures.consulted import standing_of_work
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans import states
from baken.actionplan.plans.choices import get_variant
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.queries import (
    get_global_plan,
    has_draft_deadline,
    list_annual_plans,
    list_global_plans,
)
from baken.actionplan.plans.rules import IN_THE_MAKING, PlanState
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.rules import RequestState
from baken.organisation.permissions import Action, Actor, Role, may
from baken.storage.session import Session

_MISSING: Final = frozenset({Standing.NOT_ASKED, Standing.CHANGED})
_BEFORE_START: Final = (MeasureStatus.PLANNED, MeasureStatus.DECIDED)
_OF_REQUEST: Final = {
    RequestState.REQUESTED: "request_handling",
    RequestState.ADMISSIBLE: "request_handling",
    RequestState.REPORTED: "request_follow_up",
}
_OF_COUNCIL: Final = frozenset({Organ.WORKS_COUNCIL, Organ.STAFF_REPRESENTATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """Something that is still to be asked; `by_on` is None where only the decision waits for it.

    `changed`: it was asked, and the text was changed afterwards; `was_in_time`: by its day.
    """

    item: str
    organ: Organ
    kind: ConsultationKind
    about: Subject
    name: str
    by_on: date | None = None
    changed: bool = False
    was_in_time: bool = False


def list_to_ask(session: Session, year: int, *, by: Actor, today: date) -> list[ToAsk]:
    """Return what is still to be asked in a calendar year, the nearest date first.

    What has no date of its own is asked before a decision, so it is shown in the year of today.
    """
    look = _Look(session, present_organs(session), year, today)
    found = [
        *_of_plans(look),
        *_of_measures(look),
        *_of_requests(look),
        *_of_analyses(look),
        *_of_the_year(look),
    ]
    seen = [one for one in found if may_see(one, by=by)]
    return sorted(seen, key=lambda one: (one.by_on is None, one.by_on or today, one.item, one.name))


def may_see(one: ToAsk, *, by: Actor) -> bool:
    """Whether this person sees that it is to be asked: as whoever may read it once it is."""
    if one.about.kind == SubjectKind.REQUEST and not may(by, Action.SEE_REQUESTS):
        return False
    if sees_all(by):
        return True
    if Role.WORKS_COUNCIL_MEMBER in by.roles:
        return one.organ in _OF_COUNCIL
    return one.about.kind in OF_PLANS


@dataclass(frozen=True, slots=True)
class _Look:
    session: Session
    present: frozenset[Organ]
    year: int
    today: date

    @property
    def is_now(self) -> bool:
        return self.today.year == self.year

    def row(
        self, item: Item, about: Subject, name: str, *, by_on: date | None = None,
        found: Standing = Standing.NOT_ASKED,
    ) -> Iterator[ToAsk]:  # fmt: skip
        """The row, where there is an organ to ask and it was not asked, of this year or late."""
        organ = item.organ_of(self.present)
        is_late = by_on is not None and by_on < self.today
        is_due = by_on.year == self.year if by_on is not None else self.is_now
        is_due = is_due or (is_late and self.is_now)
        if organ is not None and found in _MISSING and is_due:
            yield ToAsk(
                item=item.code, organ=organ, kind=item.kind_for(organ), about=about, name=name,
                by_on=by_on, changed=found == Standing.CHANGED,
                was_in_time=by_on is not None and self._was_asked(item, about, by_on),
            )  # fmt: skip

    def _was_asked(self, item: Item, about: Subject, by_on: date) -> bool:
        """Whether a question under this line went out by its day, whatever changed afterwards."""
        if about.value is None:
            return False
        found = [one for one in list_asked(self.session, about) if one.asked_on <= by_on]
        return was_put(item, found)


def _of_plans(look: _Look) -> Iterator[ToAsk]:
    plans: list[GlobalPlan | AnnualPlan] = [
        *list_global_plans(look.session), *list_annual_plans(look.session),
    ]  # fmt: skip
    for plan in plans:
        if plan.state not in IN_THE_MAKING:
            continue
        item = get_item(states.item_of(look.session, plan))
        found = states.standing_of(look.session, plan, today=look.today)
        if isinstance(plan, AnnualPlan):
            whole = get_global_plan(look.session, plan.global_plan_id)
            by_on = draft_deadline(plan.starts_on) if has_draft_deadline(whole.kind) else None
            about = Subject(SubjectKind.ANNUAL_PLAN, plan.id)
            name = year_name(plan.starts_on, plan.ends_on)
        else:
            by_on, about, name = None, Subject(SubjectKind.GLOBAL_PLAN, plan.id), plan.title
        yield from look.row(item, about, name, by_on=by_on, found=found)
    yield from _next_year(look)


def _next_year(look: _Look) -> Iterator[ToAsk]:
    """The plan of the year that comes, while nobody drafted it: its day is known already."""
    years = list_annual_plans(look.session)
    for plan in list_global_plans(look.session):
        if plan.state != PlanState.ADOPTED or not has_draft_deadline(plan.kind):
            continue
        ends = [year.ends_on for year in years if year.global_plan_id == plan.id]
        begin = max(ends) + timedelta(days=1) if ends else date(look.year + 1, 1, 1)
        if begin <= plan.until_on:
            item = get_item("annual_plan")
            about = Subject(SubjectKind.ANNUAL_PLAN)
            yield from look.row(item, about, str(begin.year), by_on=draft_deadline(begin))


def _of_measures(look: _Look) -> Iterator[ToAsk]:
    wanted = select(Measure).where(Measure.changes_work, Measure.status.in_(_BEFORE_START))
    for measure in look.session.scalars(wanted.order_by(Measure.starts_on, Measure.id)):
        about = Subject(SubjectKind.MEASURE, measure.id)
        found = standing_of_work(look.session, measure, today=look.today)
        item = get_item("organisation_of_work")
        yield from look.row(item, about, measure.title, by_on=measure.starts_on, found=found)


def _of_requests(look: _Look) -> Iterator[ToAsk]:
    wanted = select(SituationRequest).where(
        SituationRequest.is_formal, SituationRequest.state.in_(list(_OF_REQUEST))
    )
    for request in look.session.scalars(wanted.order_by(SituationRequest.asked_on)):
        code = _OF_REQUEST[RequestState(request.state)]
        about = Subject(SubjectKind.REQUEST, request.id)
        found = standing_of(look.session, code, about, today=look.today)
        yield from look.row(get_item(code), about, request.group_name, found=found)


def _of_analyses(look: _Look) -> Iterator[ToAsk]:
    """A-priori analyses that were closed this year: their collective measures."""
    first, last = date(look.year, 1, 1), date(look.year, 12, 31)
    wanted = select(RiskAnalysis).where(
        RiskAnalysis.kind == AnalysisKind.A_PRIORI, RiskAnalysis.closed_on.between(first, last)
    )
    for analysis in look.session.scalars(wanted.order_by(RiskAnalysis.closed_on)):
        about = Subject(SubjectKind.ANALYSIS, analysis.id)
        found = standing_of(look.session, "analysis_measures", about, today=look.today)
        item = get_item("analysis_measures")
        yield from look.row(item, about, analysis.title, found=found)


def _of_the_year(look: _Look) -> Iterator[ToAsk]:
    """What comes back every year, by its day; the annual report is about the year before."""
    for item in items_for(SubjectKind.YEAR, get_variant(look.session).value):
        is_report = item.timing == Timing.AFTER_DRAWING_UP
        year = look.year - is_report
        about = Subject(SubjectKind.YEAR, year=year)
        asked = list_asked(look.session, about)
        was_asked = was_put(item, asked)
        is_there = was_asked or (is_report and _has_copies(look.session, year))
        if item.by is not None and not is_there:
            yield from look.row(item, about, str(year), by_on=date(look.year, *item.by))


def _has_copies(session: Session, year: int) -> bool:
    """Whether the members got their copies: the room of the report notes it."""
    given = select(AnnualReport.id).where(
        AnnualReport.year == year, AnnualReport.copies_on.is_not(None)
    )
    return session.scalars(given).first() is not None
