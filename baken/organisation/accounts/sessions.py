"""Sessions of browsers: begun, confirmed, listed and ended.

The token lives in a cookie and nowhere else; the database holds its hash. It is a new one after
every step up: whoever saw the one before has nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, select

from baken.organisation.accounts import factors, losses
from baken.organisation.accounts.models import AccountSession, SessionLevel
from baken.organisation.errors import Denied, NotFound
from baken.organisation.models import Account
from baken.storage.audit import record
from baken.storage.session import Session

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=10)
# How long a factor counts as just shown.
FRESH: Final = timedelta(minutes=10)
# Two machines that serve together may differ by so much; more means that a clock was set back.
SKEW: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The account behind a browser, and the token that its forms must carry."""

    account_id: UUID
    session_id: UUID
    name: str
    mail: str
    language: str
    is_installer: bool
    csrf_token: str
    seen_at: datetime
    is_full: bool
    has_factor: bool
    factor_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        """Whether a second factor was shown in this browser within the last ten minutes."""
        return self.factor_at is not None and -SKEW <= now - self.factor_at <= FRESH


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of the browsers of an account, as the page shows it."""

    id: UUID
    browser: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def start_half(
    session: Session, account_id: UUID, *, browser: str = "", instead: str = "", now: datetime
) -> str:
    """Begin after the password alone: opens the pages of the second factor and nothing else.

    Parameters
    ----------
    instead : str
        Token that the browser came with; it ends, so that a planted one never logs in.
    """
    log_out(session, instead)
    token, row = _new(account_id, SessionLevel.HALF, browser=browser, now=now)
    session.add(row)
    return token


def start_full(
    session: Session, account_id: UUID, *, browser: str = "", instead: str = "", now: datetime
) -> str:
    """Begin after something that counts as both factors at once, such as a passkey."""
    log_out(session, instead)
    token, row = _new(account_id, SessionLevel.FULL, browser=browser, now=now)
    row.factor_at = now
    session.add(row)
    _note(session, "account.logged_in", account_id, now=now)
    return token


def start_vouched(
    session: Session, account_id: UUID, *, browser: str = "", instead: str = "", now: datetime
) -> str:
    """Begin after an identity provider vouched for both factors.

    Nothing was shown here: acts that ask for a fresh factor still ask for it, and a request to
    replace a lost one stands.
    """
    log_out(session, instead)
    token, row = _new(account_id, SessionLevel.FULL, browser=browser, now=now)
    session.add(row)
    record(session, "account.logged_in", by=account_id, subject=f"account:{account_id}", at=now)
    return token


def confirm_factor(session: Session, token: str, *, now: datetime) -> str:
    """Note that a second factor was shown just now; return the new token of the browser.

    A half session becomes a full one, with a new token for its forms as well. A full one keeps
    that: a form open in another tab is not lost by confirming.
    """
    hashed = _hash(token)
    row = session.scalars(
        select(AccountSession).where(AccountSession.token_hash == hashed).with_for_update()
    ).first()
    if row is None:
        raise Denied("organisation.session_over", "Your session has ended. Log in again.")
    fresh = _new_token()
    row.token_hash = _hash(fresh)
    row.factor_at = now
    row.seen_at = now
    if row.level is SessionLevel.HALF:
        row.level = SessionLevel.FULL
        row.csrf_token = _new_token()
        _note(session, "account.logged_in", row.account_id, now=now)
    else:
        _note(session, "account.confirmed", row.account_id, now=now)
    return fresh


def get_logged_in(session: Session, token: str, *, now: datetime) -> LoggedIn | None:
    """Return who is behind the token; None when it is unknown, idle too long or too old."""
    # One question, for every page asks it.
    found = session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_hash == _hash(token))
    ).first()
    if found is None:
        return None
    row, account = found
    if not _lives(row, now) or account.deactivated_at is not None:
        return None
    is_full = row.level is SessionLevel.FULL
    return LoggedIn(
        account_id=account.id,
        session_id=row.id,
        name=account.name,
        mail=account.mail,
        language=account.language,
        is_installer=account.is_installer,
        csrf_token=row.csrf_token,
        seen_at=row.seen_at,
        is_full=is_full,
        has_factor=is_full or factors.has_factor(session, account.id),
        factor_at=row.factor_at,
    )


def keep_alive(session: Session, token: str, *, now: datetime) -> None:
    """Note that the browser was seen; at most once a minute, to spare the database."""
    row = session.scalars(
        select(AccountSession).where(AccountSession.token_hash == _hash(token))
    ).first()
    if row is not None and _lives(row, now) and now - row.seen_at > timedelta(minutes=1):
        row.seen_at = now


def list_sessions(
    session: Session, account_id: UUID, *, this: UUID, now: datetime
) -> list[SessionRow]:
    """Return the browsers in which the account is logged in, the newest first."""
    rows = session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.level == SessionLevel.FULL)
        .order_by(AccountSession.seen_at.desc(), AccountSession.id)
    )
    return [
        SessionRow(row.id, row.browser, row.started_at, row.seen_at, row.id == this)
        for row in rows
        if _lives(row, now)
    ]


def end_session(session: Session, account_id: UUID, session_id: UUID, *, now: datetime) -> None:
    """End one of the account's own sessions; the next request of that browser logs in again."""
    ended: CursorResult[None] = session.execute(  # type: ignore[assignment]  # a delete has a count
        delete(AccountSession).where(
            AccountSession.id == session_id, AccountSession.account_id == account_id
        )
    )
    if not ended.rowcount:
        raise NotFound("organisation.no_such_session", "This session has ended already.")
    record(
        session,
        "account.session_ended",
        by=account_id,
        subject=f"account:{account_id}",
        facts={"n_sessions": 1},
        at=now,
    )


