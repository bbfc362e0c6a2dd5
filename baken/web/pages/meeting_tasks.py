"""Tasks that were agreed at meetings: who does what by when, and how far it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.meetings import queries
from baken.actionplan.meetings.minutes.actions import note_task
from baken.actionplan.meetings.minutes.models import MeetingTask
from baken.actionplan.meetings.minutes.queries import Assigned, get_task, list_tasks
from baken.actionplan.meetings.minutes.rules import TaskState
from baken.actionplan.meetings.people import check_may_see, may_lead, may_see
from baken.actionplan.meetings.waiting import stands_still_since
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.meeting_forms import TaskNoteForm
from baken.web.pages.meeting_views import body_names
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page

SEE: Final = {"action": Action.SEE_MEETINGS}
PAGE: Final = "meetings/task.html"


@dataclass(frozen=True, slots=True)
class TaskNoteView:
    """Where a task stood on a day."""

    on: date
    by: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task; `still_since` is the day from which nobody wrote about it for too long."""

    id: UUID
    what: str
    who: str
    due_on: date
    state: str
    is_late: bool
    still_since: date | None
    body: str
    meeting_id: UUID
    on: date
    notes: tuple[TaskNoteView, ...]
    may_note: bool
    version: int


class TaskPages(Controller):
    """Tasks of meetings that the reader may see, and those of the reader."""

    path = "/o/{organisation_id:uuid}/meeting-tasks"

    @get("/", opt=SEE, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        views = [
            task_view(session, one, by=actor, today=today)
            for one in list_tasks(session)
            if _may_see(session, one, actor, today)
        ]
        is_open = TaskState.OPEN.value
        return page(
            request,
            "meetings/tasks.html",
            open=tuple(one for one in views if one.state == is_open),
            ended=tuple(reversed([one for one in views if one.state != is_open])),
        )

    @get("/{task_id:uuid}", opt=SEE, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        view = _seen(session, task_id, actor, today)
        form = _blank(get_task(session, task_id), language)
        return page(request, PAGE, task=view, form=form, meanwhile=())

    @post("/{task_id:uuid}", opt=SEE, sync_to_thread=True)
    def note(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        task_id: FromPath[UUID],
    ) -> Response[str]:
        view = _seen(session, task_id, actor, today)
        sent = TaskNoteForm.read(form, language)

        def write() -> str:
            note_task(
                session,
                task_id,
                TaskState(sent.state.data),
                sent.text.data or "",
                seen=sent.seen,
                by=actor,
                today=today,
                now=now,
            )
            return frame_of(request).url(f"/meeting-tasks/{task_id}")

        def standing() -> TaskNoteForm:
            return _blank(get_task(session, task_id), language)

        said = "meetings.done_noted"
        return save(request, session, PAGE, sent, write, said=said, standing=standing, task=view)


def task_view(session: Session, one: Assigned, *, by: Actor, today: date) -> TaskView:
    """A task in words."""
    names = dict(list_names(session))
    task = one.task
    is_open = task.state is TaskState.OPEN
    days = read_terms(session).stalled_after_days
    leads = may_lead(
        session,
        one.meeting.body_id,
        by=by,
        today=today,
        secretary_id=one.meeting.secretary_id,
    )
    return TaskView(
        id=task.id,
        what=task.what,
        who=names.get(task.person_id, "") if task.person_id else task.who,
        due_on=task.due_on,
        state=task.state.value,
        is_late=is_open and task.due_on < today,
        still_since=stands_still_since(one, after_days=days, today=today) if is_open else None,
        body=body_names(session)[one.meeting.body_id],
        meeting_id=one.meeting.id,
        on=one.meeting.on,
        notes=tuple(
            TaskNoteView(note.noted_on, names.get(note.noted_by, ""), note.state.value, note.text)
            for note in reversed(one.notes)
        ),
        may_note=leads or task.person_id == by.person_id,
        version=task.version,
    )


def _blank(task: MeetingTask, language: str) -> TaskNoteForm:
    return TaskNoteForm.blank(language, {"state": task.state.value, "version": task.version})


def _may_see(session: Session, one: Assigned, by: Actor, today: date) -> bool:
    is_own = one.task.person_id == by.person_id
    return is_own or may_see(session, one.meeting, by=by, today=today)


def _seen(session: Session, task_id: UUID, by: Actor, today: date) -> TaskView:
    task = get_task(session, task_id)
    if task.person_id != by.person_id:
        meeting = queries.get_meeting(session, task.meeting_id)
        check_may_see(session, meeting, by=by, today=today)
    found = list_tasks(session, meeting_id=task.meeting_id)
    (one,) = (each for each in found if each.task.id == task_id)
    return task_view(session, one, by=by, today=today)
