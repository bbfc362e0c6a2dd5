"""What belongs to an account: its browsers, its factors, its links, and the loss of a factor."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable
from baken.storage.types import Instant, Name


class SessionLevel(StrEnum):
    """How much somebody has shown in a browser."""

    HALF = "half"  # the password; opens nothing but the page of the second factor
    FULL = "full"  # the second factor too


class AccountSession(Base):
    """A browser of somebody who logs in; the token itself is kept nowhere."""

    __tablename__ = "account_session"
    # What a page may name; the token never stands on a page.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    level: Mapped[SessionLevel] = mapped_column(Name(SessionLevel))
    csrf_token: Mapped[str] = mapped_column(String(64))
    # "Firefox on Windows": enough to recognise one's own, too little to follow anybody.
    browser: Mapped[str] = mapped_column(String(80), default="")
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    # The last time a second factor was shown in this browser.
    factor_at: Mapped[datetime | None] = mapped_column(Instant)


class Totp(Base):
    """The secret that an account shares with an authenticator app, sealed."""

    __tablename__ = "totp"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # The half minute of the newest code that was accepted: it and all before are spent.
    last_counter: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """One of ten codes on paper; only a keyed hash of it is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class PasswordReset(Base):
    """A link in a mail with which a forgotten password is replaced, once.

    Asking for an address without an account makes a row too, so that both take equally long.
    """

    __tablename__ = "password_reset"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class LostFactorState(StrEnum):
    """How far the replacement of a lost factor is."""

    ASKED = "asked"
    APPROVED = "approved"  # by two; from `from_at` on the person may set up a new factor
    DONE = "done"
    CANCELLED = "cancelled"


class LostFactor(Editable, Base):
    """Somebody lost the second factor and asks two others to let a new one be set up."""

    __tablename__ = "lost_factor"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[LostFactorState] = mapped_column(Name(LostFactorState))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    from_at: Mapped[datetime | None] = mapped_column(Instant)


class LostFactorApproval(Base):
    """One of the two who approved."""

    __tablename__ = "lost_factor_approval"
    lost_factor_id: Mapped[UUID] = mapped_column(ForeignKey("lost_factor.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    # Approved as administrator of this organisation; nobody's for an installer.
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    approved_at: Mapped[datetime] = mapped_column(Instant)
