"""Codes of an authenticator app (TOTP, RFC 6238): six digits that change every half minute."""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import CursorResult, delete, func, select, update

from baken.organisation.accounts.models import Totp
from baken.organisation.errors import Denied, Invalid
from baken.storage.keys import INSTALLATION, KeyStore, seal, unseal
from baken.storage.session import Session

PERIOD_S: Final = 30
DIGITS: Final = 6
# A telephone may be half a minute early or late (RFC 6238, 5.2).
WINDOW: Final = 1
ISSUER: Final = "Baken"
_SECRET_BYTES: Final = 20  # as long as the hash beneath (RFC 4226, 4)


def propose_secret(session: Session, keys: KeyStore, account_id: UUID, session_id: UUID) -> str:
    """Return the secret that a set-up page shows; the same one until it is confirmed.

    It is derived, not stored, so that looking at the page changes nothing. It belongs to one
    browser and to the factor that it replaces.
    """
    row = session.get(Totp, account_id)
    before = hashlib.sha256(row.sealed).digest() if row else b""
    key = keys.ensure(INSTALLATION, "accounts", "proposed-factors")
    content = b"totp|" + account_id.bytes + session_id.bytes + before
    return b32encode(hmac.digest(key, content, "sha256")[:_SECRET_BYTES]).decode()


def get_address(secret: str, mail: str) -> str:
    """Return the ``otpauth://`` address that the square of the set-up page holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=mail, issuer_name=ISSUER)


def keep_secret(
    session: Session, keys: KeyStore, account_id: UUID, *, secret: str, code: str, now: datetime
) -> None:
    """Keep a secret once a code of it was right; it takes the place of the one before."""
    counter = _matching(secret, code, now)
    if counter is None:
        raise Invalid(
            "organisation.totp_first_code",
            "This is not the code that the app shows now. Check that the telephone shows the "
            "right time, and type the newest code.",
        )
    row = session.get(Totp, account_id)
    sealed = seal(_key(keys), secret.encode(), _address(account_id))
    if row is None:
        session.add(Totp(account_id=account_id, sealed=sealed, last_counter=counter, made_at=now))
    else:
        row.sealed, row.last_counter, row.made_at = sealed, counter, now
    session.flush()


def spend_code(
    session: Session, keys: KeyStore, account_id: UUID, *, code: str, now: datetime
) -> None:
    """Accept a code once; raise `Denied` for a wrong one and for one that was used before.

    The database decides: of two requests with one code, at any moment, one is refused.
    """
    row = session.get(Totp, account_id)
    counter = _matching(_secret(keys, row), code, now) if row else None
    spent: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an update has a count
        update(Totp)
        .where(Totp.account_id == account_id, Totp.last_counter < (counter or 0))
        .values(last_counter=counter or 0)
        .execution_options(synchronize_session=False)
    )
    if not spent.rowcount:
        raise Denied(
            "organisation.code_wrong",
            "This code is not right, or it was used already. Wait for the next one and type that.",
        )


def count(session: Session, account_id: UUID) -> int:
    """How many authenticator apps the account has: one or none."""
    asked = select(func.count()).select_from(Totp).where(Totp.account_id == account_id)
    return session.scalars(asked).one()


def forget(session: Session, account_id: UUID) -> None:
    """Remove the authenticator app, as part of an act that is recorded."""
    session.execute(delete(Totp).where(Totp.account_id == account_id))


def get_set_up_at(session: Session, account_id: UUID) -> datetime | None:
    """Return since when the account has an authenticator app; None when it has none."""
    row = session.get(Totp, account_id)
    return row.made_at if row else None


def show_code(session: Session, keys: KeyStore, account_id: UUID, *, now: datetime) -> str:
    """Return the next code that would be accepted: for a demonstration, which has no telephone."""
    row = session.get(Totp, account_id)
    if row is None:
        return ""
    counter = max(_counter(now), row.last_counter + 1)
    return pyotp.HOTP(_secret(keys, row)).at(counter)


def _matching(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, within the window."""
    digits = "".join(code.split())
    here = _counter(now)
    codes = pyotp.HOTP(secret)
    found = None
    for counter in range(here - WINDOW, here + WINDOW + 1):  # all of them, whichever fits
        if hmac.compare_digest(codes.at(counter).encode(), digits.encode()):
            found = counter
    return found


def _counter(now: datetime) -> int:
    return int(now.timestamp()) // PERIOD_S


def _secret(keys: KeyStore, row: Totp) -> str:
    return unseal(_key(keys), row.sealed, _address(row.account_id)).decode()


def _key(keys: KeyStore) -> bytes:
    return keys.ensure(INSTALLATION, "accounts", "factors")


def _address(account_id: UUID) -> bytes:
    return b"totp|" + account_id.bytes
