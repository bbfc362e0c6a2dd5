"""How far a body is: starting it, ending it with what came of it, taking it up again."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import actions, queries, reach
from baken.actionplan.bodies.models import Body
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_forms import EndForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of


class BodyStatePages(Controller):
    """A body begins, ends and goes on."""

    path = "/o/{organisation_id:uuid}/bodies"

    @post("/{body_id:uuid}/start", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def start(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        actions.start_body(session, body_id, seen=seen_of(form), by=actor, today=today)
        return _back(request, body_id, "bodies.done_started")

    @post("/{body_id:uuid}/resume", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def resume(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        actions.resume_body(session, body_id, seen=seen_of(form), by=actor, today=today)
        return _back(request, body_id, "bodies.done_resumed")

    @get("/{body_id:uuid}/end", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def end_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        reach.check_sets_up(session, body, by=actor, today=today)
        return show(request, _end_at(request, body), _end_form(body, today, language))

    @post("/{body_id:uuid}/end", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        at = _end_at(request, queries.look_at_body(session, body_id, by=actor, today=today))
        sent = EndForm.read(form, language)

        def write() -> str:
            actions.end_body(
                session,
                body_id,
                outcome=sent.outcome.data,
                ended_on=sent.ended_on.data,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            return _end_form(queries.get_body(session, body_id), today, language)

        said = "bodies.done_ended"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _back(request: PageRequest, body_id: UUID, said: str) -> Response[str]:
    return done(request, see=frame_of(request).url(f"/bodies/{body_id}"), said=said)


def _end_form(body: Body, today: date, language: str) -> EndForm:
    values = {"outcome": body.outcome, "ended_on": today, "version": body.version}
    return EndForm.blank(language, values)


def _end_at(request: PageRequest, body: Body) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.end_save",
        back=frame_of(request).url(f"/bodies/{body.id}"),
        back_label=body.name,
        save="bodies.end_save",
        parts=(Part(("outcome", "ended_on")),),
        story="bodies.end_story",
    )
