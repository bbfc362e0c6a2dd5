"""One way out to the identity provider and back.

The browser leaves from a page of ours, and comes back to a page of ours that sends what it brings
as a form: looking at an address changes nothing, whoever looks.
"""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from anyio import to_thread
from litestar import Response

from baken.organisation.accounts.challenges import Purpose, Redeemed, issue, redeem
from baken.organisation.errors import NotFound
from baken.storage.errors import BakenError
from baken.storage.keys import INSTALLATION, KeyStore
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.errors import STATUS
from baken.web.openid.attempt import Attempt
from baken.web.openid.errors import ProofRefused, refused
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.settings import Settings
from baken.web.texts import catalogue

if TYPE_CHECKING:  # loaded only where there is a provider
    from baken.web.openid.proof import Proof
    from baken.web.openid.provider import Provider

log = logging.getLogger("baken.web")

MAX_CODE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Journey:
    """Who travels, for what, and where they come back.

    `browser` is what only this browser has; `account_id` is whose page it left from, if any.
    """

    provider: "Provider"
    database: Database
    keys: KeyStore
    purpose: Purpose
    back: str
    browser: bytes
    now: datetime
    account_id: UUID | None = None

    @classmethod
    def of(
        cls,
        request: PageRequest,
        purpose: Purpose,
        back: str,
        *,
        browser: bytes,
        now: datetime,
        account_id: UUID | None = None,
    ) -> "Journey":
        """A journey of this request; raise `NotFound` where no provider is set up."""
        state = request.app.state
        settings: Settings = state.settings
        return cls(
            provider_of(request),
            state.database,
            state.key_store,
            purpose,
            f"{settings.origin}{back}",
            browser,
            now,
            account_id,
        )

    async def leave(self, request: PageRequest, *, target: str = "") -> Response[str]:
        """A page that leads to the provider: a form may not lead to another site (our policy)."""
        attempt = await to_thread.run_sync(partial(self._begin, target))
        language = frame_of(request).language
        address = await self.provider.address(attempt, back=self.back, language=language)
        return page(
            request,
            "account/openid_leaving.html",
            address=address,
            name=self.provider.settings.name,
        )

    async def arrive(self, form: Form) -> "tuple[Proof, str]":
        """Who the provider says this is, and where the person was going.

        Raises
        ------
        BakenError
            Too late, not from this browser, not proven, or the provider is silent.
        """
        state, code = form.get("state"), form.get("code")
        # First, because not every provider sends the state along with its error.
        if not code or len(code) > MAX_CODE or form.get("error"):
            raise ProofRefused(
                "openid.declined",
                "You did not finish at the other service, or it did not let you through. Nothing "
                "was changed; begin again, or log in with your password.",
            )
        noted = await to_thread.run_sync(partial(self._take_back, state))
        if form.get("iss") not in {"", self.provider.settings.issuer}:
            raise refused("another issuer came back (RFC 9207)")
        attempt = Attempt.of(state, self._key())
        proof = await self.provider.proof(attempt, code=code, back=self.back, now=self.now)
        return proof, noted.target

    def _begin(self, target: str) -> Attempt:
        with self.database.session(None) as session:
            value = issue(
                session,
                self.purpose,
                browser=self.browser,
                account_id=self.account_id,
                target=target,
                now=self.now,
            )
        return Attempt.of(urlsafe_b64encode(value).rstrip(b"=").decode(), self._key())

    def _take_back(self, state: str) -> Redeemed:
        return redeem(
            self.database,
            self.purpose,
            _read(state),
            browser=self.browser,
            account_id=self.account_id,
            now=self.now,
        )

    def _key(self) -> bytes:
        return self.keys.ensure(INSTALLATION, "openid", "attempts")


def provider_of(request: PageRequest) -> "Provider":
    """The provider of the settings."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotFound(
            "openid.none",
            "This installation has no other service to log in with. Use your password.",
        )
    return provider


def name_of_provider(request: PageRequest) -> str:
    """What the provider is called on our pages; empty where there is none."""
    provider: Provider | None = request.app.state.provider
    return provider.settings.name if provider else ""


def arrival_page(request: PageRequest, *, post_to: str, token: str) -> Response[str]:
    """What the browser brings back, in a form that our script sends on."""
    brought = {
        name: request.query_params.get(name, "") for name in ("state", "code", "iss", "error")
    }
    return page(
        request, "account/openid_arrival.html", post_to=post_to, token=token, brought=brought
    )


def refused_page(request: PageRequest, error: BakenError, *, back: str) -> Response[str]:
    """Say what went wrong with the provider, and lead back; the log says why in its own words."""
    why = "; ".join(getattr(error, "__notes__", ()))
    if why:
        log.warning("identity provider: %s (%s)", error.key, why)
    return page(
        request,
        "account/openid_refused.html",
        status=STATUS[error.kind],
        sentence=catalogue(frame_of(request).language).refusal(error),
        is_unknown=error.key == "openid.unknown",
        back=back,
        name=name_of_provider(request),
    )


def _read(state: str) -> bytes:
    try:
        return urlsafe_b64decode(state + "=" * (-len(state) % 4))
    except ValueError:
        return b""  # never sent out, so it is refused like any other
