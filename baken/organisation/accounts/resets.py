"""A forgotten password: a link by mail, once, for half an hour. It never replaces the factor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from baken.organisation.accounts.actions import put_password
from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.links import (
    LIFE,
    LinkKind,
    check_in_time,
    link_over,
    make_token,
    read_token,
)
from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.accounts.models import PasswordReset
from baken.organisation.accounts.passwords import check_password, hash_password
from baken.organisation.accounts.sessions import end_sessions
from baken.organisation.models import Account
from baken.storage.audit import record
from baken.storage.jobs import enqueue
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session


def ask_reset(session: Session, *, mail: str, now: datetime) -> None:
    """Have a link sent to the account of an address.

    Without such an account the same rows are written, and the letter is not: nobody learns from
    the answer, or from how long it takes, who has an account.
    """
    asked = select(Account.id).where(
        Account.mail == normal_mail(mail), Account.deactivated_at.is_(None)
    )
    row = PasswordReset(account_id=session.scalars(asked).first(), asked_at=now)
    session.add(row)
    session.flush()
    enqueue(session, "mail.password_reset", subject_id=row.id, now=now)


def make_link_at_machine(session: Session, account_id: UUID, *, now: datetime) -> UUID:
    """Have a link made for whoever asks at the machine itself; no letter goes out."""
    row = PasswordReset(account_id=account_id, asked_at=now)
    session.add(row)
    session.flush()
    record(session, "account.password_link", by=None, subject=f"account:{account_id}", at=now)
    return row.id


def get_token(keys: KeyStore, reset_id: UUID) -> str:
    """Return what stands in the link."""
    return make_token(keys, LinkKind.PASSWORD_RESET, reset_id)


def get_open(session: Session, keys: KeyStore, token: str, *, now: datetime) -> PasswordReset:
    """Return what a link was made for, or raise `LinkOver`."""
    ids = read_token(keys, LinkKind.PASSWORD_RESET, token)
    row = session.get(PasswordReset, ids[0]) if len(ids) == 1 else None
    if row is None or row.account_id is None or row.used_at is not None:
        raise link_over()
    check_in_time(LinkKind.PASSWORD_RESET, row.asked_at, now=now)
    if session.get_one(Account, row.account_id).deactivated_at is not None:
        raise link_over()
    return row


def reset_password(
    database: Database, keys: KeyStore, token: str, *, new: str, now: datetime
) -> None:
    """Put a new password in the place of a forgotten one; every session of the account ends.

    The link is spent in the same transaction: of two who use it at once, one is refused.
    """
    with database.read(None) as session:
        found = get_open(session, keys, token, now=now)
        account = session.get_one(Account, found.account_id)
    check_password(new, mail=account.mail, name=account.name)
    hashed = hash_password(new)  # takes long: before anything is held
    with database.session(None) as session:
        get_open(session, keys, token, now=now)
        used: CursorResult[None] = session.execute(  # type: ignore[assignment]  # it has a count
            update(PasswordReset)
            .where(PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None))
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        if not used.rowcount:
            raise link_over()
        put_password(session, account.id, hashed)
        record(
            session,
            "account.password_reset",
            by=account.id,
            subject=f"account:{account.id}",
            facts={"n_sessions": end_sessions(session, account.id)},
            at=now,
        )
        tell(session, account.id, Change.PASSWORD, now=now)


def forget_old_resets(session: Session, *, now: datetime) -> None:
    """Delete what was asked for too long ago to be of use."""
    too_old = now - LIFE[LinkKind.PASSWORD_RESET]
    session.execute(delete(PasswordReset).where(PasswordReset.asked_at < too_old))
