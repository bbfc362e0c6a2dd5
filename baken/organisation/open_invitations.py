"""Invitations that were sent and not used: which there are, and ending them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from baken.organisation.accounts.links import LIFE, LinkKind
from baken.organisation.models import Invitation
from baken.storage.session import Session


def list_open(session: Session, *, now: datetime) -> dict[UUID, datetime]:
    """Return the people of the organisation with an open invitation, and until when it works."""
    asked = select(Invitation).where(
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.invited_at >= now - LIFE[LinkKind.INVITATION],
    )
    return {
        row.person_id: row.invited_at + LIFE[LinkKind.INVITATION] for row in session.scalars(asked)
    }


def end_open(session: Session, person_id: UUID, *, now: datetime) -> int:
    """End what was sent to a person and not used; the caller records why. Return how many."""
    ended: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an update has a count
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount
