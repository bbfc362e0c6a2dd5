"""The measures of a year together: shown in three ways, changed several at once, undone."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.measures import bulk
from baken.actionplan.measures.bulk import Field, Wanted
from baken.actionplan.plans.queries import get_annual_plan, get_frame
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import option
from baken.web.pages.global_plan_views import YearRow
from baken.web.pages.measure_board import Filters, board
from baken.web.pages.plan_forms import PlanForm, as_id, as_version, day
from baken.web.pages.plan_views import unit_choices
from baken.web.pages.plan_words import speak_of_year
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

PAGE: Final = "actionplan/annual_measures.html"
EDIT: Final = {"action": Action.EDIT_PLANS}


class BulkForm(PlanForm):
    """One field and its new value, for the measures that are ticked."""

    field = RadioField(
        "board.field",
        [InputRequired()],
        choices=[option(each.value, f"board.field_{each}") for each in Field],
    )
    person = SelectField("board.new_person", [Optional()], default="")
    unit = SelectField("board.new_unit", [Optional()], default="")
    ends_on = day("board.new_end", required=False)
    is_reported = RadioField(
        "board.new_reported",
        [Optional()],
        choices=[option("yes", "plans.yes"), option("no", "plans.no")],
    )

    def offer(self, session: Session, *, today: date) -> "BulkForm":
        """Fill in what can be chosen."""
        t = catalogue(self.language)
        self.person.choices = [
            option("", t("board.nobody")),
            *(option(str(key), name) for key, name in list_names(session)),
        ]
        self.unit.choices = unit_choices(session, t("findings.whole"), today=today)
        return self

    def wanted(self) -> Wanted:
        """What was asked for."""
        chosen = Field(self.field.data)
        source = self.unit.data if chosen == Field.UNIT else self.person.data
        return Wanted(
            field=chosen,
            row_id=as_id(source),
            on=self.ends_on.data,
            is_on=self.is_reported.data == "yes",
        )


class AnnualMeasurePages(Controller):
    """All measures of one year."""

    path = "/o/{organisation_id:uuid}/annual-plans/{plan_id:uuid}/measures"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        form = BulkForm.blank(language).offer(session, today=today)
        return _page(request, session, plan_id, form, actor, today=today, ticked=())

    @post("/bulk", opt=EDIT, sync_to_thread=True)
    def change(
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
        sent = BulkForm.read(form, language).offer(session, today=today)
        ticked = tuple(one for text in form.getlist("measure") if (one := as_id(text)))
        seen = {one: as_version(form.get(f"seen_{one}")) for one in ticked}
        if not sent.validate():
            return _page(request, session, plan_id, sent, actor, today=today, ticked=ticked)
        try:
            within = get_frame(session, plan_id)
            made = bulk.change_measures(
                session, seen, sent.wanted(), within=within, by=actor, now=now
            )
        except ActionPlanError as error:
            session.rollback()
            sent.refuse(error)
            return _page(request, session, plan_id, sent, actor, today=today, ticked=ticked)
        left = "".join(f"&left={one}" for one in made.left)
        see = frame_of(request).url(f"/annual-plans/{plan_id}/measures?view=list{left}")
        said = "board.done_changed_partly" if left else "board.done_changed"
        return done(request, see=see, said=said)

    @post("/bulk/{change_id:uuid}/undo", opt=EDIT, sync_to_thread=True)
    def undo(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        plan_id: FromPath[UUID],
        change_id: FromPath[UUID],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
    ) -> Response[str]:
        within, reason = get_frame(session, plan_id), form.get("reason", "")
        try:
            bulk.undo_change(session, change_id, reason, within=within, by=actor, now=now)
        except ActionPlanError as error:
            session.rollback()
            sent = BulkForm.blank(language).offer(session, today=today)
            sent.refuse(error)
            return _page(request, session, plan_id, sent, actor, today=today, ticked=())
        see = frame_of(request).url(f"/annual-plans/{plan_id}/measures?view=list")
        return done(request, see=see, said="board.done_undone")


def _page(
    request: PageRequest,
    session: Session,
    plan_id: UUID,
    form: BulkForm,
    actor: Actor,
    *,
    today: date,
    ticked: tuple[UUID, ...],
) -> Response[str]:
    language = frame_of(request).language
    plan = get_annual_plan(session, plan_id)
    speak_of_year(request, session, plan_id)
    asked: dict[str, Any] = dict(request.query_params)
    filters = Filters.of({"view": "list"} if form.problems else asked)
    sent = request.query_params.getall("left", [])
    left = frozenset(one for text in sent if (one := as_id(text)))
    may_edit = may(actor, Action.EDIT_PLANS)
    last = bulk.last_changes(session, plan_id, by=actor) if may_edit else None
    return page(
        request,
        PAGE,
        status=422 if form.problems else 200,
        year=YearRow.of(session, plan),
        board=board(session, plan, filters, by=actor, today=today, language=language),
        form=form,
        # What somebody else changed meanwhile stays ticked, to look at and choose again.
        left=left,
        ticked=frozenset(ticked) | left,
        last=last,
        names=dict(list_names(session)) if last else {},
    )
