"""Reading minutes, decisions and tasks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.meetings.minutes.models import (
    ApprovedMinutes,
    Decision,
    DecisionNote,
    MeetingTask,
    MinutesCorrection,
    PointMinutes,
    TaskNote,
)
from baken.actionplan.meetings.minutes.rules import Carried, TaskState, check_intact
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.points import About
from baken.actionplan.meetings.queries import reference_of
from baken.actionplan.references import find
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions somebody looks for; empty looks for all."""

    body_id: UUID | None = None
    year: int | None = None
    about: About | None = None
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision with the meeting and point where it was taken, and where it stands."""

    decision: Decision
    meeting: Meeting
    point: AgendaPoint
    notes: tuple[DecisionNote, ...]

    @property
    def carried(self) -> Carried:
        return self.notes[-1].carried if self.notes else Carried.OPEN


@dataclass(frozen=True, slots=True)
class Assigned:
    """A task with the meeting where it was agreed, and its notes."""

    task: MeetingTask
    meeting: Meeting
    notes: tuple[TaskNote, ...]


def get_decision(session: Session, decision_id: UUID) -> Decision:
    """Return one decision."""
    return find(session, Decision, decision_id)


def get_task(session: Session, task_id: UUID) -> MeetingTask:
    """Return one task."""
    return find(session, MeetingTask, task_id)


def minutes_of(session: Session, point_ids: Collection[UUID]) -> Mapping[UUID, PointMinutes]:
    """Return what was written, by point."""
    asked = select(PointMinutes).where(PointMinutes.point_id.in_(list(point_ids)))
    return {row.point_id: row for row in session.scalars(asked)}


def is_written(session: Session, meeting_id: UUID) -> bool:
    """Whether anything was written of a meeting: what was said, decided or agreed."""
    asked = (
        select(PointMinutes.id)
        .join(AgendaPoint, AgendaPoint.id == PointMinutes.point_id)
        .where(AgendaPoint.meeting_id == meeting_id, PointMinutes.text != "")
    )
    return any(
        session.scalar(one.limit(1)) is not None
        for one in (
            asked,
            select(Decision.id).where(Decision.meeting_id == meeting_id),
            select(MeetingTask.id).where(MeetingTask.meeting_id == meeting_id),
        )
    )


def list_decisions(session: Session, wanted: Wanted | None = None) -> list[Taken]:
    """Return decisions, the latest first."""
    wanted = wanted or Wanted()
    asked = (
        select(Decision, Meeting, AgendaPoint)
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .join(AgendaPoint, AgendaPoint.id == Decision.point_id)
        .order_by(Meeting.on.desc(), Meeting.starts.desc(), Meeting.id, Decision.number)
    )
    if wanted.body_id is not None:
        asked = asked.where(Meeting.body_id == wanted.body_id)
    rows = session.execute(asked).all()
    notes: dict[UUID, list[DecisionNote]] = {}
    for note in session.scalars(select(DecisionNote).order_by(DecisionNote.noted_at)):
        notes.setdefault(note.decision_id, []).append(note)
    found = [
        Taken(decision, meeting, point, tuple(notes.get(decision.id, ())))
        for decision, meeting, point in rows
    ]
    return [one for one in found if _fits(one, wanted)]


def _fits(one: Taken, wanted: Wanted) -> bool:
    reference = reference_of(one.point)
    return (
        (wanted.year is None or one.meeting.on.year == wanted.year)
        and (wanted.about is None or (reference is not None and reference.about is wanted.about))
        and (wanted.carried is None or one.carried is wanted.carried)
    )


def list_of_meeting(session: Session, meeting_id: UUID) -> list[Decision]:
    """Return the decisions of one meeting in order."""
    asked = select(Decision).where(Decision.meeting_id == meeting_id).order_by(Decision.number)
    return list(session.scalars(asked))


def list_tasks(
    session: Session, *, meeting_id: UUID | None = None, is_open: bool = False
) -> list[Assigned]:
    """Return tasks by the day they are due: of one meeting or of all, all or those still open."""
    asked = (
        select(MeetingTask, Meeting)
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .order_by(MeetingTask.due_on, MeetingTask.what, MeetingTask.id)
    )
    if meeting_id is not None:
        asked = asked.where(MeetingTask.meeting_id == meeting_id)
    if is_open:
        asked = asked.where(MeetingTask.state == TaskState.OPEN)
    rows = session.execute(asked).all()
    if not rows:
        return []
    notes: dict[UUID, list[TaskNote]] = {}
    for note in session.scalars(select(TaskNote).order_by(TaskNote.noted_at)):
        notes.setdefault(note.task_id, []).append(note)
    return [Assigned(task, meeting, tuple(notes.get(task.id, ()))) for task, meeting in rows]


def list_corrections(session: Session, meeting_id: UUID) -> list[MinutesCorrection]:
    """Return what members asked to say otherwise."""
    asked = select(MinutesCorrection).where(MinutesCorrection.meeting_id == meeting_id)
    return list(session.scalars(asked.order_by(MinutesCorrection.noted_at, MinutesCorrection.id)))


def find_approved(session: Session, meeting_id: UUID) -> ApprovedMinutes | None:
    """Return the minutes as approved; None before. Raise where they say something else by now."""
    asked = select(ApprovedMinutes).where(ApprovedMinutes.meeting_id == meeting_id)
    found = session.scalars(asked).one_or_none()
    if found is not None:
        check_intact(found.content, found.sha256)
    return found


def most_votes(session: Session, meeting_id: UUID) -> int:
    """Return how many votes the fullest vote of a meeting counted; 0 without one."""
    return max(
        (
            one.in_favour + one.against + one.abstained
            for one in list_of_meeting(session, meeting_id)
        ),
        default=0,
    )
