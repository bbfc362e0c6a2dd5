"""Decisions and tasks noted at a meeting: each on a form of its own."""

from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.meetings.minutes import actions
from baken.actionplan.meetings.minutes.models import Decision, MeetingTask
from baken.actionplan.meetings.minutes.queries import get_decision, get_task
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.meeting_pages import point_title
from baken.web.pages.form_page import FormAt, keep, show
from baken.web.pages.meeting_at_hand import LED, form_at
from baken.web.pages.meeting_forms import DecisionForm, TaskForm
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest
from baken.web.texts import catalogue

LEAD: Final = {"action": Action.LEAD_MEETINGS}
DECISION: Final = ("text", "by", "in_favour", "against", "abstained", "dissent")
TASK: Final = ("what", "person_id", "who", "due_on")
Outcome = TypeVar("Outcome", Decision, MeetingTask)


class OutcomePages(Controller):
    """What came of a point."""

    path = "/o/{organisation_id:uuid}/meetings/{meeting_id:uuid}/points/{point_id:uuid}"
    dependencies = LED

    @get("/decisions/new", opt=LEAD, sync_to_thread=True)
    def new_decision(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "decision")
        return show(request, at, DecisionForm.blank(language))

    @post("/decisions/new", opt=LEAD, sync_to_thread=True)
    def add_decision(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "decision")
        sent = DecisionForm.read(form, language)

        def write() -> str:
            actions.add_decision(session, point.id, sent.fields(), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_decision")

    @get("/decisions/{decision_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit_decision_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "decision")
        row = _beneath(get_decision(session, decision_id), point.id)
        return show(request, at, DecisionForm.of(row, language))

    @post("/decisions/{decision_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit_decision(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "decision")
        _beneath(get_decision(session, decision_id), point.id)
        sent = DecisionForm.read(form, language)

        def write() -> str:
            actions.edit_decision(
                session, decision_id, sent.fields(), seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            return DecisionForm.of(get_decision(session, decision_id), language)

        said = "meetings.done_decision"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/tasks/new", opt=LEAD, sync_to_thread=True)
    def new_task(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "task")
        return show(request, at, TaskForm.blank(language).offer(session, today=today))

    @post("/tasks/new", opt=LEAD, sync_to_thread=True)
    def add_task(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "task")
        sent = TaskForm.read(form, language).offer(session, today=today)

        def write() -> str:
            actions.add_task(session, point.id, sent.fields(), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_task")

    @get("/tasks/{task_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit_task_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "task")
        row = _beneath(get_task(session, task_id), point.id)
        form = TaskForm.of(row, language).offer(session, today=today, holder=row.person_id)
        return show(request, at, form)

    @post("/tasks/{task_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit_task(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting, point, "task")
        holder = _beneath(get_task(session, task_id), point.id).person_id
        sent = TaskForm.read(form, language).offer(session, today=today, holder=holder)

        def write() -> str:
            actions.edit_task(
                session, task_id, sent.fields(), seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            now = get_task(session, task_id)
            return TaskForm.of(now, language).offer(session, today=today, holder=now.person_id)

        said = "meetings.done_task"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _beneath(row: Outcome, point_id: UUID) -> Outcome:
    """The decision or task of this point; that of another body is not found."""
    if row.point_id != point_id:
        raise NotFoundException
    return row


def _at(
    request: PageRequest, session: Session, meeting: Meeting, point: AgendaPoint, kind: str
) -> FormAt:
    names = DECISION if kind == "decision" else TASK
    t = catalogue(meeting.language)
    title = point_title(point.standing.value if point.standing else "", point.title, t)
    return form_at(request, session, meeting, kind, names, back="/minutes", about=title)
