"""The five-year plan: the list, the form, the page with its eight elements, and its steps."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.analyses.queries import list_analyses
from baken.actionplan.plans import actions, queries
from baken.actionplan.plans.choices import get_variant
from baken.actionplan.plans.variants import variant_of
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.global_plan_forms import GlobalPlanForm
from baken.web.pages.global_plan_views import PlanRow, global_plan_view
from baken.web.pages.plan_forms import as_id, save, seen_of
from baken.web.pages.plan_views import AnalysisRow
from baken.web.pages.reply import PageRequest, done, frame_of, page, speak_as

FORM = "actionplan/plan_form.html"


class PlanPages(Controller):
    """The global prevention plan."""

    path = "/o/{organisation_id:uuid}/plans"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        rows = tuple(PlanRow.of(plan) for plan in queries.list_global_plans(session))
        return page(request, "actionplan/plans.html", rows=rows)

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        first = date(today.year + 1, 1, 1)
        form = GlobalPlanForm.blank(language, {"from_on": first})
        form = form.offer(get_variant(session)).roomy()
        return page(request, FORM, form=form, plan=None, meanwhile=())

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
        sent = GlobalPlanForm.sent(form, language).offer(get_variant(session))

        def write() -> str:
            made = actions.draft_global_plan(session, sent.fields(), by=actor)
            return frame_of(request).url(f"/plans/{made.id}")

        return save(request, session, FORM, sent, write, said="plans.done_drafted", plan=None)

    @get("/{plan_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_global_plan(session, plan_id)
        speak_as(request, variant_of(plan.kind))
        free = [row for row in list_analyses(session) if row.global_plan_id != plan_id]
        return page(
            request,
            "actionplan/plan.html",
            plan=global_plan_view(session, plan, today=today),
            free_analyses=tuple(AnalysisRow.of(row) for row in free),
        )

    @get("/{plan_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_global_plan(session, plan_id)
        own = variant_of(plan.kind)
        speak_as(request, own)
        form = GlobalPlanForm.of(plan, language).offer(own)
        return page(request, FORM, form=form, plan=PlanRow.of(plan), meanwhile=())

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
        plan = queries.get_global_plan(session, plan_id)
        row, own = PlanRow.of(plan), variant_of(plan.kind)
        speak_as(request, own)
        sent = GlobalPlanForm.sent(form, language).offer(own)

        def write() -> str:
            actions.edit_global_plan(session, plan_id, sent.fields(), seen=sent.seen, by=actor)
            return frame_of(request).url(f"/plans/{plan_id}")

        def standing() -> GlobalPlanForm:
            now = GlobalPlanForm.of(queries.get_global_plan(session, plan_id), language)
            return now.offer(own)

        said = "plans.done_edited"
        return save(request, session, FORM, sent, write, said=said, standing=standing, plan=row)

    @post("/{plan_id:uuid}/analyses", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def link_analysis(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        analysis_id = as_id(form.get("analysis"))
        if analysis_id is None:
            queries.get_global_plan(session, plan_id)
        else:
            actions.link_analysis(session, plan_id, analysis_id, by=actor)
        see = frame_of(request).url(f"/plans/{plan_id}")
        return done(request, see=see, said="plans.done_linked" if analysis_id else "")

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
        actions.adopt_global_plan(session, plan_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/plans/{plan_id}")
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
        actions.reopen_global_plan(session, plan_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url(f"/plans/{plan_id}")
        return done(request, see=see, said="plans.done_reopened")

    @post("/{plan_id:uuid}/end", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        actions.end_global_plan(session, plan_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/plans/{plan_id}")
        return done(request, see=see, said="plans.done_ended")
