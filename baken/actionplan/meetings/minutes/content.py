"""Everything the minutes of a meeting say, as plain values: so they are approved and printed."""

from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.bodies.models import Body
from baken.actionplan.meetings import queries as meetings
from baken.actionplan.meetings.minutes import queries
from baken.actionplan.meetings.minutes.models import Decision, MeetingTask
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.people import seat_names
from baken.actionplan.references import find
from baken.organisation.models import Organisation
from baken.organisation.people import list_names
from baken.storage.session import Session


def minutes_now(session: Session, meeting: Meeting) -> tuple[dict[str, Any], date | None]:
    """Return what the minutes say, and since when they are approved: None while they are drawn up.

    Approved minutes are read as they were kept; until then they are read as they stand.
    """
    kept = queries.find_approved(session, meeting.id)
    if kept is None:
        return content_of(session, meeting), None
    return kept.content, kept.approved_on


def content_of(session: Session, meeting: Meeting) -> dict[str, Any]:
    """Return what the minutes say now.

    Keys: ``organisation``, ``body``, ``kind``, ``on``, ``starts``, ``ends``, ``place``, ``chair``,
    ``secretary``, ``language``, ``people`` (name, presence, substitute), ``approved`` (minutes of
    another meeting that this one approved: on, corrections), ``points`` (kind, standing, title,
    brought_by, said, postponed, decisions, tasks) and ``corrections``.
    """
    seats = seat_names(session)
    body = find(session, Body, meeting.body_id)
    place = session.get_one(Organisation, meeting.organisation_id)
    return {
        "organisation": place.name,
        "body": body.name,
        "kind": body.kind.value,
        "on": meeting.on.isoformat(),
        "starts": meeting.starts.isoformat("minutes"),
        "ends": meeting.ends.isoformat("minutes"),
        "place": meeting.place,
        "language": meeting.language,
        "chair": seats.get(meeting.chair_id, "") if meeting.chair_id else "",
        "secretary": seats.get(meeting.secretary_id, "") if meeting.secretary_id else "",
        "people": _people(session, meeting, seats),
        "approved": _approved(session, meeting),
        "points": _points(session, meeting),
        "corrections": [
            {"text": one.text, "asked_by": one.asked_by}
            for one in queries.list_corrections(session, meeting.id)
        ],
    }


def _approved(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    return [
        {"on": one.on.isoformat(), "corrections": len(queries.list_corrections(session, one.id))}
        for one in meetings.list_approved_at(session, meeting.id)
    ]


def _people(session: Session, meeting: Meeting, seats: dict[UUID, str]) -> list[dict[str, str]]:
    lines = meetings.list_attendees(session, meeting.id)
    found = [
        {
            "name": seats.get(one.seat_id, ""),
            "presence": one.presence.value,
            "substitute": one.substitute,
        }
        for one in lines
    ]
    return sorted(found, key=lambda one: one["name"].casefold())


def _points(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    points = meetings.list_points(session, meeting.id)
    said = queries.minutes_of(session, [one.id for one in points])
    decisions: dict[UUID, list[dict[str, Any]]] = {}
    for decision in queries.list_of_meeting(session, meeting.id):
        decisions.setdefault(decision.point_id, []).append(_decision(decision))
    names = dict(list_names(session))
    tasks: dict[UUID, list[dict[str, str]]] = {}
    for one in queries.list_tasks(session, meeting_id=meeting.id):
        tasks.setdefault(one.task.point_id, []).append(_task(one.task, names))
    return [
        _point(one, said[one.id].text, decisions.get(one.id, []), tasks.get(one.id, []))
        for one in points
    ]


def _point(
    point: AgendaPoint, said: str, decisions: list[dict[str, Any]], tasks: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "kind": point.kind.value,
        "standing": point.standing.value if point.standing else "",
        "title": point.title,
        "brought_by": point.brought_by,
        "said": said,
        "postponed": point.postponed_reason,
        "decisions": decisions,
        "tasks": tasks,
    }


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "by": one.decided_by.value,
        "in_favour": one.in_favour,
        "against": one.against,
        "abstained": one.abstained,
        "dissent": one.dissent,
    }


def _task(one: MeetingTask, names: dict[UUID, str]) -> dict[str, str]:
    who = names.get(one.person_id, "") if one.person_id else one.who
    return {"what": one.what, "who": who, "due_on": one.due_on.isoformat()}


def silent_points(content: dict[str, Any]) -> list[str]:
    """The points on which nothing was written and which did not go to the next meeting."""
    return [
        point["title"]
        for point in content["points"]
        if not (point["said"] or point["decisions"] or point["tasks"] or point["postponed"])
        and not point["standing"]
    ]
