"""Objectives of the five-year plan: adding, changing and putting them in order."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.plans import actions, queries
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.global_plan_forms import ObjectiveForm, objective_form, objective_values
from baken.web.pages.global_plan_views import PlanRow
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.reply import PageRequest, done, frame_of, page

FORM = "actionplan/objective_form.html"


class ObjectivePages(Controller):
    """What has to be reached, the first priority first."""

    path = "/o/{organisation_id:uuid}/plans/{plan_id:uuid}/objectives"

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_global_plan(session, plan_id)
        # A finding page leads here with itself chosen.
        chosen = [request.query_params.get("finding", "")]
        form = objective_form(plan).blank(language, {"finding_ids": chosen}).offer(session)
        return page(
            request, FORM, form=form, plan=PlanRow.of(plan), objective_id=None, meanwhile=()
        )

    @post("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def add(
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
        row = PlanRow.of(plan)
        sent = objective_form(plan).read(form, language).offer(session)

        def write() -> str:
            actions.add_objective(
                session, plan_id, sent.fields(), finding_ids=sent.chosen, by=actor
            )
            return frame_of(request).url(f"/plans/{plan_id}")

        said = "plans.done_objective"
        context: dict[str, Any] = {"plan": row, "objective_id": None}
        return save(request, session, FORM, sent, write, said=said, **context)

    @get("/{objective_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        objective_id: FromPath[UUID],
    ) -> Response[str]:
        plan = PlanRow.of(queries.get_global_plan(session, plan_id))
        form = _standing(session, plan_id, objective_id, language)
        return page(request, FORM, form=form, plan=plan, objective_id=objective_id, meanwhile=())

    @post("/{objective_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        objective_id: FromPath[UUID],
    ) -> Response[str]:
        plan = queries.get_global_plan(session, plan_id)
        row = PlanRow.of(plan)
        sent = objective_form(plan).read(form, language).offer(session)

        def write() -> str:
            actions.edit_objective(
                session,
                objective_id,
                sent.fields(),
                finding_ids=sent.chosen,
                seen=sent.seen,
                by=actor,
            )
            return frame_of(request).url(f"/plans/{plan_id}")

        def standing() -> ObjectiveForm:
            return _standing(session, plan_id, objective_id, language)

        context: dict[str, Any] = {"plan": row, "objective_id": objective_id}
        said = "plans.done_objective"
        return save(request, session, FORM, sent, write, said=said, standing=standing, **context)

    @post("/{objective_id:uuid}/up", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def move_up(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        plan_id: FromPath[UUID],
        objective_id: FromPath[UUID],
    ) -> Response[str]:
        # The order that the person saw comes along: somebody else may have changed it meanwhile.
        seen = [found for each in form.get("order").split() if (found := as_id(each))]
        if objective_id in seen[1:]:
            place = seen.index(objective_id)
            seen[place - 1], seen[place] = seen[place], seen[place - 1]
        actions.rank_objectives(session, plan_id, seen, by=actor)
        see = frame_of(request).url(f"/plans/{plan_id}")
        return done(request, see=see, said="plans.done_ranked")


def _standing(session: Session, plan_id: UUID, objective_id: UUID, language: str) -> ObjectiveForm:
    plan = queries.get_global_plan(session, plan_id)
    objective = queries.get_objective(session, objective_id)
    findings = queries.list_findings_by_objective(session, objective.global_plan_id)[objective_id]
    values = objective_values(objective, findings)
    return objective_form(plan).blank(language, values).offer(session)
