"""Talks: the list, the plan and the page of one."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.chain import chain_of_talk
from baken.actionplan.talks import actions, queries
from baken.actionplan.talks.models import Talk
from baken.actionplan.talks.rules import Reach
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.chain_views import stations_of
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.talk_forms import ApprovalForm, HeldForm, TalkForm
from baken.web.pages.talk_views import TalkRow, talk_view
from baken.web.pages.unit_ends import where_it_went
from baken.web.texts import catalogue

DEFAULT_GROUP = 5


class TalkPages(Controller):
    """What a group says of its work."""

    path = "/o/{organisation_id:uuid}/talks"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        rows = tuple(TalkRow.of(talk) for talk in queries.list_talks(session))
        return page(request, "actionplan/talks.html", rows=rows)

    @get("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = {
            "risk_analysis_id": request.query_params.get("analysis", ""),
            "unit_id": request.query_params.get("unit", ""),
        }
        values = {"planned_on": today, "min_group": DEFAULT_GROUP, **asked}
        form = TalkForm.blank(language, values).offer(session, today=today)
        return show(request, _plan_at(request), form)

    @post("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = TalkForm.read(form, language).offer(session, today=today)

        def write() -> str:
            made = actions.plan_talk(session, sent.fields(today), by=actor)
            return frame_of(request).url(f"/talks/{made.id}")

        return keep(request, session, _plan_at(request), sent, write, said="talks.done_planned")

    @get("/{talk_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        view = talk_view(session, talk, by=actor, language=language)
        chain = chain_of_talk(session, talk, by=actor, today=today)
        stations = stations_of(chain, "talk", by=actor, language=language)
        gone = where_it_went(session, talk.unit_id, today=today, language=language)
        return page(request, "actionplan/talk.html", talk=view, stations=stations, gone=gone)

    @get("/{talk_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        form = TalkForm.of(talk, language).offer(session, today=today, kept=talk.unit_id)
        return show(request, _plan_at(request, talk), form)

    @post("/{talk_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        planned = queries.get_talk(session, talk_id)
        at, kept = _plan_at(request, planned), planned.unit_id
        sent = TalkForm.read(form, language).offer(session, today=today, kept=kept)

        def write() -> str:
            actions.edit_talk(session, talk_id, sent.fields(today), seen=sent.seen, by=actor)
            return at.back

        def standing() -> PlanForm:
            talk = queries.get_talk(session, talk_id)
            return TalkForm.of(talk, language).offer(session, today=today, kept=kept)

        said = "talks.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{talk_id:uuid}/held", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def held_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        held_on = min(talk.planned_on, today)
        form = HeldForm.blank(language, {"held_on": held_on, "version": talk.version})
        return show(request, _held_at(request, talk), form.with_rows())

    @post("/{talk_id:uuid}/held", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def hold(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        at = _held_at(request, queries.get_talk(session, talk_id))
        sent = HeldForm.read(form, language).with_rows()

        def write() -> str:
            actions.hold_talk(
                session, talk_id, sent.fields(today), seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            version = {"version": queries.get_talk(session, talk_id).version}
            return HeldForm.blank(language, version).with_rows()

        said = "talks.done_held"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{talk_id:uuid}/approve", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def approve_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        form = ApprovalForm.blank(language, {"version": talk.version})
        return show(request, _approval_at(request, talk), form)

    @post("/{talk_id:uuid}/approve", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def approve(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        at = _approval_at(request, queries.get_talk(session, talk_id))
        sent = ApprovalForm.read(form, language)

        def write() -> str:
            reach = Reach(sent.reach.data)
            actions.approve_talk(session, talk_id, reach, seen=sent.seen, by=actor, today=today)
            return at.back

        def standing() -> PlanForm:
            talk = queries.get_talk(session, talk_id)
            return ApprovalForm.blank(language, {"version": talk.version})

        said = "talks.done_approved"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post("/{talk_id:uuid}/read-back", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def read_back(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        actions.read_back(session, talk_id, seen=seen_of(form), by=actor, today=today)
        return _back(request, talk_id, "talks.done_read_back")

    @post("/{talk_id:uuid}/take-back", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def take_back(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        actions.take_back(session, talk_id, seen=seen_of(form), by=actor)
        return _back(request, talk_id, "talks.done_taken_back")

    @post("/{talk_id:uuid}/call-off", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def call_off(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        actions.call_off_talk(session, talk_id, seen=seen_of(form), by=actor)
        return _back(request, talk_id, "talks.done_called_off")

    @post("/{talk_id:uuid}/plan-again", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def plan_again(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        actions.plan_again(session, talk_id, seen=seen_of(form), by=actor)
        return _back(request, talk_id, "talks.done_planned")


def _back(request: PageRequest, talk_id: UUID, said: str) -> Response[str]:
    return done(request, see=frame_of(request).url(f"/talks/{talk_id}"), said=said)


def _plan_at(request: PageRequest, talk: Talk | None = None) -> FormAt:
    frame = frame_of(request)
    before = ("title", "method", "unit_id", "risk_analysis_id", "purpose")
    when = ("planned_on", "place", "leader", "observer", "manager_present")
    return FormAt(
        verb="understand",
        title="talks.edit_title" if talk else "talks.new",
        back=frame.url(f"/talks/{talk.id}" if talk else "/talks"),
        back_label=talk.title if talk else catalogue(frame.language)("talks.title"),
        save="analyses.save",
        parts=(
            Part(before),
            Part(when, title="talks.part_when"),
            Part(("min_group", "safeguards"), title="talks.part_safe", story="talks.safe_story"),
        ),
    )


def _held_at(request: PageRequest, talk: Talk) -> FormAt:
    kinds = Part(
        ("composition",),
        title="talks.composition",
        story="talks.composition_story",
        row="talks.category_n",
    )
    return FormAt(
        verb="understand",
        title="talks.hold",
        back=frame_of(request).url(f"/talks/{talk.id}"),
        back_label=talk.title,
        save="analyses.save",
        parts=(Part(("held_on", "n_invited", "n_present")), kinds),
        story="talks.hold_story",
    )


def _approval_at(request: PageRequest, talk: Talk) -> FormAt:
    return FormAt(
        verb="understand",
        title="talks.approve",
        back=frame_of(request).url(f"/talks/{talk.id}"),
        back_label=talk.title,
        save="talks.approve_save",
        parts=(Part(("reach",)),),
        story="talks.approve_story",
    )
