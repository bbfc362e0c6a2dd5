"""Word that a meeting is called off, brought to a real mail server in the reader's language."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from baken.actionplan.bodies import actions as bodies
from baken.actionplan.bodies import seat_actions
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seats import SeatFields
from baken.actionplan.meetings import actions, agenda
from baken.actionplan.meetings.actions import Led
from baken.actionplan.meetings.inviting import invite
from baken.actionplan.meetings.packs import PackFile
from baken.actionplan.meetings.points import PointFields, PointKind
from baken.actionplan.meetings.rules import MeetingFields
from baken.organisation.models import Account
from baken.organisation.permissions import Actor, Grant, Role
from baken.web.jobs.worker import Worker
from baken.web.mail.settings import Encryption, MailSettings
from tests.mailbox import mail_server

pytestmark = pytest.mark.sqlite
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
MEMBERS = {Role.STEERING_MEMBER: "nl", Role.EMPLOYER: "fr"}


def plan_and_call_off(session: Any, by: Actor, seats: list[Any]) -> None:
    given = {"by": by, "today": TODAY}
    fields = BodyFields(kind=BodyKind.STEERING_GROUP, name="Stuurgroep", from_on=TODAY)
    body = bodies.set_up_body(session, fields, by=by)
    for person_id in seats:
        seat = SeatFields(person_id=person_id, side=Side.LINE, from_on=TODAY)
        seat_actions.add_seat(session, body.id, seat, **given)
    bodies.start_body(session, body.id, seen=body.version, **given)
    planned = MeetingFields(body.id, TODAY + timedelta(days=9), time(14), time(15), place="Zaal")
    meeting = actions.plan_meeting(session, planned, Led(), **given)
    point = PointFields(PointKind.DISCUSSION, "Roosters")
    agenda.add_point(session, meeting.id, point, reads=lambda _: False, **given)
    session.flush()
    invite(session, meeting.id, PackFile(b"as it was", ()), seen=meeting.version, now=NOW, **given)
    session.flush()
    actions.cancel_meeting(session, meeting.id, "Ziekte", seen=meeting.version, now=NOW, **given)


def test_a_meeting_called_off_reaches_everybody_who_was_invited(website: Any) -> None:
    staffed = website.organisation
    mails = {website.account_of(role): language for role, language in MEMBERS.items()}
    with website.database.session(None) as session:
        for mail, language in mails.items():
            account = session.scalars(select(Account).where(Account.mail == mail)).one()
            account.language = language
    adviser = Role.PREVENTION_ADVISER
    by = Actor(staffed.people[adviser], staffed.id, "Adviseur", frozenset({Grant(adviser)}))
    with website.database.session(staffed.id) as session:
        plan_and_call_off(session, by, [staffed.people[role] for role in MEMBERS])
    with mail_server() as (mailbox, port):
        mail = MailSettings("127.0.0.1", "baken@voorbeeld.example", port, Encryption.NONE)
        settings = replace(website.settings, mail=mail)
        Worker(website.database, website.app.state.key_store, settings, website.clock).work_off()
    begins = {"nl": "Afgelast: Stuurgroep", "fr": "Annulée\N{NO-BREAK SPACE}: Stuurgroep"}
    assert set(mailbox.by_recipient) == set(mails)
    for to, letter in mailbox.letters:
        subject = " ".join(letter["subject"].split())
        assert subject.startswith(" ".join(begins[mails[to]].split()))
        text, file = letter.iter_parts()
        assert "/meetings/" in text.get_content()
        # The file says that the meeting is off, in letters that every calendar reads alike.
        assert (file.get_content_type(), file.get_content_charset()) == ("text/calendar", "utf-8")
        event = file.get_payload(decode=True).decode()
        assert "STATUS:CANCELLED" in event
        assert f"SUMMARY:{begins[mails[to]]}" in event
