"""One's own account: profile, password, app, recovery codes, browsers."""

import re
from typing import Any

import pyotp
import pytest

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE

pytestmark = pytest.mark.sqlite
PASSWORD = "vier blauwe stoelen"
NEW = "zes gele ballonnen"


@pytest.fixture
def browser(website: Any) -> Any:
    return website.browser(Role.ADVISER)


def test_the_account_page_says_what_there_is(browser: Any) -> None:
    page = browser.get("/account").text
    for words in ("An Peeters", "adviser@voorbeeld.example", "In 1 browser", "Nog 10 herstelcodes"):
        assert words in page
    assert "Verloren tweede stap" not in page


def test_name_and_language_change_what_the_pages_say(browser: Any) -> None:
    browser.get("/account/profile")
    answer = browser.post("/account/profile", {"name": "An Maes", "speaks": "fr"})
    assert answer.headers["location"] == "/account?done=account.done_profile"
    assert "Votre compte" in browser.get("/account").text
    for name, speaks in (("", "nl"), ("An", "xx")):
        refused = browser.post("/account/profile", {"name": name, "speaks": speaks})
        assert refused.status_code == 422


def test_a_new_password_logs_the_other_browsers_out(website: Any, browser: Any) -> None:
    other = website.browser(Role.ADVISER)
    browser.get("/account/password")
    wrong = browser.post("/account/password", {"current": "fout", "new": NEW})
    assert (wrong.status_code, "niet uw huidige wachtwoord" in wrong.text) == (403, True)
    assert (
        browser.post("/account/password", {"current": PASSWORD, "new": "kort"}).status_code == 422
    )
    answer = browser.post("/account/password", {"current": PASSWORD, "new": NEW})
    assert answer.headers["location"] == "/account?done=account.done_password"
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    "path",
    ["/account/password", "/account/totp", "/account/recovery-codes", "/account/totp/remove"],
)
def test_what_changes_the_log_in_asks_for_a_fresh_factor(
    website: Any, browser: Any, path: str
) -> None:
    website.clock.move(minutes=10, seconds=1)
    assert browser.get(path).status_code == 403
    browser.get("/account/profile")
    assert browser.post(path).status_code == 403


def test_another_app_replaces_the_first_and_ends_other_sessions(website: Any, browser: Any) -> None:
    other = website.browser(Role.ADVISER)
    old = website.code_of(Role.ADVISER)
    shown = browser.get("/account/totp").text
    key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', shown)
    assert key
    app = pyotp.TOTP(key[1].replace(" ", ""))
    assert browser.post("/account/totp", {"code": old}).status_code == 422
    answer = browser.post("/account/totp", {"code": app.at(website.clock.now)})
    assert answer.headers["location"] == "/account?done=account.done_totp"
    assert other.get("/account").status_code == 303
    website.clock.move(seconds=30)
    browser.get("/account/confirm")
    assert browser.post("/account/confirm", {"code": old}).status_code == 403
    code = app.at(website.clock.now)
    assert browser.post("/account/confirm", {"code": code}).status_code == 303


def test_the_only_factor_stays(browser: Any) -> None:
    answer = browser.get("/account/totp/remove")
    assert (answer.status_code, "enige tweede stap" in answer.text) == (422, True)
    browser.get("/account/profile")
    assert browser.post("/account/totp/remove").status_code == 422


def test_new_recovery_codes_are_shown_once(browser: Any) -> None:
    assert "Nog 10 herstelcodes" in browser.get("/account/recovery-codes").text
    made = browser.post("/account/recovery-codes")
    codes = re.findall(r"<code>([A-Z2-9-]{14})</code>", made.text)
    assert (made.status_code, len(codes)) == (200, 10)
    assert codes[0] not in browser.get("/account/recovery-codes").text


def test_browsers_are_listed_and_ended(website: Any, browser: Any) -> None:
    others = [website.browser(Role.ADVISER) for _ in range(3)]
    page = browser.get("/account/sessions").text
    ends = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(ends) == 3
    assert browser.client.cookies[SESSION_COOKIE] not in page
    assert browser.post(ends[0]).status_code == 303
    assert browser.post(ends[0]).status_code == 404
    assert [other.get("/account").status_code for other in others].count(303) == 1
    assert browser.post("/account/sessions/end-others").status_code == 303
    assert [other.get("/account").status_code for other in others].count(303) == 3
    assert browser.get("/account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(website: Any, browser: Any) -> None:
    victim = website.browser(Role.HR)
    website.browser(Role.HR)
    ends = re.findall(
        r'action="(/account/sessions/[^"]+/end)"', victim.get("/account/sessions").text
    )
    browser.get("/account/profile")
    assert browser.post(ends[0]).status_code == 404


def test_only_who_looks_after_the_installation_sees_all_requests(browser: Any) -> None:
    assert browser.get("/account/lost-factors").status_code == 403
