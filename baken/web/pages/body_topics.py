"""Topics: anyone brings one, the chair or the secretary takes it further."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import queries, reach, topic_actions
from baken.actionplan.bodies.models import Topic
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_talk_forms import AgendaForm, NotedTopicForm, TopicAnswerForm, TopicForm
from baken.web.pages.body_talk_views import topic_rows
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, as_id, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue


class TopicPages(Controller):
    """What people bring to a body."""

    path = "/o/{organisation_id:uuid}/bodies/topics"

    @get("/new", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = as_id(request.query_params.get("body", ""))
        kind = _kind_of_form(session, actor, today)
        form = kind.blank(language, {"body_id": str(asked or "")})
        return show(request, _new_at(request, form), form.offer(session, by=actor, today=today))

    @post("/new", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def bring(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = _kind_of_form(session, actor, today).read(form, language)
        sent.offer(session, by=actor, today=today)

        def write() -> str:
            made = topic_actions.raise_topic(session, sent.fields(), by=actor, today=today)
            return frame_of(request).url(f"/bodies/topics/{made.id}")

        at = _new_at(request, sent)
        return keep(request, session, at, sent, write, said="bodies.done_topic_raised")

    @get("/{topic_id:uuid}", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        topic = queries.look_at_topic(session, topic_id, by=actor, today=today)
        body = queries.get_body(session, topic.body_id)
        leads = reach.leads(body, reach.list_own_seats(session, by=actor, today=today), by=actor)
        (row,) = topic_rows(session, [topic], by=actor)
        return page(request, "actionplan/topic.html", topic=row, leads=leads)

    @get("/{topic_id:uuid}/agenda", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def agenda_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        topic = queries.look_at_topic(session, topic_id, by=actor, today=today)
        _check_leads(session, topic, actor, today)
        form = AgendaForm.blank(language, {"version": topic.version})
        return show(request, _agenda_at(request, topic), form)

    @post(
        "/{topic_id:uuid}/agenda", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True
    )
    def put_on_agenda(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        at = _agenda_at(request, queries.look_at_topic(session, topic_id, by=actor, today=today))
        sent = AgendaForm.read(form, language)

        def write() -> str:
            topic_actions.put_on_agenda(
                session, topic_id, on=sent.on.data, seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            topic = queries.get_topic(session, topic_id)
            values = {"on": topic.agenda_on, "version": topic.version}
            return AgendaForm.blank(language, values)

        said = "bodies.done_topic_agenda"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post(
        "/{topic_id:uuid}/off-agenda",
        opt={"action": Action.TAKE_PART_IN_BODIES},
        sync_to_thread=True,
    )
    def take_off_agenda(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        topic_actions.take_off_agenda(session, topic_id, seen=seen_of(form), by=actor, today=today)
        return _back(request, topic_id, "bodies.done_topic_off")

    @get("/{topic_id:uuid}/answer", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def answer_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        topic = queries.look_at_topic(session, topic_id, by=actor, today=today)
        _check_leads(session, topic, actor, today)
        form = TopicAnswerForm.blank(language, {"version": topic.version})
        return show(request, _answer_at(request, topic), form)

    @post(
        "/{topic_id:uuid}/answer", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True
    )
    def answer(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        at = _answer_at(request, queries.look_at_topic(session, topic_id, by=actor, today=today))
        sent = TopicAnswerForm.read(form, language)

        def write() -> str:
            words = sent.answer.data
            topic_actions.answer_topic(
                session, topic_id, words, seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            topic = queries.get_topic(session, topic_id)
            values = {"answer": topic.answer, "version": topic.version}
            return TopicAnswerForm.blank(language, values)

        said = "bodies.done_topic_answered"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post(
        "/{topic_id:uuid}/withdraw", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True
    )
    def withdraw(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        topic_id: FromPath[UUID],
    ) -> Response[str]:
        topic_actions.withdraw_topic(session, topic_id, seen=seen_of(form), by=actor)
        return _back(request, topic_id, "bodies.done_topic_withdrawn")


def _kind_of_form(session: Session, actor: Actor, today: date) -> type[TopicForm]:
    """Whoever leads a body may note a topic for somebody else."""
    own = reach.list_own_seats(session, by=actor, today=today)
    found = queries.list_bodies(session, by=actor, today=today)
    leads = any(reach.leads(one, own, by=actor) for one in found)
    return NotedTopicForm if leads else TopicForm


def _check_leads(session: Session, topic: Topic, actor: Actor, today: date) -> None:
    body = queries.get_body(session, topic.body_id)
    reach.check_leads(session, body, by=actor, today=today)


def _back(request: PageRequest, topic_id: UUID, said: str) -> Response[str]:
    return done(request, see=frame_of(request).url(f"/bodies/topics/{topic_id}"), said=said)


def _new_at(request: PageRequest, form: TopicForm) -> FormAt:
    frame = frame_of(request)
    noted = ("raised_for", "raised_name") if isinstance(form, NotedTopicForm) else ()
    return FormAt(
        verb="plan",
        title="bodies.topic_new",
        back=frame.url("/bodies"),
        back_label=catalogue(frame.language)("bodies.title"),
        save="bodies.topic_save",
        parts=(Part(("body_id", "title", "text", *noted)),),
        story="bodies.topic_story",
    )


def _agenda_at(request: PageRequest, topic: Topic) -> FormAt:
    return _topic_at(request, topic, "bodies.topic_agenda", ("on",))


def _answer_at(request: PageRequest, topic: Topic) -> FormAt:
    return _topic_at(request, topic, "bodies.topic_answer", ("answer",))


def _topic_at(request: PageRequest, topic: Topic, title: str, names: tuple[str, ...]) -> FormAt:
    return FormAt(
        verb="plan",
        title=title,
        back=frame_of(request).url(f"/bodies/topics/{topic.id}"),
        back_label=topic.title,
        save="analyses.save",
        parts=(Part(names),),
        about=topic.text,
    )
