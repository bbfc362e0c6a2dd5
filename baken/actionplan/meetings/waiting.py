"""What waits about meetings: to invite, to hold, to approve, to come to, and tasks."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.bodies.stalled import stalled_since
from baken.actionplan.meetings.minutes.queries import Assigned, list_tasks
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import list_led_bodies, list_own_bodies
from baken.actionplan.meetings.rules import MeetingState
from baken.actionplan.meetings.terms import papers_due
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import SOON, Waiting
from baken.storage.session import Session

LONGEST: Final = 120
_MOVING = (MeetingState.PLANNED, MeetingState.INVITED, MeetingState.HELD)


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits about meetings for this person."""
    if not may(by, Action.SEE_MEETINGS):
        return []
    meetings = list(session.scalars(select(Meeting).where(Meeting.state.in_(_MOVING))))
    tasks = list_tasks(session, is_open=True)
    if not meetings and not tasks:
        return []
    led = list_led_bodies(session, by=by, today=today)
    own = list_own_bodies(session, by=by, today=today)
    bodies = {body.id: body for body in session.scalars(select(Body))}
    found: list[Waiting] = []
    for meeting in sorted(meetings, key=lambda one: (one.on, one.starts)):
        body = bodies[meeting.body_id]
        if body.id in led:
            found += _to_do(meeting, body, meetings, today)
        elif (
            body.id in own
            and meeting.state is MeetingState.INVITED
            and today <= meeting.on <= today + SOON
        ):
            found.append(_of("meeting_ahead", meeting, body.name, due_on=meeting.on))
    return [*found, *_tasks(session, tasks, led, by, today)]


def _to_do(meeting: Meeting, body: Body, all_: list[Meeting], today: date) -> Iterator[Waiting]:
    """What the one who leads still does for a meeting."""
    if meeting.state is MeetingState.PLANNED:
        if meeting.on < today:
            yield _of("meeting_passed", meeting, body.name, since_on=meeting.on)
        else:
            due = papers_due(body.kind, meeting.on) or meeting.on
            yield _of("meeting_to_invite", meeting, body.name, due_on=due)
    elif meeting.state is MeetingState.INVITED and meeting.on <= today:
        yield _of("meeting_to_hold", meeting, body.name, since_on=meeting.on)
    elif meeting.state is MeetingState.HELD and any(
        one.body_id == body.id and one.on > meeting.on and one.on <= today for one in all_
    ):
        yield _of("minutes_to_approve", meeting, body.name, since_on=meeting.on)


def _of(
    kind: str,
    meeting: Meeting,
    name: str,
    *,
    due_on: date | None = None,
    since_on: date | None = None,
) -> Waiting:
    path = f"/meetings/{meeting.id}"
    return Waiting(kind=kind, path=path, what=name, due_on=due_on, since_on=since_on)


def _tasks(
    session: Session, tasks: list[Assigned], led: frozenset[UUID], by: Actor, today: date
) -> Iterator[Waiting]:
    days = read_terms(session).stalled_after_days if tasks else 0
    for one in tasks:
        what = " ".join(one.task.what.split())[:LONGEST]
        path = f"/meeting-tasks/{one.task.id}"
        if one.task.person_id == by.person_id:
            yield Waiting(kind="meeting_task", path=path, what=what, due_on=one.task.due_on)
            continue
        since = stands_still_since(one, after_days=days, today=today)
        if since is not None and one.meeting.body_id in led:
            yield Waiting(kind="meeting_task_stalled", path=path, what=what, since_on=since)


def stands_still_since(one: Assigned, *, after_days: int, today: date) -> date | None:
    """The day from which nobody wrote about an open task for too long; None while it moves."""
    words = [one.meeting.on, *(note.noted_on for note in one.notes)]
    return stalled_since(words, after_days=after_days, today=today)
