"""Logging in by way of a provider: what is believed, what is refused, who gets in."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from baken.organisation.accounts.identities import Identity
from baken.organisation.models import Account
from baken.organisation.permissions import Role
from baken.web.openid.provider import Provider
from baken.web.openid.settings import OpenIdSettings
from baken.web.pages.access import SESSION_COOKIE
from tests.web import scripted_provider as scripted
from tests.web.test_passkey_pages import half, take_factors

pytestmark = pytest.mark.sqlite
NAME = "De Wilg"
SUBJECT = "7f3a-an-peeters"


@pytest.fixture
def other() -> Iterator[scripted.Provider]:
    with scripted.providing() as provider:
        yield provider


@dataclass
class Journey:
    """One browser, on its way to the provider and back."""

    site: Any
    other: scripted.Provider
    browser: Any
    begin: str = "/log-in/openid"
    back: str = "/log-in/openid/back"
    sent: dict[str, str] = field(default_factory=dict)

    def leave(self, query: str = "") -> Any:
        answer = self.browser.post(self.begin + query)
        if answer.status_code == 200:
            (address,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
            parts = urlsplit(html.unescape(address))
            assert f"{parts.scheme}://{parts.netloc}" == self.other.issuer
            self.sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return answer

    def claims(self, **lies: Any) -> dict[str, Any]:
        now = int(self.site.clock.now.timestamp())
        honest = {
            "iss": self.other.issuer,
            "aud": scripted.CLIENT,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.sent["nonce"],
        }
        return {name: value for name, value in {**honest, **lies}.items() if value is not None}

    def come_back(
        self, code: str = "a-code", *, sent: dict[str, str] | None = None, **lies: Any
    ) -> Any:
        self.other.codes[code] = (self.claims(**lies), self.sent["code_challenge"])
        return self.arrive({"state": self.sent["state"], "code": code, **(sent or {})})

    def arrive(self, brought: dict[str, str]) -> Any:
        page = self.browser.get(self.back, params=brought)
        assert page.status_code == 200
        return self.browser.post(self.back, brought)


@pytest.fixture
def site(website: Any, other: scripted.Provider, tmp_path: Any) -> Any:
    secret = tmp_path / "client-secret"
    secret.write_text(f"{scripted.SECRET}\n")
    settings = OpenIdSettings(
        other.issuer, scripted.CLIENT, secret, NAME, second_factor=("mfa", "urn:two")
    )
    website.app.state.provider = Provider(settings)
    return website


def journey(site: Any, other: scripted.Provider, browser: Any = None) -> Journey:
    browser = browser or site.browser()
    browser.get("/log-in")
    return Journey(site, other, browser)


def linking(site: Any, other: scripted.Provider, role: Role) -> Journey:
    browser = site.browser(role)
    browser.get("/account/identities/new")
    return Journey(site, other, browser, "/account/identities/new", "/account/identities/back")


def link(site: Any, other: scripted.Provider, role: Role = Role.ADVISER, **lies: Any) -> Any:
    way = linking(site, other, role)
    way.leave()
    return way.come_back(**lies)


def test_linked_from_the_account_and_logged_in_with_the_second_step(
    site: Any, other: scripted.Provider
) -> None:
    linked = link(site, other)
    assert linked.headers["location"] == "/account?done=openid.done_linked"
    way = journey(site, other)
    assert "Aanmelden met De Wilg" in way.browser.get("/log-in").text
    leaving = way.leave(f"?next={site.root}/units")
    assert "U gaat naar De Wilg" in leaving.text
    assert way.sent["scope"] == "openid"
    assert (way.sent["response_type"], way.sent["code_challenge_method"]) == ("code", "S256")
    assert way.sent["redirect_uri"] == "http://127.0.0.1:8000/log-in/openid/back"
    answer = way.come_back()
    assert (answer.status_code, answer.headers["location"]) == (303, f"{site.root}/units")
    asked = way.browser.get(f"{site.root}/units")
    assert asked.headers["location"].startswith("/log-in/factor")
    way.browser.get("/log-in/factor")
    way.browser.post("/log-in/factor", {"code": site.code_of(Role.ADVISER)})
    assert way.browser.get(site.root).status_code == 200


def test_a_second_factor_of_the_provider_counts_where_the_settings_say_so(
    site: Any, other: scripted.Provider
) -> None:
    link(site, other)
    for means in ({"amr": ["pwd", "mfa"]}, {"acr": "urn:two"}):
        way = journey(site, other)
        way.leave()
        way.come_back(**means)
        assert way.browser.get(site.root).status_code == 200, means
        # not for what asks for a factor shown just now
        assert way.browser.get("/account/passkeys/new").status_code == 403
    for means in ({"amr": ["pwd"]}, {"acr": "0"}, {"acr": ["mfa"]}, {}):
        way = journey(site, other)
        way.leave()
        way.come_back(**means)
        assert way.browser.get(site.root).status_code == 303, means


def test_whoever_has_no_factor_of_baken_sets_one_up_first(
    site: Any, other: scripted.Provider
) -> None:
    link(site, other)
    take_factors(site, Role.ADVISER)
    way = journey(site, other)
    way.leave()
    way.come_back(amr=["mfa"])
    assert way.browser.get(site.root).headers["location"].startswith("/log-in/set-up")


def test_nobody_gets_an_account_by_the_provider_alone(site: Any, other: scripted.Provider) -> None:
    with site.database.read(None) as session:
        before = session.scalars(select(func.count()).select_from(Account)).one()
    way = journey(site, other)
    way.leave()
    answer = way.come_back(email="adviser@voorbeeld.example", email_verified=True)
    assert answer.status_code == 403
    assert "Baken kent u nog niet via De Wilg" in answer.text
    assert "Vraag de beheerder van uw organisatie om een uitnodiging" in answer.text
    assert way.browser.get("/organisations").status_code == 303
    with site.database.read(None) as session:
        assert session.scalars(select(func.count()).select_from(Account)).one() == before
        assert session.scalars(select(Identity)).all() == []


def test_a_token_that_proves_nothing_is_a_clear_page(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    way = journey(site, other)
    for lie in ({"nonce": "of another attempt"}, {"aud": "another"}):
        way.leave()
        answer = way.come_back(**lie)
        assert (answer.status_code, "bewijst niet wie u bent" in answer.text) == (403, True), lie
        assert way.browser.get(site.root).headers["location"].startswith("/log-in?")


def test_the_provider_may_change_its_keys(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    other.key = scripted.make_key()
    way = journey(site, other)
    way.leave()
    assert way.come_back().status_code == 303


def test_state_belongs_to_one_browser_and_is_used_once(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    way, thief = journey(site, other), journey(site, other)
    way.leave()
    other.codes["a-code"] = (way.claims(), way.sent["code_challenge"])
    brought = {"state": way.sent["state"], "code": "a-code"}
    stolen = thief.arrive(brought)
    assert (stolen.status_code, "duurde te lang" in stolen.text) == (403, True)
    assert thief.browser.get(site.root).headers["location"].startswith("/log-in?")
    assert way.arrive(brought).status_code == 403  # spent by the thief
    way.leave()
    assert way.come_back().status_code == 303
    again = journey(site, other, way.browser)
    replayed = again.arrive({"state": way.sent["state"], "code": "a-code"})
    assert (replayed.status_code, "duurde te lang" in replayed.text) == (403, True)


def test_a_code_that_was_used_is_refused_by_the_provider(
    site: Any, other: scripted.Provider
) -> None:
    link(site, other)
    way = journey(site, other)
    way.leave()
    answer = way.arrive({"state": way.sent["state"], "code": "used-before"})
    assert (answer.status_code, "bewijst niet wie u bent" in answer.text) == (403, True)


def test_the_code_of_another_browser_does_not_fit_the_verifier(
    site: Any, other: scripted.Provider
) -> None:
    link(site, other)
    victim, attacker = journey(site, other), journey(site, other)
    victim.leave()
    attacker.leave()
    other.codes["theirs"] = (attacker.claims(), attacker.sent["code_challenge"])
    answer = victim.arrive({"state": victim.sent["state"], "code": "theirs"})
    assert answer.status_code == 403


def test_ten_minutes_are_enough(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    way = journey(site, other)
    way.leave()
    site.clock.move(minutes=10)
    answer = way.come_back()
    assert (answer.status_code, "duurde te lang" in answer.text) == (403, True)


def test_coming_back_with_less_or_more_is_refused(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    way = journey(site, other)
    for brought in (
        {"error": "access_denied"},
        {"code": ""},
        {"code": "x" * 5_000},
        {"iss": "https://evil.example"},
    ):
        way.leave()
        answer = way.come_back(sent=brought)
        assert (answer.status_code, "Er is niets veranderd" in answer.text) == (403, True), brought


def test_looking_at_the_address_of_return_changes_nothing(
    site: Any, other: scripted.Provider
) -> None:
    link(site, other)
    way = journey(site, other)
    way.leave()
    other.codes["a-code"] = (way.claims(), way.sent["code_challenge"])
    brought = {"state": way.sent["state"], "code": "a-code"}
    asked = len(other.asked)
    for _ in range(2):
        assert way.browser.get(way.back, params=brought).status_code == 200
    assert len(other.asked) == asked
    assert way.arrive(brought).status_code == 303


def test_what_is_brought_back_is_only_text(site: Any, other: scripted.Provider) -> None:
    way = journey(site, other)
    page = way.browser.get(way.back, params={"code": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text


def test_logging_in_ends_what_was_planted(site: Any, other: scripted.Provider) -> None:
    link(site, other)
    browser = site.browser(Role.CPBW_MEMBER)
    before = browser.client.cookies[SESSION_COOKIE]
    way = journey(site, other, browser)
    way.leave()
    assert way.come_back().status_code == 303
    stolen = site.browser()
    stolen.client.cookies.set(SESSION_COOKIE, before)
    assert stolen.get(site.root).status_code == 303


def test_a_broken_provider_is_a_clear_page_and_the_password_still_works(
    site: Any, other: scripted.Provider
) -> None:
    way = journey(site, other)
    way.leave()
    other.instead = {"/token": (500, {}, b"oops")}
    assert way.come_back().status_code == 409
    site.app.state.provider._known = None
    other.instead = {"/.well-known/openid-configuration": (200, {}, b"<html>")}
    answer = way.leave()
    assert answer.status_code == 409
    assert "antwoordt nu niet zoals het hoort" in answer.text
    assert 'href="/log-in?next=%2Forganisations"' in answer.text
    assert half(site, Role.ADVISER).get("/log-in/factor").status_code == 200


def test_linking_asks_for_a_fresh_factor(site: Any, other: scripted.Provider) -> None:
    way = linking(site, other, Role.ADVISER)
    way.leave()
    site.clock.move(minutes=10, seconds=1)
    assert way.browser.get("/account/identities/new").status_code == 403
    assert way.browser.post("/account/identities/new").status_code == 403
    assert way.come_back().status_code == 403
    with site.database.read(None) as session:
        assert session.scalars(select(Identity)).all() == []


def test_one_identity_is_one_account_and_can_be_unlinked(
    site: Any, other: scripted.Provider
) -> None:
    assert link(site, other).status_code == 303
    taken = link(site, other, Role.CPBW_MEMBER)
    assert (taken.status_code, "al aan een ander account" in taken.text) == (409, True)
    twice = link(site, other, sub="another-of-mine")
    assert twice.status_code == 409
    browser = site.browser(Role.ADVISER)
    page = browser.get("/account").text
    assert "Gekoppeld aan De Wilg" in page
    (path,) = re.findall(r'href="(/account/identities/[0-9a-f-]{36}/remove)"', page)
    stranger = site.browser(Role.CPBW_MEMBER)
    assert (stranger.get(path).status_code, stranger.post(path).status_code) == (404, 404)
    assert browser.get(path).status_code == 200
    assert browser.post(path).headers["location"] == "/account?done=openid.done_unlinked"
    way = journey(site, other)
    way.leave()
    assert "Baken kent u nog niet" in way.come_back().text


def test_the_state_of_a_log_in_links_nothing_and_the_other_way_round(
    site: Any, other: scripted.Provider
) -> None:
    to_link = linking(site, other, Role.ADVISER)
    to_link.leave()
    door = journey(site, other)
    door.leave()
    for way, sent in ((to_link, door.sent), (door, to_link.sent)):
        way.sent = sent
        assert way.come_back().status_code == 403
    with site.database.read(None) as session:
        assert session.scalars(select(Identity)).all() == []


def test_logging_out_stays_here_and_says_so(site: Any) -> None:
    page = site.browser().get("/logged-out").text
    assert "Bij De Wilg bent u misschien nog aangemeld" in page


def test_without_a_provider_no_page_speaks_of_one(website: Any) -> None:
    browser = website.browser()
    assert "/log-in/openid" not in browser.get("/log-in").text
    assert browser.post("/log-in/openid").status_code == 404
    assert "misschien nog aangemeld" not in browser.get("/logged-out").text
    office = website.browser(Role.ADVISER)
    assert "/account/identities" not in office.get("/account").text
    assert office.get("/account/identities/new").status_code == 404
