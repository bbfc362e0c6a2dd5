"""Whoever leads the meetings of one group reaches nothing of another: by name or by number."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from baken.actionplan.bodies import actions as bodies
from baken.actionplan.bodies import seat_actions
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.actionplan.meetings import actions, agenda
from baken.actionplan.meetings.actions import Led
from baken.actionplan.meetings.inviting import invite
from baken.actionplan.meetings.minutes import actions as writing
from baken.actionplan.meetings.minutes.rules import DecidedBy, DecisionFields, TaskFields
from baken.actionplan.meetings.packs import PackFile
from baken.actionplan.meetings.points import PointFields, PointKind
from baken.actionplan.meetings.rules import MeetingFields
from baken.organisation.permissions import Actor, Grant, Role
from baken.web.pages.meeting_subjects import PATHS

pytestmark = pytest.mark.sqlite

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
SECRET = "Geheim"
SWAP = {"x-swap": "1"}


def adviser_of(website: Any) -> Actor:
    role = Role.PREVENTION_ADVISER
    staffed = website.organisation
    return Actor(staffed.people[role], staffed.id, "Adviseur", frozenset({Grant(role)}))


def gather(session: Any, by: Actor, name: str, seats: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """A closed group that meets today, with a point, a decision and a task."""
    begins = TODAY - 90 * DAY
    fields = BodyFields(
        kind=BodyKind.STEERING_GROUP, name=name, purpose=name, is_open=False, from_on=begins
    )
    body = bodies.set_up_body(session, fields, by=by)
    for person_id, values in seats.items():
        seat = SeatFields(person_id=person_id, side=Side.LINE, from_on=begins, **values)
        seat_actions.add_seat(session, body.id, seat, by=by, today=TODAY)
    bodies.start_body(session, body.id, seen=body.version, by=by, today=TODAY)
    planned = MeetingFields(body.id, TODAY, time(14), time(15), place=name)
    given = {"by": by, "today": TODAY}
    meeting = actions.plan_meeting(session, planned, Led(), **given)
    fields = PointFields(PointKind.DISCUSSION, f"{name} punt")
    point = agenda.add_point(session, meeting.id, fields, reads=lambda _: False, **given)
    session.flush()
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    invite(session, meeting.id, PackFile(name.encode(), ()), seen=meeting.version, now=now, **given)
    decided = DecisionFields(f"{name} besluit", DecidedBy.CONSENSUS)
    decision = writing.add_decision(session, point.id, decided, **given)
    task = writing.add_task(session, point.id, TaskFields(f"{name} taak", "Jo", TODAY), **given)
    return {
        "body": body.id, "meeting": meeting.id, "point": point.id, "decision": decision.id,
        "task": task.id,
    }  # fmt: skip


def test_a_chair_reads_nothing_of_another_group(website: Any) -> None:
    people, by = website.organisation.people, adviser_of(website)
    chair, left = people[Role.UNIT_HEAD], people[Role.HR]
    with website.database.session(website.organisation.id) as session:
        mine = gather(session, by, "Nachtgroep", {chair: {"role": SeatRole.CHAIR}})
        gone = {"role": SeatRole.CHAIR, "until_on": TODAY - DAY}
        other = gather(session, by, SECRET, {left: gone, people[Role.EMPLOYER]: {}})
    head, root = website.browser(Role.UNIT_HEAD), website.root
    here = f"{root}/meetings/{mine['meeting']}"
    there = f"{root}/meetings/{other['meeting']}"
    assert head.get(here).status_code == 200

    # By the number of the other group, alone or beneath a meeting of the own one.
    beneath = f"{here}/points/{mine['point']}"
    asked = [
        *(f"{there}{part}" for part in ("", "/packs/1", "/meeting.ics", "/minutes", "/invite")),
        *(f"{there}{part}" for part in ("/minutes/document/pdf", "/edit", "/pack.pdf")),
        f"{here}/points/{other['point']}",
        f"{here}/points/{other['point']}/postpone",
        f"{beneath}/decisions/{other['decision']}",
        f"{beneath}/tasks/{other['task']}",
        f"{root}/meeting-tasks/{other['task']}",
        f"{root}/decisions/{other['decision']}/note",
    ]
    for path in asked:
        answer = head.get(path)
        assert answer.status_code in {403, 404}, path
        assert SECRET not in answer.text, path
    for path in (f"{root}/meetings", f"{root}/meetings/new"):
        answer = head.get(f"{path}?body={other['body']}")
        assert answer.status_code == 200
        assert SECRET not in answer.text
        assert "Persoon employer" not in answer.text

    # By sending: the answer to a change of the own agenda shows no other agenda.
    sent = [
        (f"{there}/points/{mine['point']}/order", {"way": "up"}),
        (f"{there}/points/{mine['point']}/remove", {"version": "1"}),
        (f"{there}/minutes/points/{mine['point']}", {"said": "x", "version": "1"}),
        (f"{beneath}/decisions/{other['decision']}", {"text": "x", "by": "chair", "version": "1"}),
        (f"{beneath}/tasks/{other['task']}", {"what": "x", "due_on": "2026-03-09"}),
    ]
    for path, fields in sent:
        answer = head.post(path, fields, headers=SWAP)
        assert answer.status_code in {403, 404}, path
        assert SECRET not in answer.text, path

    # Whoever left before the day of the meeting has lost it as well.
    former = website.browser(Role.HR)
    for part in ("", "/packs/1", "/minutes/document/pdf"):
        assert former.get(f"{there}{part}").status_code == 403, part
    assert website.browser(Role.EMPLOYER).get(f"{there}/packs/1").content == SECRET.encode()


def test_closing_without_an_attendance_list_is_refused_beside_that_list(website: Any) -> None:
    chair = website.organisation.people[Role.UNIT_HEAD]
    with website.database.session(website.organisation.id) as session:
        mine = gather(session, adviser_of(website), "Lege lijst", {chair: {"role": SeatRole.CHAIR}})
    head, here = website.browser(Role.UNIT_HEAD), f"{website.root}/meetings/{mine['meeting']}"
    version = re.search(r'name="version" value="(\d+)"', head.get(f"{here}/minutes").text)
    assert version
    refused = head.post(f"{here}/minutes/close", {"version": version[1]})
    assert refused.status_code == 422
    told = refused.text.partition('id="attendance"')[2].partition("</section>")[0]
    assert "Volgens de lijst was er niemand" in told
    assert 'name="presence-' in told


def test_every_subject_of_a_point_has_a_page(website: Any) -> None:
    pages = {route.path for route in website.app.routes}
    for path in PATHS.values():
        before = path.partition("{")[0]
        assert any(re.fullmatch(rf"/o/{{[^}}]+}}{before}{{[^}}]+}}", page) for page in pages), path
