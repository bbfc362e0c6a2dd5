"""What the minutes say beneath each point, for the page where they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.meetings.minutes.queries import list_of_meeting, list_tasks, minutes_of
from baken.actionplan.meetings.models import Meeting
from baken.organisation.people import list_names
from baken.storage.session import Session
from baken.web.documents.meeting_pages import how_decided
from baken.web.pages.meeting_views import PointView, point_views


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision beneath its point."""

    id: UUID
    number: int
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task beneath its point."""

    id: UUID
    what: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PieceView:
    """One point of the minutes; `theirs` is what somebody else wrote while this was typed."""

    point: PointView
    said: str
    version: int
    written_by: str
    decisions: tuple[DecisionLine, ...]
    tasks: tuple[TaskLine, ...]
    theirs: str | None = None


def pieces(session: Session, meeting: Meeting, language: str) -> tuple[PieceView, ...]:
    """What is written on each point, with its decisions and tasks."""
    points = point_views(session, meeting, language)
    said = minutes_of(session, [one.id for one in points])
    names = dict(list_names(session))
    decisions: dict[UUID, list[DecisionLine]] = {}
    for one in list_of_meeting(session, meeting.id):
        told = {
            "by": one.decided_by.value,
            "in_favour": one.in_favour,
            "against": one.against,
            "abstained": one.abstained,
        }
        shown = DecisionLine(one.id, one.number, one.text, how_decided(told, language))
        decisions.setdefault(one.point_id, []).append(shown)
    tasks: dict[UUID, list[TaskLine]] = {}
    for agreed in list_tasks(session, meeting_id=meeting.id):
        task = agreed.task
        who = names.get(task.person_id, "") if task.person_id else task.who
        line = TaskLine(task.id, task.what, who, task.due_on)
        tasks.setdefault(task.point_id, []).append(line)
    return tuple(
        PieceView(
            point,
            said[point.id].text,
            said[point.id].version,
            _writer(said[point.id].written_by, names),
            tuple(decisions.get(point.id, ())),
            tuple(tasks.get(point.id, ())),
        )
        for point in points
    )


def _writer(person_id: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(person_id, "") if person_id else ""
