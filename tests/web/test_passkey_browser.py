"""A whole ceremony in Chromium with its virtual authenticator, and the pages as people see them."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.web.test_office_browser import check
from tests.web.test_passkey_pages import PASSWORD, take_factors

pytestmark = pytest.mark.browser


@contextmanager
def serving_under_a_name(website: Any) -> Iterator[str]:
    """The application on a free port of this machine, under the name that passkeys need."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    # The one application of the test: registering its routes again would take seconds.
    website.app.state.settings = replace(website.settings, base_url=address)
    config = uvicorn.Config(
        website.app, host="127.0.0.1", port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield address
    finally:
        server.should_exit = True
        thread.join()


def add_authenticator(page: Page, **options: Any) -> tuple[Any, str]:
    """A virtual telephone that unlocks by itself; gives the channel to it and its name."""
    channel = page.context.new_cdp_session(page)
    channel.send("WebAuthn.enable", {"enableUI": False})
    made = channel.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                **options,
            }
        },
    )
    return channel, made["authenticatorId"]


def give_password(page: Page, address: str, mail: str) -> None:
    page.goto(f"{address}/log-in")
    page.fill("#mail", mail)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()


def log_out(page: Page) -> None:
    page.locator("form[action='/log-out'] button").click()
    page.wait_for_url("**/logged-out")


def test_a_passkey_from_the_first_to_the_last_day(chromium: Browser, website: Any) -> None:
    mail = website.account_of(Role.ADVISER)
    take_factors(website, Role.ADVISER)
    complaints: list[str] = []
    with serving_under_a_name(website) as address:
        page = chromium.new_context(locale="nl-BE").new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        channel, authenticator = add_authenticator(page)

        # the first factor, straight after the password
        give_password(page, address, mail)
        page.wait_for_url("**/log-in/set-up?**")
        page.get_by_role("link", name="Een passkey maken").click()
        expect(page.locator("#name")).to_have_value("Chrome, Linux")
        page.fill("#name", "Telefoon van An")
        page.get_by_role("button", name="De passkey maken").click()
        page.wait_for_selector(".recovery-codes")
        page.locator("main a.button").click()
        page.wait_for_url(f"**{website.root}")

        # again with one's finger alone
        log_out(page)
        page.goto(f"{address}/log-in")
        page.get_by_role("button", name="Aanmelden met een passkey").click()
        page.wait_for_url(f"**{website.root}")
        assert len(credentials(channel, authenticator)) == 1

        # as second step after the password
        log_out(page)
        give_password(page, address, mail)
        page.wait_for_url("**/log-in/factor?**")
        page.get_by_role("button", name="Een passkey gebruiken").click()
        page.wait_for_url(f"**{website.root}")

        # once more before a sensitive act
        website.clock.move(minutes=11)
        page.goto(f"{address}/account/passkeys/new")
        page.locator("main a.button").click()
        page.get_by_role("button", name="Een passkey gebruiken").click()
        page.wait_for_url("**/account/passkeys/new")
        # this device has one already
        page.get_by_role("button", name="De passkey maken").click()
        expect(page.locator("[data-said]:visible")).to_contain_text("heeft al een passkey")

        # a second key, so that the first may go
        channel.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
        _, second = add_authenticator(page)
        page.fill("#name", "Blauwe sleutel")
        page.get_by_role("button", name="De passkey maken").click()
        page.wait_for_url("**/account?done=passkeys.done_added")
        page.get_by_role("link", name="Telefoon van An").click()
        page.get_by_role("link", name="Deze passkey verwijderen").click()
        page.locator("main form button").click()
        page.wait_for_url("**/account?done=passkeys.done_removed")
        assert "Telefoon van An" not in page.inner_text("main")
        page.get_by_role("link", name="Blauwe sleutel").click()
        page.get_by_role("link", name="Deze passkey verwijderen").click()
        expect(page.locator("main")).to_contain_text("enige tweede")
        assert second
        page.context.close()
    assert [said for said in complaints if "403" not in said and "422" not in said] == []


