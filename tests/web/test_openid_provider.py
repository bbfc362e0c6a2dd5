"""What Baken believes of an identity provider, and how long it listens to one that fails."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from baken.web.openid.attempt import Attempt
from baken.web.openid.errors import OpenIdError, ProofRefused, ProviderSilent
from baken.web.openid.proof import Proof
from baken.web.openid.provider import Provider
from baken.web.openid.settings import OpenIdSettings, UnsafeOpenId
from tests.web import scripted_provider as scripted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BACK = "http://localhost:8000/log-in/openid/back"
ATTEMPT = Attempt.of("a state", b"a key of thirty-two random bytes")
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def other() -> Iterator[scripted.Provider]:
    with scripted.providing() as provider:
        yield provider


@pytest.fixture
def provider(other: scripted.Provider, tmp_path: Path) -> Provider:
    secret = tmp_path / "client-secret"
    secret.write_text(f"{scripted.SECRET}\n")
    return Provider(OpenIdSettings(other.issuer, scripted.CLIENT, secret, "De Wilg"))


def honest(other: scripted.Provider) -> dict[str, Any]:
    now = int(NOW.timestamp())
    return {
        "iss": other.issuer,
        "aud": scripted.CLIENT,
        "sub": "an",
        "iat": now,
        "exp": now + 300,
        "nonce": ATTEMPT.nonce,
    }


def leave(provider: Provider) -> str:
    async def go() -> str:
        return await provider.address(ATTEMPT, back=BACK, language="nl")

    return anyio.run(go)


def prove(provider: Provider, other: scripted.Provider, **lies: Any) -> Proof:
    told = {name: value for name, value in {**honest(other), **lies}.items() if value is not None}
    other.codes["a-code"] = (told, scripted.challenge_of(ATTEMPT.verifier))

    async def go() -> Proof:
        return await provider.proof(ATTEMPT, code="a-code", back=BACK, now=NOW)

    return anyio.run(go)


def test_who_it_is_and_by_which_means(provider: Provider, other: scripted.Provider) -> None:
    assert prove(provider, other, acr="high", amr=["pwd", "otp", 7]) == Proof(
        "an", frozenset({"high", "pwd", "otp"})
    )
    assert prove(provider, other, aud=[scripted.CLIENT], azp=scripted.CLIENT).subject == "an"
    assert "code_challenge_method=S256" in leave(provider)
    assert other.asked.count(DISCOVERY) == 1


def test_nonce_and_verifier_follow_from_the_state_by_a_key_alone() -> None:
    assert Attempt.of("a state", b"a key of thirty-two random bytes") == ATTEMPT
    others = [
        Attempt.of("another", b"a key of thirty-two random bytes"),
        Attempt.of("a state", b"k"),
    ]
    seen = {value for one in (ATTEMPT, *others) for value in (one.nonce, one.verifier)}
    assert len(seen) == 6
    assert all(len(value) == 43 for value in seen)


LIES: dict[str, dict[str, Any]] = {
    "wrong nonce": {"nonce": "of another attempt"},
    "no nonce": {"nonce": None},
    "for another application": {"aud": "another"},
    "for nobody": {"aud": None},
    "for two, and not said for which": {"aud": ["another", scripted.CLIENT]},
    "used by another": {"aud": ["another", scripted.CLIENT], "azp": "another"},
    "of another issuer": {"iss": "https://login.evil.example"},
    "run out": {"exp": int(NOW.timestamp()) - 31},
    "never runs out": {"exp": None},
    "runs out some day": {"exp": "some day"},
    "issued in the future": {"iat": int(NOW.timestamp()) + 31},
    "not yet": {"nbf": int(NOW.timestamp()) + 31},
    "nobody": {"sub": None},
    "an empty name": {"sub": ""},
    "a name that hides": {"sub": "an\u202e"},
    "a long name": {"sub": "x" * 256},
    "a number for a name": {"sub": 7},
    "means that are no list": {"amr": "mfa"},
    "of another access token": {"at_hash": "x"},
}


def test_a_token_that_proves_nothing_is_refused(
    provider: Provider, other: scripted.Provider
) -> None:
    for name, lie in LIES.items():
        with pytest.raises(ProofRefused):
            raise AssertionError(name, prove(provider, other, **lie))
    assert prove(provider, other).subject == "an"


def test_half_a_minute_between_two_clocks_is_forgiven(
    provider: Provider, other: scripted.Provider
) -> None:
    now = int(NOW.timestamp())
    assert prove(provider, other, iat=now + 29, exp=now + 60).subject == "an"
    assert prove(provider, other, iat=now - 90, exp=now - 29).subject == "an"


@pytest.mark.parametrize(
    "forge",
    [
        lambda other: {"header": {"alg": "none"}},
        lambda other: {"header": {"alg": "HS256"}, "signer": scripted.public_key_as_secret(other)},
        lambda other: {"signer": scripted.make_key()},
        lambda other: {"header": {"alg": "ES256", "kid": "two"}, "signer": scripted.elliptic_key()},
        lambda other: {"header": {"kid": "unknown"}},
    ],
    ids=["alg none", "HS256 with the public key", "another key", "another kind", "unknown key"],
)
def test_a_signature_that_proves_nothing_is_refused(
    provider: Provider, other: scripted.Provider, forge: Any
) -> None:
    for name, value in forge(other).items():
        setattr(other, name, value)
    with pytest.raises(ProofRefused):
        prove(provider, other)


def test_a_secret_among_the_public_keys_signs_nothing(
    provider: Provider, other: scripted.Provider
) -> None:
    secret = b"a shared secret of thirty-two byte"
    shared = {"kty": "oct", "kid": "one", "k": scripted.to_base64(secret)}
    other.instead["/keys"] = (200, {}, json.dumps({"keys": [shared]}).encode())
    other.header, other.signer = {"alg": "HS256"}, secret
    with pytest.raises(ProofRefused):
        prove(provider, other)


def test_keys_of_a_kind_that_is_not_known_here_are_passed_over(
    provider: Provider, other: scripted.Provider
) -> None:
    strange = [7, None, {}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-1"}, {"kty": "AKP", "x": "y"}]
    own = other.key.as_dict(private=False)
    keys: list[Any] = [*strange, {**own, "use": "enc"}, own]
    other.instead["/keys"] = (200, {}, json.dumps({"keys": keys[:-1]}).encode())
    with pytest.raises(ProofRefused):
        prove(provider, other)
    other.instead["/keys"] = (200, {}, json.dumps({"keys": keys}).encode())
    assert prove(provider, other).subject == "an"


# How a provider can fail, at any of the three things it is asked.
BROKEN: dict[str, Any] = {
    "an error": (500, {}, b"oops"),
    "not found": (404, {}, b"{}"),
    "no JSON": (200, {}, b"<html>"),
    "a list": (200, {}, b"[]"),
    "nothing": (200, {}, b""),
    "deep": (200, {}, b"[" * 100_000),
    "too much": (200, {}, b'{"x": "' + b"x" * 300_000 + b'"}'),
    "elsewhere": (302, {"Location": "http://127.0.0.1:1/evil"}, b""),
    "half an answer": (200, {"Content-Length": "1000"}, b"{"),
}


@pytest.mark.parametrize("path", ["/token", "/keys", DISCOVERY])
def test_a_broken_provider_proves_nothing(
    provider: Provider, other: scripted.Provider, path: str
) -> None:
    for name, broken in BROKEN.items():
        provider._known = None
        other.instead = {path: broken}
        with pytest.raises(OpenIdError):
            raise AssertionError(name, prove(provider, other))


def test_a_provider_that_is_down_or_knows_another_secret(
    provider: Provider, other: scripted.Provider
) -> None:
    provider._secret = "another"
    with pytest.raises(ProofRefused):
        prove(provider, other)
    gone = Provider(provider.settings)
    object.__setattr__(gone.settings, "issuer", "http://127.0.0.1:9")
    with pytest.raises(ProviderSilent):
        leave(gone)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://login.evil.example"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"token_endpoint": "https://login.evil.example/token"},
        {"token_endpoint": "http://[::1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://login.evil.example/"},
    ],
    ids=lambda value: " ".join(map(str, value.items())),
)
def test_a_provider_that_points_elsewhere_is_not_followed(
    provider: Provider, other: scripted.Provider, discovery: dict[str, Any]
) -> None:
    other.discovery = discovery
    with pytest.raises(ProviderSilent):
        leave(provider)


def test_a_slow_provider_costs_three_seconds(provider: Provider, other: scripted.Provider) -> None:
    other.instead = {DISCOVERY: 4}
    began = time.monotonic()
    with pytest.raises(ProviderSilent):
        leave(provider)
    assert 2.9 < time.monotonic() - began < 3.9


def test_a_provider_that_takes_no_basic_authentication(
    provider: Provider, other: scripted.Provider
) -> None:
    other.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert prove(provider, other).subject == "an"


GIVEN = {
    "BAKEN_OIDC_ISSUER": "https://login.organisation.example",
    "BAKEN_OIDC_CLIENT_ID": "baken",
    "BAKEN_OIDC_NAME": "De Wilg",
    "BAKEN_OIDC_SECOND_FACTOR": "mfa  urn:two",
}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"BAKEN_OIDC_ISSUER": "http://login.organisation.example"}, "BAKEN_OIDC_ISSUER is http:"),
        ({"BAKEN_OIDC_ISSUER": "https://u@login.example"}, "BAKEN_OIDC_ISSUER is https://u@"),
        ({"BAKEN_OIDC_ISSUER": "https://login.example/?a=b"}, "BAKEN_OIDC_ISSUER is"),
        ({"BAKEN_OIDC_ISSUER": "https://login.example:x"}, "BAKEN_OIDC_ISSUER is"),
        ({"BAKEN_OIDC_ISSUER": "login.example"}, "BAKEN_OIDC_ISSUER is login"),
        ({"BAKEN_OIDC_CLIENT_ID": ""}, "BAKEN_OIDC_CLIENT_ID is missing"),
        ({"BAKEN_OIDC_NAME": " "}, "BAKEN_OIDC_NAME is what people read"),
        ({"BAKEN_OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "where there is no secret"),
        ({"BAKEN_OIDC_CA_FILE": "/nowhere"}, "BAKEN_OIDC_CA_FILE points to"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_unsafe_setting_is_one_clear_sentence(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    secret.chmod(0o400)
    given = {**GIVEN, "BAKEN_OIDC_CLIENT_SECRET_FILE": str(secret)}
    settings = OpenIdSettings.from_environment(given)
    assert settings is not None
    assert (settings.second_factor, settings.client_secret()) == (("mfa", "urn:two"), "geheim")
    with pytest.raises(UnsafeOpenId, match=sentence):
        OpenIdSettings.from_environment({**given, **changed})
    assert OpenIdSettings.from_environment({}) is None


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    secret.chmod(0o440)
    with pytest.raises(UnsafeOpenId, match="chmod 400"):
        OpenIdSettings.from_environment({**GIVEN, "BAKEN_OIDC_CLIENT_SECRET_FILE": str(secret)})
