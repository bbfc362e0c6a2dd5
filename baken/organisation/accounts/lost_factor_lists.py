"""Open requests for a new second factor, as the pages of those who decide show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts import losses
from baken.organisation.accounts.lost_factor_approvals import list_approvers
from baken.organisation.accounts.models import LostFactor, LostFactorApproval, LostFactorState
from baken.organisation.models import Account, Person
from baken.storage.session import Database, Session


@dataclass(frozen=True, slots=True)
class LostFactorRow:
    """An open request as a page shows it."""

    id: UUID
    account_id: UUID
    name: str
    state: LostFactorState
    asked_at: datetime
    from_at: datetime | None
    approved_by: tuple[str, ...]
    approver_ids: tuple[UUID, ...]
    needs_installer: bool = False
    needs_reader: bool = False

    @property
    def is_asked(self) -> bool:
        return self.state is LostFactorState.ASKED


def find_own(session: Session, account_id: UUID, *, now: datetime) -> LostFactorRow | None:
    """Return the open request of an account itself."""
    row = losses.find_open(session, account_id, now=now)
    return _row(session, row) if row else None


def list_in_organisation(
    database: Database, organisation_id: UUID, *, now: datetime
) -> list[LostFactorRow]:
    """Return the open requests of people with an account in an organisation.

    Approvals stand outside the organisations: from within one, those of an installer are not seen.
    """
    with database.read(organisation_id) as session:
        here = session.scalars(select(Person.account_id).where(Person.account_id.is_not(None)))
        accounts = here.all()
    with database.read(None) as session:
        asked = losses.open_ones(now).where(LostFactor.account_id.in_(accounts))
        return [_row(session, row) for row in session.scalars(asked.order_by(LostFactor.asked_at))]


def list_to_approve(
    session: Session, account_ids: Collection[UUID], *, by: UUID | None, now: datetime
) -> list[LostFactor]:
    """Return the requests of these accounts about which an account has not decided yet."""
    approved = select(LostFactorApproval.lost_factor_id).where(LostFactorApproval.account_id == by)
    asked = losses.open_ones(now).where(
        LostFactor.state == LostFactorState.ASKED,
        LostFactor.account_id.in_({*account_ids} - {by}),  # never one's own
        LostFactor.id.not_in(approved),
    )
    return list(session.scalars(asked.order_by(LostFactor.asked_at)))


def list_everywhere(session: Session, *, now: datetime) -> list[LostFactorRow]:
    """Return every open request of the installation: for those who look after it."""
    asked = losses.open_ones(now).order_by(LostFactor.asked_at)
    return [_row(session, row) for row in session.scalars(asked)]


def _row(session: Session, row: LostFactor) -> LostFactorRow:
    approvers = list_approvers(session, row.id)
    names = (session.get_one(Account, one.account_id).name for one in approvers)
    return LostFactorRow(
        id=row.id,
        account_id=row.account_id,
        name=session.get_one(Account, row.account_id).name,
        state=row.state,
        asked_at=row.asked_at,
        from_at=row.from_at,
        approved_by=tuple(names),
        approver_ids=tuple(one.account_id for one in approvers),
    )
