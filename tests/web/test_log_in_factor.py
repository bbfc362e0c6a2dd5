"""The second step: half sessions, codes that are used up, the set-up, and confirming again."""

import re
from typing import Any
from uuid import uuid4

import pytest
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from baken.organisation.accounts import totp
from baken.organisation.accounts.actions import make_account
from baken.organisation.accounts.models import RecoveryCode
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.models import Account, Person
from baken.organisation.permissions import Action, Role
from baken.web.pages.access import SESSION_COOKIE

pytestmark = pytest.mark.sqlite
PASSWORD = "vier blauwe stoelen"


def half(website: Any, role: Role = Role.ADVISER) -> Any:
    """A browser that has shown the password and no more."""
    browser = website.browser()
    browser.get("/log-in")
    mail = website.account_of(role)
    assert browser.post("/log-in", {"mail": mail, "password": PASSWORD}).status_code == 303
    return browser


def newcomer(website: Any) -> Any:
    """A half session of somebody without a second factor."""
    with website.database.session(None) as session:
        account_id = make_account(
            session,
            mail="nieuw@voorbeeld.example",
            name="Nieuw",
            password=PASSWORD,
            by=None,
            now=website.clock.now,
        ).id
    person_id = website.organisation.people[Role.HR]
    with website.database.session(website.organisation.id) as session:
        session.get_one(Person, person_id).account_id = account_id
    browser = website.browser()
    browser.get("/log-in")
    fields = {"mail": "nieuw@voorbeeld.example", "password": PASSWORD}
    browser.post("/log-in", fields)
    return browser


def codes_for(website: Any, role: Role) -> tuple[str, ...]:
    """Fresh recovery codes for the person with `role`."""
    from baken.organisation.accounts.recovery_codes import make_codes  # noqa: PLC0415

    mail = website.account_of(role)
    with website.database.session(None) as session:
        account_id = session.scalars(select(Account.id).where(Account.mail == mail)).one()
        return make_codes(session, website.app.state.key_store, account_id, now=website.clock.now)


def signed_in_routes(website: Any) -> list[tuple[str, str, HTTPRouteHandler]]:
    """Every route that needs somebody who is fully logged in, with an address that fits."""
    found = []
    for route in website.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            opt = handler.opt
            if opt.get("action") or opt.get("account"):
                path = route.path.replace("{organisation_id:uuid}", str(website.organisation.id))
                path = re.sub(r"\{\w+:uuid\}", str(uuid4()), path)
                path = re.sub(r"\{\w+:int\}", "1", path)
                path = re.sub(r"\{\w+:date\}", "2026-03-01", path)
                path = re.sub(r"\{\w+(:\w+)?\}", "x", path)
                methods = handler.http_methods - {"OPTIONS", "HEAD"}
                found += [(str(method), path, handler) for method in methods]
    return found


def test_half_a_session_opens_no_signed_in_route(website: Any) -> None:
    for browser, step in ((half(website), "factor"), (newcomer(website), "set-up")):
        browser.get("/log-in/factor" if step == "factor" else "/log-in/set-up")
        routes = signed_in_routes(website)
        assert len(routes) > 100
        for method, path, _handler in routes:
            if method == "GET":
                answer = browser.get(path)
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith(f"/log-in/{step}?next="), path
            else:
                answer = browser.client.request(
                    method, path, data={"csrf": browser.token}, follow_redirects=False
                )
                assert answer.status_code == 401, (method, path)


def test_whoever_has_a_factor_cannot_set_up_another_with_the_password_alone(website: Any) -> None:
    browser = half(website)
    browser.get("/log-in/factor")
    assert browser.get("/log-in/set-up").headers["location"].startswith("/log-in/factor")
    refused = browser.post("/log-in/set-up", {"code": "123456"})
    assert refused.status_code == 422
    assert browser.get(website.root).status_code == 303


