"""The second factors of an account, whatever their kind. A new kind adds one line to `KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from baken.organisation.accounts import passkeys, totp
from baken.organisation.accounts.models import RecoveryCode
from baken.organisation.errors import Denied, Invalid
from baken.organisation.models import Account
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class FactorKind:
    """One way to show a second factor.

    `count` says how many of this kind an account has, `forget` removes them all.
    """

    key: str
    count: Callable[[Session, UUID], int]
    forget: Callable[[Session, UUID], None]


KINDS: Final[tuple[FactorKind, ...]] = (
    FactorKind("totp", totp.count, totp.forget),
    FactorKind("passkey", passkeys.count, passkeys.forget),
)


def lock_factors(session: Session, account_id: UUID) -> None:
    """One change of the factors of an account at a time: what was counted stays true."""
    session.get_one(Account, account_id, with_for_update=True)


def count_factors(session: Session, account_id: UUID) -> int:
    """How many second factors the account has; recovery codes are no factor, only a way back."""
    return sum(kind.count(session, account_id) for kind in KINDS)


def has_factor(session: Session, account_id: UUID) -> bool:
    """Whether the account can show a second factor."""
    return count_factors(session, account_id) > 0


def check_may_set_up_first(session: Session, account_id: UUID) -> None:
    """Raise `Denied` unless the account has no second factor: a password alone adds no other."""
    if has_factor(session, account_id):
        raise Denied(
            "organisation.has_factor",
            "Your account has a second factor already. Log in with that one.",
        )


def check_may_remove(session: Session, account_id: UUID) -> None:
    """Raise `Invalid` when the account would be left without a second factor."""
    if count_factors(session, account_id) < 2:
        raise Invalid(
            "organisation.last_factor",
            "This is your only second factor. Add another one first.",
        )


def forget_factors(session: Session, account_id: UUID) -> None:
    """Remove every second factor and recovery code, as part of an act that is recorded."""
    for kind in KINDS:
        kind.forget(session, account_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
