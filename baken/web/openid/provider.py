"""The identity provider of the settings: the one address outside that Baken asks by itself.

Everything asked of it lies under its own origin, goes by HTTPS (but on this machine), ends within
three seconds and stays small. Nothing it says is followed elsewhere.
"""

import json
import ssl
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

import anyio
import httpx
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]  # ships no types
    prepare_grant_uri,
)
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # ships no types
    create_s256_code_challenge,
)

from baken.web.openid.attempt import Attempt
from baken.web.openid.errors import refused, silent
from baken.web.openid.proof import Expected, Proof, check_id_token
from baken.web.openid.settings import OpenIdSettings

TIME_OUT_SECONDS: Final = 3.0
MAX_ANSWER: Final = 256 * 1024
# How long the addresses of the provider are known before they are asked again.
KNOWN_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider does what."""

    authorization: str
    token: str
    keys: str
    takes_basic: bool


class Provider:
    """Speaks with the provider; one for the whole application."""

    def __init__(self, settings: OpenIdSettings) -> None:
        self.settings = settings
        self._secret = settings.client_secret()
        self._tls = ssl.create_default_context(cafile=settings.authorities)
        self._known: tuple[Endpoints, float] | None = None

    async def address(self, attempt: Attempt, *, back: str, language: str) -> str:
        """Where the browser goes to prove who it is; it comes back to `back`."""
        endpoints = await self._endpoints()
        address: str = prepare_grant_uri(
            endpoints.authorization,
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=back,
            scope="openid",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            ui_locales=language,
        )
        return address

    async def proof(self, attempt: Attempt, *, code: str, back: str, now: datetime) -> Proof:
        """Exchange the code for a token and check it.

        Raises
        ------
        ProviderSilent
            The provider is down, slow, or talks nonsense.
        ProofRefused
            It refuses the code, or its token proves nothing.
        """
        endpoints = await self._endpoints()
        answer = await self._exchange(endpoints, attempt, code, back)
        token, access_token = answer.get("id_token"), answer.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access_token, str):
            raise silent("an answer without a token")
        keys = await self._ask("GET", endpoints.keys)
        expected = Expected(self.settings.issuer, self.settings.client_id, attempt.nonce)
        return check_id_token(token, keys, expected, access_token=access_token, now=now)

    async def _exchange(
        self, endpoints: Endpoints, attempt: Attempt, code: str, back: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        name, secret = self.settings.client_id, self._secret
        if endpoints.takes_basic:
            # encoded before it is joined (RFC 6749, 2.3.1)
            client = (quote(name, safe=""), quote(secret, safe=""))
            return await self._ask("POST", endpoints.token, form=form, client=client)
        form |= {"client_id": name, "client_secret": secret}
        return await self._ask("POST", endpoints.token, form=form)

    async def _endpoints(self) -> Endpoints:
        if self._known and time.monotonic() < self._known[1]:
            return self._known[0]
        issuer = self.settings.issuer
        found = await self._ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise silent("the provider says it is another")
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        endpoints = Endpoints(
            authorization=self._own(found.get("authorization_endpoint")),
            token=self._own(found.get("token_endpoint")),
            keys=self._own(found.get("jwks_uri")),
            takes_basic=not isinstance(methods, list) or "client_secret_basic" in methods,
        )
        self._known = (endpoints, time.monotonic() + KNOWN_FOR.total_seconds())
        return endpoints

    def _own(self, address: object) -> str:
        """An address under the provider's own origin: it cannot send us elsewhere."""
        if not isinstance(address, str) or not address.isprintable():
            raise silent("an address is missing")
        try:
            parts, issuer = urlsplit(address), urlsplit(self.settings.issuer)
            same = (parts.scheme, parts.hostname, parts.port, parts.username) == (
                issuer.scheme, issuer.hostname, issuer.port, None,
            )  # fmt: skip
        except ValueError:
            raise silent("an address is unreadable") from None
        if not same or parts.fragment:
            raise silent("an address lies elsewhere")
        return address

    async def _ask(
        self,
        method: str,
        address: str,
        *,
        form: dict[str, str] | None = None,
        client: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            with anyio.fail_after(TIME_OUT_SECONDS):
                status, content = await self._send(method, address, form, client)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise silent(type(error).__name__) from error
        if status in {400, 401, 403} and method == "POST":
            raise refused(f"status {status}")
        if status != 200:
            raise silent(f"status {status}")
        return _object(content)

    async def _send(
        self, method: str, address: str, form: dict[str, str] | None, client: tuple[str, str] | None
    ) -> tuple[int, bytes]:
        # No settings of the environment: a proxy would be another place to talk to. Unpacked by
        # nobody: a small answer stays small.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        content = bytearray()
        async with (
            httpx.AsyncClient(
                verify=self._tls,
                trust_env=False,
                follow_redirects=False,
                timeout=TIME_OUT_SECONDS,
            ) as outside,
            outside.stream(method, address, data=form, auth=client, headers=headers) as answer,
        ):
            async for part in answer.aiter_raw():
                content += part
                if len(content) > MAX_ANSWER:
                    raise silent("an answer that is too long")
            return answer.status_code, bytes(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise silent("an answer that is no JSON") from error
    if not isinstance(found, dict):
        raise silent("an answer that is no object")
    return found
