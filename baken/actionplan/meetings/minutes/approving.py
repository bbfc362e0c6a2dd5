"""Corrections to minutes, and their approval at a later meeting: from then on they stay."""

from datetime import date, datetime
from uuid import UUID

from baken.actionplan.meetings import queries as meetings
from baken.actionplan.meetings.minutes import rules
from baken.actionplan.meetings.minutes.content import content_of, silent_points
from baken.actionplan.meetings.minutes.models import ApprovedMinutes, MinutesCorrection
from baken.actionplan.meetings.minutes.rules import Sitting
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import check_may_lead
from baken.actionplan.meetings.rules import MeetingState
from baken.actionplan.wording import check_title
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_correction(
    session: Session,
    meeting_id: UUID,
    text: str,
    asked_by: str,
    *,
    by: Actor,
    today: date,
    now: datetime,
) -> MinutesCorrection:
    """Note what has to be said otherwise; it stands beneath the minutes, with who asked."""
    meeting = _led(session, meeting_id, by, today)
    clean = rules.check_correction(meeting.state, text)
    row = MinutesCorrection(
        meeting_id=meeting.id,
        text=clean,
        asked_by=check_title(asked_by) if asked_by.strip() else "",
        noted_at=now,
        noted_by=by.person_id,
    )
    session.add(row)
    session.flush()
    record(session, "minutes.corrected", by=by.person_id, subject=f"meeting:{meeting.id}")
    return row


def approve_minutes(
    session: Session,
    meeting_id: UUID,
    at_id: UUID,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> ApprovedMinutes:
    """Keep the minutes as a later meeting approved them, corrections beneath.

    Parameters
    ----------
    at_id : UUID
        The meeting that approved them.
    """
    meeting = _led(session, meeting_id, by, today)
    check_version(meeting, seen)
    content = content_of(session, meeting)
    rules.check_approving(
        _sitting(meeting),
        _sitting(meetings.get_meeting(session, at_id)),
        today=today,
        silent=silent_points(content),
    )
    kept = ApprovedMinutes(
        meeting_id=meeting.id,
        approved_on=today,
        approved_by=by.person_id,
        content=content,
        sha256=rules.fingerprint(content),
    )
    session.add(kept)
    meeting.state, meeting.approved_on = MeetingState.APPROVED, today
    meeting.approved_at_id = at_id
    session.flush()
    record(
        session,
        "minutes.approved",
        by=by.person_id,
        subject=f"meeting:{meeting.id}",
        facts={"sha256": kept.sha256, "corrections": len(content["corrections"])},
    )
    return kept


def _sitting(meeting: Meeting) -> Sitting:
    return Sitting(meeting.id, meeting.body_id, meeting.on, meeting.state)


def _led(session: Session, meeting_id: UUID, by: Actor, today: date) -> Meeting:
    meeting = meetings.lock_meeting(session, meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    return meeting
