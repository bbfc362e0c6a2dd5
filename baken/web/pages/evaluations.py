"""The yearly evaluation: begin with what is known, write, close."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from baken.actionplan.errors import Invalid
from baken.actionplan.plans.evaluations import actions
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.prefilling import known_inputs
from baken.actionplan.plans.evaluations.rules import (
    Conclusion,
    EvaluationFields,
    Input,
    Progress,
)
from baken.actionplan.plans.queries import get_global_plan, list_objectives
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.evaluation_views import evaluation_view, said_inputs, year_rows
from baken.web.pages.fields import option, whole
from baken.web.pages.global_plan_views import PlanRow
from baken.web.pages.plan_forms import PlanForm, save, seen_of, text
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

LIST: Final = "actionplan/evaluations.html"
PAGE: Final = "actionplan/evaluation.html"
FORM: Final = "actionplan/evaluation_form.html"
EDIT: Final = {"action": Action.EDIT_PLANS}


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective above its two fields."""

    id: UUID
    rank: int
    statement: str


class BeginForm(PlanForm):
    """Which year is looked back on."""

    year = whole("evaluations.year", low=2000, high=2199, hint="evaluations.year_hint")


class EvaluationForm(PlanForm):
    """Six inputs, a conclusion for each objective, and who took part."""

    participants = text("evaluations.participants", hint="evaluations.participants_hint", rows=2)
    papa_involved = BooleanField("evaluations.papa")
    papa_reason = text("evaluations.papa_reason", rows=2)
    objectives: tuple[Aim, ...] = ()

    @classmethod
    def of(cls, evaluation: PlanEvaluation, language: str) -> Self:
        told = actions.fields_of(evaluation)
        values: dict[str, Any] = {
            "participants": told.participants,
            "papa_involved": told.papa_involved,
            "papa_reason": told.papa_reason,
            "version": evaluation.version,
        }
        values |= {f"input_{key}": said for key, said in told.inputs.items()}
        for key, one in told.conclusions.items():
            values |= {f"verdict_{key.hex}": one.verdict.value, f"text_{key.hex}": one.text}
        return cls.blank(language, values)

    def offer_known(self, said: Mapping[Input, str]) -> None:
        """Put what is known by now where nothing stands: the year may have run at its beginning."""
        for key, sentence in said.items():
            if not (self[f"input_{key}"].data or "").strip():
                self[f"input_{key}"].data = sentence

    @property
    def input_fields(self) -> list[Any]:
        return [self[f"input_{key}"] for key in Input]

    @property
    def conclusion_fields(self) -> list[tuple[Aim, Any, Any]]:
        return [
            (one, self[f"verdict_{one.id.hex}"], self[f"text_{one.id.hex}"])
            for one in self.objectives
        ]

    def fields(self) -> EvaluationFields:
        return EvaluationFields(
            inputs={key: self[f"input_{key}"].data or "" for key in Input},
            conclusions={
                one.id: Conclusion(Progress(verdict.data), said.data or "")
                for one, verdict, said in self.conclusion_fields
                if verdict.data
            },
            participants=self.participants.data or "",
            papa_involved=self.papa_involved.data,
            papa_reason=self.papa_reason.data or "",
        )


def form_of(objectives: tuple[Aim, ...]) -> type[EvaluationForm]:
    """Make the form for these objectives: two fields for each, beside the six inputs."""
    made: dict[str, Any] = {
        f"input_{key}": text(f"evaluations.input_{key}", hint=f"evaluations.hint_{key}", rows=3)
        for key in Input
    }
    for one in objectives:
        made[f"verdict_{one.id.hex}"] = RadioField(
            "evaluations.verdict",
            [Optional()],
            choices=[option(each.value, f"evaluations.verdict_{each}") for each in Progress],
        )
        made[f"text_{one.id.hex}"] = text("evaluations.why", rows=3)
    return type("EvaluationFormOf", (EvaluationForm,), made | {"objectives": objectives})


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
        form = BeginForm.blank(language, {"year": year})
        return page(request, LIST, form=form, **about, meanwhile=())

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
        return save(request, session, LIST, sent, write, said=said, **_about(session, plan_id))

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


def _year_to_begin(plan: PlanRow, taken: Collection[int], today: date) -> int:
    """The last year that is over and has no evaluation; the running one where there is none."""
    first, last = plan.first.year, min(plan.last.year, today.year - 1)
    open_years = [year for year in range(first, last + 1) if year not in taken]
    return max(open_years, default=min(max(today.year, first), plan.last.year))


def _form(session: Session, row: PlanEvaluation) -> type[EvaluationForm]:
    rows = list_objectives(session, row.global_plan_id)
    return form_of(tuple(Aim(one.id, one.rank, one.statement) for one in rows))


def _about(session: Session, plan_id: UUID) -> dict[str, Any]:
    plan = get_global_plan(session, plan_id)
    return {"plan": PlanRow.of(plan), "rows": year_rows(session, plan.id)}