def end_other_sessions(session: Session, account_id: UUID, *, this: UUID, now: datetime) -> int:
    """End every session of the account but this one; return how many there were."""
    n_ended = end_sessions(session, account_id, but=this)
    record(
        session,
        "account.session_ended",
        by=account_id,
        subject=f"account:{account_id}",
        facts={"n_sessions": n_ended},
        at=now,
    )
    return n_ended


def end_sessions(session: Session, account_id: UUID, *, but: UUID | None = None) -> int:
    """End the sessions of an account, as part of an act that is recorded by itself."""
    chosen = delete(AccountSession).where(AccountSession.account_id == account_id)
    if but is not None:
        chosen = chosen.where(AccountSession.id != but)
    ended: CursorResult[None] = session.execute(chosen)  # type: ignore[assignment]  # as above
    return ended.rowcount


def log_out(session: Session, token: str) -> None:
    """Forget the browser."""
    session.execute(delete(AccountSession).where(AccountSession.token_hash == _hash(token)))


def forget_old_sessions(session: Session, *, now: datetime) -> None:
    """Delete the sessions that have run out."""
    session.execute(delete(AccountSession).where(AccountSession.seen_at < now - IDLE))
    session.execute(delete(AccountSession).where(AccountSession.started_at < now - ABSOLUTE))


def _note(session: Session, action: str, account_id: UUID, *, now: datetime) -> None:
    """Record that a factor was shown.

    Whoever shows it has not lost it: a request to replace it is cancelled.
    """
    was_open = losses.cancel_open(session, account_id, now=now)
    facts = {"lost_factor_cancelled": True} if was_open else None
    record(session, action, by=account_id, subject=f"account:{account_id}", facts=facts, at=now)


def _lives(row: AccountSession, now: datetime) -> bool:
    """Whether the session still counts.

    One that was seen in the future ends too: the clock was set back, and nobody can say for how
    long the browser was left alone.
    """
    return row.seen_at - SKEW <= now <= row.seen_at + IDLE and now <= row.started_at + ABSOLUTE


def _new(
    account_id: UUID, level: SessionLevel, *, browser: str, now: datetime
) -> tuple[str, AccountSession]:
    token = _new_token()
    row = AccountSession(
        token_hash=_hash(token),
        account_id=account_id,
        level=level,
        csrf_token=_new_token(),
        browser=browser,
        started_at=now,
        seen_at=now,
    )
    return token, row


def _new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
