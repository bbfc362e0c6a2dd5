"""Spoilt answers on every route where somebody signs in by passkey or provider: never a fault.

`BAKEN_FUZZ` is the number of answers for each route.
"""

import copy
import json
import os
import string
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baken.organisation.permissions import Role
from baken.web.openid.provider import Provider
from baken.web.openid.settings import OpenIdSettings
from tests.organisation.soft_key import SoftKey, to_bytes, to_text
from tests.web.test_passkey_pages import ORIGIN, add, ask, half, take_factors

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
EACH = settings(
    max_examples=int(os.environ.get("BAKEN_FUZZ", "12")),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
BASE64 = st.text(string.ascii_letters + string.digits + "-_=+/ ", max_size=60)
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


@st.composite
def spoilers(draw: Any) -> Callable[[str], str]:
    """Something that goes wrong with an honest answer on its way."""
    kind = draw(st.sampled_from(["field", "bytes", "cut", "text", "client", "deep"]))
    where = draw(st.sampled_from(["id", "rawId", "type", "response", *PARTS]))
    value = draw(JSON | BASE64)
    place, bit = draw(st.integers(0, 4_000)), draw(st.integers(0, 255))
    text = draw(st.text(max_size=200) | st.from_regex(r"[\[{\"]{1,400}", fullmatch=True))

    def spoil(answer: str) -> str:
        if kind == "text":
            return text
        if kind == "deep":
            return "[" * (place + 1)
        if kind == "cut":
            return answer[: place % len(answer)]
        content = copy.deepcopy(json.loads(answer))
        if kind == "field":
            holder = content if where in content or where in {"id", "type"} else content["response"]
            holder[where] = value
        elif kind == "client":
            client = json.loads(to_bytes(content["response"]["clientDataJSON"]))
            client[draw_name(bit)] = value
            content["response"]["clientDataJSON"] = to_text(json.dumps(client).encode())
        else:
            part = where if where in content["response"] else next(iter(content["response"]))
            spoilt = bytearray(to_bytes(content["response"][part]))
            if spoilt:
                spoilt[place % len(spoilt)] ^= bit
            content["response"][part] = to_text(bytes(spoilt))
        return json.dumps(content)

    return spoil


def draw_name(number: int) -> str:
    names = ("type", "challenge", "origin", "crossOrigin", "tokenBinding", "topOrigin", "x")
    return names[number % len(names)]


def test_logging_in_with_a_spoilt_passkey_is_never_a_fault(make_website: Any) -> None:
    site = named(make_website())
    key, _ = add(site.browser(Role.ADVISER))
    browser = site.browser()
    browser.get("/log-in")

    @EACH
    @given(spoilers())
    def attack(spoil: Callable[[str], str]) -> None:
        site.clock.move(seconds=1)
        honest = key.sign(ask(browser, "/log-in/passkey"))
        answer = browser.post("/log-in/passkey", {"credential": spoil(honest)})
        assert answer.status_code in {303, 403, 422}, answer.text
        if answer.status_code == 303:  # spoilt in a place that means nothing
            browser.get("/log-in")

    attack()


def test_a_spoilt_second_step_is_never_a_fault(make_website: Any) -> None:
    site = named(make_website())
    key, _ = add(site.browser(Role.ADVISER))
    browser = half(site, Role.ADVISER)
    browser.get("/log-in/factor")
    way = "/account/confirm/passkey"

    @EACH
    @given(spoilers())
    def attack(spoil: Callable[[str], str]) -> None:
        honest = key.sign(ask(browser, way))
        answer = browser.post(way, {"credential": spoil(honest)})
        assert answer.status_code in {303, 403, 422}, answer.text
        if answer.status_code == 303:  # as above: in, with new tokens
            browser.get("/account/confirm")

    attack()


def test_adding_a_spoilt_passkey_is_never_a_fault(make_website: Any) -> None:
    site = named(make_website())
    browser = site.browser(Role.ADVISER)
    browser.get("/account/passkeys/new")

    @EACH
    @given(spoilers(), st.text(max_size=100))
    def attack(spoil: Callable[[str], str], name: str) -> None:
        begun = browser.post("/account/passkeys/new/challenge")
        if begun.status_code == 422:  # as many as one account may have
            take_factors(site, Role.ADVISER)
            begun = browser.post("/account/passkeys/new/challenge")
        honest = SoftKey().make(begun.json())
        sent = {"credential": spoil(honest), "name": name.encode("utf-8", "replace").decode()}
        answer = browser.post("/account/passkeys/new", sent)
        assert answer.status_code in {303, 403, 409, 422}, answer.text

    attack()


def test_a_spoilt_first_passkey_is_never_a_fault(make_website: Any) -> None:
    site = named(make_website())
    take_factors(site, Role.ADVISER)
    way = "/log-in/set-up/passkey"
    browsers = [half(site, Role.ADVISER)]
    browsers[0].get(way)

    @EACH
    @given(spoilers())
    def attack(spoil: Callable[[str], str]) -> None:
        browser = browsers[-1]
        honest = SoftKey().make(ask(browser, way))
        answer = browser.post(way, {"credential": spoil(honest), "name": "Telefoon"})
        assert answer.status_code in {200, 403, 409, 422}, answer.text
        if answer.status_code == 200:
            take_factors(site, Role.ADVISER)
            browsers.append(half(site, Role.ADVISER))
            browsers[-1].get(way)

    attack()


@pytest.mark.parametrize("role", [None, Role.ADVISER], ids=["log in", "link"])
def test_what_comes_back_from_a_provider_is_never_a_fault(
    make_website: Any, tmp_path: Any, role: Role | None
) -> None:
    """The provider is down: what reaches it ends in a clear page too."""
    site = named(make_website())
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    site.app.state.provider = Provider(
        OpenIdSettings("http://127.0.0.1:9", "baken", secret, "De Wilg")
    )
    browser = site.browser(role)
    browser.get("/account/identities/new" if role else "/log-in")
    way = "/account/identities/back" if role else "/log-in/openid/back"
    brought = st.dictionaries(
        st.sampled_from(["state", "code", "iss", "error", "x"]), st.text(max_size=60) | BASE64
    )

    @EACH
    @given(brought)
    def attack(fields: dict[str, str]) -> None:
        site.clock.move(seconds=0 if role else 1)
        sent = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
        assert browser.get(way, params=sent).status_code == 200
        assert browser.post(way, sent).status_code in {403, 409}

    attack()


def named(site: Any) -> Any:
    """The application under a name: passkeys hold for names only."""
    site.app.state.settings = replace(site.settings, base_url=ORIGIN)
    return site
