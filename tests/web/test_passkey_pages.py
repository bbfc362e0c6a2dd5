"""Passkeys through the pages: adding, logging in, second factor, step-up, removing."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from baken.organisation.accounts.factors import forget_factors
from baken.organisation.models import Account
from baken.organisation.permissions import Role
from baken.web.failures import FailureBudget
from baken.web.pages.access import SESSION_COOKIE
from baken.web.pages.attempts import CEREMONIES_PER_ADDRESS
from tests.organisation.soft_key import SoftKey

pytestmark = pytest.mark.sqlite
ORIGIN = "http://localhost:8000"
PASSWORD = "vier blauwe stoelen"


@pytest.fixture
def site(make_website: Any) -> Iterator[Any]:
    """The application under a name: passkeys hold for names only."""
    made = make_website()
    made.app.state.settings = replace(made.settings, base_url=ORIGIN)
    yield made
    made.app.state.settings = made.settings


def ask(browser: Any, path: str) -> dict[str, Any]:
    answer = browser.post(f"{path}/challenge")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    options: dict[str, Any] = answer.json()
    return options


def add(browser: Any, name: str = "Werklaptop", key: SoftKey | None = None, **lies: Any) -> Any:
    """Make a passkey on the page of one's account."""
    browser.get("/account/passkeys/new")
    key = key or SoftKey()
    answer = key.make(ask(browser, "/account/passkeys/new"), **lies)
    return key, browser.post("/account/passkeys/new", {"credential": answer, "name": name})


def log_in(browser: Any, key: SoftKey, path: str = "/log-in", **lies: Any) -> Any:
    browser.get(path)
    answer = key.sign(ask(browser, "/log-in/passkey"), **lies)
    query = path.partition("?")[2]
    return browser.post(f"/log-in/passkey?{query}", {"credential": answer})


def half(site: Any, role: Role) -> Any:
    """A browser whose person has given the password."""
    browser = site.browser()
    browser.get("/log-in")
    answer = browser.post("/log-in", {"mail": site.account_of(role), "password": PASSWORD})
    assert answer.status_code == 303
    return browser


def test_from_adding_a_passkey_to_logging_in_without_a_password(site: Any) -> None:
    office = site.browser(Role.ADVISER)
    key, added = add(office)
    assert (added.status_code, added.headers["location"]) == (
        303,
        "/account?done=passkeys.done_added",
    )
    assert "Werklaptop" in office.get("/account").text
    stranger = site.browser()
    answer = log_in(stranger, key, path=f"/log-in?next={site.root}/units")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{site.root}/units")
    cookie = next(v for v in answer.headers.get_list("set-cookie") if SESSION_COOKIE in v)
    assert "HttpOnly" in cookie
    assert stranger.get(site.root).status_code == 200
    assert stranger.get("/account/passkeys/new").status_code == 200  # a passkey is fresh


