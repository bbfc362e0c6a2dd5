"""Every reply of the employer to an answer, as it was written down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.consultations.models import ConsultationReply
from baken.actionplan.consultations.queries import list_replies, list_replies_to
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
    return tuple(_view(kept, people) for kept in list_replies(session, consultation_id))


def earlier_replies(
    session: Session, consultation_ids: Collection[UUID]
) -> dict[UUID, tuple[ReplyView, ...]]:
    """Return what stood before the standing reply, of each answer where something did."""
    people = People.known(session)
    found: dict[UUID, tuple[ReplyView, ...]] = {}
    for kept in list_replies_to(session, consultation_ids):
        found[kept.consultation_id] = (*found.get(kept.consultation_id, ()), _view(kept, people))
    return {consultation_id: views[:-1] for consultation_id, views in found.items()}


def _view(kept: ConsultationReply, people: People) -> ReplyView:
    return ReplyView(kept.text, kept.replied_on, kept.written_on, people.of(kept.written_by))
