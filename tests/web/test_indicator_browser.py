"""HR reads in a file and follows it, in a real browser; the pages hold for axe, wide and narrow."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from baken.organisation.permissions import Role
from tests.accessibility import violations
from tests.web.test_office_browser import check, serving, signed_in, width_of
from tests.web.test_screening_pages import add_unit

pytestmark = pytest.mark.browser

FILE = (
    "Eenheid;Periode;Ziektedagen;Kalenderdagen;Commentaar\n"
    "Nachtploeg;2025-Q3;252,5;3600;x\nNachtploeg;2025-Q4;300;3600;x\nOnbekend;2025-Q4;1;2;x\n"
)


def test_a_file_becomes_a_chart_with_its_table(chromium: Browser, website: Any) -> None:
    add_unit(website, "Nachtploeg", 40)
    add_unit(website, "Keuken", 30)  # the only unit would be the whole organisation
    complaints: list[str] = []
    with serving(website) as address:
        root = f"{address}{website.root}"
        page = signed_in(chromium, website, address, Role.HR, complaints)
        page.goto(f"{root}/indicators?lang=nl")
        page.get_by_role("link", name="Een bestand inlezen").click()
        page.locator("#file").set_input_files(
            {"name": "v.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
        )
        check(page, "indicator-import", rules=False)
        page.get_by_role("button", name="Naar de kolommen").click()
        expect(page.get_by_label("C: Ziektedagen")).to_have_value("absence_rate:first")
        expect(page.get_by_label("E: Commentaar")).to_have_value("")
        check(page, "indicator-columns")
        page.get_by_role("button", name="Bekijken wat het geeft").click()
        expect(page.locator("#errors")).to_have_text("1 regel is niet meegenomen")
        check(page, "indicator-check")
        page.get_by_label("Inlezen zonder 1 regel").check()
        page.get_by_role("button", name="Inlezen").click()
        page.get_by_role("link", name="Afwezigheid, % van de dagen").click()
        page.get_by_role("link", name="Nachtploeg").click()
        expect(page.locator("figcaption")).to_contain_text("van 7,0")
        expect(page.locator("#series-plot svg").first).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 800})
        page.reload()  # the picture follows a change of the window a moment later
        page.locator("figure.chart summary").click()
        assert width_of(page) <= 360
        assert violations(page) == []
        for path in ("accidents", "headcount/new"):
            page.goto(f"{root}/{path}")
            check(page, path)
    assert complaints == []