def test_a_code_that_was_used_is_refused_in_every_browser(website: Any) -> None:
    first, second = half(website), half(website)
    code = website.code_of(Role.ADVISER)
    first.get("/log-in/factor")
    assert first.post("/log-in/factor", {"code": code}).status_code == 303
    second.get("/log-in/factor")
    answer = second.post("/log-in/factor", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 403
    assert "al gebruikt" in answer.text
    assert second.get(website.root).status_code == 303
    assert first.get(website.root).status_code == 200


def test_the_second_step_gives_a_new_cookie_and_the_old_one_is_dead(website: Any) -> None:
    browser = half(website)
    before = browser.client.cookies[SESSION_COOKIE]
    browser.get("/log-in/factor")
    token = browser.token
    browser.post("/log-in/factor", {"code": website.code_of(Role.ADVISER)})
    after = browser.client.cookies[SESSION_COOKIE]
    assert after != before
    browser.get("/account/profile")
    assert browser.token != token
    stolen = website.browser()
    stolen.client.cookies.set(SESSION_COOKIE, before)
    assert stolen.get("/log-in/factor").headers["location"].startswith("/log-in?")


def test_five_wrong_codes_make_a_factor_wait(website: Any) -> None:
    browser = half(website)
    browser.get("/log-in/factor")
    statuses = [browser.post("/log-in/factor", {"code": "abc"}).status_code for _ in range(7)]
    assert statuses == [403] * 5 + [429] * 2
    assert (
        browser.post("/log-in/factor", {"code": website.code_of(Role.ADVISER)}).status_code == 429
    )
    website.clock.move(minutes=15, seconds=1)
    browser.get("/log-in/factor")
    assert (
        browser.post("/log-in/factor", {"code": website.code_of(Role.ADVISER)}).status_code == 303
    )


def test_a_recovery_code_opens_once_and_is_told_by_mail(website: Any) -> None:
    codes = codes_for(website, Role.ADVISER)
    for number, status in ((0, 303), (0, 403), (1, 303)):
        browser = half(website)
        browser.get("/log-in/recovery-code")
        answer = browser.post("/log-in/recovery-code", {"code": codes[number].lower()})
        assert answer.status_code == status
    with website.database.read(None) as session:
        used = session.scalars(select(RecoveryCode).where(RecoveryCode.used_at.is_not(None)))
        assert len(used.all()) == 2


def test_a_newcomer_sets_up_an_app_and_gets_codes_once(website: Any) -> None:
    browser = newcomer(website)
    shown = browser.get("/log-in/set-up?next=/organisations")
    assert shown.status_code == 200
    assert 'src="data:image/svg+xml' in shown.text
    key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', shown.text)
    assert key
    assert browser.get("/log-in/set-up").text.count(key[1]) == 1
    secret = key[1].replace(" ", "")
    wrong = browser.post("/log-in/set-up", {"code": "000000"})
    assert wrong.status_code == 422
    assert "juiste uur" in wrong.text
    code = totp.pyotp.TOTP(secret).at(website.clock.now)
    done = browser.post("/log-in/set-up?next=/organisations", {"code": code})
    assert done.status_code == 200
    found = re.findall(r"<li><code>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</code>", done.text)
    assert len(found) == 10
    assert browser.get(website.root).status_code == 200
    again = browser.post("/log-in/set-up", {"code": code})
    assert not re.search(found[0], again.text)


def test_a_half_session_can_log_out_and_is_dead_then(website: Any) -> None:
    browser = half(website)
    browser.get("/log-in/factor")
    token = browser.client.cookies[SESSION_COOKIE]
    assert browser.post("/log-out").headers["location"] == "/logged-out"
    stolen = website.browser()
    stolen.client.cookies.set(SESSION_COOKIE, token)
    assert stolen.get("/log-in/factor").headers["location"].startswith("/log-in?")


@get(
    "/o/{organisation_id:uuid}/proof",
    opt={"action": Action.COME_IN, "fresh": True},
    sync_to_thread=True,
)
def proof_page() -> str:
    return "done"


@post(
    "/o/{organisation_id:uuid}/proof",
    opt={"action": Action.COME_IN, "fresh": True},
    sync_to_thread=True,
)
def proof() -> str:
    return "done"


@post(
    "/o/{organisation_id:uuid}/act",
    opt={"action": Action.COME_IN, "fresh": True},
    sync_to_thread=True,
)
def bare_act() -> str:
    return "done"


def test_a_sensitive_act_asks_for_the_factor_again_after_ten_minutes(make_website: Any) -> None:
    website = make_website(proof_page, proof, bare_act)
    browser = website.browser(Role.ADVISER)
    assert browser.get(f"{website.root}/proof?a=1").status_code == 200
    website.clock.move(minutes=10)
    assert browser.post(f"{website.root}/proof").status_code == 201
    website.clock.move(seconds=1)
    asked = browser.get(f"{website.root}/proof?a=1")
    assert asked.status_code == 403
    confirm = re.search(r'href="(/account/confirm[^"]+)"', asked.text)
    assert confirm
    assert confirm[1].endswith("proof%3Fa%3D1")
    assert browser.post(f"{website.root}/proof").status_code == 403
    refused = browser.post(f"{website.root}/act", headers={"X-Swap": "x"})
    assert refused.status_code == 403
    assert "/account/confirm?next=%2Fo%2F" in refused.text
    before = browser.client.cookies[SESSION_COOKIE]
    browser.get(confirm[1])
    open_form = browser.token
    answer = browser.post(confirm[1], {"code": website.code_of(Role.ADVISER)})
    assert answer.headers["location"] == f"{website.root}/proof?a=1"
    assert browser.client.cookies[SESSION_COOKIE] != before
    browser.token = open_form  # a form that was open in another tab
    assert browser.post(f"{website.root}/proof").status_code == 201


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_jump_of_the_clock_makes_nothing_fresh(make_website: Any, hours: int) -> None:
    website = make_website(proof_page)
    browser = website.browser(Role.ADVISER)
    website.clock.move(hours=hours)
    assert browser.get(f"{website.root}/proof").headers["location"].startswith("/log-in?")


def test_a_recovery_code_confirms_too(make_website: Any) -> None:
    website = make_website(proof_page)
    codes = codes_for(website, Role.ADVISER)
    browser = website.browser(Role.ADVISER)
    website.clock.move(minutes=11)
    browser.get(f"/account/confirm/recovery-code?next={website.root}/proof")
    answer = browser.post(
        f"/account/confirm/recovery-code?next={website.root}/proof", {"code": codes[0]}
    )
    assert answer.headers["location"] == f"{website.root}/proof"
    assert browser.get(f"{website.root}/proof").status_code == 200


def test_a_demonstration_shows_the_code_and_nobody_else_does(website: Any) -> None:
    browser = half(website)
    assert "Demonstratie" not in browser.get("/log-in/factor").text
    with website.database.session(None) as session:
        account = make_account(
            session, mail="d@v.example", name="D", password=PASSWORD, by=None, now=website.clock.now
        )
        set_up_invented(session, website.app.state.key_store, account.id, now=website.clock.now)
    settings = website.app.state.settings
    object.__setattr__(settings, "is_demo", True)  # the settings of one website of one test
    shown = re.search(r"zou nu (\d{3}\s\d{3}) staan", browser.get("/log-in/factor").text)
    assert shown
    assert browser.post("/log-in/factor", {"code": shown[1]}).status_code == 303
