"""What the page of a meeting tells beside its agenda: who hears of it, and what came of it."""

from typing import Any

from sqlalchemy import select

from baken.actionplan.meetings.minutes.content import minutes_now
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import list_members
from baken.actionplan.meetings.rules import MeetingState
from baken.organisation.models import Person
from baken.storage.session import Session
from baken.web.documents.meeting_pages import minutes_in_words
from baken.web.pages.reply import PageRequest


def receivers(request: PageRequest, session: Session, meeting: Meeting) -> dict[str, Any]:
    """Who gets a letter about a meeting, who has to be told, and who gets it on paper."""
    members = list_members(session, meeting.body_id, on=meeting.on)
    with_login = set(session.scalars(select(Person.id).where(Person.account_id.is_not(None))))
    return {
        "by_mail": tuple(one.name for one in members if one.person_id in with_login),
        "on_paper": tuple(one.name for one in members if one.person_id not in with_login),
        "has_mail": request.app.state.settings.mail is not None,
    }


def written_minutes(session: Session, meeting: Meeting, language: str) -> dict[str, Any] | None:
    """What was said, decided and agreed, once the meeting was held; those who see it read it."""
    if meeting.state not in {MeetingState.HELD, MeetingState.APPROVED}:
        return None
    content, _ = minutes_now(session, meeting)
    return minutes_in_words(content, language)
