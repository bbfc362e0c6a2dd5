"""What the pages of passkeys share: the address they hold for, the browser, the refusal."""

import ipaddress
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Response
from litestar.enums import MediaType

from baken.organisation.accounts.ceremonies import RelyingParty
from baken.organisation.accounts.passkey_acts import Visit
from baken.organisation.errors import Invalid
from baken.storage.errors import BakenError
from baken.web.errors import STATUS
from baken.web.machine import is_loopback
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.settings import Settings
from baken.web.texts import catalogue


def visit_of(request: PageRequest, browser: bytes, *, now: datetime, today: date) -> Visit:
    """Where and when a passkey is used.

    Raises
    ------
    Invalid
        Baken is reached under a number, and passkeys hold for names only.
    """
    settings: Settings = request.app.state.settings
    return Visit(party_of(settings, request.headers.get("host", "")), browser, now, today)


def party_of(settings: Settings, host: str) -> RelyingParty:
    """The name and address that passkeys are made for.

    On this machine alone the settings may say 127.0.0.1: then passkeys work for whoever types
    `localhost` instead, which is the same machine under a name.
    """
    parts = urlsplit(settings.origin)
    name = parts.hostname or ""
    if is_loopback(name) and urlsplit(f"//{host}").hostname == "localhost":
        return RelyingParty("localhost", f"{parts.scheme}://{host}")
    if _is_number(name):
        raise Invalid(
            "passkeys.no_name",
            "Passkeys work when Baken is reached under a name, not under a number such as {host}. "
            "Use the authenticator app instead.",
            host=name,
        )
    return RelyingParty(name, settings.origin)


def options_answer(options: Mapping[str, Any]) -> Response[str]:
    """What the browser's own dialogue needs, for our script."""
    return Response(json.dumps(options), media_type=MediaType.JSON)


def refused_page(request: PageRequest, error: BakenError, *, back: str) -> Response[str]:
    """Say why the passkey was not accepted, and lead back to where another way is offered."""
    return page(
        request,
        "account/passkey_refused.html",
        status=STATUS[error.kind],
        sentence=catalogue(frame_of(request).language).refusal(error),
        back=back,
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
