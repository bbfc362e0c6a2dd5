"""The meetings of the demonstration: minutes that were approved, held, and a pack that went out."""

from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.rules import BodyKind
from baken.actionplan.bodies.seats import SeatRole
from baken.actionplan.meetings import actions, agenda, queries
from baken.actionplan.meetings.actions import Led
from baken.actionplan.meetings.inviting import invite
from baken.actionplan.meetings.minutes import actions as minutes
from baken.actionplan.meetings.minutes.approving import add_correction, approve_minutes
from baken.actionplan.meetings.minutes.queries import list_of_meeting, list_tasks, minutes_of
from baken.actionplan.meetings.minutes.rules import (
    Carried,
    DecidedBy,
    DecisionFields,
    TaskFields,
    TaskState,
    Votes,
)
from baken.actionplan.meetings.models import AgendaPoint, Attendee, Meeting
from baken.actionplan.meetings.people import list_members
from baken.actionplan.meetings.points import About, PointFields, PointKind, Reference
from baken.actionplan.meetings.rules import MeetingFields, Presence, PresenceFields
from baken.actionplan.plans.models import AnnualPlan
from baken.analysis.releases.models import Release
from baken.organisation.models import Person
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, spoken
from baken.web.pages.meeting_pack import make_pack
from baken.web.pages.meeting_subjects import may_choose

_BEFORE = timedelta(days=10)
_PREPARED = timedelta(days=14)
_FRIDAY = 4


def meet(database: Database, house: House, days: Days) -> None:
    """Tell all of it."""
    story = read_story("meetings")
    with database.session(house.id) as session:
        told = _Told(session, house, days)
        committee, steering = (
            session.scalars(select(Body).where(Body.kind == kind)).first()
            for kind in (BodyKind.COMMITTEE, BodyKind.STEERING_GROUP)
        )
        if committee is None or steering is None:
            raise LookupError("The groups of the demonstration come before their meetings.")
        first = told.plan(committee, story["committee"], story["committee"]["first"])
        told.hold(first, story["committee"]["first"])
        second = told.plan(committee, story["committee"], story["committee"]["second"])
        told.send(second, told.day(story["committee"]["second"]["on"]) - _BEFORE)
        told.approve(first, second, story["committee"]["first"])
        told.hold(second, story["committee"]["second"], is_sent=True)
        third = told.plan(committee, story["committee"], story["committee"]["third"])
        told.send(third, told.day(story["committee"]["third"]["sent"]))
        told.plan(steering, story["steering"], story["steering"])


