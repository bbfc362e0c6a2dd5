"""Accounts of the installation: passwords and logged-in browsers."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.models import Account, AccountSession
from baken.storage.audit import record
from baken.storage.session import Database, Session

# OWASP's second recommended setting: as strong as the library's default, with a third of its
# memory, so that a row of log-ins does not slow the respondents down.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared when there is no such account, so that both answers take equally long.
_NOBODY = _HASHER.hash(secrets.token_hex(16))

MIN_PASSWORD = 15  # without a second factor; 12 with one
MAX_PASSWORD = 128
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The account behind a browser, and the token that its forms must carry."""

    account_id: UUID
    name: str
    language: str
    is_installer: bool
    csrf_token: str
    seen_at: datetime


def make_account(
    session: Session,
    *,
    mail: str,
    name: str,
    password: str,
    language: str = "nl",
    is_installer: bool = False,
    by: UUID | None,
    now: datetime,
) -> Account:
    """Add an account to the installation (a session outside all organisations)."""
    check_password(password, mail=mail, name=name)
    account = Account(
        mail=_normal_mail(mail),
        name=name.strip(),
        password_hash=_HASHER.hash(password),
        language=language,
        is_installer=is_installer,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "organisation.mail_taken",
            "There is an account with the address {mail} already.",
            mail=mail,
        ) from error
    record(session, "account.made", by=by, subject=f"account:{account.id}", at=now)
    return account


def check_password(password: str, *, mail: str, name: str) -> None:
    """Raise `Invalid` for a password that is short, too long or easily guessed from the account."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            "organisation.password_length",
            "A password has {low} to {high} characters. A few words in a row work well.",
            low=MIN_PASSWORD,
            high=MAX_PASSWORD,
        )
    context = {"baken", name.casefold().strip(), mail.casefold().partition("@")[0]}
    plain = password.casefold()
    if len(set(plain)) < 5 or any(
        word and plain.strip("0123456789 .!-") == word for word in context
    ):
        raise Invalid(
            "organisation.password_weak",
            "This password is easy to guess. Choose a few words that do not belong together.",
        )


def log_in(
    database: Database, *, mail: str, password: str, now: datetime, instead: str = ""
) -> str:
    """Check the password and start a session of the browser; return its token.

    The password is checked before anything is written: hashing takes long, and nobody who
    answers waits for it.

    Parameters
    ----------
    instead : str
        Token of the session that ends; one that was planted in the browser never logs in.

    Raises
    ------
    Denied
        Address or password wrong: the same sentence, after the same work.
    """
    with database.read(None) as session:
        account = session.scalars(select(Account).where(Account.mail == _normal_mail(mail))).first()
    try:
        _HASHER.verify(account.password_hash if account else _NOBODY, password)
    except (VerificationError, InvalidHashError) as error:
        raise _wrong() from error
    if account is None:
        raise _wrong()
    with database.session(None) as session:
        log_out(session, instead)
        return _start_session(session, account, now=now)


def _start_session(session: Session, account: Account, *, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            token_hash=_hash(token),
            account_id=account.id,
            csrf_token=secrets.token_urlsafe(32),
            started_at=now,
            seen_at=now,
        )
    )
    record(session, "account.logged_in", by=account.id, subject=f"account:{account.id}", at=now)
    return token


def get_logged_in(session: Session, token: str, *, now: datetime) -> LoggedIn | None:
    """Return who is behind the token; None when it is unknown, idle too long or too old."""
    row = session.get(AccountSession, _hash(token))
    if row is None or now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    account = session.get_one(Account, row.account_id)
    return LoggedIn(
        account_id=account.id,
        name=account.name,
        language=account.language,
        is_installer=account.is_installer,
        csrf_token=row.csrf_token,
        seen_at=row.seen_at,
    )


def keep_alive(session: Session, token: str, *, now: datetime) -> None:
    """Note that the browser was seen; at most once a minute, to spare the database."""
    row = session.get(AccountSession, _hash(token))
    if row is not None and now - row.seen_at > timedelta(minutes=1):
        row.seen_at = now


def log_out(session: Session, token: str) -> None:
    """Forget the browser, and whoever has been idle for longer than allowed."""
    session.execute(delete(AccountSession).where(AccountSession.token_hash == _hash(token)))


def forget_old_sessions(session: Session, *, now: datetime) -> None:
    """Delete the sessions that have run out."""
    session.execute(delete(AccountSession).where(AccountSession.seen_at < now - IDLE))
    session.execute(delete(AccountSession).where(AccountSession.started_at < now - ABSOLUTE))


def is_same_token(left: str, right: str) -> bool:
    """Compare two tokens in a time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def _wrong() -> Denied:
    return Denied(
        "organisation.log_in_failed",
        "Address and password do not belong together. Check both and try again.",
    )


def _normal_mail(mail: str) -> str:
    return mail.strip().casefold()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
