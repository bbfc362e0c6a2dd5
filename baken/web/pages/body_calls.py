"""Open calls: the text, who applies, and what each of them hears."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.actionplan.bodies import call_actions, queries, reach
from baken.actionplan.bodies.models import Body, CallApplication, OpenCall
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_call_views import call_view
from baken.web.pages.body_talk_forms import ApplyForm, CallForm, NotedApplyForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page

PART = {"action": Action.TAKE_PART_IN_BODIES}


def _body(
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    body_id: FromPath[UUID],
) -> Body:
    return queries.look_at_body(session, body_id, by=actor, today=today)


def _call(session: NamedDependency[Session], call_id: FromPath[UUID]) -> OpenCall:
    return queries.get_call(session, call_id)


def _body_of_call(
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    call: NamedDependency[OpenCall],
) -> Body:
    """Return the body that calls, where the reader finds it."""
    return queries.look_at_body(session, call.body_id, by=actor, today=today)


OF_BODY: Final = {"group": Provide(_body, sync_to_thread=True)}


class CallPages(Controller):
    """Calls to take part."""

    path = "/o/{organisation_id:uuid}/bodies"
    dependencies = {
        "call": Provide(_call, sync_to_thread=True),
        "group": Provide(_body_of_call, sync_to_thread=True),
    }

    @get("/{body_id:uuid}/calls/new", opt=PART, dependencies=OF_BODY, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        group: NamedDependency[Body],
    ) -> Response[str]:
        reach.check_sets_up(session, group, by=actor, today=today)
        return show(request, _at(request, group), CallForm.blank(language, {"from_on": today}))

    @post("/{body_id:uuid}/calls/new", opt=PART, dependencies=OF_BODY, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        group: NamedDependency[Body],
    ) -> Response[str]:
        sent = CallForm.read(form, language)

        def write() -> str:
            made = call_actions.open_call(
                session, group.id, sent.fields(today), by=actor, today=today
            )
            return frame_of(request).url(f"/bodies/calls/{made.id}")

        at = _at(request, group)
        return keep(request, session, at, sent, write, said="bodies.done_call_opened")

    @get("/calls/{call_id:uuid}", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        view = call_view(session, call, group, by=actor, today=today)
        return page(request, "actionplan/body_call.html", call=view)

    @get("/calls/{call_id:uuid}/edit", opt=PART, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        reach.check_sets_up(session, group, by=actor, today=today)
        return show(request, _at(request, group, call), CallForm.of(call, language))

    @post("/calls/{call_id:uuid}/edit", opt=PART, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        at, sent = _at(request, group, call), CallForm.read(form, language)

        def write() -> str:
            fields = sent.fields(today)
            call_actions.edit_call(session, call.id, fields, seen=sent.seen, by=actor, today=today)
            return at.back

        def standing() -> PlanForm:
            return CallForm.of(queries.get_call(session, call.id), language)

        said = "bodies.done_call_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/calls/{call_id:uuid}/apply", opt=PART, sync_to_thread=True)
    def apply_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        form = ApplyForm.blank(language, {}).offer(session, group, today=today)
        return show(request, _apply_at(request, call, group), form)

    @post("/calls/{call_id:uuid}/apply", opt=PART, sync_to_thread=True)
    def apply(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        at = _apply_at(request, call, group)
        sent = ApplyForm.read(form, language).offer(session, group, today=today)

        def write() -> str:
            fields = sent.fields(actor)
            call_actions.apply_to_call(session, call.id, fields, by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="bodies.done_applied")

    @get("/calls/{call_id:uuid}/note", opt=PART, sync_to_thread=True)
    def note_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        reach.check_sets_up(session, group, by=actor, today=today)
        form = NotedApplyForm.blank(language, {}).offer(session, group, today=today)
        return show(request, _apply_at(request, call, group, is_noted=True), form)

    @post("/calls/{call_id:uuid}/note", opt=PART, sync_to_thread=True)
    def note(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        call: NamedDependency[OpenCall],
        group: NamedDependency[Body],
    ) -> Response[str]:
        at = _apply_at(request, call, group, is_noted=True)
        sent = NotedApplyForm.read(form, language).offer(session, group, today=today)

        def write() -> str:
            call_actions.note_application(session, call.id, sent.noted(), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="bodies.done_applied")

    @post("/applications/{application_id:uuid}/withdraw", opt=PART, sync_to_thread=True)
    def withdraw(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        application_id: FromPath[UUID],
    ) -> Response[str]:
        found = call_actions.withdraw_application(
            session, application_id, seen=seen_of(form), by=actor, today=today
        )
        return done(
            request, see=_call_url(request, found), said="bodies.done_application_withdrawn"
        )


def _call_url(request: PageRequest, application: CallApplication) -> str:
    return frame_of(request).url(f"/bodies/calls/{application.call_id}")


def _at(request: PageRequest, body: Body, call: OpenCall | None = None) -> FormAt:
    path = f"/bodies/calls/{call.id}" if call else f"/bodies/{body.id}"
    return FormAt(
        verb="plan",
        title="bodies.call_edit" if call else "bodies.call_new",
        back=frame_of(request).url(path),
        back_label=body.name,
        save="analyses.save",
        parts=(Part(("text", "open_to", "from_on", "until_on")),),
        story="bodies.call_story",
    )


def _apply_at(
    request: PageRequest, call: OpenCall, body: Body, *, is_noted: bool = False
) -> FormAt:
    who = ("person_id", "name") if is_noted else ()
    groups = ("groups",) if body.wanted else ()
    return FormAt(
        verb="plan",
        title="bodies.note_application" if is_noted else "bodies.apply",
        back=frame_of(request).url(f"/bodies/calls/{call.id}"),
        back_label=body.name,
        save="analyses.save" if is_noted else "bodies.apply_save",
        parts=(Part((*who, "function", "unit_id", "side", *groups, "motivation")),),
        story="" if is_noted else "bodies.apply_story",
    )