class _Told:
    """One after the other, each on its day."""

    def __init__(self, session: Session, house: House, days: Days) -> None:
        self.session = session
        self.house = house
        self.days = days
        self.by: Actor = house.people[Role.PREVENTION_ADVISER]

    def day(self, n: int) -> date:
        """The day so many days from now; the Friday before where that is in a weekend."""
        day = self.days.today + timedelta(days=n)
        return day - timedelta(days=max(0, day.weekday() - _FRIDAY))

    def plan(self, body: Body, told: Any, one: Any) -> Meeting:
        """Plan a meeting two weeks before, and write its points."""
        on = self.day(one["on"])
        today = min(on - _PREPARED, self.days.today)
        members = list_members(self.session, body.id, on=on)
        seats = {member.role.value: member.seat_id for member in members}
        fields = MeetingFields(
            body_id=body.id,
            on=on,
            starts=time.fromisoformat(told["starts"]),
            ends=time.fromisoformat(told["ends"]),
            place=told["place"],
            link=told.get("link", ""),
            language=spoken(),
        )
        led = Led(seats.get("chair"), seats.get("secretary"))
        meeting = actions.plan_meeting(self.session, fields, led, by=self.by, today=today)
        for point in one["points"]:
            agenda.add_point(
                self.session,
                meeting.id,
                self._point(point),
                reads=partial(may_choose, self.session, by=self.by, today=today),
                by=self.by,
                today=today,
            )
        return meeting

    def _point(self, told: Any) -> PointFields:
        about = About(told["about"]) if "about" in told else None
        return PointFields(
            kind=PointKind(told["kind"]),
            title=told["title"],
            text=told["text"],
            brought_by=told["brought_by"],
            minutes=told["minutes"],
            reference=Reference(about, self._newest(about)) if about else None,
        )

    def _newest(self, about: About) -> UUID:
        if about is About.RELEASE:
            asked = select(Release.id).order_by(Release.created_on.desc(), Release.id)
        else:
            asked = select(AnnualPlan.id).order_by(AnnualPlan.starts_on.desc())
        return self.session.scalars(asked).first() or UUID(int=0)

    def send(self, meeting: Meeting, today: date) -> None:
        """Send the invitation with its pack."""
        file = make_pack(self.session, meeting, static_root="", today=today)
        invite(
            self.session,
            meeting.id,
            file,
            seen=meeting.version,
            by=self.by,
            today=today,
            now=morning(today),
        )

    def hold(self, meeting: Meeting, told: Any, *, is_sent: bool = False) -> None:
        """Invite, note who was there, write, and close."""
        if not is_sent:
            self.send(meeting, meeting.on - _BEFORE)
        lines = queries.list_attendees(self.session, meeting.id)
        lines_of = {line.id: PresenceFields(Presence.PRESENT) for line in lines}
        if lines:
            lines_of[max(lines, key=self._missed).id] = PresenceFields(Presence.EXCUSED)
        actions.note_presence(
            self.session,
            meeting.id,
            lines_of,
            seen=meeting.version,
            by=self.by,
            today=meeting.on,
            now=morning(meeting.on),
        )
        titles = {one.title: one for one in queries.list_points(self.session, meeting.id)}
        for one in told["points"]:
            self._write(meeting, titles[one["title"]], one)
        actions.hold_meeting(
            self.session, meeting.id, seen=meeting.version, by=self.by, today=meeting.on
        )

    def _missed(self, line: Attendee) -> tuple[bool, bool, str]:
        """Who stays away, the same one every time: a member before chair or secretary."""
        seat = self.session.get_one(Seat, line.seat_id)
        person = self.session.get(Person, seat.person_id) if seat.person_id else None
        return seat.role == SeatRole.MEMBER, person is None, person.name if person else seat.name

    def _write(self, meeting: Meeting, point: AgendaPoint, told: Any) -> None:
        on = meeting.on
        if "postponed" in told:
            agenda.postpone_point(
                self.session,
                point.id,
                told["postponed"],
                seen=point.version,
                by=self.by,
                today=on,
            )
            return
        row = minutes_of(self.session, [point.id])[point.id]
        minutes.write_minutes(
            self.session,
            point.id,
            told["said"],
            seen=row.version,
            by=self.by,
            today=on,
            now=morning(on),
        )
        if "decision" in told:
            minutes.add_decision(self.session, point.id, _decision(told), by=self.by, today=on)
        if "task" in told:
            minutes.add_task(self.session, point.id, self._task(told), by=self.by, today=on)

    def _task(self, told: Any) -> TaskFields:
        person = self.house.people[Role(told["person"])].person_id if "person" in told else None
        return TaskFields(told["task"], told.get("who", ""), self.day(told["due"]), person)

    def approve(self, first: Meeting, second: Meeting, told: Any) -> None:
        """Correct and approve the minutes of one meeting at the next; close what it left."""
        on = second.on
        now = morning(on)
        add_correction(
            self.session,
            first.id,
            told["correction"],
            told["asked_by"],
            by=self.by,
            today=on,
            now=now,
        )
        approve_minutes(self.session, first.id, second.id, seen=first.version, by=self.by, today=on)
        for decision in list_of_meeting(self.session, first.id):
            minutes.note_decision(
                self.session,
                decision.id,
                Carried.CARRIED_OUT,
                told["note"],
                by=self.by,
                today=on,
                now=now,
            )
        for one in list_tasks(self.session, meeting_id=first.id):
            minutes.note_task(
                self.session,
                one.task.id,
                TaskState.DONE,
                told["note"],
                seen=one.task.version,
                by=self.by,
                today=on,
                now=now,
            )


def _decision(told: Any) -> DecisionFields:
    votes = Votes(told.get("in_favour", 0), told.get("against", 0), told.get("abstained", 0))
    return DecisionFields(told["decision"], DecidedBy(told["by"]), votes, told.get("dissent", ""))
