"""An identity provider on this machine that says what a test wants it to say, true or not."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "baken", "geheim van de toepassing"


def make_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@cache
def own_key() -> RSAKey:
    """One for a whole run: making one takes long."""
    return make_key()


@dataclass
class Provider:
    """What it knows, and what it answers."""

    port: int = 0
    key: RSAKey = field(default_factory=own_key)
    # code -> (claims of the token, challenge of the browser's attempt)
    codes: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    # Lies: path -> the answer in its place: (status, headers, body), or seconds to wait
    instead: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signer: Any = None
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=een",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.discovery,
        }

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        quoted = SECRET.replace(" ", "%20")
        basic = f"Basic {base64.b64encode(f'{CLIENT}:{quoted}'.encode()).decode()}"
        posted = (form.get("client_id"), form.get("client_secret"))
        if authorization != basic and posted != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        claims, challenge = self.codes.pop(form.get("code", ""), ({}, ""))
        if not challenge or challenge_of(form.get("code_verifier", "")) != challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(claims)}

    def token(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": "one", **self.header}
        if header["alg"] in {"none", "HS256"}:
            return self._forged(header, claims)
        return jwt.encode(header, claims, self.signer or self.key, algorithms=["RS256", "ES256"])

    def _forged(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """Written by hand: the library refuses to make such a token."""
        content = ".".join(to_base64(json.dumps(part).encode()) for part in (header, claims))
        if header["alg"] == "none":
            return f"{content}."
        secret: bytes = self.signer
        return f"{content}.{to_base64(hmac.digest(secret, content.encode(), 'sha256'))}"


def to_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def challenge_of(verifier: str) -> str:
    return to_base64(hashlib.sha256(verifier.encode()).digest())


def public_key_as_secret(provider: Provider) -> bytes:
    """The public key, which everybody has, taken for a shared secret."""
    return provider.key.as_pem(private=False)


def elliptic_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "two"})


@contextmanager
def providing() -> Iterator[Provider]:
    """Run it on a free port."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {
                "/.well-known/openid-configuration": provider.configuration,
                "/keys": lambda: {"keys": [provider.key.as_dict(private=False)]},
            }
            path = self.path.partition("?")[0]
            self._say(path, 200, answers[path]() if path in answers else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = provider.exchange(form, self.headers.get("Authorization", ""))
            self._say(self.path, status, answer)

        def _say(self, path: str, status: int, answer: Any) -> None:
            provider.asked.append(path)
            headers, body = {"Content-Type": "application/json"}, json.dumps(answer).encode()
            lie = provider.instead.get(path)
            if isinstance(lie, int | float):
                time.sleep(lie)
            elif lie is not None:
                status, headers, body = lie
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                return  # whoever asked has heard enough

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
