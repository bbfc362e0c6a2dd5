"""The approvals of a lost factor: whose they are, and which of them still count."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from baken.organisation.accounts import lost_factor_rules
from baken.organisation.accounts.lost_factor_rules import N_APPROVALS, Approver, Reach, Standing
from baken.organisation.accounts.lost_factor_standing import get_standing
from baken.organisation.accounts.models import LostFactorApproval
from baken.organisation.errors import Denied
from baken.organisation.models import Account
from baken.storage.session import Database, Session


def list_approvers(session: Session, request_id: UUID) -> list[Approver]:
    """Return who approved; for a session of no organisation, which sees all of them."""
    rows = session.scalars(
        select(LostFactorApproval).where(LostFactorApproval.lost_factor_id == request_id)
    ).all()
    return [
        Approver(
            row.account_id,
            session.get_one(Account, row.account_id).is_installer,
            row.organisation_id,
            row.approved_at,
        )
        for row in rows
    ]


def who_counts(
    database: Database, approvers: Collection[Approver], *, today: date
) -> dict[UUID, Standing]:
    """What those who approved hold today, by account; who may not approve any more is left out."""
    held = {one.account_id: get_standing(database, one, today=today) for one in approvers}
    return {account_id: one for account_id, one in held.items() if one.counts}


def is_enough(
    database: Database, reach: Reach, approvers: Collection[Approver], asked_on: date, today: date
) -> bool:
    """Whether these may let somebody start anew, as things are today."""
    counting = who_counts(database, approvers, today=today).values()
    try:
        lost_factor_rules.check_enough(reach, counting, asked_on=asked_on)
    except Denied:
        return False
    return len(counting) >= N_APPROVALS


def forget_approvals(session: Session, request_id: UUID, by: Collection[UUID]) -> None:
    """Remove approvals that do not count any more; the record keeps that they were given."""
    session.execute(
        delete(LostFactorApproval).where(
            LostFactorApproval.lost_factor_id == request_id,
            LostFactorApproval.account_id.in_(by),
        )
    )
