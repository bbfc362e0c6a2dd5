"""Making, changing and closing an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.accounts.passwords import check_password, hash_password, is_password
from baken.organisation.accounts.sessions import end_sessions
from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.models import Account
from baken.storage.audit import record
from baken.storage.session import Database, Session

# German letters exist; German screens do not yet.
LANGUAGES = ("nl", "fr", "en", "de")


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
    return add_account(
        session,
        mail=mail,
        name=name,
        password_hash=hash_password(password),
        language=language,
        is_installer=is_installer,
        by=by,
        now=now,
    )


def add_account(
    session: Session,
    *,
    mail: str,
    name: str,
    password_hash: str,
    language: str,
    is_installer: bool = False,
    by: UUID | None,
    now: datetime,
) -> Account:
    """Add an account whose password was checked and hashed before; empty: it has none."""
    account = Account(
        mail=normal_mail(mail),
        name=_named(name),
        password_hash=password_hash,
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
    record(session, "account.made", by=by, subject=_subject(account.id), at=now)
    return account


def change_profile(
    session: Session, account_id: UUID, *, name: str, language: str, now: datetime
) -> None:
    """Change how somebody is called and in which language Baken speaks to them."""
    account = session.get_one(Account, account_id)
    if language not in LANGUAGES:
        raise Invalid("organisation.language_unknown", "Choose one of the languages in the list.")
    account.name, account.language = _named(name), language
    account.version += 1
    record(session, "account.profile_changed", by=account_id, subject=_subject(account_id), at=now)


def change_password(
    database: Database,
    account_id: UUID,
    *,
    current: str,
    new: str,
    this_session: UUID,
    now: datetime,
) -> None:
    """Replace one's own password; every other browser is logged out."""
    with database.read(None) as session:
        account = session.get_one(Account, account_id)
    if not is_password(account.password_hash, current):
        raise Denied(
            "organisation.password_wrong", "This is not your present password. Type it again."
        )
    check_password(new, mail=account.mail, name=account.name)
    hashed = hash_password(new)  # takes long: before anything is held
    with database.session(None) as session:
        put_password(session, account_id, hashed)
        record(
            session,
            "account.password_changed",
            by=account_id,
            subject=_subject(account_id),
            facts={"n_sessions": end_sessions(session, account_id, but=this_session)},
            at=now,
        )
        tell(session, account_id, Change.PASSWORD, now=now)


def put_password(session: Session, account_id: UUID, password_hash: str) -> None:
    """Put another password in place, as part of an act that is recorded."""
    account = session.get_one(Account, account_id)
    account.password_hash = password_hash
    account.version += 1


def close_account(session: Session, account_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Close an account: nobody logs in with it any more, and its sessions end at once."""
    account = session.get_one(Account, account_id)
    account.deactivated_at = now
    account.version += 1
    n_ended = end_sessions(session, account_id)
    facts = {"n_sessions": n_ended}
    record(session, "account.closed", by=by, subject=_subject(account_id), facts=facts, at=now)


def reopen_account(session: Session, account_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Let somebody log in again."""
    account = session.get_one(Account, account_id)
    account.deactivated_at = None
    account.version += 1
    record(session, "account.reopened", by=by, subject=_subject(account_id), at=now)


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid("organisation.name_missing", "Fill in a name.")
    return name.strip()


def _subject(account_id: UUID) -> str:
    return f"account:{account_id}"
