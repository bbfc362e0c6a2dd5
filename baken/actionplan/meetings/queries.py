"""Reading meetings and agendas."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.meetings.models import AgendaPack, AgendaPoint, Attendee, Meeting
from baken.actionplan.meetings.points import About, Reference
from baken.actionplan.meetings.rules import AHEAD, MeetingState
from baken.actionplan.references import find
from baken.storage.session import Session


def get_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """Return one meeting."""
    return find(session, Meeting, meeting_id)


def lock_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """Return one meeting that nobody else writes on until this work is kept.

    Minutes are approved as a whole: what somebody writes meanwhile is in them, or is refused.
    """
    asked = select(Meeting).where(Meeting.id == meeting_id).with_for_update(key_share=True)
    session.scalars(asked, execution_options={"populate_existing": True}).one_or_none()
    return get_meeting(session, meeting_id)


def get_point(session: Session, point_id: UUID) -> AgendaPoint:
    """Return one point of an agenda."""
    return find(session, AgendaPoint, point_id)


def list_meetings(session: Session, body_id: UUID | None = None) -> list[Meeting]:
    """Return meetings, the latest first: of all bodies or of one."""
    asked = select(Meeting).order_by(Meeting.on.desc(), Meeting.starts.desc(), Meeting.id)
    if body_id is not None:
        asked = asked.where(Meeting.body_id == body_id)
    return list(session.scalars(asked))


def list_points(session: Session, meeting_id: UUID) -> list[AgendaPoint]:
    """Return the agenda of a meeting in order."""
    asked = select(AgendaPoint).where(AgendaPoint.meeting_id == meeting_id)
    return list(session.scalars(asked.order_by(AgendaPoint.position, AgendaPoint.id)))


def list_attendees(session: Session, meeting_id: UUID) -> list[Attendee]:
    """Return who was invited."""
    asked = select(Attendee).where(Attendee.meeting_id == meeting_id).order_by(Attendee.id)
    return list(session.scalars(asked))


def list_packs(session: Session, meeting_id: UUID) -> list[AgendaPack]:
    """Return the packs that went out, the first first."""
    asked = select(AgendaPack).where(AgendaPack.meeting_id == meeting_id)
    return list(session.scalars(asked.order_by(AgendaPack.number)))


def find_before(session: Session, meeting: Meeting) -> Meeting | None:
    """Return the last meeting of the same body that was held before; None for the first."""
    held = (MeetingState.HELD, MeetingState.APPROVED)
    asked = (
        select(Meeting)
        .where(Meeting.body_id == meeting.body_id, Meeting.id != meeting.id)
        .where(Meeting.state.in_(held), Meeting.on <= meeting.on)
        .order_by(Meeting.on.desc(), Meeting.starts.desc())
    )
    return session.scalars(asked.limit(1)).first()


def find_next(session: Session, meeting: Meeting) -> Meeting | None:
    """Return the next meeting of the same body that lies ahead; None when none is planned."""
    asked = (
        select(Meeting)
        .where(Meeting.body_id == meeting.body_id, Meeting.id != meeting.id)
        .where(Meeting.state.in_(AHEAD), Meeting.on >= meeting.on)
        .order_by(Meeting.on, Meeting.starts)
    )
    return session.scalars(asked.limit(1)).first()


def list_approved_at(session: Session, meeting_id: UUID) -> list[Meeting]:
    """Return the meetings of which this one approved the minutes, the first first."""
    asked = select(Meeting).where(Meeting.approved_at_id == meeting_id)
    return list(session.scalars(asked.order_by(Meeting.on, Meeting.starts, Meeting.id)))


def list_waiting_points(session: Session, body_id: UUID) -> list[AgendaPoint]:
    """Return points that were moved on while no next meeting was planned, the oldest first."""
    went_on = select(AgendaPoint.moved_from_id).where(AgendaPoint.moved_from_id.is_not(None))
    asked = (
        select(AgendaPoint)
        .join(Meeting, Meeting.id == AgendaPoint.meeting_id)
        .where(Meeting.body_id == body_id, AgendaPoint.postponed_on.is_not(None))
        .where(AgendaPoint.id.not_in(went_on))
        .order_by(AgendaPoint.postponed_on, AgendaPoint.position)
    )
    return list(session.scalars(asked))


def last_position(session: Session, meeting_id: UUID) -> int:
    """The position of the last point; 0 for an empty agenda."""
    asked = select(func.max(AgendaPoint.position)).where(AgendaPoint.meeting_id == meeting_id)
    return session.scalar(asked) or 0


def reference_of(point: AgendaPoint) -> Reference | None:
    """What a point is about; None when it stands by itself."""
    for about in About:
        subject_id: UUID | None = getattr(point, f"{about}_id")
        if subject_id is not None:
            return Reference(about, subject_id)
    return None


def day_of_last(meetings: list[Meeting], body_id: UUID, *, before: date) -> date | None:
    """The day of the last meeting of a body before a day that was not called off."""
    days = [
        one.on
        for one in meetings
        if one.body_id == body_id and one.on < before and one.state is not MeetingState.CANCELLED
    ]
    return max(days, default=None)
