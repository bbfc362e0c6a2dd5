"""Answering a questionnaire: by a form post, by mouse, and with nothing but the keyboard."""

import random
import re
import urllib.parse
import urllib.request
from collections.abc import Mapping

from playwright.sync_api import Page

from baken.instruments.definition import Instrument
from tests.journeys.walking import Walker

RECEIPT = re.compile(r'data-receipt="([A-Z2-7]{10})"')


HARD = frozenset({"work_private", "exhaustion"})


def answers_of(instrument: Instrument, rng: random.Random, share: float) -> dict[str, str]:
    """Return the fields of an answer form of somebody who has it hard with this chance."""
    fields = {}
    has_it_hard = rng.random() < share
    for item in instrument.items:
        span = item.format.n_values - 1
        is_bad = has_it_hard and item.scale in HARD
        level = rng.choice((0.75, 1.0)) if is_bad else rng.choice((0.0, 0.25, 0.25, 0.5))
        rises = (instrument.scale(item.scale).high_is == "risk") != item.reversed
        step = round(span * (level if rises else 1 - level))
        fields[item.code] = str(item.format.low + step)
    for question in instrument.backgrounds:
        fields[question.key] = rng.choice(question.bands)
    return fields


def answer_by_post(address: str, code: str, fields: Mapping[str, str]) -> str:
    """Send what the pages send, without a browser; return the receipt."""
    assert f'value="{code}"' in _post(address, {"code": code, "lang": "nl"})
    page = _post(f"{address}/answers", {"code": code, "lang": "nl", "comment": "", **fields})
    found = RECEIPT.search(page)
    assert found, page
    return found[1]


def answer_by_mouse(walker: Walker, address: str, code: str, fields: Mapping[str, str]) -> str:
    """Click through the questionnaire and have axe look at every part of it."""
    page = walker.page
    walker.go(address)
    page.get_by_role("textbox").fill(code)
    page.locator("main form button[type=submit]").click()
    page.locator("[data-next]").wait_for()
    page.wait_for_load_state()  # with the script that shows one part at a time
    walker.look()
    while True:
        names = page.locator("[data-part-section]:not([hidden]) fieldset").evaluate_all(
            "all => all.map(one => one.id)"
        )
        for name in names:
            page.locator(f'input[name="{name}"][value="{fields[name]}"]').check()
        if page.locator("textarea").is_visible():
            page.locator("textarea").fill("Vaste roosters zouden veel helpen.")
        page.locator("[data-next]").click()
        walker.look()
        if page.locator("[data-send]").is_visible():
            break
    page.locator("[data-send]").click()
    receipt = page.locator("[data-receipt]")
    receipt.wait_for()
    walker.look()
    return str(receipt.get_attribute("data-receipt"))


def answer_by_keyboard(page: Page, address: str, code: str) -> str:
    """Answer with Tab, Space, arrows and Enter alone; return the receipt."""
    page.goto(address)
    _tab_to(page, "code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.locator("[data-next]").wait_for()
    page.wait_for_load_state()
    for _ in range(2_000):
        kind, name = page.evaluate(
            "() => [document.activeElement.type ?? '', document.activeElement.dataset.send"
            " !== undefined ? 'send' : document.activeElement.dataset.next !== undefined"
            " ? 'next' : document.activeElement.name ?? '']"
        )
        if kind == "radio":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        elif kind == "textarea":
            page.keyboard.type("Zonder muis ingevuld.")
        elif name in {"next", "send"}:
            page.keyboard.press("Enter")
            if name == "send":
                receipt = page.locator("[data-receipt]")
                receipt.wait_for()
                return str(receipt.get_attribute("data-receipt"))
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard alone does not reach the end")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        if page.evaluate("() => document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def _post(address: str, fields: Mapping[str, str]) -> str:
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(address, body, timeout=20) as answer:
        text: str = answer.read().decode()
    return text
