"""Linking and logging in at a provider that others wrote, in Chromium."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from baken.organisation.permissions import Role
from baken.web.openid.provider import Provider
from baken.web.openid.settings import OpenIdSettings
from baken.web.pages.access import SESSION_COOKIE
from tests.web.test_office_browser import check
from tests.web.test_passkey_browser import log_out, serving_under_a_name

pytestmark = pytest.mark.browser
NAME = "Wilg-id"


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[OpenIdSettings]:
    """The provider as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [{"sub": "an", "amr": ["pwd"]}, {"sub": "bo"}]
    users = [part for one in people for part in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n", "true", *users],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    secret = tmp_path / "client-secret"
    secret.write_text("geheim")
    try:
        wait_for(issuer)
        yield OpenIdSettings(issuer, "baken", secret, NAME)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(issuer: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(issuer)


def stay_here(context: BrowserContext) -> None:
    """The pages of that provider ask for a style sheet from elsewhere; they do without."""
    elsewhere = re.compile(r"^https?://(?!localhost:|127\.0\.0\.1:)")
    context.route(elsewhere, lambda route: route.abort())


def show_oneself(page: Page, issuer: str, subject: str) -> None:
    page.wait_for_url(f"{issuer}/oauth2/authorize**")
    page.get_by_role("button", name=subject, exact=True).first.click()


def test_from_linking_to_logging_in(
    chromium: Browser, website: Any, provider: OpenIdSettings
) -> None:
    website.clock.now = datetime.now(UTC)
    token = website.session_of(Role.ADVISER)
    complaints: list[str] = []
    website.app.state.provider = Provider(provider)
    with serving_under_a_name(website) as address:
        context = chromium.new_context(locale="nl-BE")
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        stay_here(context)
        page = context.new_page()

        def listen(said: ConsoleMessage) -> None:
            if said.type == "error" and page.url.startswith(address):
                complaints.append(said.text)

        page.on("console", listen)

        page.goto(f"{address}/account")
        page.get_by_role("link", name=f"Koppelen aan {NAME}").click()
        check(page, "identity-new-nl")
        page.get_by_role("button", name=f"Naar {NAME}").click()
        show_oneself(page, provider.issuer, "an")
        page.wait_for_url("**/account?done=openid.done_linked")
        check(page, "account-linked-nl")

        log_out(page)
        expect(page.locator("main")).to_contain_text(f"Bij {NAME} bent u misschien nog aangemeld")
        page.goto(f"{address}/log-in?next=/account")
        check(page, "log-in-with-provider-nl")
        page.get_by_role("button", name=f"Aanmelden met {NAME}").click()
        show_oneself(page, provider.issuer, "an")
        page.wait_for_url("**/log-in/factor?**")
        page.fill("#code", website.code_of(Role.ADVISER))
        page.get_by_role("button", name="Verder").click()
        page.wait_for_url(f"{address}/account")

        # somebody whom nobody knows here, and somebody who thinks better of it
        log_out(page)
        page.goto(f"{address}/log-in?lang=fr")
        page.get_by_role("button", name=f"Se connecter avec {NAME}").click()
        show_oneself(page, provider.issuer, "bo")
        expect(page.locator("h1")).to_contain_text(f"Baken ne vous connaît pas encore par {NAME}")
        check(page, "openid-unknown")
        page.goto(f"{address}/log-in?lang=nl")
        page.get_by_role("button", name=f"Aanmelden met {NAME}").click()
        page.wait_for_url(f"{provider.issuer}/oauth2/authorize**")
        page.get_by_role("button", name="Deny").click()
        expect(page.locator("main:has([role=alert])")).to_contain_text("niet afgemaakt")
        check(page, "openid-declined-nl")

        # the link goes
        context.add_cookies(
            [{"name": SESSION_COOKIE, "value": website.session_of(Role.ADVISER), "url": address}]
        )
        page.goto(f"{address}/account")
        page.get_by_role("link", name=f"Gekoppeld aan {NAME}").click()
        check(page, "identity-remove-nl")
        page.get_by_role("button", name="Losmaken").click()
        page.wait_for_url("**/account?done=openid.done_unlinked")
        context.close()
    assert [said for said in complaints if "403" not in said] == []


def test_without_script_there_is_a_button_at_both_ends(
    chromium: Browser, website: Any, provider: OpenIdSettings
) -> None:
    website.clock.now = datetime.now(UTC)
    website.app.state.provider = Provider(provider)
    with serving_under_a_name(website) as address:
        context = chromium.new_context(locale="nl-BE", java_script_enabled=False)
        stay_here(context)
        page = context.new_page()
        page.goto(f"{address}/log-in")
        page.get_by_role("button", name=f"Aanmelden met {NAME}").click()
        show_oneself(page, provider.issuer, "bo")
        page.wait_for_url("**/log-in/openid/back?**")
        assert page.inner_text("h1") == "Terug bij Baken"
        page.get_by_role("button", name="Verder").click()
        expect(page.locator("h1")).to_contain_text(f"Baken kent u nog niet via {NAME}")
        context.close()
