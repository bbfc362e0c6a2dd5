"""The plan of a service year: the list, the form, the page and its steps."""

from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_409_CONFLICT

from baken.actionplan.errors import InvalidTransition
from baken.actionplan.measures.carrying import list_forgotten
from baken.actionplan.plans import annual_actions as actions
from baken.actionplan.plans import queries
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.annual_plan_forms import AnnualPlanForm, NewYearForm
from baken.web.pages.annual_plan_views import annual_plan_view
from baken.web.pages.global_plan_views import PlanRow, YearRow
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.plan_words import speak_of_year
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

PAGE = "actionplan/annual_plan.html"
NEW = "actionplan/annual_plan_new.html"
FORM = "actionplan/annual_plan_form.html"


class AnnualPlanPages(Controller):
    """The annual action plan."""

    path = "/o/{organisation_id:uuid}/annual-plans"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        rows = tuple(YearRow.of(session, plan) for plan in queries.list_annual_plans(session))
        plans = tuple(PlanRow.of(plan) for plan in queries.list_global_plans(session))
        return page(request, "actionplan/annual_plans.html", rows=rows, has_plan=bool(plans))

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = NewYearForm.blank(language).offer(session).suggest(session)
        return page(request, NEW, form=form, meanwhile=())

    @post("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = NewYearForm.read(form, language).offer(session)

        def write() -> str:
            made = actions.draft_annual_plan(
                session,
                sent.chosen_plan,
                starts_on=sent.starts_on.data,
                ends_on=sent.ends_on.data,
                by=actor,
            )
            # The next thing to do is to choose the objectives of the year.
            return frame_of(request).url(f"/annual-plans/{made.id}/edit")

        return save(request, session, NEW, sent, write, said="plans.done_year_drafted")

    @get("/{plan_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_annual_plan(session, plan_id)
        speak_of_year(request, session, plan_id)
        view = annual_plan_view(session, plan, by=actor, today=today)
        return page(request, PAGE, plan=view, refusal="", forgotten=())

    @get("/{plan_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_annual_plan(session, plan_id)
        speak_of_year(request, session, plan_id)
        form = AnnualPlanForm.of(session, plan, language)
        return page(request, FORM, form=form, plan=YearRow.of(session, plan), meanwhile=())

    @post("/{plan_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_annual_plan(session, plan_id)
        speak_of_year(request, session, plan_id)
        row = YearRow.of(session, plan)
        sent = AnnualPlanForm.sent(session, form, plan, language)

        def write() -> str:
            actions.edit_annual_plan(
                session,
                plan_id,
                sent.fields(),
                objective_ids=sent.chosen,
                seen=sent.seen,
                by=actor,
            )
            return frame_of(request).url(f"/annual-plans/{plan_id}")

        def standing() -> AnnualPlanForm:
            now = queries.get_annual_plan(session, plan_id)
            return AnnualPlanForm.of(session, now, language)

        said = "plans.done_edited"
        return save(request, session, FORM, sent, write, said=said, standing=standing, plan=row)

    @post("/{plan_id:uuid}/adopt", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def adopt(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        actions.adopt_annual_plan(session, plan_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/annual-plans/{plan_id}")
        return done(request, see=see, said="plans.done_adopted")

    @post("/{plan_id:uuid}/reopen", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def reopen(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        actions.reopen_annual_plan(session, plan_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url(f"/annual-plans/{plan_id}")
        return done(request, see=see, said="plans.done_reopened")

    @post("/{plan_id:uuid}/end", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        try:
            actions.end_annual_plan(
                session, plan_id, seen=seen_of(form), by=actor, today=today, now=now
            )
        except InvalidTransition as error:
            if error.key != "actionplan.measures_open":
                raise
            session.rollback()
            forgotten = list_forgotten(session, plan_id)
            plan = queries.get_annual_plan(session, plan_id)
            speak_of_year(request, session, plan_id)
            return page(
                request,
                PAGE,
                status=HTTP_409_CONFLICT,
                plan=annual_plan_view(session, plan, by=actor, today=today),
                refusal=catalogue(language).refusal(error),
                forgotten=tuple((one.id, one.title) for one in forgotten),
            )
        see = frame_of(request).url(f"/annual-plans/{plan_id}")
        return done(request, see=see, said="plans.done_ended")
