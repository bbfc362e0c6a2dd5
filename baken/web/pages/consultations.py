"""Consultations: asking those who speak for the workers, their advice, the employer's reply."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.bodies.queries import get_consultation, list_consultations
from baken.actionplan.bodies.rules import (
    Advice,
    Outcome,
    Subject,
    SubjectKind,
    draft_deadline,
)
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.plans import consultations as actions
from baken.actionplan.plans.queries import get_annual_plan, get_global_plan
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.consultation_forms import AdviceForm, AskForm, ReplyForm
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.plan_views import ConsultationView, consultation_view
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

ASK = "actionplan/consultation_ask.html"
ADVICE = "actionplan/consultation_advice.html"
REPLY = "actionplan/consultation_reply.html"
DAYS_TO_ANSWER = 30
PATHS = {
    SubjectKind.GLOBAL_PLAN: "/plans",
    SubjectKind.ANNUAL_PLAN: "/annual-plans",
    SubjectKind.MEASURE: "/measures",
}


def subject_name(session: Session, kind: SubjectKind, subject_id: UUID, language: str) -> str:
    """How people call the plan or measure."""
    if kind == SubjectKind.GLOBAL_PLAN:
        return get_global_plan(session, subject_id).title
    if kind == SubjectKind.MEASURE:
        return get_measure(session, subject_id).title
    plan = get_annual_plan(session, subject_id)
    texts = catalogue(language)
    if (plan.starts_on.month, plan.starts_on.day) == (1, 1):
        return texts("plans.year_name", year=str(plan.starts_on.year))
    return texts("plans.year_named", first=plan.starts_on, last=plan.ends_on)


def named(session: Session, consultation_id: UUID, language: str) -> ConsultationView:
    """A consultation with the name of what it is about."""
    view = consultation_view(get_consultation(session, consultation_id))
    kind = SubjectKind(view.subject_kind)
    return view.about(subject_name(session, kind, view.subject_id, language))


def subject_asked(request: PageRequest) -> Subject:
    """The plan or measure that the address names."""
    kind = request.query_params.get("about", "")
    subject_id = as_id(request.query_params.get("id"))
    if kind not in set(SubjectKind) or subject_id is None:
        raise NotFoundException
    return Subject(SubjectKind(kind), subject_id)


class ConsultationPages(Controller):
    """Advice on plans and measures."""

    path = "/o/{organisation_id:uuid}/consultations"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = tuple(
            named(session, each.id, language) for each in reversed(list_consultations(session))
        )
        return page(request, "actionplan/consultations.html", rows=rows)

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
        form = AskForm.blank(language, {"asked_on": today, "due_on": due_on})
        name = subject_name(session, about.kind, about.id, language)
        return page(request, ASK, form=form, about=about, name=name, meanwhile=(),
                    back=PATHS[about.kind], deadline=_deadline(session, about))  # fmt: skip

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
        sent = AskForm.read(form, language)
        back = PATHS[about.kind]

        def write() -> str:
            actions.ask(session, about, sent.question(), by=actor, today=today)
            return frame_of(request).url(f"{back}/{about.id}")

        return save(
            request,
            session,
            ASK,
            sent,
            write,
            said="consultations.done_asked",
            about=about,
            name=subject_name(session, about.kind, about.id, language),
            back=back,
            deadline=_deadline(session, about),
        )

    @get("/{consultation_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        view = named(session, consultation_id, language)
        back = f"{PATHS[SubjectKind(view.subject_kind)]}/{view.subject_id}"
        return page(request, "actionplan/consultation.html", asked=view, back=back)

    @get(
        "/{consultation_id:uuid}/advice", opt={"action": Action.RECORD_ADVICE}, sync_to_thread=True
    )
    def advice_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language)
        form = AdviceForm.blank(language, {"advised_on": today, "version": asked.version})
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
        asked = named(session, consultation_id, language)
        sent = AdviceForm.read(form, language)

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
            return AdviceForm.of(named(session, consultation_id, language), language)

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
        today: NamedDependency[date],
        language: NamedDependency[str],
        consultation_id: FromPath[UUID],
    ) -> Response[str]:
        asked = named(session, consultation_id, language)
        values = {"replied_on": today, "reply": asked.reply, "version": asked.version}
        form = ReplyForm.blank(language, values)
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
        asked = named(session, consultation_id, language)
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
            now = named(session, consultation_id, language)
            values = {"reply": now.reply, "replied_on": now.replied_on, "version": now.version}
            return ReplyForm.blank(language, values)

        said = "consultations.done_replied"
        return save(request, session, REPLY, sent, write, said=said, standing=standing, asked=asked)


def _deadline(session: Session, about: Subject) -> date | None:
    if about.kind != SubjectKind.ANNUAL_PLAN:
        return None
    return draft_deadline(get_annual_plan(session, about.id).starts_on)
