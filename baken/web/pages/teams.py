"""The plan of a team: what it says each month, whether it is enough, and the look a year later."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from wtforms import RadioField
from wtforms.validators import InputRequired

from baken.actionplan.plans.queries import get_annual_plan
from baken.actionplan.plans.teams import actions
from baken.actionplan.plans.teams.rules import Proportion
from baken.organisation.organisations import get_organisation
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.plan_files import KINDS, plan_file
from baken.web.pages.fields import option
from baken.web.pages.global_plan_views import YearRow
from baken.web.pages.plan_forms import PlanForm, day, save
from baken.web.pages.plan_forms import text as prose
from baken.web.pages.plan_views import unit_names
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.team_views import TeamRow, team_view
from baken.web.rendering import render

PAGE: Final = "actionplan/team.html"
FORM: Final = "actionplan/team_form.html"


class ItemForm(PlanForm):
    """What a team said of its plan at one meeting."""

    held_on = day("teams.held_on")
    text = prose("teams.said", hint="teams.said_hint", rows=4, required=True)
    next_step = prose("teams.next_step", rows=2)


class WeighForm(PlanForm):
    """Whether the measures are enough for what was found there."""

    proportion = RadioField(
        "teams.proportion",
        [InputRequired()],
        choices=[option(each.value, f"teams.proportion_{each}") for each in Proportion],
    )
    text = prose("teams.proportion_why", hint="teams.proportion_hint", rows=4, required=True)


class FollowUpForm(PlanForm):
    """The plan that follows."""

    text = prose("teams.follow_up", hint="teams.follow_up_hint", rows=8, required=True)


class TeamPages(Controller):
    """The plans of teams in a year."""

    path = "/o/{organisation_id:uuid}/annual-plans/{plan_id:uuid}/teams"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self, request: PageRequest, session: NamedDependency[Session], plan_id: FromPath[UUID]
    ) -> Response[str]:
        names = unit_names(session)
        year = YearRow.of(session, get_annual_plan(session, plan_id))
        counts = actions.list_teams(session, plan_id)
        rows = sorted(
            (TeamRow(key, names[key], n) for key, n in counts.items()), key=lambda row: row.name
        )
        return page(request, "actionplan/teams.html", year=year, rows=tuple(rows))

    @get("/{unit_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        form = ItemForm.blank(language, {"held_on": today})
        return page(request, PAGE, form=form, **_about(session, plan_id, unit_id, actor, today))

    @get(
        "/{unit_id:uuid}/document/{kind:str}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True
    )
    def document(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
        kind: FromPath[str],
    ) -> Response[bytes]:
        if kind not in KINDS:
            raise NotFoundException
        about = _about(session, plan_id, unit_id, actor, today)
        text = render(
            "documents/team_plan.html",
            request.app.state.static_root,
            language=frame_of(request).language,
            organisation=get_organisation(session, actor.organisation_id).name,
            today=today,
            **about,
        )
        return Response(
            plan_file(text, kind),
            media_type=KINDS[kind],
            headers={"Content-Disposition": f'attachment; filename="team-plan.{kind}"'},
        )

    @post("/{unit_id:uuid}", opt={"action": Action.FOLLOW_UP}, sync_to_thread=True)
    def note(
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
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ItemForm.read(form, language)
        about = _about(session, plan_id, unit_id, actor, today)

        def write() -> str:
            actions.note_item(
                session,
                plan_id,
                unit_id,
                sent.text.data,
                sent.next_step.data or "",
                held_on=sent.held_on.data,
                by=actor,
                today=today,
                now=now,
            )
            return _here(request, plan_id, unit_id)

        return save(request, session, PAGE, sent, write, said="teams.done_noted", **about)

    @get("/{unit_id:uuid}/weigh", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def weigh_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        form = _weigh_form(session, plan_id, unit_id, language)
        about = _about(session, plan_id, unit_id, actor, today)
        return page(request, FORM, form=form, kind="weigh", meanwhile=(), **about)

    @post("/{unit_id:uuid}/weigh", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def weigh(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        sent = WeighForm.read(form, language)
        about = _about(session, plan_id, unit_id, actor, today) | {"kind": "weigh"}

        def write() -> str:
            verdict = Proportion(sent.proportion.data)
            actions.weigh(
                session, plan_id, unit_id, verdict, sent.text.data,
                seen=sent.seen, by=actor, today=today,
            )  # fmt: skip
            return _here(request, plan_id, unit_id)

        def standing() -> WeighForm:
            return _weigh_form(session, plan_id, unit_id, language)

        said = "teams.done_weighed"
        return save(request, session, FORM, sent, write, said=said, standing=standing, **about)

    @get("/{unit_id:uuid}/follow-up", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def follow_up_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        form = _follow_up_form(session, plan_id, unit_id, language)
        about = _about(session, plan_id, unit_id, actor, today)
        return page(request, FORM, form=form, kind="follow-up", meanwhile=(), **about)

    @post("/{unit_id:uuid}/follow-up", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def follow_up(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        sent = FollowUpForm.read(form, language)
        about = _about(session, plan_id, unit_id, actor, today) | {"kind": "follow-up"}

        def write() -> str:
            actions.follow_up(
                session, plan_id, unit_id, sent.text.data, seen=sent.seen, by=actor, today=today
            )
            return _here(request, plan_id, unit_id)

        def standing() -> FollowUpForm:
            return _follow_up_form(session, plan_id, unit_id, language)

        said = "teams.done_followed_up"
        return save(request, session, FORM, sent, write, said=said, standing=standing, **about)


def _weigh_form(session: Session, plan_id: UUID, unit_id: UUID, language: str) -> WeighForm:
    team = actions.find_team_plan(session, plan_id, unit_id)
    if team is None:
        return WeighForm.blank(language, {"version": 0})
    values = {"proportion": team.proportion, "text": team.proportion_text, "version": team.version}
    return WeighForm.blank(language, values)


def _follow_up_form(session: Session, plan_id: UUID, unit_id: UUID, language: str) -> FollowUpForm:
    team = actions.find_team_plan(session, plan_id, unit_id)
    values = {"text": team.follow_up, "version": team.version} if team else {"version": 0}
    return FollowUpForm.blank(language, values)


def _about(
    session: Session, plan_id: UUID, unit_id: UUID, by: Actor, today: date
) -> dict[str, Any]:
    year = YearRow.of(session, get_annual_plan(session, plan_id))
    return {"year": year, "team": team_view(session, plan_id, unit_id, by=by, today=today)}


def _here(request: PageRequest, plan_id: UUID, unit_id: UUID) -> str:
    return frame_of(request).url(f"/annual-plans/{plan_id}/teams/{unit_id}")
