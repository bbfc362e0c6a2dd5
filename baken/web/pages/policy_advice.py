"""The external service: since when, what it advised, when the next advice is due."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.requests.external import actions
from baken.actionplan.requests.external.queries import get_service, list_services
from baken.actionplan.requests.law import value_of
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.counsellor_forms import AdviceForm, LeaveForm, ServiceForm
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.request_forms import Sheet

WRITING: Final = {"action": Action.HANDLE_REQUESTS}
FORM: Final = "requests/form.html"
HOME: Final = "/counsellors/policy-advice"


class PolicyAdvicePages(Controller):
    """Memberships and reasoned policy advices."""

    path = "/o/{organisation_id:uuid}/counsellors/policy-advice"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
    ) -> Response[str]:
        years = {key: value_of(key) for key in ("advice_first_years", "advice_again_years")}
        rows = tuple(list_services(session))
        return page(request, "requests/policy_advice.html", rows=rows, years=years, today=today)

    @get("/new", opt=WRITING, sync_to_thread=True)
    def new_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        form = ServiceForm.blank(language)
        return page(request, FORM, form=form, sheet=_sheet("join", "/new"), meanwhile=())

    @post("/new", opt=WRITING, sync_to_thread=True)
    def join(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = ServiceForm.read(form, language)

        def write() -> str:
            values: Any = sent.data
            joined_on = values["joined_on"]
            actions.join_service(
                session, values["name"], joined_on=joined_on, by=actor, today=today
            )
            return frame_of(request).url(HOME)

        said, sheet = "counsellors.done_joined", _sheet("join", "/new")
        return save(request, session, FORM, sent, write, said=said, sheet=sheet)

    @get("/{service_id:uuid}/advice", opt=WRITING, sync_to_thread=True)
    def advice_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        service_id: FromPath[UUID],
    ) -> Response[str]:
        get_service(session, service_id)
        sheet = _sheet("advice", f"/{service_id}/advice")
        form = AdviceForm.blank(language)
        return page(request, FORM, form=form, sheet=sheet, meanwhile=())

    @post("/{service_id:uuid}/advice", opt=WRITING, sync_to_thread=True)
    def add_advice(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        service_id: FromPath[UUID],
    ) -> Response[str]:
        sent = AdviceForm.read(form, language)

        def write() -> str:
            values: Any = sent.data
            given_on, summary = values["given_on"], values["summary"]
            actions.add_advice(
                session, service_id, summary, given_on=given_on, by=actor, today=today
            )
            return frame_of(request).url(HOME)

        said, sheet = "counsellors.done_advised", _sheet("advice", f"/{service_id}/advice")
        return save(request, session, FORM, sent, write, said=said, sheet=sheet)

    @get("/{service_id:uuid}/leave", opt=WRITING, sync_to_thread=True)
    def leave_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        service_id: FromPath[UUID],
    ) -> Response[str]:
        service = get_service(session, service_id)
        form = LeaveForm.blank(language, {"left_on": today, "version": service.version})
        sheet = _sheet("leave", f"/{service_id}/leave")
        return page(request, FORM, form=form, sheet=sheet, meanwhile=())

    @post("/{service_id:uuid}/leave", opt=WRITING, sync_to_thread=True)
    def leave(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        service_id: FromPath[UUID],
    ) -> Response[str]:
        sent = LeaveForm.read(form, language)

        def write() -> str:
            left_on: Any = sent.left_on.data
            actions.leave_service(
                session, service_id, left_on=left_on, seen=sent.seen, by=actor, today=today
            )
            return frame_of(request).url(HOME)

        said, sheet = "counsellors.done_left", _sheet("leave", f"/{service_id}/leave")
        return save(request, session, FORM, sent, write, said=said, sheet=sheet)


def _sheet(what: str, path: str) -> Sheet:
    return Sheet(
        title=f"counsellors.service_{what}",
        over="counsellors.policy_advice",
        back=HOME,
        post=f"{HOME}{path}",
        button="counsellors.save",
    )
