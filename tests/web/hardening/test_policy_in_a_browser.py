"""Chromium opens every page: none breaks its own content security policy or says an error."""

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser

from baken.web.commands.serve import listen
from baken.web.connections import server_options
from baken.web.pages.access import SESSION_COOKIE
from tests.web.hardening.conftest import Town
from tests.web.hardening.fuzzing import IS_CAMPAIGN
from tests.web.hardening.walking_routes import Map

pytestmark = [pytest.mark.sqlite, pytest.mark.browser]


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    listener = listen(replace(town.app.state.settings, port=0))
    options = {**server_options(), "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(town.app, **options))
    thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)
    listener.close()


def test_no_page_breaks_its_own_policy(
    town: Town, chart: Map, address: str, chromium: Browser
) -> None:
    token = town.powerful().cookies.get(SESSION_COOKIE)
    context = chromium.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": str(token), "url": address}])
    page = context.new_page()
    said: list[str] = []
    here = [""]

    def hear(message: Any) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            said.append(f"{message.location.get('url', '')}: {message.text[:200]}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"{here[0]}: {str(error)[:200]}"))
    pages = [path for path, text in chart.pages.items() if "<html" in text]
    n_opened = 0
    for path in pages[:: 1 if IS_CAMPAIGN else 4]:
        here[0] = path
        answer = page.goto(address + path, wait_until="domcontentloaded")
        n_opened += answer is not None and answer.ok
    context.close()
    assert n_opened > 15
    # what the browser says of a page that is an answer such as 404; of a file it would be a fault
    status = re.compile(r"http://[^ ]+: Failed to load resource: the server responded .* 4\d\d")
    assert [one for one in said if "/static/" in one or not status.match(one)] == []
