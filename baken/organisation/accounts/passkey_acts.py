"""What people do with passkeys: add one, prove who they are, rename it, remove it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from baken.organisation.accounts import passkeys
from baken.organisation.accounts.ceremonies import (
    Answer,
    NewKey,
    RelyingParty,
    Signed,
    creation_options,
    read_answer,
    request_options,
    verify_creation,
    verify_request,
)
from baken.organisation.accounts.challenges import Purpose, issue, redeem
from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.factors import (
    check_may_remove,
    check_may_set_up_first,
    lock_factors,
)
from baken.organisation.accounts.passkeys import MAX_NAME, Passkey, get_passkey
from baken.organisation.accounts.recovery_codes import make_first_codes
from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.models import Account
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session

MAX_PASSKEYS = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """Where and when somebody uses a passkey.

    `browser` is what only this browser has: the identifier of its session, or its cookie before
    log-in.
    """

    party: RelyingParty
    browser: bytes
    now: datetime
    today: date


def begin_adding(session: Session, account_id: UUID, visit: Visit) -> dict[str, Any]:
    """What the browser needs to make a passkey for this account."""
    account = session.get_one(Account, account_id)
    if passkeys.count(session, account_id) >= MAX_PASSKEYS:
        raise Invalid(
            "passkeys.too_many",
            "An account has at most {n} passkeys. Remove one that you do not use any more.",
            n=MAX_PASSKEYS,
        )
    known = passkeys.list_credential_ids(session, account_id)
    challenge = issue(
        session,
        Purpose.PASSKEY_NEW,
        browser=visit.browser,
        account_id=account_id,
        now=visit.now,
    )
    return creation_options(
        visit.party,
        challenge,
        account_id=account_id,
        mail=account.mail,
        name=account.name,
        known=known,
    )


def check_new_key(database: Database, account_id: UUID, *, answer: str, visit: Visit) -> NewKey:
    """Read the public half of a key that the browser has just made."""
    read = read_answer(answer)
    redeem(
        database,
        Purpose.PASSKEY_NEW,
        read.challenge,
        browser=visit.browser,
        account_id=account_id,
        now=visit.now,
    )
    return verify_creation(visit.party, read)


def add_passkey(
    session: Session, account_id: UUID, made: NewKey, *, name: str, visit: Visit
) -> UUID:
    """Keep the key for this account, beside the factors that it has."""
    passkey_id = _keep(session, account_id, made, name=name, visit=visit)
    tell(session, account_id, Change.FACTOR_ADDED, now=visit.now)
    return passkey_id


def _keep(session: Session, account_id: UUID, made: NewKey, *, name: str, visit: Visit) -> UUID:
    row = Passkey(
        account_id=account_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=_named(name),
        may_be_copied=made.may_be_copied,
        is_copied=made.is_copied,
        added_on=visit.today,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "passkeys.taken", "This passkey belongs to an account already. Use another one."
        ) from error
    _note(session, "account.passkey_added", account_id, row.id, visit.now)
    return row.id


def add_first_passkey(
    session: Session, keys: KeyStore, account_id: UUID, made: NewKey, *, name: str, visit: Visit
) -> tuple[str, ...]:
    """Keep the key as the first factor; return the recovery codes that come with it."""
    lock_factors(session, account_id)
    check_may_set_up_first(session, account_id)
    _keep(session, account_id, made, name=name, visit=visit)
    return make_first_codes(session, keys, account_id)


def begin_log_in(session: Session, visit: Visit) -> dict[str, Any]:
    """What the browser needs to log somebody in who has said nothing yet."""
    challenge = issue(session, Purpose.PASSKEY_LOG_IN, browser=visit.browser, now=visit.now)
    return request_options(visit.party, challenge)


def begin_factor(session: Session, account_id: UUID, visit: Visit) -> dict[str, Any]:
    """What the browser needs to show a passkey of this account."""
    challenge = issue(
        session,
        Purpose.PASSKEY_FACTOR,
        browser=visit.browser,
        account_id=account_id,
        now=visit.now,
    )
    known = passkeys.list_credential_ids(session, account_id)
    return request_options(visit.party, challenge, known=known)


def prove_log_in(database: Database, *, answer: str, visit: Visit) -> UUID:
    """Whose passkey this is: a key and what unlocks it, so both factors at once."""
    read = read_answer(answer)
    redeem(database, Purpose.PASSKEY_LOG_IN, read.challenge, browser=visit.browser, now=visit.now)
    key = _find(database, read)
    if read.user_handle != key.account_id.bytes:
        raise _unknown()
    return _use(database, key, verify_request(visit.party, read, key.public_key), visit)


def prove_factor(database: Database, account_id: UUID, *, answer: str, visit: Visit) -> None:
    """Check that a passkey of this account was shown."""
    read = read_answer(answer)
    redeem(
        database,
        Purpose.PASSKEY_FACTOR,
        read.challenge,
        browser=visit.browser,
        account_id=account_id,
        now=visit.now,
    )
    key = _find(database, read)
    if key.account_id != account_id or read.user_handle not in {None, account_id.bytes}:
        raise _unknown()
    _use(database, key, verify_request(visit.party, read, key.public_key), visit)


def rename_passkey(
    session: Session, account_id: UUID, passkey_id: UUID, *, name: str, version: int, now: datetime
) -> None:
    """Call a passkey by another name."""
    row = get_passkey(session, account_id, passkey_id)
    check_version(row, version)
    row.name = _named(name)
    _note(session, "account.passkey_renamed", account_id, passkey_id, now)


def remove_passkey(session: Session, account_id: UUID, passkey_id: UUID, *, now: datetime) -> None:
    """Remove a passkey; never the last factor of an account."""
    lock_factors(session, account_id)
    row = get_passkey(session, account_id, passkey_id)
    check_may_remove(session, account_id)
    session.delete(row)
    _note(session, "account.passkey_removed", account_id, passkey_id, now)
    tell(session, account_id, Change.FACTOR_REMOVED, now=now)


def _find(database: Database, read: Answer) -> Passkey:
    """The key by the name it gives itself, of an account that is open."""
    with database.read(None) as session:
        row = session.scalars(
            select(Passkey)
            .join(Account, Account.id == Passkey.account_id)
            .where(Passkey.credential_id == read.credential_id, Account.deactivated_at.is_(None))
        ).first()
    if row is None:
        raise _unknown()
    return row


def _use(database: Database, key: Passkey, signed: Signed, visit: Visit) -> UUID:
    """Count the use. A counter that does not rise means that there are two of this key.

    The database decides: of two uses with one count, one is refused.
    """
    # Many keys do not count and say 0 for ever.
    rises = Passkey.sign_count < signed.sign_count if signed.sign_count else Passkey.sign_count == 0
    with database.session(None) as session:
        counted: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an update has a count
            update(Passkey)
            .where(Passkey.id == key.id, rises)
            .values(sign_count=signed.sign_count, is_copied=signed.is_copied, used_on=visit.today)
            .execution_options(synchronize_session=False)
        )
        is_counted = bool(counted.rowcount)
        if not is_counted:
            _note(session, "account.passkey_counted_back", key.account_id, key.id, visit.now)
    if not is_counted:
        raise Denied(
            "passkeys.counted_back",
            "This passkey says that it was used less often than before, as a copy would. It was "
            "not accepted. Log in another way, remove this passkey from your account and add it "
            "again.",
        )
    return key.account_id


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_NAME:
        raise Invalid(
            "passkeys.name",
            "Give the passkey a name of at most {n} characters, such as “work telephone”.",
            n=MAX_NAME,
        )
    return plain


def _unknown() -> Denied:
    return Denied(
        "passkeys.unknown",
        "This passkey belongs to no account that you can log in with here. Log in another way; "
        "in your account you can add a passkey.",
    )


def _note(session: Session, action: str, account_id: UUID, passkey_id: UUID, now: datetime) -> None:
    record(
        session,
        action,
        by=account_id,
        subject=f"account:{account_id}",
        facts={"passkey": str(passkey_id)},
        at=now,
    )
