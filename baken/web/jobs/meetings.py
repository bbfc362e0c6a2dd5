"""Letters about meetings: the invitation, or word that one is called off, with a calendar file.

The agenda and the papers stay behind the log-in.
"""

from dataclasses import replace

from sqlalchemy import select

from baken.actionplan.bodies.models import Body
from baken.actionplan.meetings.feed import appointment_of
from baken.actionplan.meetings.models import Attendee, Meeting
from baken.actionplan.meetings.people import find_receiver
from baken.actionplan.meetings.rules import MeetingState
from baken.organisation.models import Account, Organisation
from baken.storage.jobs import JobMissing
from baken.storage.session import Session
from baken.web import numerals
from baken.web.documents.calendars import calendar_file
from baken.web.jobs.work import Work
from baken.web.mail.letters import LETTER_LANGUAGES, Letter, render
from baken.web.texts import catalogue


def send_meeting(work: Work) -> None:
    """Write to one attendee; whoever lost the log-in or the seat in the meantime gets nothing."""
    if work.settings.mail is None:
        return
    with work.read() as session:
        found = _letter(session, work)
    if found is not None:
        to, letter = found
        work.postman().send(to, letter)


def _letter(session: Session, work: Work) -> tuple[str, Letter] | None:
    if work.job.subject_id is None:
        raise JobMissing
    asked = select(Attendee).where(Attendee.id == work.job.subject_id)
    line = session.scalars(asked).one_or_none()
    if line is None:
        raise JobMissing
    meeting = session.get_one(Meeting, line.meeting_id)
    person = find_receiver(session, line, meeting)
    if person is None or person.account_id is None:
        return None
    account = session.get_one(Account, person.account_id)
    return account.mail, _about(session, work, meeting, account)


def _about(session: Session, work: Work, meeting: Meeting, account: Account) -> Letter:
    is_off = meeting.state is MeetingState.CANCELLED
    language = account.language if account.language in LETTER_LANGUAGES else "nl"
    body = session.get_one(Body, meeting.body_id)
    where = {"place": ", ".join(filter(None, (meeting.place, meeting.link)))}
    hours = {
        "starts": meeting.starts.isoformat("minutes"),
        "ends": meeting.ends.isoformat("minutes"),
    }
    letter = render(
        "meeting_cancelled" if is_off else "meeting_invited",
        language,
        name=account.name,
        body=body.name,
        organisation=session.get_one(Organisation, work.organisation_id).name,
        day=numerals.day(meeting.on, language),
        link=f"{work.settings.origin}/o/{work.organisation_id}/meetings/{meeting.id}",
        **({} if is_off else {**where, **hours}),
    )
    event = appointment_of(meeting, body.name)
    file = calendar_file([event], catalogue(language), now=work.clock())
    return replace(letter, calendar=file)