def test_logging_in_with_a_passkey_ends_what_was_planted(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    browser = site.browser(Role.CPBW_MEMBER)
    before = browser.client.cookies[SESSION_COOKIE]
    assert log_in(browser, key).status_code == 303
    stolen = site.browser()
    stolen.client.cookies.set(SESSION_COOKIE, before)
    assert stolen.get(site.root).status_code == 303


def test_a_passkey_is_the_second_step_after_the_password(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    browser = half(site, Role.ADVISER)
    page = browser.get("/log-in/factor").text
    assert 'data-passkey="show"' in page
    assert browser.get(site.root).status_code == 303
    before = browser.client.cookies[SESSION_COOKIE]
    way = "/account/confirm/passkey"
    answer = browser.post(f"{way}?next={site.root}", {"credential": key.sign(ask(browser, way))})
    assert (answer.status_code, answer.headers["location"]) == (303, site.root)
    assert browser.get(site.root).status_code == 200
    stolen = site.browser()
    stolen.client.cookies.set(SESSION_COOKIE, before)
    assert stolen.get(site.root).status_code == 303


def test_a_passkey_confirms_before_a_sensitive_act(site: Any) -> None:
    browser = site.browser(Role.ADVISER)
    key, _ = add(browser)
    site.clock.move(minutes=11)
    refused = browser.get("/account/passkeys/new")
    assert refused.status_code == 403
    browser.get(re.findall(r'href="(/account/confirm[^"]*)"', refused.text)[0])
    way = "/account/confirm/passkey"
    answer = browser.post(
        f"{way}?next=/account/passkeys/new", {"credential": key.sign(ask(browser, way))}
    )
    assert answer.headers["location"] == "/account/passkeys/new"
    assert browser.get("/account/passkeys/new").status_code == 200


def test_adding_asks_for_a_fresh_factor_at_every_step(site: Any) -> None:
    browser = site.browser(Role.ADVISER)
    browser.get("/account/passkeys/new")
    options = ask(browser, "/account/passkeys/new")
    site.clock.move(minutes=10, seconds=1)
    assert browser.post("/account/passkeys/new/challenge").status_code == 403
    sent = {"credential": SoftKey().make(options), "name": "x"}
    assert browser.post("/account/passkeys/new", sent).status_code == 403


def take_factors(site: Any, role: Role) -> None:
    mail = site.account_of(role)
    with site.database.session(None) as session:
        own = session.scalars(select(Account.id).where(Account.mail == mail)).one()
        forget_factors(session, own)


def test_the_first_factor_may_be_a_passkey_and_brings_recovery_codes(site: Any) -> None:
    take_factors(site, Role.ADVISER)
    browser = half(site, Role.ADVISER)
    assert "/log-in/set-up/passkey" in browser.get("/log-in/set-up").text
    way = "/log-in/set-up/passkey"
    assert browser.get(way).status_code == 200
    answer = SoftKey().make(ask(browser, way))
    done = browser.post(f"{way}?next={site.root}", {"credential": answer, "name": "Telefoon"})
    assert done.status_code == 200
    codes = re.findall(r"<li><code>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){2})</code>", done.text)
    assert len(set(codes)) == 10
    assert browser.get(site.root).status_code == 200


def test_a_password_alone_adds_no_passkey_to_an_account_with_a_factor(site: Any) -> None:
    browser = half(site, Role.ADVISER)
    browser.get("/log-in/factor")
    for way in ("/log-in/set-up/passkey", "/account/passkeys/new"):
        assert browser.get(way).headers["location"].startswith("/log-in/factor")
        assert browser.post(f"{way}/challenge").status_code == 401
        assert browser.post(way, {"credential": "{}", "name": "x"}).status_code == 401


LIES: dict[str, tuple[dict[str, Any], str]] = {
    "another address": ({"origin": "http://localhost:9000"}, "past niet bij dit adres"),
    "another name": ({"rp_id": "evil.example"}, "past niet bij dit adres"),
    "not unlocked": ({"flags": 1}, "past niet bij dit adres"),
    "another key": (
        {"private": ec.generate_private_key(ec.SECP256R1())},
        "past niet bij dit adres",
    ),
    "another account": ({"handle": b"somebody else's.."}, "hoort bij geen account"),
    "no challenge of ours": ({"challenge": "bmV2ZXIgc2VudCBvdXQ"}, "duurde te lang"),
}


def test_a_lie_is_refused_with_a_sentence_and_a_way_back(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    browser = site.browser()
    for name, (lies, sentence) in LIES.items():
        answer = log_in(browser, key, path="/log-in?next=/account", **lies)
        assert (answer.status_code, sentence in answer.text) == (403, True), name
        assert 'href="/log-in?next=%2Faccount"' in answer.text
        assert browser.get(site.root).status_code == 303


def test_a_replayed_late_or_foreign_answer_is_refused(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    browser, other = site.browser(), site.browser()
    browser.get("/log-in")
    answer = key.sign(ask(browser, "/log-in/passkey"))
    other.get("/log-in")
    assert other.post("/log-in/passkey", {"credential": answer}).status_code == 403
    refused = browser.post("/log-in/passkey", {"credential": answer})
    assert refused.status_code == 403  # the other browser has spent it
    answer = key.sign(ask(browser, "/log-in/passkey"))
    assert browser.post("/log-in/passkey", {"credential": answer}).status_code == 303
    browser = site.browser()
    browser.get("/log-in")
    assert browser.post("/log-in/passkey", {"credential": answer}).status_code == 403
    answer = key.sign(ask(browser, "/log-in/passkey"))
    site.clock.move(minutes=5)
    late = browser.post("/log-in/passkey", {"credential": answer})
    assert (late.status_code, "duurde te lang" in late.text) == (403, True)


def test_a_counter_that_goes_back_is_refused(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    assert log_in(site.browser(), key, count=9).status_code == 303
    answer = log_in(site.browser(), key, count=9)
    assert (answer.status_code, "zoals een kopie" in answer.text) == (403, True)


def test_the_passkey_of_somebody_else_is_no_second_step(site: Any) -> None:
    add(site.browser(Role.ADVISER))
    theirs, _ = add(site.browser(Role.CPBW_MEMBER))
    browser = half(site, Role.ADVISER)
    browser.get("/log-in/factor")
    way = "/account/confirm/passkey"
    answer = browser.post(way, {"credential": theirs.sign(ask(browser, way), handle=None)})
    assert (answer.status_code, "hoort bij geen account" in answer.text) == (403, True)
    assert browser.get(site.root).status_code == 303


def test_forms_of_other_sites_begin_and_end_nothing(site: Any) -> None:
    key, _ = add(site.browser(Role.ADVISER))
    browser = site.browser()
    browser.get("/log-in")
    answer = key.sign(ask(browser, "/log-in/passkey"))
    token, browser.token = browser.token, "of-the-attacker"
    assert browser.post("/log-in/passkey/challenge").status_code == 403
    assert browser.post("/log-in/passkey", {"credential": answer}).status_code == 403
    browser.token = token
    cross = {"Sec-Fetch-Site": "cross-site"}
    sent = {"credential": answer}
    assert browser.post("/log-in/passkey", sent, headers=cross).status_code == 403
    assert browser.post("/log-in/passkey", sent).status_code == 303


def test_beginning_without_end_has_to_wait(site: Any) -> None:
    browser = site.browser()
    budget = FailureBudget(3, CEREMONIES_PER_ADDRESS[1])
    site.app.state.attempts = replace(site.app.state.attempts, ceremonies=budget)
    browser.get("/log-in")
    way = "/log-in/passkey/challenge"
    assert [browser.post(way).status_code for _ in range(4)] == [200] * 3 + [429]
    assert browser.post("/log-in/openid").status_code == 429
    site.clock.move(minutes=5)
    assert browser.post(way).status_code == 200


def test_renaming_and_removing_on_the_pages(site: Any) -> None:
    browser = site.browser(Role.ADVISER)
    key, _ = add(browser)
    (path,) = re.findall(r'href="(/account/passkeys/[0-9a-f-]{36})"', browser.get("/account").text)
    page = browser.get(path).text
    (version,) = re.findall(r'name="version"[^>]* value="(\d+)"', page)
    empty = browser.post(path, {"name": " ", "version": version})
    assert (empty.status_code, 'role="alert"' in empty.text) == (422, True)
    assert browser.post(path, {"name": "Blauw", "version": version}).status_code == 303
    assert "Blauw" in browser.get("/account").text
    assert browser.post(path, {"name": "Rood", "version": version}).status_code == 409
    assert browser.post(path, {"name": "Rood", "version": "x"}).status_code == 409
    stranger = site.browser(Role.CPBW_MEMBER)
    for way in (path, f"{path}/remove"):
        assert stranger.get(way).status_code == 404
        assert stranger.post(way, {"name": "x", "version": "1"}).status_code == 404
    assert browser.get(f"{path}/remove").status_code == 200
    assert browser.post(f"{path}/remove").headers["location"].startswith("/account?done")
    assert "Blauw" not in browser.get("/account").text
    answer = log_in(site.browser(), key)
    assert (answer.status_code, "hoort bij geen account" in answer.text) == (403, True)


def test_the_last_factor_stays(site: Any) -> None:
    browser = site.browser(Role.ADVISER)
    add(browser)
    browser.get("/account/totp/remove")
    assert browser.post("/account/totp/remove").status_code == 303
    (path,) = re.findall(r'href="(/account/passkeys/[0-9a-f-]{36})"', browser.get("/account").text)
    assert browser.get(f"{path}/remove").status_code == 422
    refused = browser.post(f"{path}/remove")
    assert (refused.status_code, "tweede" in refused.text) == (422, True)


def test_under_a_number_the_page_says_that_passkeys_need_a_name(site: Any) -> None:
    site.app.state.settings = replace(site.settings, base_url="http://127.0.0.1:8000")
    browser = site.browser()
    assert "localhost" in browser.get("/log-in").text
    refused = browser.post("/log-in/passkey/challenge", headers={"X-Swap": "passkey"})
    assert (refused.status_code, "onder een naam" in refused.text) == (422, True)
    # the same machine under its name
    browser = site.browser()
    browser.get(f"{ORIGIN}/log-in")
    options = browser.post(f"{ORIGIN}/log-in/passkey/challenge").json()
    assert options["rpId"] == "localhost"


def test_pages_of_passkeys_may_fetch_from_here_and_nowhere_else(site: Any) -> None:
    browser = site.browser(Role.ADVISER)
    for path in ("/log-in", "/account/passkeys/new", "/account/confirm"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "connect-src 'self'" in policy, path
        assert "script-src 'self';" in policy, path


def test_nothing_secret_stands_in_the_options(site: Any) -> None:
    browser = site.browser()
    browser.get("/log-in")
    assert set(ask(browser, "/log-in/passkey")) == {
        "challenge",
        "timeout",
        "rpId",
        "allowCredentials",
        "userVerification",
    }
    assert json.dumps(ask(browser, "/log-in/passkey")["allowCredentials"]) == "[]"
