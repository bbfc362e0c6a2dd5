"""What pages show of meetings: values and words, never rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body, Topic
from baken.actionplan.bodies.reach import leads as leads_body
from baken.actionplan.bodies.reach import list_own_seats
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.bodies.topics import TopicState
from baken.actionplan.meetings import queries
from baken.actionplan.meetings.models import AgendaPack, AgendaPoint, Meeting
from baken.actionplan.meetings.packs import LeftOut, Why
from baken.actionplan.meetings.people import list_led_bodies, may_lead, may_see, seat_names
from baken.actionplan.meetings.points import About
from baken.actionplan.meetings.rules import AHEAD
from baken.actionplan.meetings.terms import Warned, warnings
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.documents.meeting_pages import point_title
from baken.web.pages.meeting_pack import said_change, said_left_out
from baken.web.pages.meeting_subjects import name_of, path_of
from baken.web.texts import Catalogue, catalogue


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list."""

    id: UUID
    body_id: UUID
    body: str
    on: date
    starts: str
    ends: str
    place: str
    state: str
    version: int

    @classmethod
    def of(cls, meeting: Meeting, names: Mapping[UUID, str]) -> "MeetingRow":
        return cls(
            meeting.id,
            meeting.body_id,
            names[meeting.body_id],
            meeting.on,
            meeting.starts.isoformat("minutes"),
            meeting.ends.isoformat("minutes"),
            meeting.place or meeting.link,
            meeting.state.value,
            meeting.version,
        )


@dataclass(frozen=True, slots=True)
class PointView:
    """A point on the agenda of a page; `about_path` leads to what it is about."""

    id: UUID
    number: int
    title: str
    kind: str
    text: str
    brought_by: str
    minutes: int
    about: str
    about_kind: str
    about_path: str
    is_standing: bool
    postponed_why: str
    moved_why: str
    version: int
    consultation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic that waits to be put on the agenda."""

    id: UUID
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack that went out."""

    number: int
    made_on: date
    sha256: str
    changes: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting on its own page."""

    row: MeetingRow
    place: str
    link: str
    chair: str
    secretary: str
    cancelled_reason: str
    invited_on: date | None
    approved_on: date | None
    may_lead: bool
    is_ahead: bool
    has_come: bool
    is_ahead_of_today: bool
    points: tuple[PointView, ...]
    n_minutes: int
    topics: tuple[TopicView, ...]
    packs: tuple[PackView, ...]
    cautions: tuple[Warned, ...]


def body_names(session: Session) -> dict[UUID, str]:
    """The name of every body."""
    return {body.id: body.name for body in session.scalars(select(Body))}


def meetings_of(
    session: Session, body: Body, *, by: Actor, today: date, language: str
) -> Mapping[str, Any]:
    """Return what the page of a body shows: its meetings, and whether one may be planned."""
    names = {body.id: body.name}
    found = queries.list_meetings(session, body.id)
    seen = [one for one in found if may_see(session, one, by=by, today=today)]
    return {
        "rows": tuple(MeetingRow.of(one, names) for one in seen),
        "body_id": body.id,
        "may_plan": body.state is not BodyState.ENDED
        and body.id in list_led_bodies(session, by=by, today=today),
    }


def meeting_view(
    session: Session, meeting: Meeting, *, by: Actor, today: date, language: str
) -> MeetingView:
    """A meeting as this reader may see it."""
    seats = seat_names(session)
    t = catalogue(language)
    leads = may_lead(
        session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id
    )
    points = point_views(session, meeting, language)
    return MeetingView(
        row=MeetingRow.of(meeting, body_names(session)),
        place=meeting.place,
        link=meeting.link,
        chair=seats.get(meeting.chair_id, "") if meeting.chair_id else "",
        secretary=seats.get(meeting.secretary_id, "") if meeting.secretary_id else "",
        cancelled_reason=meeting.cancelled_reason,
        invited_on=meeting.invited_on,
        approved_on=meeting.approved_on,
        may_lead=leads,
        is_ahead=meeting.state in AHEAD,
        has_come=meeting.on <= today,
        is_ahead_of_today=meeting.on >= today,
        points=points,
        n_minutes=sum(one.minutes for one in points if not one.postponed_why),
        topics=_topics(session, meeting, by=by, today=today) if leads else (),
        packs=tuple(_pack(one, t) for one in queries.list_packs(session, meeting.id)),
        cautions=_cautions(session, meeting, today) if leads else (),
    )


def point_views(session: Session, meeting: Meeting, language: str) -> tuple[PointView, ...]:
    """The agenda of a meeting; what was moved on keeps its number, as in pack and minutes."""
    points = queries.list_points(session, meeting.id)
    return tuple(
        _point(session, point, number, language) for number, point in enumerate(points, start=1)
    )


def _point(session: Session, point: AgendaPoint, number: int, language: str) -> PointView:
    reference = queries.reference_of(point)
    before = queries.get_point(session, point.moved_from_id) if point.moved_from_id else None
    standing = point.standing.value if point.standing else ""
    return PointView(
        id=point.id,
        number=number,
        title=point_title(standing, point.title, catalogue(language)),
        kind=point.kind.value,
        text=point.text,
        brought_by=point.brought_by,
        minutes=point.minutes,
        about=name_of(session, reference, language) if reference else "",
        about_kind=reference.about.value if reference else "",
        about_path=path_of(session, reference) if reference else "",
        is_standing=bool(standing),
        postponed_why=point.postponed_reason,
        moved_why=before.postponed_reason if before else "",
        version=point.version,
        consultation_id=point.consultation_id,
    )


def _topics(session: Session, meeting: Meeting, *, by: Actor, today: date) -> tuple[TopicView, ...]:
    """Topics that were raised with the body, for whoever leads it: others do not read them."""
    body = session.get_one(Body, meeting.body_id)
    own = list_own_seats(session, by=by, today=today)
    if meeting.state not in AHEAD or not leads_body(body, own, by=by):
        return ()
    asked = select(Topic).where(Topic.body_id == body.id, Topic.state == TopicState.RAISED)
    found = session.scalars(asked.order_by(Topic.raised_on, Topic.title, Topic.id))
    return tuple(TopicView(one.id, one.title, one.version) for one in found)


def _pack(pack: AgendaPack, t: Catalogue) -> PackView:
    return PackView(
        pack.number,
        pack.made_on,
        pack.sha256,
        tuple(said_change(one["change"], one["title"], t) for one in pack.changes),
        tuple(
            said_left_out(LeftOut(one["title"], Why(one["why"]), tuple(one["names"])), t)
            for one in pack.left_out
        ),
    )


def _cautions(session: Session, meeting: Meeting, today: date) -> tuple[Warned, ...]:
    if meeting.state not in AHEAD:
        return ()
    body = session.get_one(Body, meeting.body_id)
    meetings = queries.list_meetings(session, meeting.body_id)
    points = queries.list_points(session, meeting.id)
    return warnings(
        body.kind.value,
        on=meeting.on,
        sends_on=meeting.invited_on or today,
        last_on=queries.day_of_last(meetings, meeting.body_id, before=meeting.on),
        has_report=any(
            (reference := queries.reference_of(one)) is not None and reference.about is About.REPORT
            for one in points
        ),
    )
