"""Meetings on both databases: from a plan and a pack to approved minutes that nobody changes."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from baken.actionplan.bodies import actions as bodies
from baken.actionplan.bodies import seat_actions
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.models import Seat
from baken.actionplan.bodies.queries import get_body
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.actionplan.bodies.topic_actions import raise_topic
from baken.actionplan.bodies.topics import TopicFields, TopicState
from baken.actionplan.errors import Denied, Invalid, InvalidTransition
from baken.actionplan.meetings import actions, agenda, feed, inviting, queries, waiting
from baken.actionplan.meetings.actions import Led
from baken.actionplan.meetings.minutes import actions as writing
from baken.actionplan.meetings.minutes import approving
from baken.actionplan.meetings.minutes.content import minutes_now
from baken.actionplan.meetings.minutes.models import ApprovedMinutes, MinutesRewritten
from baken.actionplan.meetings.minutes.queries import list_decisions, list_tasks, minutes_of
from baken.actionplan.meetings.minutes.rules import (
    Carried,
    DecidedBy,
    DecisionFields,
    TaskFields,
    Votes,
    check_intact,
    fingerprint,
)
from baken.actionplan.meetings.models import AgendaPack, PackRewritten
from baken.actionplan.meetings.packs import PackFile, Why
from baken.actionplan.meetings.people import (
    check_may_see,
    find_receiver,
    list_led_bodies,
    list_members,
)
from baken.actionplan.meetings.points import About, PointFields, PointKind, Reference, Standing
from baken.actionplan.meetings.rules import MeetingFields, MeetingState, Presence, PresenceFields
from baken.organisation.permissions import Grant, Role
from baken.storage.base import EditedMeanwhile
from baken.web.documents.meeting_pages import minutes_in_words
from baken.web.pages.meeting_documents import check_reads_parts
from baken.web.pages.meeting_pack import gather, is_agenda_changed, make_pack
from baken.web.pages.meeting_subjects import may_choose
from baken.web.pages.meeting_views import point_views

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def at(day):
    return datetime.combine(day, time(9), UTC)


@pytest.fixture
def group(house):
    """A steering group of a chair with a log-in and somebody without one."""
    given = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        fields = BodyFields(kind=BodyKind.STEERING_GROUP, name="Stuurgroep", from_on=TODAY - DAY)
        body = bodies.set_up_body(session, fields, by=house.adviser)
        for values in (
            {"person_id": house.people[Role.STEERING_MEMBER].person_id, "role": SeatRole.CHAIR},
            {"name": "Jo Zonder", "role": SeatRole.MEMBER},
        ):
            seat = SeatFields(side=Side.WORKERS, from_on=TODAY - DAY, **values)
            seat_actions.add_seat(session, body.id, seat, **given)
        bodies.start_body(session, body.id, seen=body.version, **given)
        return body.id


def plan(session, house, group, on):
    fields = MeetingFields(group, on, time(14), time(15), place="Zaal", language="nl")
    return actions.plan_meeting(session, fields, Led(), by=house.adviser, today=TODAY)


def add(session, house, meeting, title, **changes):
    fields = PointFields(PointKind.DISCUSSION, title, **changes)
    given = {"by": house.adviser, "today": TODAY}
    reads = partial(may_choose, session, **given)
    return agenda.add_point(session, meeting.id, fields, reads=reads, **given)


def send(session, house, meeting, today=TODAY, file=None):
    session.flush()
    file = file or make_pack(session, meeting, static_root="", today=today)
    given = {"seen": meeting.version, "by": house.adviser, "today": today, "now": at(today)}
    return inviting.invite(session, meeting.id, file, **given)


def hold(session, house, meeting):
    given = {"by": house.adviser, "today": meeting.on}
    lines = {
        line.id: PresenceFields(Presence.PRESENT)
        for line in queries.list_attendees(session, meeting.id)
    }
    noted = {"seen": meeting.version, "now": at(meeting.on), **given}
    actions.note_presence(session, meeting.id, lines, **noted)
    actions.hold_meeting(session, meeting.id, seen=meeting.version, **given)


def test_from_the_agenda_to_approved_minutes(house, group):
    by = house.adviser
    with house.session() as session:
        first = plan(session, house, group, TODAY + 10 * DAY)
        rosters = add(session, house, first, "Roosters")
        later = add(session, house, first, "Opleiding")
        topic = raise_topic(session, TopicFields(body_id=group, title="Lawaai"), by=by, today=TODAY)
        agenda.add_topic(session, first.id, topic.id, seen=topic.version, by=by, today=TODAY)
        assert topic.state is TopicState.ON_AGENDA
        send(session, house, first, file=PackFile(b"as it was", ()))
        on = first.on
        given = {"by": by, "today": on}

        # Two people at one point: the second sees that something changed, and nothing is lost.
        row = minutes_of(session, [rosters.id])[rosters.id]
        seen = row.version
        writing.write_minutes(session, rosters.id, "Eerst.", seen=seen, now=at(on), **given)
        with pytest.raises(EditedMeanwhile):
            writing.write_minutes(session, rosters.id, "Anders.", seen=seen, now=at(on), **given)
        with pytest.raises(Invalid):  # nobody was noted as present yet
            votes = DecisionFields("Drie weken vooruit", DecidedBy.VOTE, Votes(2, 0, 0))
            writing.add_decision(session, rosters.id, votes, **given)
        agreed = DecisionFields("Drie weken vooruit", DecidedBy.CONSENSUS)
        decision = writing.add_decision(session, rosters.id, agreed, **given)
        me = house.people[Role.STEERING_MEMBER]
        task = TaskFields("Nagaan", "", on + 5 * DAY, me.person_id)
        task = writing.add_task(session, rosters.id, task, **given)
        why = "Cijfers ontbreken"
        moved = agenda.postpone_point(session, later.id, why, seen=later.version, **given)
        assert moved is None
        with pytest.raises(InvalidTransition):
            agenda.postpone_point(session, later.id, "Nog eens", seen=later.version, **given)
        for act, told, more in (
            (actions.cancel_meeting, ("Ziekte",), {"now": at(on)}),
            (actions.edit_meeting, (None, Led()), {}),
        ):
            with pytest.raises(InvalidTransition) as begun:  # something was written of it
                act(session, first.id, *told, seen=first.version, **given, **more)
            assert begun.value.key == "meetings.meeting_begun"
        # What was moved on keeps its number: on the screen, in a pack and in the minutes.
        told = {one.title: one.number for one in point_views(session, first, "nl")}
        assert told == {"Roosters": 1, "Opleiding": 2, "Lawaai": 3}
        cover = gather(session, first, static_root="", today=on).cover
        assert {one.title: one.number for one in cover.points} == told
        assert [one["title"] for one in minutes_now(session, first)[0]["points"]] == list(told)
        hold(session, house, first)

        # A letter goes to whoever sits there on the day of the meeting, also when it goes late.
        (line,) = (
            one for one in queries.list_attendees(session, first.id)
            if find_receiver(session, one, first)
        )  # fmt: skip
        seat = session.get_one(Seat, line.seat_id)
        seat.until_on = on - DAY
        assert find_receiver(session, line, first) is None
        seat.until_on = None

        second = plan(session, house, group, TODAY + 30 * DAY)
        points = queries.list_points(session, second.id)
        assert [one.standing for one in points] == [Standing.MINUTES, Standing.DECIDED, None]
        assert points[-1].title == "Opleiding"
        pack = send(session, house, second, today=on)
        told = PdfReader(io.BytesIO(pack.content))
        words = "".join(page.extract_text() for page in told.pages)
        assert all(one in words for one in ("Drie weken vooruit", "Nagaan", why))

        approved = {"seen": first.version, "by": by, "today": second.on}
        with pytest.raises(Invalid) as silent:  # nothing was written on the topic
            approving.approve_minutes(session, first.id, second.id, **approved)
        assert silent.value.key == "meetings.points_silent"
        noise = queries.list_points(session, first.id)[-1]
        row = minutes_of(session, [noise.id])[noise.id]
        writing.write_minutes(
            session, noise.id, "Gehoord.", seen=row.version, by=by, today=on, now=at(on)
        )
        approving.add_correction(
            session, first.id, "Het was vrijdag.", "Jo Zonder", by=by, today=on, now=at(on)
        )
        kept = approving.approve_minutes(session, first.id, second.id, **approved)
        assert kept.content["corrections"][0]["text"] == "Het was vrijdag."
        # The minutes of the meeting that approved them say so.
        told, _ = minutes_now(session, second)
        assert told["approved"] == [{"on": first.on.isoformat(), "corrections": 1}]
        (standing, *_) = minutes_in_words(told, "nl")["points"]
        assert standing["approved"] == [
            "Goedgekeurd: het verslag van 12\u00a0maart 2026, met 1 correctie."
        ]
        with pytest.raises(InvalidTransition):
            writing.write_minutes(session, noise.id, "x", seen=2, now=at(on), **given)
        noted = {"by": by, "today": on, "now": at(on)}
        writing.note_decision(session, decision.id, Carried.CARRIED_OUT, "", **noted)
        assert [one.carried for one in list_decisions(session)] == [Carried.CARRIED_OUT]

        stalled = on + 45 * DAY
        kinds = {one.kind for one in waiting.list_waiting(session, by=by, today=stalled)}
        assert {"meeting_task_stalled", "meeting_to_hold"} <= kinds
        mine = waiting.list_waiting(session, by=me, today=on)
        assert {one.kind for one in mine} >= {"meeting_task"}
        days = feed.list_appointments(session, by=me, today=on)
        assert {one.occasion.value for one in days} == {"meeting", "meeting_task"}
        assert [one.task.id for one in list_tasks(session, is_open=True)] == [task.id]
        # The role of the group opens none of its meetings: a seat does.
        steering = frozenset({Grant(Role.STEERING_MEMBER)})
        for outside in (Role.CPBW_MEMBER, Role.HR):
            with pytest.raises(Denied):
                reader = replace(house.people[outside], grants=steering)
                check_may_see(session, first, by=reader, today=on)
    with house.session() as session:
        kept = session.get_one(ApprovedMinutes, kept.id)
        kept.sha256 = "0" * 64
        with pytest.raises(MinutesRewritten):
            session.flush()
        session.rollback()
    for table in (ApprovedMinutes, AgendaPack):
        for act in (update(table).values(sha256="x"), delete(table)):
            with house.session() as session:
                with pytest.raises(DBAPIError, match="stays as it is"):
                    session.execute(act)
                session.rollback()


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_an_adviser_leads_meetings_of_the_workers_only_with_a_seat_there(house, group):
    by, contact = house.adviser, house.people[Role.MAIN_CONTACT]
    fields = BodyFields(kind=BodyKind.COMMITTEE, name="CPBW", from_on=TODAY)
    with house.session() as session:
        committee = bodies.set_up_body(session, fields, by=by)
        assert list_led_bodies(session, by=by, today=TODAY) == {group}
        with pytest.raises(Denied):
            plan(session, house, committee.id, TODAY)
        seat = SeatFields(
            person_id=by.person_id, role=SeatRole.ADVISER, side=Side.EXPERT, from_on=TODAY
        )
        seat_actions.add_seat(session, committee.id, seat, by=contact, today=TODAY)
        meeting = plan(session, house, committee.id, TODAY)
        check_may_see(session, meeting, by=by, today=TODAY)


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_pack_holds_what_everybody_may_read_and_says_what_not(house, group):
    with house.session() as session:
        meeting = plan(session, house, group, TODAY + 10 * DAY)
        for title, about, subject in (
            ("Het plan", About.GLOBAL_PLAN, house.global_plan_id),
            ("Het jaar", About.ANNUAL_PLAN, house.annual_plan_id),
        ):
            add(session, house, meeting, title, reference=Reference(about, subject))
        pack = send(session, house, meeting)
        assert pack.left_out == []
        assert not is_agenda_changed(session, meeting, static_root="")
        told = PdfReader(io.BytesIO(pack.content))
        assert "1" in told.pages[0].extract_text()
        tops = [one.title for one in told.outline if not isinstance(one, list)]
        assert tops[1:] == ["1. Het plan", "2. Het jaar"]
        assert any(
            isinstance(one, list) for one in told.outline
        )  # documents stand below their point
        last = told.pages[-1].extract_text()
        assert f"{len(told.pages)} van {len(told.pages)}" in last

        add(session, house, meeting, "Rondvraag")
        assert is_agenda_changed(session, meeting, static_root="")

        # Somebody who may read no plans may come instead: the documents stay out, for everybody.
        outsider = house.people[Role.ADMINISTRATOR]
        (chair, *_) = list_members(session, group, on=TODAY)
        seat = SeatFields(
            person_id=outsider.person_id,
            role=SeatRole.GUEST,
            side=Side.EXPERT,
            from_on=TODAY,
            substitute_of_id=chair.seat_id,
        )
        seat_actions.add_seat(session, group, seat, by=house.adviser, today=TODAY)
        second = send(session, house, meeting, today=TODAY + DAY)
        assert second.number == 2
        assert {one["why"] for one in second.left_out} == {Why.NOT_READABLE.value}
        assert {one["change"] for one in second.changes} == {"gone", "new"}
        assert not is_agenda_changed(session, meeting, static_root="")
        first = queries.list_packs(session, meeting.id)[0]
        # What went out before they came stays closed to them; the others open it as it was.
        body = get_body(session, group)
        check_reads_parts(session, inviting.parts_of(second), body, by=outsider)
        check_reads_parts(session, inviting.parts_of(first), body, by=house.adviser)
        with pytest.raises(Denied) as refused:
            check_reads_parts(session, inviting.parts_of(first), body, by=outsider)
        assert refused.value.key == "meetings.pack_unreadable"
        first.sha256 = "x"
        with pytest.raises(PackRewritten):
            session.flush()
        session.rollback()


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_point_is_about_what_its_author_reads_and_votes_are_of_those_present(house, group):
    with house.session() as session:
        meeting = plan(session, house, group, TODAY)
        given = {"by": house.adviser, "today": TODAY}
        plain = PointFields(PointKind.DISCUSSION, "Het plan")
        told = replace(plain, reference=Reference(About.GLOBAL_PLAN, house.global_plan_id))
        with pytest.raises(Denied) as unread:
            agenda.add_point(session, meeting.id, told, reads=lambda _: False, **given)
        assert unread.value.key == "meetings.subject_unreadable"
        point = add(session, house, meeting, "Leeg")
        change = {"seen": point.version, "reads": lambda _: False, **given}
        with pytest.raises(Denied):
            agenda.edit_point(session, point.id, told, **change)
        session.refresh(point)
        assert queries.reference_of(point) is None
        agenda.edit_point(session, point.id, told, **{**change, "reads": lambda _: True})
        # What a point is about already stays when somebody else words it.
        change["seen"] = point.version
        agenda.edit_point(session, point.id, replace(told, title="Anders"), **change)

        send(session, house, meeting, file=PackFile(b"as it was", ()))
        hold(session, house, meeting)
        votes = DecisionFields("Vooruit", DecidedBy.VOTE, Votes(2, 0, 0))
        writing.add_decision(session, point.id, votes, **given)
        session.commit()
        (line, _) = queries.list_attendees(session, meeting.id)
        fewer = {line.id: PresenceFields(Presence.ABSENT)}
        noted = {"seen": meeting.version, "now": at(TODAY), **given}
        with pytest.raises(Invalid) as counted:
            actions.note_presence(session, meeting.id, fewer, **noted)
        assert counted.value.key == "meetings.votes_too_many"
        session.rollback()


def test_approved_minutes_that_were_changed_are_not_shown():
    content = {"points": ["Gezegd."]}
    check_intact(content, fingerprint(content))
    with pytest.raises(InvalidTransition) as changed:
        check_intact({"points": ["Anders."]}, fingerprint(content))
    assert changed.value.key == "meetings.minutes_not_intact"


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_a_meeting_called_off_loses_no_point(house, group):
    with house.session() as session:
        meeting = plan(session, house, group, TODAY + 10 * DAY)
        add(session, house, meeting, "Roosters")
        given = {"seen": meeting.version, "by": house.adviser, "today": TODAY, "now": at(TODAY)}
        with pytest.raises(InvalidTransition) as late:
            send(session, house, meeting, meeting.on + DAY, PackFile(b"late", ()))
        assert late.value.key == "meetings.invite_passed"
        actions.cancel_meeting(session, meeting.id, "Ziekte", **given)
        assert meeting.state is MeetingState.CANCELLED
        following = plan(session, house, group, TODAY + 20 * DAY)
        assert [one.title for one in queries.list_points(session, following.id)] == ["Roosters"]


@pytest.mark.parametrize("database", ["postgresql_url"], indirect=True)
def test_what_is_written_while_minutes_are_approved_is_refused_and_not_lost(house, group):
    with house.session() as session:
        first = plan(session, house, group, TODAY)
        point = add(session, house, first, "Roosters")
        send(session, house, first, file=PackFile(b"as it was", ()))
        second = plan(session, house, group, TODAY)
        add(session, house, second, "Opleiding")
        send(session, house, second, file=PackFile(b"as it was", ()))
        given = {"by": house.adviser, "today": TODAY, "now": at(TODAY)}
        writing.write_minutes(session, point.id, "Gezegd.", seen=1, **given)
        hold(session, house, first)
        first_id, second_id, seen = first.id, second.id, first.version

    def correct():
        with house.session() as other:
            approving.add_correction(other, first_id, "Het was vrijdag.", "Jo", **given)

    with ThreadPoolExecutor(1) as beside:
        with house.session() as session:
            plain = {"by": house.adviser, "today": TODAY}
            kept = approving.approve_minutes(session, first_id, second_id, seen=seen, **plain)
            asked = beside.submit(correct)
            with pytest.raises(TimeoutError):
                asked.result(0.2)  # it waits until the approval is kept
            assert kept.content["corrections"] == []
        with pytest.raises(InvalidTransition) as late:
            asked.result(10)
    assert late.value.key == "meetings.correction_too_late"
