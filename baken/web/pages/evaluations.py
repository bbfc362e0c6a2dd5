"""The yearly evaluation: begin with what is known, write, close."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from baken.actionplan.errors import Invalid
from baken.actionplan.plans.evaluations import actions
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.prefilling import known_inputs
from baken.actionplan.plans.queries import get_global_plan, list_objectives
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.evaluation_forms import Aim, BeginForm, EvaluationForm, form_of
from baken.web.pages.evaluation_views import evaluation_view, said_inputs, year_rows
from baken.web.pages.global_plan_views import PlanRow
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

LIST: Final = "actionplan/evaluations.html"
PAGE: Final = "actionplan/evaluation.html"
FORM: Final = "actionplan/evaluation_form.html"
EDIT: Final = {"action": Action.EDIT_PLANS}


class EvaluationPages(Controller):
    """The evaluations of a plan over years."""

    path = "/o/{organisation_id:uuid}/plans/{plan_id:uuid}/evaluations"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        about = _about(session, plan_id)
        year = _year_to_begin(about["plan"], {one.year for one in about["rows"]}, today)
        form = BeginForm.blank(language, {} if year is None else {"year": year})
        return page(request, LIST, form=form, may_begin=year is not None, **about, meanwhile=())

    @post("/", opt=EDIT, sync_to_thread=True)
    def begin(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        sent = BeginForm.read(form, language)

        def write() -> str:
            year: int = sent.year.data or 0
            known = known_inputs(session, year, by=actor, today=today)
            made = actions.begin_evaluation(
                session,
                plan_id,
                year,
                inputs=said_inputs(known, year, catalogue(language)),
                by=actor,
                today=today,
            )
            return frame_of(request).url(f"/plans/{plan_id}/evaluations/{made.id}/edit")

        said = "evaluations.done_begun"
        about = _about(session, plan_id)
        return save(request, session, LIST, sent, write, said=said, may_begin=True, **about)

    @get("/{evaluation_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        evaluation_id: FromPath[UUID],
    ) -> Response[str]:
        view = evaluation_view(session, actions.get_evaluation(session, evaluation_id), language)
        plan = PlanRow.of(get_global_plan(session, plan_id))
        return page(request, PAGE, plan=plan, evaluation=view)

    @get("/{evaluation_id:uuid}/edit", opt=EDIT, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        evaluation_id: FromPath[UUID],
    ) -> Response[str]:
        row = actions.get_evaluation(session, evaluation_id)
        form = _form(session, row).of(row, language)
        known = known_inputs(session, row.year, by=actor, today=today)
        form.offer_known(said_inputs(known, row.year, catalogue(language)))
        plan = PlanRow.of(get_global_plan(session, plan_id))
        return page(
            request,
            FORM,
            form=form,
            plan=plan,
            year=row.year,
            is_over=row.year < today.year,
            evaluation_id=row.id,
            meanwhile=(),
        )

    @post("/{evaluation_id:uuid}/edit", opt=EDIT, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        evaluation_id: FromPath[UUID],
    ) -> Response[str]:
        row = actions.get_evaluation(session, evaluation_id)
        kind = _form(session, row)
        context: dict[str, Any] = {
            "plan": PlanRow.of(get_global_plan(session, plan_id)),
            "year": row.year,
            "is_over": row.year < today.year,
            "evaluation_id": row.id,
        }
        sent = kind.read(form, language)

        def write() -> str:
            actions.write_evaluation(
                session, evaluation_id, sent.fields(), seen=sent.seen, by=actor
            )
            return frame_of(request).url(f"/plans/{plan_id}/evaluations/{evaluation_id}")

        def standing() -> EvaluationForm:
            now = actions.get_evaluation(session, evaluation_id)
            return kind.of(now, language)

        said = "evaluations.done_written"
        return save(request, session, FORM, sent, write, said=said, standing=standing, **context)

    @post("/{evaluation_id:uuid}/close", opt=EDIT, sync_to_thread=True)
    def close(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        evaluation_id: FromPath[UUID],
    ) -> Response[str]:
        try:
            actions.close_evaluation(
                session, evaluation_id, seen=seen_of(form), by=actor, today=today
            )
        except Invalid:
            session.rollback()
            row = actions.get_evaluation(session, evaluation_id)
            view = evaluation_view(session, row, language)
            plan = PlanRow.of(get_global_plan(session, plan_id))
            # The page names everything that is missing; the error names the first.
            code = HTTP_422_UNPROCESSABLE_ENTITY
            return page(request, PAGE, status=code, plan=plan, evaluation=view)
        see = frame_of(request).url(f"/plans/{plan_id}/evaluations/{evaluation_id}")
        return done(request, see=see, said="evaluations.done_closed")


def _year_to_begin(plan: PlanRow, taken: Collection[int], today: date) -> int | None:
    """The last year that is over and has no evaluation, or the running one; None without either."""
    last = min(plan.last.year, today.year)
    free = [year for year in range(plan.first.year, last + 1) if year not in taken]
    return max((year for year in free if year < today.year), default=max(free, default=None))


def _form(session: Session, row: PlanEvaluation) -> type[EvaluationForm]:
    rows = list_objectives(session, row.global_plan_id)
    return form_of(tuple(Aim(one.id, one.rank, one.statement) for one in rows))


def _about(session: Session, plan_id: UUID) -> dict[str, Any]:
    plan = get_global_plan(session, plan_id)
    return {"plan": PlanRow.of(plan), "rows": year_rows(session, plan.id)}
