"""Where a form comes from: our own page, or somebody else's."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Final

from baken.storage.errors import BakenError

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignForm(BakenError):
    """The request did not come from a page of ours."""

    kind = "denied"

    def __init__(self) -> None:
        super().__init__(
            "web.foreign_form",
            "This form did not come from a page of Baken, or the page was open for too long. "
            "Nothing was saved. Reload the page and send again.",
        )


def check_origin(headers: Mapping[str, str], own: Collection[str]) -> None:
    """Refuse a request that another site started.

    Our own pages send no referrer, so browsers write ``Origin: null`` for them: that one passes.
    """
    if headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}:
        raise ForeignForm
    origin = headers.get("origin", "null")
    if origin != "null" and origin not in own:
        raise ForeignForm


def check_token(sent: str, expected: str) -> None:
    """Refuse a form without the token of this session."""
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise ForeignForm


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token_before_log_in(cookie: str) -> str:
    """The form token that belongs to a pre-session cookie."""
    return hashlib.sha256(b"form before log-in\0" + cookie.encode()).hexdigest() if cookie else ""
