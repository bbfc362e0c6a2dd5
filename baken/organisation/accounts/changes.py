"""What somebody hears by mail when the ways into their account change, whoever did it.

A first factor is not told of: it comes with the invitation, or after a lost one, which is told.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from baken.storage.jobs import enqueue
from baken.storage.session import Session


class Change(StrEnum):
    """What changed; its letter has the same name."""

    PASSWORD = "password_changed"  # noqa: S105 - a name
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    IDENTITY_LINKED = "identity_linked"
    CODES_MADE = "recovery_codes_made"
    CODE_USED = "recovery_code_used"


def tell(session: Session, account_id: UUID, change: Change, *, now: datetime) -> None:
    """Have a letter sent about a change, in the transaction that makes it."""
    enqueue(session, f"mail.{change}", subject_id=account_id, now=now)
