"""Passkeys: the public halves of keys that live in telephones, computers and security keys."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Select, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.errors import NotFound
from baken.storage.base import Base, Editable
from baken.storage.session import Session

MAX_NAME = 80


class Passkey(Editable, Base):
    """The public half of a key, and how often it says it was used."""

    __tablename__ = "passkey"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    # Kept by a password manager on several devices: may be, and is.
    may_be_copied: Mapped[bool]
    is_copied: Mapped[bool]
    added_on: Mapped[date]
    used_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as the page shows it."""

    id: UUID
    version: int
    name: str
    is_copied: bool
    added_on: date
    used_on: date | None

    @classmethod
    def of(cls, row: Passkey) -> "PasskeyRow":
        return cls(row.id, row.version, row.name, row.is_copied, row.added_on, row.used_on)


def list_passkeys(session: Session, account_id: UUID) -> list[PasskeyRow]:
    """The passkeys of an account, the oldest first."""
    rows = session.scalars(_of(account_id).order_by(Passkey.added_on, Passkey.id))
    return [PasskeyRow.of(row) for row in rows]


def list_credential_ids(session: Session, account_id: UUID) -> list[bytes]:
    """By which identifiers the keys of an account know themselves."""
    chosen = select(Passkey.credential_id).where(Passkey.account_id == account_id)
    return list(session.scalars(chosen))


def get_passkey(session: Session, account_id: UUID, passkey_id: UUID) -> Passkey:
    """A passkey of this account; anybody else's does not exist."""
    row = session.scalars(_of(account_id).where(Passkey.id == passkey_id)).first()
    if row is None:
        raise NotFound("passkeys.not_found", "This passkey does not exist, or was removed.")
    return row


def count(session: Session, account_id: UUID) -> int:
    """How many passkeys the account has."""
    chosen = select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)
    return session.scalars(chosen).one()


def forget(session: Session, account_id: UUID) -> None:
    """Remove every passkey, as part of an act that is recorded."""
    session.execute(delete(Passkey).where(Passkey.account_id == account_id))


def _of(account_id: UUID) -> Select[Passkey]:
    return select(Passkey).where(Passkey.account_id == account_id)
