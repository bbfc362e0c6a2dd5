"""Every reply of the employer to an answer, as it was written down."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.consultations.queries import list_replies
from baken.storage.session import Session
from baken.web.pages.people_named import People


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply, and who wrote it down when: unknown of those from before that was kept."""

    text: str
    replied_on: date
    written_on: date | None
    who: str


def replies_to(session: Session, consultation_id: UUID) -> tuple[ReplyView, ...]:
    """Return the replies to one answer, the first first; the last one stands."""
    people = People.known(session)
    return tuple(
        ReplyView(kept.text, kept.replied_on, kept.written_on, people.of(kept.written_by))
        for kept in list_replies(session, consultation_id)
    )
