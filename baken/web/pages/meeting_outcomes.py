"""Decisions and tasks noted at a meeting: each on a form of its own."""

from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.meetings import queries
from baken.actionplan.meetings.minutes import actions
from baken.actionplan.meetings.minutes.models import Decision, MeetingTask
from baken.actionplan.meetings.minutes.queries import get_decision, get_task
from baken.actionplan.meetings.models import AgendaPoint
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.meeting_pages import point_title
from baken.web.pages.form_page import FormAt, keep, show
from baken.web.pages.meeting_forms import DecisionForm, TaskForm
from baken.web.pages.meetings import form_at, led_meeting
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

    @get("/decisions/new", opt=LEAD, sync_to_thread=True)
    def new_decision(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "decision", by=actor, today=today)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "decision", by=actor, today=today)
        sent = DecisionForm.read(form, language)

        def write() -> str:
            actions.add_decision(session, point_id, sent.fields(), by=actor, today=today)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "decision", by=actor, today=today)
        row = _beneath(get_decision(session, decision_id), point_id)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
        decision_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "decision", by=actor, today=today)
        _beneath(get_decision(session, decision_id), point_id)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "task", by=actor, today=today)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "task", by=actor, today=today)
        sent = TaskForm.read(form, language).offer(session, today=today)

        def write() -> str:
            actions.add_task(session, point_id, sent.fields(), by=actor, today=today)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "task", by=actor, today=today)
        row = _beneath(get_task(session, task_id), point_id)
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
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, session, meeting_id, point_id, "task", by=actor, today=today)
        holder = _beneath(get_task(session, task_id), point_id).person_id
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
    request: PageRequest,
    session: Session,
    meeting_id: UUID,
    point_id: UUID,
    kind: str,
    *,
    by: Actor,
    today: date,
) -> FormAt:
    meeting = led_meeting(session, meeting_id, by=by, today=today)
    point: AgendaPoint = queries.get_point(session, point_id)
    if point.meeting_id != meeting_id:
        raise NotFoundException
    names = DECISION if kind == "decision" else TASK
    t = catalogue(meeting.language)
    title = point_title(point.standing.value if point.standing else "", point.title, t)
    return form_at(request, session, meeting, kind, names, back="/minutes", about=title)
