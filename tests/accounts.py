"""Accounts of the tests."""

from datetime import datetime
from functools import cache

from baken.organisation.accounts.actions import add_account
from baken.organisation.accounts.passwords import hash_password
from baken.organisation.models import Account
from baken.storage.session import Session


@cache
def hashed(password: str) -> str:
    """What is kept of a password; hashing is slow on purpose, so it is done once."""
    return hash_password(password)


def open_account(
    session: Session,
    mail: str,
    password: str,
    *,
    name: str = "An Peeters",
    is_installer: bool = False,
    now: datetime,
) -> Account:
    """Add an account with a password."""
    return add_account(
        session,
        mail=mail,
        name=name,
        password_hash=hashed(password),
        language="nl",
        is_installer=is_installer,
        by=None,
        now=now,
    )
