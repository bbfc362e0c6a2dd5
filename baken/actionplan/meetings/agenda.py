"""The agenda: points are added, put in order, taken off, or go on to the next meeting."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from baken.actionplan.bodies.models import Topic
from baken.actionplan.bodies.topic_actions import put_on_agenda, take_off_agenda
from baken.actionplan.errors import Denied, Invalid
from baken.actionplan.meetings import points, queries
from baken.actionplan.meetings.minutes.models import PointMinutes
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.people import check_may_lead
from baken.actionplan.meetings.points import (
    About,
    Direction,
    PointFields,
    PointKind,
    Reference,
    Standing,
)
from baken.actionplan.meetings.rules import MeetingState, check_ahead
from baken.actionplan.references import find
from baken.organisation.permissions import Actor
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

STANDING_MINUTES = 5
COPIED = (
    *("kind", "title", "text", "brought_by", "minutes", "topic_id"),
    *(f"{about}_id" for about in About),
)


def add_point(
    session: Session,
    meeting_id: UUID,
    fields: PointFields,
    *,
    reads: Callable[[Reference], bool],
    by: Actor,
    today: date,
) -> AgendaPoint:
    """Put a point at the end of an agenda.

    Parameters
    ----------
    reads : callable
        Whether the person may read what a point is about: rooms to the right know.
    """
    meeting = _open_agenda(session, meeting_id, by, today)
    points.check_point(fields)
    point = AgendaPoint(meeting_id=meeting.id)
    _check_reads(point, fields, reads)
    _fill(point, fields)
    put_last(session, point)
    _record(session, "added", point, by)
    return point


def add_topic(
    session: Session, meeting_id: UUID, topic_id: UUID, *, seen: int, by: Actor, today: date
) -> AgendaPoint:
    """Put what somebody raised on an agenda, in their words."""
    meeting = _open_agenda(session, meeting_id, by, today)
    topic = put_on_agenda(session, topic_id, on=meeting.on, seen=seen, by=by, today=today)
    if topic.body_id != meeting.body_id:
        raise Invalid("meetings.topic_elsewhere", "This topic was raised with another body.")
    fields = PointFields(PointKind.DISCUSSION, topic.title, topic.text, topic.raised_name)
    point = AgendaPoint(meeting_id=meeting.id, topic_id=topic.id)
    _fill(point, fields)
    put_last(session, point)
    return point


def edit_point(
    session: Session,
    point_id: UUID,
    fields: PointFields,
    *,
    reads: Callable[[Reference], bool],
    seen: int,
    by: Actor,
    today: date,
) -> AgendaPoint:
    """Word a point otherwise; what it is about already stays, whoever words it."""
    point = queries.get_point(session, point_id)
    _open_agenda(session, point.meeting_id, by, today)
    check_version(point, seen)
    points.check_point(fields)
    _check_reads(point, fields, reads)
    _fill(point, fields)
    _record(session, "edited", point, by)
    return point


def remove_point(session: Session, point_id: UUID, *, seen: int, by: Actor, today: date) -> None:
    """Take a point off the agenda before the invitation says it is there.

    Afterwards it goes to the next meeting instead, with a reason.
    """
    point = queries.get_point(session, point_id)
    meeting = _open_agenda(session, point.meeting_id, by, today)
    check_version(point, seen)
    is_moved = point.postponed_on is not None or point.moved_from_id is not None
    points.check_removing(
        is_standing=point.standing is not None,
        was_postponed=is_moved,
        was_announced=meeting.state is not MeetingState.PLANNED,
    )
    session.delete(_minutes_of(session, point.id))
    session.flush()
    topic = find(session, Topic, point.topic_id) if point.topic_id else None
    session.delete(point)
    session.flush()
    if topic is None:
        _record(session, "removed", point, by)
    else:
        take_off_agenda(session, topic.id, seen=topic.version, by=by, today=today)


def move_point(session: Session, point_id: UUID, way: Direction, *, by: Actor, today: date) -> None:
    """Put a point one place higher or lower."""
    point = queries.get_point(session, point_id)
    _open_agenda(session, point.meeting_id, by, today)
    listed = queries.list_points(session, point.meeting_id)
    order = points.reordered([one.id for one in listed], point_id, way)
    places = {one_id: place for place, one_id in enumerate(order, start=1)}
    for one in listed:
        one.position = places[one.id]
    _record(session, "ordered", point, by)


def postpone_point(
    session: Session, point_id: UUID, reason: str, *, seen: int, by: Actor, today: date
) -> AgendaPoint | None:
    """Move a point to the next meeting; without one it waits, and comes first when one is planned.

    Returns
    -------
    AgendaPoint or None
        The point on the next agenda; None while no meeting is planned.
    """
    point = queries.get_point(session, point_id)
    meeting = queries.get_meeting(session, point.meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    if meeting.state is not MeetingState.HELD:
        check_ahead(meeting.state)
    check_version(point, seen)
    clean = points.check_postponing(
        reason,
        was_postponed=point.postponed_on is not None,
        is_standing=point.standing is not None,
    )
    next_one = postpone(session, point, clean, meeting, today=today)
    _record(session, "postponed", point, by)
    return next_one


def postpone(
    session: Session, point: AgendaPoint, reason: str, meeting: Meeting, *, today: date
) -> AgendaPoint | None:
    """Mark a point as moved on, and copy it where there is a next meeting."""
    point.postponed_on, point.postponed_reason = today, reason
    session.flush()
    ahead = queries.find_next(session, meeting)
    if point.topic_id is not None:
        find(session, Topic, point.topic_id).agenda_on = ahead.on if ahead is not None else None
    return continue_point(session, point, ahead.id) if ahead is not None else None


def continue_point(session: Session, point: AgendaPoint, meeting_id: UUID) -> AgendaPoint:
    """Put a point that was moved on at the end of another agenda."""
    copied = {name: getattr(point, name) for name in COPIED}
    copy = AgendaPoint(meeting_id=meeting_id, moved_from_id=point.id, **copied)
    put_last(session, copy)
    return copy


def open_agenda(session: Session, meeting: Meeting) -> None:
    """Begin an agenda with the standing points, and with what was moved on from before."""
    others = queries.list_meetings(session, meeting.body_id)
    goes_before = any(
        one.id != meeting.id and one.state is not MeetingState.CANCELLED and one.on <= meeting.on
        for one in others
    )
    if goes_before:
        for standing, kind in (
            (Standing.MINUTES, PointKind.DECISION),
            (Standing.DECIDED, PointKind.FOLLOW_UP),
        ):
            made = AgendaPoint(
                meeting_id=meeting.id, kind=kind, standing=standing, minutes=STANDING_MINUTES
            )
            put_last(session, made)
    for point in queries.list_waiting_points(session, meeting.body_id):
        if point.topic_id is not None:
            find(session, Topic, point.topic_id).agenda_on = meeting.on
        continue_point(session, point, meeting.id)


def put_last(session: Session, point: AgendaPoint) -> None:
    """Add a point at the end, with the place where its minutes are written."""
    point.position = queries.last_position(session, point.meeting_id) + 1
    point.id = uuid4()
    session.add(point)
    session.flush()
    session.add(PointMinutes(point_id=point.id))
    session.flush()


def _check_reads(
    point: AgendaPoint, fields: PointFields, reads: Callable[[Reference], bool]
) -> None:
    wanted = fields.reference
    if wanted is not None and wanted != queries.reference_of(point) and not reads(wanted):
        raise Denied(
            "meetings.subject_unreadable",
            "A point is about something that you may read yourself. Choose something else, or ask "
            "somebody who reads it to add the point.",
        )


def _fill(point: AgendaPoint, fields: PointFields) -> None:
    point.kind = fields.kind
    point.title = fields.title.strip()
    point.text = fields.text.strip()
    point.brought_by = fields.brought_by.strip()
    point.minutes = fields.minutes
    for about in About:
        is_it = fields.reference is not None and fields.reference.about is about
        setattr(point, f"{about}_id", fields.reference.id if is_it and fields.reference else None)


def _open_agenda(session: Session, meeting_id: UUID, by: Actor, today: date) -> Meeting:
    meeting = queries.get_meeting(session, meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    check_ahead(meeting.state)
    return meeting


def _minutes_of(session: Session, point_id: UUID) -> PointMinutes:
    return session.scalars(select(PointMinutes).where(PointMinutes.point_id == point_id)).one()


def _record(session: Session, verb: str, point: AgendaPoint, by: Actor) -> None:
    session.flush()
    record(session, f"agenda.{verb}", by=by.person_id, subject=f"meeting:{point.meeting_id}")
