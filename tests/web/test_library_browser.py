"""Composing a questionnaire in a real browser, checked by axe at three widths, in two languages."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from baken.organisation.permissions import Role
from tests.web.test_library_pages import make_own
from tests.web.test_office_browser import check, serving, signed_in

pytestmark = pytest.mark.browser

# Each page is looked at by axe in one language; of the others the width is looked at too.
PAGES = {
    "nl": {"": True, "/import": True, "/bat-12/own-1": False},
    "fr": {"": False, "/bat-12/own-1": True, "/copsoq-iii/1": True},
}
BELOW = {
    "nl": {
        "": True,
        "/parts": True,
        "/origin": True,
        "/questions/new": False,
        "/texts?group=open_questions": True,
    },
    "fr": {
        "": False,
        "/origin": False,
        "/questions/new": True,
        "/texts?group=open_questions": False,
        "/differences": True,
    },
}


def test_a_questionnaire_is_composed_shown_and_compared(chromium: Browser, website: Any) -> None:
    make_own(website.browser(Role.PREVENTION_ADVISER), website.root, "bat-12")
    complaints: list[str] = []
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.PREVENTION_ADVISER, complaints)
        root = f"{address}{website.root}/library"

        def press() -> None:
            page.locator("main form button.primary").focus()
            page.keyboard.press("Enter")

        page.goto(f"{root}/vijf-a-kort/1?lang=nl")
        press()
        page.wait_for_url("**/vijf-a-kort/own-1?done=library.done_made")
        own = page.url.partition("?")[0]

        page.goto(f"{own}/questions/new")
        for name, text in (("text_nl", "Ik weet wie ik kan bellen."), ("name_nl", "Hulp")):
            page.fill(f"[name={name}]", text)
        press()
        # a new topic needs to say what it is about; what was typed is still there
        expect(page.locator("#problems")).to_be_visible()
        check(page, "library-question-refused-nl")
        page.select_option("[name=dimension]", "A5")
        press()
        page.wait_for_url("**done=library.done_saved")
        expect(
            page.get_by_text("Vraag 1 van “Hulp”: “Ik weet wie ik kan bellen.”").first
        ).to_be_visible()

        page.goto(f"{own}/parts")
        page.locator("input[name=ask]").first.uncheck()
        press()
        page.wait_for_url("**done=library.done_saved")
        page.goto(f"{own}/open-questions/new")
        page.fill("[name=text_nl]", "Wat helpt u?")
        press()
        page.wait_for_url("**done=library.done_saved")

        for language in ("nl", "fr"):
            for path, rules in PAGES[language].items():
                page.goto(f"{root}{path}?lang={language}")
                check(page, f"library{path.replace('/', '-')}-{language}", rules=rules)
            for path, rules in BELOW[language].items():
                page.goto(f"{own}{path}")
                name = f"library-own{path.replace('/', '-').replace('?', '-')}-{language}"
                check(page, name, rules=rules)
        page.goto(f"{own}/preview?in=nl")
        expect(page.locator(".preview-bar")).to_contain_text("er wordt niets bewaard")
        page.get_by_label("altijd").first.check()
        assert page.locator("form, button[type=submit], script").count() == 0
        check(page, "library-preview-nl")
    assert complaints in ([], complaints[:1])
