"""What stands in the calendar of somebody: their meetings, and the days of their tasks."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body
from baken.actionplan.meetings.minutes.queries import list_tasks
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import list_own_bodies
from baken.actionplan.meetings.rules import MeetingState
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session


class Occasion(StrEnum):
    """What a line of the calendar is about."""

    MEETING = "meeting"
    CANCELLED = "meeting_cancelled"
    TASK = "meeting_task"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting with its hours (of the place), or the day of a task, without hours."""

    id: UUID
    occasion: Occasion
    title: str
    on: date
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    version: int = 1


def appointment_of(meeting: Meeting, name: str) -> Appointment:
    """A meeting as a calendar shows it."""
    is_off = meeting.state is MeetingState.CANCELLED
    return Appointment(
        meeting.id,
        Occasion.CANCELLED if is_off else Occasion.MEETING,
        name,
        meeting.on,
        meeting.starts,
        meeting.ends,
        ", ".join(filter(None, (meeting.place, meeting.link))),
        meeting.version,
    )


def list_appointments(session: Session, *, by: Actor, today: date) -> list[Appointment]:
    """Return meetings to which the person was invited, and the days of their open tasks."""
    if not may(by, Action.SEE_MEETINGS):
        return []
    own = list_own_bodies(session, by=by, today=today)
    names = {body.id: body.name for body in session.scalars(select(Body)) if body.id in own}
    asked = select(Meeting).where(Meeting.invited_on.is_not(None)).order_by(Meeting.on, Meeting.id)
    meetings = [
        appointment_of(one, names[one.body_id])
        for one in session.scalars(asked)
        if one.body_id in names
    ]
    tasks = [
        Appointment(one.task.id, Occasion.TASK, " ".join(one.task.what.split()), one.task.due_on)
        for one in list_tasks(session, is_open=True)
        if one.task.person_id == by.person_id
    ]
    return [*meetings, *tasks]
