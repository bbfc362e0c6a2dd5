"""Setting up, changing and removing the authenticator app of one's account."""

from datetime import datetime
from uuid import UUID

import pyotp

from baken.organisation.accounts import recovery_codes, totp
from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.factors import (
    check_may_remove,
    check_may_set_up_first,
    lock_factors,
)
from baken.organisation.accounts.sessions import end_sessions
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session


def set_up_first(
    session: Session, keys: KeyStore, account_id: UUID, *, secret: str, code: str, now: datetime
) -> tuple[str, ...]:
    """Give an account its first factor; return the recovery codes that come with it."""
    lock_factors(session, account_id)
    check_may_set_up_first(session, account_id)
    totp.keep_secret(session, keys, account_id, secret=secret, code=code, now=now)
    codes = recovery_codes.make_first_codes(session, keys, account_id)
    record(session, "account.totp_set_up", by=account_id, subject=f"account:{account_id}", at=now)
    return codes


def set_up_invented(
    session: Session, keys: KeyStore, account_id: UUID, *, now: datetime
) -> tuple[str, ...]:
    """Give an invented account a factor, without anybody at a telephone."""
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(now)
    return set_up_first(session, keys, account_id, secret=secret, code=code, now=now)


def replace(
    session: Session,
    keys: KeyStore,
    account_id: UUID,
    *,
    secret: str,
    code: str,
    this_session: UUID,
    now: datetime,
) -> None:
    """Add an app to one's account, or change it for another; other browsers are logged out."""
    lock_factors(session, account_id)
    totp.keep_secret(session, keys, account_id, secret=secret, code=code, now=now)
    record(
        session,
        "account.totp_set_up",
        by=account_id,
        subject=f"account:{account_id}",
        facts={"n_sessions": end_sessions(session, account_id, but=this_session)},
        at=now,
    )
    tell(session, account_id, Change.FACTOR_ADDED, now=now)


def remove(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Remove the app from one's account, while another factor is left."""
    lock_factors(session, account_id)
    check_may_remove(session, account_id)
    totp.forget(session, account_id)
    record(session, "account.totp_removed", by=account_id, subject=f"account:{account_id}", at=now)
    tell(session, account_id, Change.FACTOR_REMOVED, now=now)