def credentials(channel: Any, authenticator: str) -> list[Any]:
    asked = {"authenticatorId": authenticator}
    found: list[Any] = channel.send("WebAuthn.getCredentials", asked)["credentials"]
    return found


def test_whoever_does_not_unlock_the_key_reads_what_to_do(chromium: Browser, website: Any) -> None:
    with serving_under_a_name(website) as address:
        page = chromium.new_context(locale="nl-BE").new_page()
        channel, authenticator = add_authenticator(page)
        page.goto(f"{address}/log-in")
        # no passkey of this account on the device
        page.get_by_role("button", name="Aanmelden met een passkey").click()
        expect(page.locator("[data-said]:visible")).to_contain_text("Er is geen passkey gebruikt")
        assert page.locator("#mail").is_visible()

        page.context.add_cookies(
            [
                {
                    "name": SESSION_COOKIE,
                    "value": website.session_of(Role.ADVISER),
                    "url": address,
                }
            ]
        )
        page.goto(f"{address}/account/passkeys/new")
        channel.send(
            "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
        )
        page.get_by_role("button", name="De passkey maken").click()
        expect(page.locator("[data-said]:visible")).to_contain_text("Er is geen passkey gemaakt")
        assert credentials(channel, authenticator) == []
        # the server went away meanwhile
        page.context.set_offline(True)
        page.get_by_role("button", name="De passkey maken").click()
        expect(page.locator("[data-said]")).to_contain_text("niet bereikbaar")
        page.context.close()


def test_without_script_or_under_a_number_the_other_ways_are_there(
    chromium: Browser, website: Any
) -> None:
    token = website.session_of(Role.ADVISER)
    with serving_under_a_name(website) as address:
        by_number = address.replace("localhost", "127.0.0.1")
        for script, root in ((False, address), (True, by_number)):
            context = chromium.new_context(java_script_enabled=script, locale="nl-BE")
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": root}])
            page = context.new_page()
            page.goto(f"{root}/log-in")
            assert page.locator("#password").is_visible()
            assert not page.get_by_role("button", name="Aanmelden met een passkey").is_visible()
            page.goto(f"{root}/account/passkeys/new")
            assert not page.get_by_role("button", name="De passkey maken").is_visible()
            said = page.inner_text("#without-passkeys")
            assert ("localhost" in said) is script
            assert ("authenticator-app" in said) is not script
            context.close()


def test_the_pages_of_passkeys_are_accessible_at_three_widths(
    chromium: Browser, website: Any
) -> None:
    token = website.session_of(Role.ADVISER)
    with serving_under_a_name(website) as address:
        context = chromium.new_context(locale="nl-BE")
        page = context.new_page()
        add_authenticator(page)

        def see(path: str, name: str, *, languages: tuple[str, ...] = ("nl", "fr")) -> None:
            for language in languages[::-1]:
                page.goto(f"{address}{path}?lang={language}")
                check(page, f"{name}-{language}")

        see("/log-in", "log-in")
        page.locator("form[data-passkey] button").click()
        page.wait_for_selector("[data-said]:not([hidden])")
        check(page, "log-in-cancelled-nl")
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        see("/account/passkeys/new", "passkey-new")
        page.locator("form[data-passkey] button").click()
        page.wait_for_url("**/account?done=*")
        check(page, "account-with-passkey-nl")
        one = page.locator("a[href^='/account/passkeys/']").first.get_attribute("href")
        assert one
        see(one, "passkey", languages=("nl",))
        see(f"{one}/remove", "passkey-remove", languages=("nl",))
        see("/account/confirm", "confirm", languages=("nl",))
        # what was signed went lost: a refusal
        with page.expect_navigation():
            page.locator("form[data-passkey]").evaluate("form => form.submit()")
        check(page, "passkey-refused-nl")
        context.close()
