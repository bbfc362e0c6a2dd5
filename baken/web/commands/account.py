"""`baken account`: what whoever has the machine does for an account that nobody else can help."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from baken.organisation.accounts import lost_factors
from baken.organisation.accounts.actions import close_account, reopen_account
from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.accounts.resets import get_token, make_link_at_machine
from baken.organisation.models import Account
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.numerals import ZONE
from baken.web.settings import Settings

Mail = Annotated[str, typer.Argument(help="Mail address of the account.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]

account = typer.Typer(add_completion=False, help="Help an account that nobody else can help.")


class NoSuchAccount(BakenError):
    """No account has this address."""

    kind = "missing"


@account.callback()
def _account() -> None:
    """Help an account that nobody else can help; every act is recorded."""


@account.command("lost-factor")
def lost_factor(mail: Mail, yes: Yes = False) -> None:
    """Remove the second factor, recovery codes and sessions; the next log-in sets up a new factor.

    For when there are not two people who may approve that in Baken itself.
    """
    if not yes:
        typer.confirm(f"Have you made sure that it is {mail} who asks?", abort=True)
    database = _open()
    now = datetime.now(UTC)
    today = now.astimezone(ZONE).date()
    is_by_mail = Settings.from_environment().mail is not None
    with database.read(None) as session:
        account_id = _find(session, mail)
    lost_factors.replace_at_machine(
        database, account_id, is_by_mail=is_by_mail, now=now, today=today
    )
    print(f"{mail} logs in with the password and sets up a new second factor.")


@account.command("reset")
def reset(mail: Mail, yes: Yes = False) -> None:
    """Show a link to choose a new password: it works once, for half an hour.

    For an installation without a mail server. The second factor is asked as ever.
    """
    if not yes:
        typer.confirm(f"Have you made sure that it is {mail} who asks?", abort=True)
    settings = Settings.from_environment()
    keys = KeyStore.open(settings.keys)
    with _open().session(None) as session:
        found = make_link_at_machine(session, _find(session, mail), now=datetime.now(UTC))
    print(f"{settings.origin}/reset/{get_token(keys, found)}")


@account.command("close")
def close(mail: Mail) -> None:
    """End the sessions of an account and let nobody log in with it."""
    database = _open()
    with database.session(None) as session:
        close_account(session, _find(session, mail), by=None, now=datetime.now(UTC))
    print(f"{mail} cannot log in any more.")


@account.command("reopen")
def reopen(mail: Mail) -> None:
    """Let somebody whose account was closed log in again."""
    database = _open()
    with database.session(None) as session:
        reopen_account(session, _find(session, mail), by=None, now=datetime.now(UTC))
    print(f"{mail} can log in again.")


def _open() -> Database:
    return Database(Settings.from_environment().database_url)


def _find(session: Session, mail: str) -> UUID:
    found = session.scalars(select(Account.id).where(Account.mail == normal_mail(mail))).first()
    if found is None:
        raise NoSuchAccount(
            "commands.no_such_account", "There is no account with the address {mail}.", mail=mail
        )
    return found
