"""Logging in with a password: the first half."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts.passwords import is_password
from baken.organisation.accounts.sessions import start_half
from baken.organisation.errors import Denied
from baken.organisation.models import Account
from baken.storage.session import Database


def log_in(
    database: Database,
    *,
    mail: str,
    password: str,
    browser: str = "",
    instead: str = "",
    now: datetime,
) -> str:
    """Check the password and start a half session; return its token.

    The password is checked before anything is written: hashing takes long, and nobody who
    answers waits for it.

    Parameters
    ----------
    instead : str
        Token of the session that ends; one that was planted in the browser never logs in.

    Raises
    ------
    Denied
        Address or password wrong, or the account was closed: one sentence, after the same work.
    """
    account_id = check_log_in(database, mail=mail, password=password)
    with database.session(None) as session:
        return start_half(session, account_id, browser=browser, instead=instead, now=now)


def check_log_in(database: Database, *, mail: str, password: str) -> UUID:
    """Return the account whose address and password these are, or raise `Denied`."""
    with database.read(None) as session:
        account = session.scalars(select(Account).where(Account.mail == normal_mail(mail))).first()
    is_right = is_password(account.password_hash if account else "", password)
    if not is_right or account is None or account.deactivated_at is not None:
        raise Denied(
            "organisation.log_in_failed",
            "Address and password do not belong together. Check both and try again.",
        )
    return account.id


def normal_mail(mail: str) -> str:
    """An address as accounts are found by it."""
    return mail.strip().casefold()
