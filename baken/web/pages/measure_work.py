"""What happens to one measure beside noting: look back, carry over, move to another unit."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.measures.carrying import carry_over
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.measures.reviewing import review_measure
from baken.actionplan.measures.reviews import HIGHEST, LOWEST, ReviewDecision, ReviewFields
from baken.actionplan.measures.unit_ends import move_to_unit
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_frame,
    get_frame_of,
    list_annual_plans,
    list_chosen_objectives,
)
from baken.actionplan.plans.rules import IN_THE_MAKING
from baken.organisation.permissions import Action, Actor
from baken.organisation.structure.queries import list_heirs
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import option
from baken.web.pages.global_plan_views import year_title
from baken.web.pages.measure_forms import short
from baken.web.pages.plan_forms import PlanForm, as_id, day, save, seen_of, text
from baken.web.pages.plan_words import speak_of_measure
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

REVIEW: Final = "actionplan/measure_review.html"
CARRY: Final = "actionplan/measure_carry.html"
RATINGS: Final = [option(str(n), f"board.rating_{n}") for n in range(LOWEST, HIGHEST + 1)]


class ReviewForm(PlanForm):
    """Did it work, do people accept it, and what becomes of it."""

    reviewed_on = day("board.reviewed_on")
    worked = RadioField("board.worked", [InputRequired()], choices=RATINGS)
    accepted = RadioField("board.accepted", [InputRequired()], choices=RATINGS)
    text = text("board.review_text", hint="board.review_hint", rows=5)
    decision = RadioField(
        "board.decision",
        [InputRequired()],
        choices=[option(each.value, f"board.decision_{each}") for each in ReviewDecision],
    )

    def fields(self) -> ReviewFields:
        return ReviewFields(
            reviewed_on=self.reviewed_on.data,
            decision=ReviewDecision(self.decision.data),
            worked=int(self.worked.data),
            accepted=int(self.accepted.data),
            text=self.text.data or "",
        )


class CarryForm(PlanForm):
    """In which plan it goes on, under which objective, until when and why."""

    target = SelectField("board.carry_into", [InputRequired()])
    ends_on = day("measures.ends_on")
    reason = text("board.carry_reason", hint="board.carry_hint", rows=4, required=True)

    def offer(self, session: Session) -> "CarryForm":
        """The objectives of the plans that are in the making, the next year first."""
        t = catalogue(self.language)
        self.target.choices = [
            option(
                f"{plan.id} {one.id}",
                f"{t('shell.label', what=year_title(session, plan, self.language))} "
                f"{short(f'{one.rank}. {one.statement}')}",
            )
            for plan in reversed(list_annual_plans(session))
            if plan.state in IN_THE_MAKING
            for one in list_chosen_objectives(session, plan.id)
        ]
        return self

    def suggest(self, objective_id: UUID) -> "CarryForm":
        """The same objective, where a year chose it."""
        offered = (str(value) for value, *_ in self.target.iter_choices())
        same = (one for one in offered if one.endswith(f" {objective_id}"))
        self.target.data = next(same, self.target.data)
        return self

    @property
    def chosen(self) -> tuple[UUID, UUID]:
        plan_id, objective_id = self.target.data.split(" ")
        return UUID(plan_id), UUID(objective_id)


class MeasureWork(Controller):
    """Steps of one measure that are no note."""

    path = "/o/{organisation_id:uuid}/measures/{measure_id:uuid}"

    @get("/review", opt={"action": Action.FOLLOW_UP}, sync_to_thread=True)
    def review_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        form = ReviewForm.blank(language, {"reviewed_on": today})
        return page(
            request, REVIEW, form=form, **_about(request, session, measure_id), meanwhile=()
        )

    @post("/review", opt={"action": Action.FOLLOW_UP}, sync_to_thread=True)
    def review(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ReviewForm.read(form, language)
        about = _about(request, session, measure_id)

        def write() -> str:
            review_measure(session, measure_id, sent.fields(), by=actor, today=today)
            return frame_of(request).url(f"/measures/{measure_id}")

        said = "board.done_reviewed"
        return save(request, session, REVIEW, sent, write, said=said, **about)

    @get("/carry", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def carry_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        measure = get_measure(session, measure_id)
        form = CarryForm.blank(language, {"version": measure.version}).offer(session)
        form.suggest(measure.objective_id)
        return page(request, CARRY, form=form, **_about(request, session, measure_id), meanwhile=())

    @post("/carry", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def carry(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        sent = CarryForm.read(form, language).offer(session)
        about = _about(request, session, measure_id)

        def write() -> str:
            plan_id, objective_id = sent.chosen
            made = carry_over(
                session,
                measure_id,
                sent.reason.data,
                objective_id=objective_id,
                ends_on=sent.ends_on.data,
                into=get_frame(session, plan_id),
                seen=sent.seen,
                by=actor,
            )
            return frame_of(request).url(f"/measures/{made.id}")

        def standing() -> CarryForm:
            now = get_measure(session, measure_id)
            return CarryForm.blank(language, {"version": now.version}).offer(session)

        said = "board.done_carried"
        return save(request, session, CARRY, sent, write, said=said, standing=standing, **about)

    @post("/unit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def move(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        measure_id: FromPath[UUID],
    ) -> Response[str]:
        measure = get_measure(session, measure_id)
        heirs = list_heirs(session, measure.unit_id) if measure.unit_id else {}
        move_to_unit(
            session,
            measure_id,
            as_id(form.get("unit")),
            heirs=heirs,
            within=get_frame_of(session, measure_id),
            seen=seen_of(form),
            by=actor,
        )
        see = frame_of(request).url(f"/measures/{measure_id}")
        return done(request, see=see, said="board.done_moved")


def _about(request: PageRequest, session: Session, measure_id: UUID) -> dict[str, Any]:
    measure = get_measure(session, measure_id)
    speak_of_measure(request, session, measure_id)
    year = get_annual_plan(session, measure.annual_plan_id)
    return {"measure_id": measure.id, "title": measure.title, "year": year.starts_on.year}
