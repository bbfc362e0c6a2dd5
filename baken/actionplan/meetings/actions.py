"""Meetings are planned, changed, called off and held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.errors import Invalid
from baken.actionplan.meetings import agenda, queries, rules
from baken.actionplan.meetings.minutes.queries import is_written, most_votes
from baken.actionplan.meetings.minutes.rules import check_votes_fit
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import check_may_lead, list_members
from baken.actionplan.meetings.rules import (
    MeetingFields,
    MeetingState,
    PresenceFields,
)
from baken.actionplan.references import find
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.jobs import enqueue
from baken.storage.session import Session

LETTER: Final = "mail.meeting"
"""The job that sends one attendee the invitation, or word that the meeting is called off."""


@dataclass(frozen=True, slots=True)
class Led:
    """The seats of who leads a meeting."""

    chair_id: UUID | None = None
    secretary_id: UUID | None = None


def plan_meeting(
    session: Session, fields: MeetingFields, led: Led, *, by: Actor, today: date
) -> Meeting:
    """Plan a meeting; its agenda begins with what comes back, and with what was moved on."""
    body = find(session, Body, fields.body_id)
    check_may_lead(session, body.id, by=by, today=today)
    if body.state is BodyState.ENDED:
        raise Invalid("meetings.body_ended", "This body has ended; it does not meet any more.")
    rules.check_meeting(fields, today=today)
    meeting = Meeting(id=uuid4(), body_id=body.id)
    _fill(session, meeting, fields, led)
    session.add(meeting)
    session.flush()
    agenda.open_agenda(session, meeting)
    _record(session, "planned", meeting, by)
    return meeting


def edit_meeting(
    session: Session,
    meeting_id: UUID,
    fields: MeetingFields,
    led: Led,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> Meeting:
    """Change day, hour, place or who leads; whoever was invited hears of it by a new invitation."""
    meeting = _led(session, meeting_id, by, today)
    check_version(meeting, seen)
    rules.check_ahead(meeting.state)
    rules.check_not_begun(is_written=is_written(session, meeting.id))
    rules.check_meeting(fields, today=today)
    _fill(session, meeting, fields, led)
    session.flush()
    _record(session, "edited", meeting, by)
    return meeting


def cancel_meeting(
    session: Session,
    meeting_id: UUID,
    reason: str,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> Meeting:
    """Call a meeting off; its points go on to the next, and whoever was invited gets a letter."""
    meeting = _led(session, meeting_id, by, today)
    check_version(meeting, seen)
    clean = rules.check_cancelling(meeting.state, reason)
    rules.check_not_begun(is_written=is_written(session, meeting.id))
    was_invited = meeting.state is MeetingState.INVITED
    meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, clean
    session.flush()
    for point in queries.list_points(session, meeting.id):
        if point.standing is None and point.postponed_on is None:
            agenda.postpone(session, point, clean, meeting, today=today)
    if was_invited:
        send_letters(session, meeting, by=by, now=now)
    _record(session, "cancelled", meeting, by)
    return meeting


def note_presence(
    session: Session,
    meeting_id: UUID,
    lines: Mapping[UUID, PresenceFields],
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> Meeting:
    """Note who was there, who was excused and who came instead.

    Parameters
    ----------
    lines : mapping
        Line of the attendance list by its identifier; others keep what they say.
    """
    meeting = _led(session, meeting_id, by, today)
    check_version(meeting, seen)
    if meeting.state is not MeetingState.HELD:
        rules.check_step(meeting.state, MeetingState.HELD)
    listed = queries.list_attendees(session, meeting.id)
    for line in listed:
        if line.id in lines:
            fields = rules.check_presence(lines[line.id])
            line.presence, line.substitute = fields.presence, fields.substitute
    n_present = rules.count_present([line.presence for line in listed])
    check_votes_fit(most_votes(session, meeting.id), n_present=n_present)
    meeting.attended_at = now
    session.flush()
    _record(session, "attended", meeting, by)
    return meeting


def hold_meeting(
    session: Session, meeting_id: UUID, *, seen: int, by: Actor, today: date
) -> Meeting:
    """Close a meeting: it was held, and its minutes wait for approval."""
    meeting = _led(session, meeting_id, by, today)
    check_version(meeting, seen)
    lines = [one.presence for one in queries.list_attendees(session, meeting.id)]
    rules.check_holding(
        meeting.state, on=meeting.on, today=today, n_present=rules.count_present(lines)
    )
    meeting.state = MeetingState.HELD
    session.flush()
    _record(session, "held", meeting, by)
    return meeting


def send_letters(session: Session, meeting: Meeting, *, by: Actor, now: datetime) -> int:
    """Ask for a letter to each attendee with a log-in; return how many go."""
    with_login = {
        one.seat_id
        for one in list_members(session, meeting.body_id, on=meeting.on)
        if one.person_id is not None
    }
    lines = [
        one for one in queries.list_attendees(session, meeting.id) if one.seat_id in with_login
    ]
    for line in lines:
        enqueue(
            session,
            LETTER,
            subject_id=line.id,
            by=by.person_id,
            now=now,
        )
    return len(lines)


def _fill(session: Session, meeting: Meeting, fields: MeetingFields, led: Led) -> None:
    seats = {one.seat_id for one in list_members(session, meeting.body_id, on=fields.on)}
    if not {led.chair_id, led.secretary_id} - {None} <= seats:
        raise Invalid(
            "meetings.leader_elsewhere",
            "Chair and secretary have a seat in the body on the day of the meeting. Choose again.",
        )
    meeting.on, meeting.starts, meeting.ends = fields.on, fields.starts, fields.ends
    meeting.place, meeting.link = fields.place.strip(), fields.link.strip()
    meeting.chair_id, meeting.secretary_id = led.chair_id, led.secretary_id
    meeting.language = fields.language


def _led(session: Session, meeting_id: UUID, by: Actor, today: date) -> Meeting:
    meeting = queries.get_meeting(session, meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    return meeting


def _record(session: Session, verb: str, meeting: Meeting, by: Actor) -> None:
    facts = {"on": meeting.on.isoformat()}
    record(
        session, f"meeting.{verb}", by=by.person_id, subject=f"meeting:{meeting.id}", facts=facts
    )
