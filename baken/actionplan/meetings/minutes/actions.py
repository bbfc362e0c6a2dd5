"""Writing at the table: what was said piece by piece, what was decided, who does what."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.meetings import queries as meetings
from baken.actionplan.meetings.minutes import queries, rules
from baken.actionplan.meetings.minutes.models import (
    Decision,
    DecisionNote,
    MeetingTask,
    PointMinutes,
    TaskNote,
)
from baken.actionplan.meetings.minutes.rules import DecisionFields, TaskFields, TaskState
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.people import check_may_lead
from baken.actionplan.meetings.rules import count_present
from baken.actionplan.references import check_exists
from baken.actionplan.wording import check_text
from baken.organisation.models import Person
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


class _At(NamedTuple):
    """Where is written."""

    point: AgendaPoint
    meeting: Meeting


def write_minutes(
    session: Session,
    point_id: UUID,
    text: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> PointMinutes:
    """Keep what was said on one point; who saw an older text is asked to look again."""
    at = _at(session, point_id, by, today)
    row = queries.minutes_of(session, [point_id])[point_id]
    check_version(row, seen)
    row.text, row.written_at, row.written_by = check_text(text), now, by.person_id
    session.flush()
    _record(session, "minutes.written", at.meeting, by)
    return row


def add_decision(
    session: Session, point_id: UUID, fields: DecisionFields, *, by: Actor, today: date
) -> Decision:
    """Note a decision, numbered within its meeting."""
    at = _at(session, point_id, by, today)
    rules.check_decision(fields, n_present=_n_present(session, at.meeting))
    asked = select(func.max(Decision.number)).where(Decision.meeting_id == at.meeting.id)
    row = Decision(
        meeting_id=at.meeting.id, point_id=point_id, number=(session.scalar(asked) or 0) + 1
    )
    _fill(row, fields)
    session.add(row)
    session.flush()
    _record(session, "decision.taken", at.meeting, by)
    return row


def edit_decision(
    session: Session,
    decision_id: UUID,
    fields: DecisionFields,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> Decision:
    """Word a decision otherwise while the minutes are being written."""
    row = queries.get_decision(session, decision_id)
    at = _at(session, row.point_id, by, today)
    check_version(row, seen)
    rules.check_decision(fields, n_present=_n_present(session, at.meeting))
    _fill(row, fields)
    session.flush()
    _record(session, "decision.edited", at.meeting, by)
    return row


def note_decision(
    session: Session,
    decision_id: UUID,
    carried: rules.Carried,
    text: str,
    *,
    by: Actor,
    today: date,
    now: datetime,
) -> DecisionNote:
    """Note where a decision stands; notes are added, never changed."""
    decision = queries.get_decision(session, decision_id)
    meeting = meetings.get_meeting(session, decision.meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    asked = select(DecisionNote).where(DecisionNote.decision_id == decision.id)
    last = session.scalars(asked.order_by(DecisionNote.noted_at.desc()).limit(1)).first()
    standing = last.carried if last is not None else rules.Carried.OPEN
    row = DecisionNote(
        decision_id=decision.id,
        carried=carried,
        text=rules.check_carried(standing, carried, text),
        noted_at=now,
        noted_on=today,
        noted_by=by.person_id,
    )
    session.add(row)
    session.flush()
    _record(session, "decision.noted", meeting, by)
    return row


def add_task(
    session: Session, point_id: UUID, fields: TaskFields, *, by: Actor, today: date
) -> MeetingTask:
    """Note who does what by when."""
    at = _at(session, point_id, by, today)
    rules.check_task(fields, held_on=at.meeting.on)
    check_exists(session, Person, fields.person_id)
    row = MeetingTask(meeting_id=at.meeting.id, point_id=point_id)
    _fill_task(row, fields)
    session.add(row)
    session.flush()
    _record(session, "meeting_task.set", at.meeting, by)
    return row


def edit_task(
    session: Session, task_id: UUID, fields: TaskFields, *, seen: int, by: Actor, today: date
) -> MeetingTask:
    """Word a task otherwise, give it to somebody else, or give it another day."""
    row = queries.get_task(session, task_id)
    meeting = meetings.get_meeting(session, row.meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    check_version(row, seen)
    rules.check_task(fields, held_on=meeting.on)
    check_exists(session, Person, fields.person_id)
    _fill_task(row, fields)
    session.flush()
    _record(session, "meeting_task.edited", meeting, by)
    return row


def note_task(
    session: Session,
    task_id: UUID,
    to: TaskState,
    text: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> TaskNote:
    """Note where a task stands: whoever does it, or who leads the meetings."""
    task = queries.get_task(session, task_id)
    meeting = meetings.get_meeting(session, task.meeting_id)
    if task.person_id != by.person_id:
        check_may_lead(
            session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id
        )
    check_version(task, seen)
    row = TaskNote(
        task_id=task.id,
        state=to,
        text=rules.check_task_note(task.state, to, text),
        noted_at=now,
        noted_on=today,
        noted_by=by.person_id,
    )
    task.state = to
    session.add(row)
    session.flush()
    _record(session, "meeting_task.noted", meeting, by)
    return row


def _at(session: Session, point_id: UUID, by: Actor, today: date) -> _At:
    point = meetings.get_point(session, point_id)
    meeting = meetings.lock_meeting(session, point.meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    rules.check_writing(meeting.state, on=meeting.on, today=today)
    return _At(point, meeting)


def _n_present(session: Session, meeting: Meeting) -> int:
    lines = meetings.list_attendees(session, meeting.id)
    return count_present([one.presence for one in lines])


def _fill(row: Decision, fields: DecisionFields) -> None:
    row.text, row.decided_by = fields.text.strip(), fields.by
    row.in_favour, row.against = fields.votes.in_favour, fields.votes.against
    row.abstained, row.dissent = fields.votes.abstained, fields.dissent.strip()


def _fill_task(row: MeetingTask, fields: TaskFields) -> None:
    row.what, row.person_id = fields.what.strip(), fields.person_id
    row.who = "" if fields.person_id else fields.who.strip()
    if fields.due_on is not None:
        row.due_on = fields.due_on


def _record(session: Session, act: str, meeting: Meeting, by: Actor) -> None:
    record(session, act, by=by.person_id, subject=f"meeting:{meeting.id}")
