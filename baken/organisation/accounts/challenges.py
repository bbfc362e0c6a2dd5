"""Random values that go out and come back once: from the same browser, soon, for the same purpose.

A passkey signs one; an identity provider carries one along. The database holds their hashes.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.errors import Denied
from baken.storage.base import Base
from baken.storage.session import Database, Session
from baken.storage.types import Instant, Name

BYTES: Final = 32
MAX_TARGET: Final = 400


class Purpose(StrEnum):
    """What the value that comes back is allowed to do."""

    PASSKEY_NEW = "passkey_new"
    PASSKEY_LOG_IN = "passkey_log_in"
    PASSKEY_FACTOR = "passkey_factor"
    OPENID_LOG_IN = "openid_log_in"
    OPENID_LINK = "openid_link"


# How long somebody may take: to touch a key; to log in elsewhere, perhaps with a new password.
LASTS: Final = {
    Purpose.PASSKEY_NEW: timedelta(minutes=5),
    Purpose.PASSKEY_LOG_IN: timedelta(minutes=5),
    Purpose.PASSKEY_FACTOR: timedelta(minutes=5),
    Purpose.OPENID_LOG_IN: timedelta(minutes=10),
    Purpose.OPENID_LINK: timedelta(minutes=10),
}


class Challenge(Base):
    """A value on its way; only its hash stays here."""

    __tablename__ = "challenge"
    value_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(Name(Purpose))
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    # The page where the person was going.
    target: Mapped[str] = mapped_column(String(MAX_TARGET), default="")
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What was noted when the value went out."""

    account_id: UUID | None
    target: str


def issue(
    session: Session,
    purpose: Purpose,
    *,
    browser: bytes,
    account_id: UUID | None = None,
    target: str = "",
    now: datetime,
) -> bytes:
    """Make a value for one browser; what has run out is swept up.

    Parameters
    ----------
    browser : bytes
        What only this browser has: the identifier of its session, or its cookie before log-in.
    """
    session.execute(delete(Challenge).where(Challenge.expires_at <= now))
    value = secrets.token_bytes(BYTES)
    session.add(
        Challenge(
            value_hash=_hash(value),
            purpose=purpose,
            browser_hash=_hash(browser),
            account_id=account_id,
            target=target if len(target) <= MAX_TARGET else "",
            expires_at=now + LASTS[purpose],
        )
    )
    session.flush()
    return value


def redeem(
    database: Database,
    purpose: Purpose,
    value: bytes,
    *,
    browser: bytes,
    account_id: UUID | None = None,
    now: datetime,
) -> Redeemed:
    """Take a value back, in a transaction of its own: whatever comes of it, it is spent.

    Raises
    ------
    Denied
        Never sent out, used, too old, or sent to another browser, account or purpose.
    """
    with database.session(None) as session:
        taken = session.execute(
            delete(Challenge)
            .where(Challenge.value_hash == _hash(value))
            .returning(
                Challenge.purpose,
                Challenge.browser_hash,
                Challenge.account_id,
                Challenge.target,
                Challenge.expires_at,
            )
        ).first()
    expected = (purpose, _hash(browser), account_id)
    if taken is None or tuple(taken[:3]) != expected or now >= taken.expires_at:
        raise Denied(
            "organisation.attempt_over",
            "This attempt took too long, was used already, or began in another browser. Nothing "
            "was changed; begin again.",
        )
    return Redeemed(taken.account_id, taken.target)


def forget_challenges(session: Session, account_id: UUID) -> None:
    """Void whatever is on its way for an account."""
    session.execute(delete(Challenge).where(Challenge.account_id == account_id))


def _hash(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
