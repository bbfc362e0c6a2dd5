"""The invitation: the pack is frozen, everybody with a seat is on the list, letters go out."""

from datetime import date, datetime
from uuid import UUID

from baken.actionplan.meetings import packs, queries, rules
from baken.actionplan.meetings.actions import send_letters
from baken.actionplan.meetings.models import AgendaPack, Attendee, Meeting
from baken.actionplan.meetings.packs import PackFile, PackPart
from baken.actionplan.meetings.people import check_may_lead, list_members
from baken.actionplan.meetings.rules import MeetingState, Presence
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def invite(
    session: Session,
    meeting_id: UUID,
    file: PackFile,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> AgendaPack:
    """Send the invitation, or send it again after something changed; keep the pack as it is.

    Parameters
    ----------
    file : PackFile
        The pack as made from the agenda of this moment.
    """
    meeting = queries.get_meeting(session, meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    check_version(meeting, seen)
    rules.check_inviting(meeting.state, on=meeting.on, today=today)
    n_listed = _list_attendees(session, meeting)
    packs.check_sending(
        n_points=len(queries.list_points(session, meeting.id)), n_attendees=n_listed
    )
    kept = _keep(session, meeting, file, by=by, today=today)
    meeting.state, meeting.invited_on = MeetingState.INVITED, today
    session.flush()
    n_letters = send_letters(session, meeting, by=by, now=now)
    record(
        session,
        "meeting.invited",
        by=by.person_id,
        subject=f"meeting:{meeting.id}",
        facts={"pack": kept.number, "sha256": kept.sha256, "letters": n_letters},
    )
    return kept


def parts_of(pack: AgendaPack) -> tuple[PackPart, ...]:
    """What stands in a pack that went out."""
    return tuple(PackPart(**part) for part in pack.parts)


def _keep(
    session: Session, meeting: Meeting, file: PackFile, *, by: Actor, today: date
) -> AgendaPack:
    before = queries.list_packs(session, meeting.id)
    changes = packs.changes_between(parts_of(before[-1]), file.parts) if before else ()
    kept = AgendaPack(
        meeting_id=meeting.id,
        number=len(before) + 1,
        made_on=today,
        made_by=by.person_id,
        content=file.content,
        sha256=file.sha256,
        parts=[
            {"key": part.key, "title": part.title, "sha256": part.sha256} for part in file.parts
        ],
        left_out=[
            {"title": one.title, "why": one.why.value, "names": list(one.names)}
            for one in file.left_out
        ],
        changes=[{"change": change.value, "title": title} for change, title in changes],
    )
    session.add(kept)
    session.flush()
    return kept


def _list_attendees(session: Session, meeting: Meeting) -> int:
    """Bring the list in line with who has a seat; who answered already keeps their line."""
    seats = {one.seat_id for one in list_members(session, meeting.body_id, on=meeting.on)}
    listed = {one.seat_id: one for one in queries.list_attendees(session, meeting.id)}
    for seat_id, line in listed.items():
        if seat_id not in seats and line.presence is Presence.EXPECTED:
            session.delete(line)
    for seat_id in sorted(seats - set(listed)):
        session.add(Attendee(meeting_id=meeting.id, seat_id=seat_id, presence=Presence.EXPECTED))
    session.flush()
    return len(seats)
