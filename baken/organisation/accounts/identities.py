"""Identities at the organisation's own provider: which account they belong to.

An identity opens an account only when somebody linked it from within that account. A mail address
that a provider tells is proof of nothing, so it is neither asked nor compared.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.accounts.changes import Change, tell
from baken.organisation.errors import Conflict, Denied, NotFound
from baken.organisation.models import Account
from baken.storage.audit import record
from baken.storage.base import Base
from baken.storage.session import Session


class Identity(Base):
    """Somebody at a provider, and the account this is."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(255))
    linked_on: Mapped[date]
    used_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """An identity as the page shows it."""

    id: UUID
    issuer: str
    linked_on: date
    used_on: date | None

    @classmethod
    def of(cls, row: Identity) -> "IdentityRow":
        return cls(row.id, row.issuer, row.linked_on, row.used_on)


def list_identities(session: Session, account_id: UUID) -> list[IdentityRow]:
    """The identities linked to an account."""
    chosen = select(Identity).where(Identity.account_id == account_id).order_by(Identity.issuer)
    return [IdentityRow.of(row) for row in session.scalars(chosen)]


def get_identity(session: Session, account_id: UUID, identity_id: UUID) -> IdentityRow:
    """One link of this account; anybody else's does not exist."""
    return IdentityRow.of(_get(session, account_id, identity_id))


def link_identity(
    session: Session, account_id: UUID, *, issuer: str, subject: str, now: datetime, today: date
) -> UUID:
    """Let an identity log in to this account from now on."""
    row = Identity(account_id=account_id, issuer=issuer, subject=subject, linked_on=today)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "openid.linked_already",
            "This account has a link to this service already, or you are linked to another account "
            "there. Unlink that one first.",
        ) from error
    _note(session, "account.identity_linked", account_id, row.id, now)
    tell(session, account_id, Change.IDENTITY_LINKED, now=now)
    return row.id


def unlink_identity(
    session: Session, account_id: UUID, identity_id: UUID, *, now: datetime
) -> None:
    """From now on the identity opens nothing."""
    row = _get(session, account_id, identity_id)
    session.delete(row)
    _note(session, "account.identity_unlinked", account_id, identity_id, now)


def use_identity(session: Session, *, issuer: str, subject: str, today: date) -> UUID:
    """Return the account of an identity; raise `Denied` when it has none that is open."""
    row = session.scalars(
        select(Identity)
        .join(Account, Account.id == Identity.account_id)
        .where(
            Identity.issuer == issuer,
            Identity.subject == subject,
            Account.deactivated_at.is_(None),
        )
    ).first()
    if row is None:
        raise Denied(
            "openid.unknown",
            "Nobody has linked this identity to an account of Baken yet. Log in with your "
            "password and link it in your account.",
        )
    row.used_on = today
    return row.account_id


def forget_identities(session: Session, account_id: UUID) -> None:
    """Remove every link of an account, as part of an act that is recorded."""
    session.execute(delete(Identity).where(Identity.account_id == account_id))


def _get(session: Session, account_id: UUID, identity_id: UUID) -> Identity:
    row = session.get(Identity, identity_id)
    if row is None or row.account_id != account_id:
        raise NotFound("openid.not_linked", "This link does not exist, or was removed.")
    return row


def _note(
    session: Session, action: str, account_id: UUID, identity_id: UUID, now: datetime
) -> None:
    record(
        session,
        action,
        by=account_id,
        subject=f"account:{account_id}",
        facts={"identity": str(identity_id)},
        at=now,
    )
