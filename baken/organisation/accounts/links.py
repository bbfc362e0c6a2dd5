"""Links in mails: an address that only the mail holds.

What stands in the link is derived when the mail is sent, from identifiers and a key outside the
database. So neither the database nor a job nor the list of mails to send holds anything that opens
a door.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.organisation.accounts.sessions import SKEW
from baken.organisation.errors import OrganisationError
from baken.storage.keys import INSTALLATION, KeyStore

_MAC_BYTES: Final = 16


class LinkKind(StrEnum):
    """What a link is for; one made for one purpose never serves another."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a purpose
    INVITATION = "invitation"


LIFE: Final = {
    LinkKind.PASSWORD_RESET: timedelta(minutes=30),
    LinkKind.INVITATION: timedelta(days=7),
}


class LinkOver(OrganisationError):
    """The link was used, withdrawn, replaced or is too old; or it is none of ours."""

    kind = "missing"


def make_token(keys: KeyStore, kind: LinkKind, *ids: UUID) -> str:
    """Return what stands in the address of a mailed link."""
    content = b"".join(part.bytes for part in ids)
    return urlsafe_b64encode(content + _mac(keys, kind, content)).decode().rstrip("=")


def read_token(keys: KeyStore, kind: LinkKind, token: str) -> tuple[UUID, ...]:
    """Return the identifiers in a link, or raise `LinkOver` for one that we did not make."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    content, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not content or len(content) % 16 or not hmac.compare_digest(mac, _mac(keys, kind, content)):
        raise link_over()
    return tuple(UUID(bytes=content[at : at + 16]) for at in range(0, len(content), 16))


def check_in_time(kind: LinkKind, made_at: datetime, *, now: datetime) -> None:
    """Raise `LinkOver` once the link is too old, or when the clock was set back before it."""
    if not made_at - SKEW <= now <= made_at + LIFE[kind]:
        raise link_over()


def link_over() -> LinkOver:
    """The one sentence for every link that opens nothing (any more)."""
    return LinkOver(
        "organisation.link_over",
        "This link does not work (any more): it was used, replaced or withdrawn, or it is too old.",
    )


def _mac(keys: KeyStore, kind: LinkKind, content: bytes) -> bytes:
    key = keys.ensure(INSTALLATION, "links", "v1")
    return hmac.digest(key, kind.encode() + b"|" + content, "sha256")[:_MAC_BYTES]
