"""Ten codes on paper, for the day on which the second factor is not at hand."""

import hmac
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update

from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.models import RecoveryCode
from baken.organisation.errors import Denied
from baken.storage.audit import record
from baken.storage.keys import INSTALLATION, KeyStore
from baken.storage.session import Session

N_CODES: Final = 10
# No sign that looks like another one. Twelve of them hold 58 bits.
_SIGNS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS, _GROUP = 3, 4


def make_codes(
    session: Session, keys: KeyStore, account_id: UUID, *, now: datetime
) -> tuple[str, ...]:
    """Make ten codes and return them, for the one time that they are shown; older ones end."""
    codes = make_first_codes(session, keys, account_id)
    record(
        session,
        "account.recovery_codes_made",
        by=account_id,
        subject=f"account:{account_id}",
        facts={"n_codes": N_CODES},
        at=now,
    )
    tell(session, account_id, Change.CODES_MADE, now=now)
    return codes


def make_first_codes(session: Session, keys: KeyStore, account_id: UUID) -> tuple[str, ...]:
    """Make the codes that come with a first factor, as part of the act that is recorded."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes, key = tuple(_new_code() for _ in range(N_CODES)), _key(keys)
    for code in codes:
        session.add(RecoveryCode(account_id=account_id, code_hash=_hash(key, account_id, code)))
    session.flush()
    return codes


def spend_recovery_code(
    session: Session, keys: KeyStore, account_id: UUID, *, code: str, now: datetime
) -> int:
    """Accept a code once and return how many are left; raise `Denied` otherwise.

    The database decides: of many requests with one code, one succeeds.
    """
    spent: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an update has a count
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _hash(_key(keys), account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not spent.rowcount:
        raise Denied(
            "organisation.recovery_code_wrong",
            "This recovery code is not right, or it was used already. Each one works once; "
            "take the next one of your list.",
        )
    record(
        session,
        "account.recovery_code_used",
        by=account_id,
        subject=f"account:{account_id}",
        at=now,
    )
    tell(session, account_id, Change.CODE_USED, now=now)
    return count_left(session, account_id)


def count_left(session: Session, account_id: UUID) -> int:
    """How many recovery codes of the account are unused."""
    asked = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )
    return session.scalars(asked).one()


def _new_code() -> str:
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _key(keys: KeyStore) -> bytes:
    """It lies outside the database: a copy of that alone does not let one guess."""
    return keys.ensure(INSTALLATION, "accounts", "recovery-codes")


def _hash(key: bytes, account_id: UUID, code: str) -> bytes:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.digest(key, account_id.bytes + plain.encode(), "sha256")
