"""Accounts in a browser, with the keyboard alone: invited, a second factor, and back again."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from baken.organisation import invitations
from baken.organisation.handing_out import SETTLED
from baken.organisation.models import RoleGrant
from baken.organisation.people import add_person, get_actor
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from tests.journeys.walking import PASSWORD, Site, Walker, account_of, mail_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
NEW = "zes gele ballonnen"


def invited(site: Site) -> str:
    """Invite somebody new; answers the link that the mail holds."""
    with site.database.session(site.organisation_id) as session:
        contact = account_of(session, Role.MAIN_CONTACT)
        by = get_actor(session, contact, today=site.clock.today)
        person = add_person(
            session,
            name="Hilde Raes",
            mail="hilde@voorbeeld.invalid",
            task="",
            role=Role.HR,
            by=by,
            today=site.clock.today,
        )
        found = invitations.invite(
            session, person.id, by=by, today=site.clock.today, now=site.clock.now
        )
    keys = KeyStore.open(site.settings.keys)
    token = invitations.get_token(keys, site.organisation_id, found)
    return f"{site.address}/invitation/{token}"


def settle(site: Site) -> None:
    """Let everybody have held their roles for a while."""
    with site.database.session(site.organisation_id) as session:
        for grant in session.scalars(select(RoleGrant)):
            grant.from_on -= SETTLED


def reach(page: Page, selector: str) -> None:
    """Go with the Tab key until this has the focus."""
    wanted = page.locator(selector).first
    for _ in range(60):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard on {page.url}")


def type_in(page: Page, name: str, text: str) -> None:
    reach(page, f'main [name="{name}"]')
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def send(walker: Walker) -> None:
    """Send the form in which the focus is, with the Enter key; axe looks at what comes."""
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    walker.look()


def app_of(walker: Walker) -> pyotp.TOTP:
    """The app that reads the key from the page."""
    key = walker.page.locator("code.key").inner_text()
    return pyotp.TOTP(re.sub(r"\s", "", key))


def log_in(walker: Walker, mail: str, password: str) -> None:
    walker.page.context.clear_cookies()
    walker.go(f"{walker.site.address}/log-in")
    type_in(walker.page, "mail", mail)
    type_in(walker.page, "password", password)
    send(walker)


def test_from_the_link_in_the_mail_to_recovery_codes_and_back(
    new_walker: Callable[[], Walker],
) -> None:
    walker = new_walker()
    site, page = walker.site, walker.page
    walker.go(invited(site))
    type_in(page, "new", NEW)
    send(walker)
    assert "/log-in/set-up" in page.url
    app = app_of(walker)
    type_in(page, "code", app.at(site.clock.now))
    page.keyboard.press("Enter")
    page.locator(".recovery-codes").wait_for()
    walker.look()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    reach(page, "main a.button")
    send(walker)
    assert page.url.startswith(site.root)

    site.clock.move(minutes=1)
    log_in(walker, "hilde@voorbeeld.invalid", NEW)
    type_in(page, "code", app.at(site.clock.now))
    send(walker)
    assert page.url.rstrip("/") == site.root

    log_in(walker, "hilde@voorbeeld.invalid", NEW)
    reach(page, 'main a[href^="/log-in/recovery-code"]')
    send(walker)
    type_in(page, "code", codes[0])
    send(walker)
    assert page.url.rstrip("/") == site.root
    assert walker.faults == []


def test_a_sensitive_page_asks_again_and_goes_on(new_walker: Callable[[], Walker]) -> None:
    walker = new_walker()
    site, page = walker.site, walker.page
    walker.log_in(Role.ADMINISTRATOR)
    site.clock.move(minutes=11)
    page.goto(f"{site.address}/account/password")
    walker.look()
    walker.reads("tien minuten")
    reach(page, 'main a[href^="/account/confirm"]')
    send(walker)
    type_in(page, "code", site.code_of(Role.ADMINISTRATOR))
    send(walker)
    assert page.url == f"{site.address}/account/password"
    type_in(page, "current", PASSWORD)
    type_in(page, "new", NEW)
    send(walker)
    walker.reads("gewijzigd")
    for path in ("/account", "/account/profile", "/account/totp", "/account/recovery-codes"):
        walker.go(f"{site.address}{path}")
    assert walker.faults == []


def test_another_browser_is_logged_out_from_the_list(new_walker: Callable[[], Walker]) -> None:
    walker, other = new_walker(), new_walker()
    for one in (other, walker):
        one.log_in(Role.ADMINISTRATOR)
    walker.go(f"{walker.site.address}/account/sessions")
    expect(walker.page.get_by_text("Chrome, Linux")).to_have_count(2)
    reach(walker.page, 'main form[action$="/end"] button')
    send(walker)
    other.page.goto(f"{walker.site.root}/people")
    assert "/log-in" in other.page.url
    walker.go("/lost-factors")
    for path in ("/forgotten", "/forgotten/sent", "/log-in", "/logged-out"):
        walker.go(f"{walker.site.address}{path}")
    assert walker.faults == []


def test_a_lost_telephone_in_a_browser(new_walker: Callable[[], Walker]) -> None:
    walker = new_walker()
    settle(walker.site)
    log_in(walker, mail_of(Role.STEERING_MEMBER), PASSWORD)
    reach(walker.page, 'main a[href="/log-in/lost"]')
    send(walker)
    walker.press("account.lost_ask")
    walker.reads("Goedgekeurd door 0 van de 2")
    for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT):
        approver = new_walker()
        approver.log_in(role)
        approver.go("/lost-factors")
        approver.follow("account.lost_factors_look")
        approver.press("account.lost_factor_approve")
        assert approver.faults == []
    walker.go(f"{walker.site.address}/log-in/lost")
    walker.press("account.lost_anew")
    assert "/log-in/set-up" in walker.page.url
    assert walker.faults == []
