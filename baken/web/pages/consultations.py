"""Consultations: asking those who speak for the workers, their advice, the employer's reply."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.consultations.deadlines import draft_deadline, has_draft_deadline
from baken.actionplan.consultations.items import get_item
from baken.actionplan.consultations.organs import organs_spoken_for, present_organs
from baken.actionplan.consultations.queries import read_consultation, subject_of
from baken.actionplan.consultations.rules import Advice, Outcome, Subject, SubjectKind
from baken.actionplan.plans import consultations as actions
from baken.actionplan.plans.queries import get_annual_plan, get_global_plan, year_item
from baken.actionplan.plans.subjects import ROWS, country_of, name_of
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.consultation_forms import AdviceForm, AskForm, ReplyForm, item_asked
from baken.web.pages.consultation_replies import replies_to
from baken.web.pages.global_plan_views import year_title
from baken.web.pages.plan_forms import as_id, as_version, save
from baken.web.pages.plan_views import ConsultationView, consultation_view
from baken.web.pages.reply import PageRequest, frame_of, page, speak_as

ASK: Final = "actionplan/consultation_ask.html"
ADVICE: Final = "actionplan/consultation_advice.html"
REPLY: Final = "actionplan/consultation_reply.html"
DAYS_TO_ANSWER: Final = 30
HERE: Final = "/consultations"
PATHS: Final = {
    SubjectKind.GLOBAL_PLAN: "/plans",
    SubjectKind.ANNUAL_PLAN: "/annual-plans",
    SubjectKind.MEASURE: "/measures",
    SubjectKind.ANALYSIS: "/analyses",
    SubjectKind.REQUEST: "/requests",
}


def subject_name(session: Session, about: Subject, language: str) -> str:
    """How people call what is asked about; empty while a form still asks for it."""
    if about.value is None:
        return ""
    if about.kind != SubjectKind.ANNUAL_PLAN or about.id is None:
        return name_of(session, about)
    return year_title(session, get_annual_plan(session, about.id), language)


def named(session: Session, consultation_id: UUID, language: str, *, by: Actor) -> ConsultationView:
    """A consultation that this person may read, with the name of what it is about."""
    found = read_consultation(session, consultation_id, by=by)
    return consultation_view(found).about(subject_name(session, subject_of(found), language))


def subject_asked(request: PageRequest) -> Subject:
    """What the address names: a row of Baken, a year, or something still to be filled in."""
    told = request.query_params
    kind = told.get("about", "")
    if kind not in set(SubjectKind):
        raise NotFoundException
    about = Subject(SubjectKind(kind), as_id(told.get("id")), year=as_version(told.get("year")))
    if about.kind in PATHS and about.id is None:
        raise NotFoundException
    return about


def back_to(about: Subject) -> str:
    """Where the thing stands that is asked about."""
    base = PATHS.get(about.kind)
    return HERE if base is None else f"{base}/{about.id}"


class ConsultationPages(Controller):
    """Asking, recording the answer, replying."""

    path = "/o/{organisation_id:uuid}/consultations"

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def ask_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        about = subject_asked(request)
        due_on = date.fromordinal(today.toordinal() + DAYS_TO_ANSWER)
        values = {
            "asked_on": today,
            "due_on": due_on,
            "year": about.year or today.year,
            "person_id": str(about.id or "") if about.kind == SubjectKind.PERSON else "",
        }
        form = _offered(request, AskForm.blank(language, values), session, about)
        item = item_asked(request.query_params.get("item"), about.kind, country_of(session, about))
        if item is None:
            raise NotFoundException
        form.begin(item, present_organs(session))
        return page(request, ASK, form=form, meanwhile=(), **_around(session, about, language))

    @post("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        about = subject_asked(request)
        sent = _offered(request, AskForm.read(form, language), session, about)

        def write() -> str:
            asked = actions.ask(session, sent.about(about), sent.question(), by=actor, today=today)
            has_page = about.kind in PATHS
            back = back_to(about) if has_page else f"{HERE}/{asked.id}"
            return frame_of(request).url(back)

        return save(
            request,
            session,
            ASK,
            sent,
            write,
            said="consultations.done_asked",
            **_around(session, about, language),
        )

    @get("/{consultation_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        view = named(session, consultation_id, language, by=actor)
        row = read_consultation(session, consultation_id, by=actor)
        speak_as(request, get_item(view.item).country)
        return page(
            request,
            "actionplan/consultation.html",
            asked=view,
            replies=replies_to(session, consultation_id),
            back=back_to(subject_of(row)),
            may_record=view.organ in organs_spoken_for(actor.roles),
        )

    @get(
        "/{consultation_id:uuid}/advice", opt={"action": Action.RECORD_ADVICE}, sync_to_thread=True
    )
    def advice_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language, by=actor)
        advised_on = _day_of(request.query_params.get("advised_on", ""), today)
        values = {"advised_on": advised_on, "version": asked.version}
        form = AdviceForm.blank(language, values).asks(asked.kind)
        speak_as(request, get_item(asked.item).country)
        return page(request, ADVICE, form=form, asked=asked, meanwhile=())

    @post(
        "/{consultation_id:uuid}/advice", opt={"action": Action.RECORD_ADVICE}, sync_to_thread=True
    )
    def record_advice(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language, by=actor)
        sent = AdviceForm.read(form, language).asks(asked.kind)

        def write() -> str:
            advice = Advice(
                outcome=Outcome(sent.outcome.data),
                advised_on=sent.advised_on.data,
                outcome_text=sent.outcome_text.data,
                dissent=sent.dissent.data,
            )
            actions.record_advice(
                session, consultation_id, advice, seen=sent.seen, by=actor, today=today
            )
            return frame_of(request).url(f"/consultations/{consultation_id}")

        def standing() -> AdviceForm:
            now = named(session, consultation_id, language, by=actor)
            return AdviceForm.of(now, language).asks(now.kind)

        said = "consultations.done_advised"
        return save(
            request, session, ADVICE, sent, write, said=said, standing=standing, asked=asked
        )

    @get("/{consultation_id:uuid}/reply", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def reply_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language, by=actor)
        values = {"replied_on": today, "reply": asked.reply, "version": asked.version}
        form = ReplyForm.blank(language, values)
        speak_as(request, get_item(asked.item).country)
        return page(request, REPLY, form=form, asked=asked, meanwhile=())

    @post("/{consultation_id:uuid}/reply", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def record_reply(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language, by=actor)
        sent = ReplyForm.read(form, language)

        def write() -> str:
            actions.record_reply(
                session,
                consultation_id,
                sent.reply.data,
                replied_on=sent.replied_on.data,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return frame_of(request).url(f"/consultations/{consultation_id}")

        def standing() -> ReplyForm:
            now = named(session, consultation_id, language, by=actor)
            values = {"reply": now.reply, "replied_on": now.replied_on, "version": now.version}
            return ReplyForm.blank(language, values)

        said = "consultations.done_replied"
        return save(request, session, REPLY, sent, write, said=said, standing=standing, asked=asked)


def _offered(request: PageRequest, form: AskForm, session: Session, about: Subject) -> AskForm:
    country = speak_as(request, country_of(session, about))
    return form.offer(session, about.kind, country=country, present=present_organs(session))


def _day_of(said: str, today: date) -> date:
    """The day that a link names, such as that of the meeting which advised; otherwise today."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return today


def _around(session: Session, about: Subject, language: str) -> dict[str, Any]:
    """What stands around the form of a question."""
    unnamed = replace(about, id=None, year=None) if about.kind not in PATHS else about
    return {
        "about": about,
        "name": subject_name(session, unnamed, language),
        "back": back_to(about),
        "asks_row": about.kind in ROWS and about.kind != SubjectKind.PERSON,
        "deadline": _deadline(session, about),
    }


def _deadline(session: Session, about: Subject) -> date | None:
    if about.kind != SubjectKind.ANNUAL_PLAN or about.id is None:
        return None
    plan = get_annual_plan(session, about.id)
    kind = get_global_plan(session, plan.global_plan_id).kind
    return draft_deadline(plan.starts_on) if has_draft_deadline(year_item(kind)) else None
