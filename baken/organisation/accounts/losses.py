"""Lost factors that are still being dealt with."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from baken.organisation.accounts.lost_factor_rules import LIFE
from baken.organisation.accounts.models import LostFactor, LostFactorState
from baken.storage.session import Session

_OPEN: Final = (LostFactorState.ASKED, LostFactorState.APPROVED)


def open_ones(now: datetime) -> Select[LostFactor]:
    """What to ask for the requests that are open; one of long ago is forgotten by itself."""
    return select(LostFactor).where(LostFactor.state.in_(_OPEN), LostFactor.asked_at >= now - LIFE)


def find_open(session: Session, account_id: UUID, *, now: datetime) -> LostFactor | None:
    """Return the open request of the account, if there is one."""
    asked = open_ones(now).where(LostFactor.account_id == account_id)
    return session.scalars(asked.with_for_update()).first()


def cancel_open(session: Session, account_id: UUID, *, now: datetime) -> bool:
    """Cancel the open request: whoever shows the factor has not lost it. Tells if there was one."""
    found = find_open(session, account_id, now=now)
    if found is None:
        return False
    found.state = LostFactorState.CANCELLED
    session.flush()
    return True
