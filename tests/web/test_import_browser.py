"""The import of answers and the page of the response in a real browser, checked by axe."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from baken.organisation.permissions import Role
from baken.web.texts import catalogue
from tests.elsewhere import write_file
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_response_pages import running
from tests.web.test_units_pages import import_units

pytestmark = pytest.mark.browser
LANGUAGE = os.environ.get("BAKEN_JOURNEY_LANGUAGE", "nl")
OTHER = "nl" if LANGUAGE == "fr" else "fr"
ROWS = [(unit, 50 * place + n) for place, unit in enumerate(("110", "Zorg")) for n in range(12)]


def test_a_file_comes_in_and_a_running_survey_is_watched_and_extended(
    chromium: Browser, website: Any, tmp_path: Path
) -> None:
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    campaign = running(website)
    file = tmp_path / "antwoorden.csv"
    file.write_bytes(write_file(ROWS, more=["elders;3,5" + ";3" * 68 + ";", "110" + ";" * 70]))
    t, spoken = catalogue(LANGUAGE), LANGUAGE
    complaints: list[str] = []
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)

        def seen(name: str) -> None:
            check(page, f"{name}-{spoken}", rules=True)
            page.set_viewport_size({"width": 1400, "height": 900})

        def press(text: str) -> None:
            page.get_by_role("button", name=text, exact=True).click()

        page.goto(f"{address}{website.root}/campaigns/import?lang={LANGUAGE}")
        for name, value in (("title", "Eerdere bevraging"), ("first_on", "2026-02-02")):
            page.fill(f"[name={name}]", value)
        page.locator("[name=instrument]").select_option("vijf-a 1")
        page.fill("[name=last_on]", "2026-02-20")
        page.fill("[name=units_on]", "2026-03-02")
        page.locator('input[type="file"]').set_input_files(file)
        press(t("imports.to_columns"))
        expect(page.locator("#items_0")).to_have_value("1")
        page.locator("#comments_0").select_option("70")
        seen("import-columns")
        press(t("imports.look"))
        expect(page.locator("h1")).to_have_text(t("imports.check_loses"))
        seen("import-check")
        page.locator("#accepted").check()
        press(t("imports.import"))
        # from here on in another language: the walk is one, the languages are two
        page.wait_for_url("**/import")
        t, spoken = catalogue(OTHER), OTHER
        page.goto(f"{page.url}?lang={OTHER}")
        expect(page.locator("#progress")).to_contain_text(t("imports.to_work"))
        website.work_off()
        expect(page.locator("#progress")).to_contain_text(t("campaigns.to_results"))
        seen("import-report")
        page.goto(f"{address}{website.root}/campaigns")
        page.get_by_role("link", name="Eerdere bevraging").click()
        expect(page.locator("main")).to_contain_text(t("imports.agrees"))

        page.goto(f"{address}{campaign}/response")
        expect(page.locator("h1")).to_have_text(t("monitoring.head_none"))
        seen("response")
        page.get_by_role("link", name=t("monitoring.to_extend")).click()
        seen("extend")
        page.fill("[name=until]", "2026-03-27")
        page.locator("[name=known]").check()
        press(t("monitoring.extend"))
        expect(page.locator("main")).to_contain_text(t("monitoring.was_extended", day="")[:8])
        page.goto(f"{address}/s/de-wilg?lang=nl")
        expect(page.locator("main")).to_contain_text("27 maart 2026")
        expect(page.locator("main")).to_contain_text("20 maart 2026")
    assert complaints == []
