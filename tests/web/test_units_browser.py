"""Splitting, merging and undoing in a real browser, with the keyboard, checked by axe."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from baken.organisation.permissions import Role
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_units_pages import GOOD, import_units

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_units_are_split_merged_and_put_back(
    chromium: Browser, website: Any, language: str
) -> None:
    import_units(website.browser(Role.ADMINISTRATOR), website.root, GOOD)
    website.clock.move(days=8)
    complaints: list[str] = []
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.ADMINISTRATOR, complaints)
        root = f"{address}{website.root}"

        def seen(name: str) -> None:
            check(page, f"unit-{name}-{language}")
            page.set_viewport_size({"width": 1400, "height": 900})

        def press() -> None:
            page.locator("main form button.primary").focus()
            page.keyboard.press("Enter")

        page.goto(f"{root}/units?lang={language}")
        seen("list")
        page.get_by_role("link", name="Dagploeg").click()
        seen("page")
        split = page.url.split("?")[0] + "/split"
        page.goto(split)
        seen("split")
        for at, name in enumerate(("Dagploeg A", "Dagploeg B"), start=1):
            page.fill(f"[name=name_{at}]", name)
            page.fill(f"[name=number_{at}]", f"11{at}")
            page.fill(f"[name=people_{at}]", "12")
        press()
        expect(page.locator("main li").filter(has_text="Dagploeg B").first).to_be_visible()
        seen("split-preview")
        press()
        page.wait_for_url("**done=units.done_split*")
        seen("split-done")

        page.goto(f"{root}/units")
        page.get_by_role("link", name="Dagploeg A").click()
        page.goto(page.url.split("?")[0] + "/merge")
        page.get_by_label("Dagploeg B").check()
        page.fill("[name=name]", "Dagteam")
        page.fill("[name=number]", "110")
        seen("merge")
        page.fill("[name=on]", "2026-03-10")
        press()
        # it began today, so it cannot end yet: the sentence stands above what was typed
        expect(page.locator("#problems")).to_be_visible()
        expect(page.locator("[name=name]")).to_have_value("Dagteam")
        seen("merge-refused")
        page.fill("[name=on]", "2026-04-01")
        press()
        expect(page.locator("main li").filter(has_text="Dagteam").first).to_be_visible()
        press()
        page.wait_for_url("**done=units.done_merged*")
        seen("merged")

        page.goto(f"{root}/units/changes")
        seen("changes")
        page.locator("main a[href$='/undo']").first.click()
        seen("undo")
        press()
        page.wait_for_url("**done=units.done_undone*")
        page.goto(f"{root}/units?on=2026-04-01")
        expect(page.get_by_role("link", name="Dagploeg B")).to_be_visible()
        expect(page.get_by_role("link", name="Dagteam")).to_have_count(0)
        for path in ("move", "edit", "end", "headcount"):
            page.goto(f"{split.removesuffix('/split')}/{path}")
            seen(path)
        page.goto(f"{root}/units/new")
        seen("new")
    assert complaints in ([], complaints[:1])
