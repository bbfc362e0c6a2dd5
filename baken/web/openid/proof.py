"""Is this ID token a proof? Pure: the token and the keys go in, who it is comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # ships no types
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from baken.web.openid.errors import refused

# Signatures by a private key only: with "none" or a shared secret (HS256) whoever knows the public
# key, or nothing at all, could sign.
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
SIGNING_KEYS: Final = frozenset({"RSA", "EC"})
CLOCKS_DIFFER: Final = timedelta(seconds=30)
MAX_SUBJECT: Final = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to say for this attempt."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Who the provider says this is, and by which means it made sure (`acr` and `amr`)."""

    subject: str
    means: frozenset[str]


def check_id_token(
    token: str, keys: Mapping[str, Any], expected: Expected, *, access_token: str, now: datetime
) -> Proof:
    """Read an ID token of the code flow.

    Raises
    ------
    ProofRefused
        Signature, algorithm, issuer, audience, time or nonce is not what it has to be.
    """
    try:
        read = jwt.decode(token, _signing_keys(keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": expected.nonce,
                "client_id": expected.client_id,
                "access_token": access_token,
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=int(CLOCKS_DIFFER.total_seconds()))
    # The token comes from outside: the library stumbles over some of what can stand in it.
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise refused(type(error).__name__) from error
    return Proof(_subject(claims["sub"]), _means(claims))


def _signing_keys(keys: Mapping[str, Any]) -> KeySet:
    """The public keys that may sign; a shared secret among them is passed over."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise refused("no list of keys")
    return KeySet([key for one in listed if (key := _signing_key(one)) is not None])


def _signing_key(listed: object) -> Key | None:
    """A key that may sign; None for those of another kind, which open nothing here."""
    if not isinstance(listed, dict) or listed.get("kty") not in SIGNING_KEYS:
        return None
    if listed.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _subject(subject: str) -> str:
    if not subject or len(subject) > MAX_SUBJECT or not subject.isprintable():
        raise refused("a subject that is no identifier")
    return subject


def _means(claims: Mapping[str, Any]) -> frozenset[str]:
    said = [claims.get("acr"), *(claims.get("amr") or ())]
    return frozenset(one for one in said if isinstance(one, str))
