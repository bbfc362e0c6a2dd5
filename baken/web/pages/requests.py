"""Requests for a risk analysis of a specific work situation: list, intake, steps, life line."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.requests.situations import actions, queries, rules
from baken.actionplan.requests.situations.intake import askers_for
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.rules import ENDED, OF_EMPLOYER, RequestState
from baken.organisation.permissions import Action, Actor, may
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.request_forms import IntakeForm, LinkForm, Sheet
from baken.web.pages.request_step_forms import AFTER, StepForm
from baken.web.pages.request_views import RequestRow, RequestView

FORM: Final = "requests/form.html"
ONE: Final = "requests/request.html"
_BEFORE_ANALYSIS: Final = {RequestState.REQUESTED, *ENDED}


class RequestPages(Controller):
    """From asking to evaluating."""

    path = "/o/{organisation_id:uuid}/requests"

    @get("/", opt={"action": Action.SEE_REQUESTS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
    ) -> Response[str]:
        rows = [RequestRow.of(one) for one in queries.list_requests(session, by=actor)]
        return page(
            request,
            "requests/requests.html",
            running=tuple(row for row in rows if not row.has_ended),
            ended=tuple(row for row in rows if row.has_ended),
        )

    @get("/new", opt={"action": Action.ASK_REQUEST}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = IntakeForm.blank(language, {"asked_on": today})
        form.offer(session, askers_for(actor.roles), today=today)
        return page(request, FORM, form=form, sheet=_asking(), meanwhile=())

    @post("/new", opt={"action": Action.ASK_REQUEST}, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = IntakeForm.read(form, language)
        sent.offer(session, askers_for(actor.roles), today=today)

        def write() -> str:
            made = actions.ask(session, keys, sent.intake(), by=actor, today=today)
            return frame_of(request).url(f"/requests/{made.id}")

        said = "requests.done_asked"
        return save(request, session, FORM, sent, write, said=said, sheet=_asking())

    @get("/{request_id:uuid}", opt={"action": Action.SEE_REQUESTS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        row = queries.get_request(session, request_id, by=actor)
        form = _next_form(session, row, language, today=today) if _may_step(row, actor) else None
        context = _about(session, keys, row, actor, language)
        return page(request, ONE, form=form, meanwhile=(), **context)

    @post("/{request_id:uuid}/step", opt={"action": Action.SEE_REQUESTS}, sync_to_thread=True)
    def step(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        """Take the next step; the action asks whether this person may."""
        row = queries.get_request(session, request_id, by=actor)
        rules.check_goes_on(RequestState(row.state))
        sent = AFTER[RequestState(row.state)].read(form, language)
        sent.offer(_ticked(session, row))
        context = _about(session, keys, row, actor, language)

        def write() -> str:
            actions.take_step(
                session, keys, request_id, sent.step(), seen=sent.seen, by=actor, today=today
            )
            return frame_of(request).url(f"/requests/{request_id}")

        said = "requests.done_stepped"
        return save(request, session, ONE, sent, write, said=said, **context)

    @post(
        "/{request_id:uuid}/analysis", opt={"action": Action.HANDLE_REQUESTS}, sync_to_thread=True
    )
    def link(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        request_id: FromPath[UUID],
    ) -> Response[str]:
        analysis_id = as_id(form.get("analysis_id"))
        if analysis_id is not None:
            get_analysis(session, analysis_id)
        seen = LinkForm.read(form, language).seen
        actions.link_analysis(session, request_id, analysis_id, seen=seen, by=actor)
        see = frame_of(request).url(f"/requests/{request_id}")
        return done(request, see=see, said="requests.done_linked")


def _asking() -> Sheet:
    return Sheet(
        title="requests.ask",
        over="requests.title",
        back="/requests",
        post="/requests/new",
        button="requests.ask_it",
        story="requests.ask_story",
    )


def _may_step(row: SituationRequest, actor: Actor) -> bool:
    coming = AFTER.get(RequestState(row.state))
    if coming is None:
        return False
    is_employers = coming.leads_to in OF_EMPLOYER
    return may(actor, Action.DECIDE_REQUESTS if is_employers else Action.HANDLE_REQUESTS)


def _next_form(
    session: Session, row: SituationRequest, language: str, *, today: date
) -> StepForm | None:
    kind = AFTER.get(RequestState(row.state))
    if kind is None:
        return None
    form = kind.blank(language, {"done_on": today, "version": row.version})
    return form.offer(_ticked(session, row))


def _ticked(session: Session, row: SituationRequest) -> dict[str, Any]:
    return queries.ticked(queries.list_steps(session, row.id))


def _about(
    session: Session, keys: KeyStore, row: SituationRequest, actor: Actor, language: str
) -> dict[str, Any]:
    """Everything the page of a request shows beside its form."""
    may_link = may(actor, Action.HANDLE_REQUESTS) and row.state not in _BEFORE_ANALYSIS
    link = LinkForm.of(session, row, language) if may_link else None
    return {"about": RequestView.of(session, keys, row, language), "link": link}
