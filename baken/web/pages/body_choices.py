"""Choosing out of those who applied, with a reason for each."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import call_actions, queries, reach
from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.models import Body, CallApplication
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_talk_forms import ChoiceForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest, frame_of


class ChoicePages(Controller):
    """What somebody who applied hears."""

    path = "/o/{organisation_id:uuid}/bodies/applications/{application_id:uuid}/choose"

    @get("/", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def choose_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        application_id: FromPath[UUID],
    ) -> Response[str]:
        application, body = _look(session, application_id, actor, today)
        form = _form(application, language)
        return show(request, _at(request, session, application, body), form)

    @post("/", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def choose(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        application_id: FromPath[UUID],
    ) -> Response[str]:
        application, body = _look(session, application_id, actor, today)
        at, sent = _at(request, session, application, body), ChoiceForm.read(form, language)

        def write() -> str:
            call_actions.choose_applicant(
                session,
                application_id,
                ApplicationState(sent.state.data),
                reason=sent.reason.data,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            return _form(queries.get_application(session, application_id), language)

        said = "bodies.done_chosen"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _look(
    session: Session, application_id: UUID, actor: Actor, today: date
) -> tuple[CallApplication, Body]:
    application = queries.get_application(session, application_id)
    call = queries.get_call(session, application.call_id)
    body = queries.look_at_body(session, call.body_id, by=actor, today=today)
    reach.check_sets_up(session, body, by=actor, today=today)
    return application, body


def _form(application: CallApplication, language: str) -> ChoiceForm:
    values = {"reason": application.reason, "version": application.version}
    return ChoiceForm.blank(language, values)


def _at(request: PageRequest, session: Session, application: CallApplication, body: Body) -> FormAt:
    names = dict(list_names(session))
    person = application.person_id
    who = names.get(person, "") if person else application.name
    return FormAt(
        verb="plan",
        title="bodies.choose",
        back=frame_of(request).url(f"/bodies/calls/{application.call_id}"),
        back_label=body.name,
        save="analyses.save",
        parts=(Part(("state", "reason")),),
        story="bodies.choose_story",
        about="\n\n".join(filter(None, (who, application.motivation))),
    )
