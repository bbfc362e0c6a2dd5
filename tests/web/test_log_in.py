"""Logging in and out: sessions, failures, and nothing that tells who has an account."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from baken.organisation.permissions import Role
from baken.web.pages.access import BEFORE_COOKIE, SESSION_COOKIE

pytestmark = pytest.mark.sqlite
PASSWORD = "vier blauwe stoelen"


def log_in(browser: Any, mail: str, password: str = PASSWORD, path: str = "/log-in") -> Any:
    browser.get(path)
    return browser.post(path, {"mail": mail, "password": password})


def show_factor(website: Any, browser: Any, role: Role, path: str) -> Any:
    browser.get(path)
    return browser.post(path, {"code": website.code_of(role)})


def test_from_nobody_to_the_home_page(website: Any) -> None:
    browser = website.browser()
    answer = log_in(browser, website.account_of(Role.ADVISER))
    second = "/log-in/factor?next=%2Forganisations"
    assert (answer.status_code, answer.headers["location"]) == (303, second)
    assert "Tweede stap" in browser.get(second).text
    answer = show_factor(website, browser, Role.ADVISER, second)
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    assert browser.get("/organisations").headers["location"] == website.root
    home = browser.get(website.root)
    assert home.status_code == 200
    assert "An Peeters afmelden" in home.text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(website: Any) -> None:
    answer = log_in(website.browser(), website.account_of(Role.ADVISER))
    cookie = next(v for v in answer.headers.get_list("set-cookie") if SESSION_COOKIE in v)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie  # loopback: there is no HTTPS


def test_wrong_password_and_unknown_address_get_the_same_page(website: Any) -> None:
    known = website.account_of(Role.ADVISER)
    pages = []
    for mail in (known, "niemand-hier-@voorbeeld.ex"):
        answer = log_in(website.browser(), mail, "een ander wachtwoord")
        assert answer.status_code == 403
        assert "horen niet bij elkaar" in answer.text
        assert "een ander wachtwoord" not in answer.text
        pages.append(re.sub(r'value="[^"]*"', "", answer.text).splitlines())
    assert [pair for pair in zip(*pages, strict=True) if pair[0] != pair[1]] == []


def test_ten_failures_make_an_account_wait_whatever_the_header_says(website: Any) -> None:
    mail = website.account_of(Role.ADVISER)
    browser = website.browser()
    browser.get("/log-in")
    statuses = [
        browser.post(
            "/log-in",
            {"mail": mail, "password": "fout"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(12)
    ]
    assert statuses == [403] * 10 + [429] * 2
    assert log_in(browser, mail).status_code == 429
    website.clock.move(minutes=5, seconds=1)
    assert log_in(browser, mail).status_code == 303


def test_an_identifier_planted_before_does_not_log_in(website: Any) -> None:
    browser = website.browser()
    browser.client.cookies.set(SESSION_COOKIE, "planted")
    log_in(browser, website.account_of(Role.ADVISER))
    victim = website.browser()
    victim.client.cookies.set(SESSION_COOKIE, "planted")
    assert victim.get(website.root).status_code == 303


def test_logging_in_again_ends_the_session_before(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    before = browser.client.cookies[SESSION_COOKIE]
    log_in(browser, website.account_of(Role.ADVISER))
    other = website.browser()
    other.client.cookies.set(SESSION_COOKIE, before)
    assert other.get(website.root).status_code == 303


def test_a_session_ends_after_half_an_hour_without_use(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    for _ in range(3):
        website.clock.move(minutes=29)
        assert browser.get(website.root).status_code == 200
    website.clock.move(minutes=31)
    assert browser.get(website.root).status_code == 303


def test_a_session_ends_after_ten_hours_whatever_happens(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    for _ in range(30):
        website.clock.move(minutes=20)
        assert browser.get(website.root).status_code == 200
    website.clock.move(minutes=1)
    assert browser.get(website.root).status_code == 303


def test_logging_out_ends_the_session_everywhere(website: Any) -> None:
    browser = website.browser(Role.ADVISER)
    token = browser.client.cookies[SESSION_COOKIE]
    answer = browser.post("/log-out")
    assert answer.headers["location"] == "/logged-out"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    stolen = website.browser()
    stolen.client.cookies.set(SESSION_COOKIE, token)
    assert stolen.get(website.root).status_code == 303


def test_a_log_in_form_of_another_site_is_refused(website: Any) -> None:
    browser = website.browser()
    mail = website.account_of(Role.ADVISER)
    browser.get("/log-in")
    browser.token = "of-the-attacker"
    assert browser.post("/log-in", {"mail": mail, "password": PASSWORD}).status_code == 403
    browser.client.cookies.delete(BEFORE_COOKIE)
    browser.token = ""
    assert browser.post("/log-in", {"mail": mail, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/o/1", "/o/1"),
        ("//evil.example", "/organisations"),
        ("/\\evil.example", "/organisations"),
        ("https://evil.example", "/organisations"),
        ("/a%0d%0aSet-Cookie:x=1", "/organisations"),
        ("/%E6%BC%A2", "/organisations"),
    ],
)
def test_after_log_in_people_stay_here(website: Any, wanted: str, reached: str) -> None:
    mail = website.account_of(Role.ADVISER)
    browser = website.browser()
    answer = log_in(browser, mail, path=f"/log-in?next={wanted}")
    assert answer.headers["location"] == f"/log-in/factor?{urlencode({'next': reached})}"
    answer = show_factor(website, browser, Role.ADVISER, f"/log-in/factor?next={wanted}")
    assert answer.headers["location"] == reached


def test_an_empty_form_names_both_fields(website: Any) -> None:
    answer = log_in(website.browser(), "", "")
    assert answer.status_code == 422
    assert "Er zijn 2 punten om te verbeteren" in answer.text
    assert '<a href="#mail">E-mailadres: dit veld is vereist.</a>' in answer.text


def test_the_language_follows_the_link_then_the_cookie_then_the_browser(website: Any) -> None:
    browser = website.browser()
    italian_then_french = {"Accept-Language": "it-IT, fr;q=0.8, de;q=0.2"}
    assert "Se connecter" in browser.get("/log-in", headers=italian_then_french).text
    assert "Log in" in browser.get("/log-in?lang=en", headers=italian_then_french).text
    assert "Log in" in browser.get("/log-in", headers=italian_then_french).text
    german = {"Accept-Language": "de-BE, fr;q=0.8"}
    assert "Passwort vergessen?" in website.browser().get("/log-in", headers=german).text
    assert "Aanmelden" in website.browser().get("/log-in?lang=xx").text


def test_an_account_in_two_organisations_chooses(website: Any) -> None:
    from baken.organisation.models import Account, Person  # noqa: PLC0415 - used by this test only

    mail = website.account_of(Role.ADVISER)
    other = website.add_organisation("Werkplaats Noord")
    with website.database.read(website.organisation.id) as session:
        account_id = session.get_one(Person, website.organisation.people[Role.ADVISER]).account_id
        assert session.get_one(Account, account_id).mail == mail
    with website.database.session(other.id) as session:
        session.get_one(Person, other.people[Role.CPBW_MEMBER]).account_id = account_id
    browser = website.browser(Role.ADVISER)
    assert browser.get("/organisations").headers["location"] == "/clients"
    page = browser.get("/clients").text
    assert f"/o/{other.id}" in page
    assert website.root in page


def test_the_word_demo_stands_on_the_pages_of_a_demonstration_only(website: Any) -> None:
    browser = website.browser()
    page = browser.get("/log-in").text
    assert "Deze server is alleen op deze computer bereikbaar." in page
    assert "Demo" not in page
    website.app.state.settings = replace(website.settings, is_demo=True)
    for path in ("/log-in", "/nowhere"):
        assert "Demo: deze server is alleen" in browser.get(path).text
