"""A group fills in a sheet, agrees and reads it, in a real browser and without its script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from baken.organisation.permissions import Role
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_screening_pages import CODES, add_unit

pytestmark = pytest.mark.browser


def fill_in(page: Page, n_on: int) -> None:
    """So many lights on, one not known, the others off, by the keyboard where that is natural."""
    for place in range(len(CODES)):
        state = "on" if place < n_on else "unknown" if place == n_on else "off"
        page.locator(f"[name=state_{place}][value={state}]").check()
    page.get_by_role("textbox", name="Ziekteverzuim Cijfer % van de werkdagen").fill("7,5")
    page.get_by_role("textbox", name="Ziekteverzuim Cijfer van de sector").fill("6")
    page.get_by_role("textbox", name="Ziekteverzuim Bron").fill("Sociale balans")


def test_a_sheet_from_the_first_page_to_the_history(chromium: Browser, website: Any) -> None:
    add_unit(website, "Nachtploeg", 12)
    complaints: list[str] = []
    with serving(website) as address:
        root = f"{address}{website.root}/screenings"
        page = signed_in(chromium, website, address, Role.PREVENTION_ADVISER, complaints)
        page.goto(f"{root}?lang=nl")
        page.get_by_role("link", name="Blad beginnen").click()
        page.locator("#unit_id").select_option(index=1)  # no unit is chosen beforehand
        page.get_by_label("Naam 1").fill("Mieke Voorbeeld")
        page.get_by_label("Functie 1").fill("hoofd van dienst")
        check(page, "screening-new")
        page.get_by_role("button", name="Blad beginnen").click()
        check(page, "screening-lights")
        fill_in(page, 7)
        page.get_by_role("button", name="Bewaren").click()
        expect(page.get_by_text("minstens 2 mensen")).to_be_visible()
        page.get_by_role("link", name="Groep en periode").click()
        page.get_by_label("Naam 2").fill("Ali Voorbeeld")
        page.get_by_label("Functie 2").fill("afgevaardigde")
        page.get_by_label("Groep kwam samen op").fill("2026-02-20")
        page.get_by_role("button", name="Bewaren").click()
        page.get_by_role("link", name="Cijfers vergelijken").click()
        page.get_by_role("textbox", name="Ziekteverzuim Vorige periode").fill("zes")
        page.get_by_role("button", name="Bewaren").click()
        check(page, "screening-figures")  # with a fault in it
        page.get_by_role("textbox", name="Ziekteverzuim Vorige periode").fill("6,9")
        page.get_by_role("textbox", name="Ziekteverzuim Periode daarvoor").fill("6")
        page.get_by_role("button", name="Bewaren").click()
        page.get_by_role("button", name="De groep is het eens").click()
        expect(page.locator("h1")).to_have_text("Nachtploeg: 7 van 12 lichten aan")
        assert page.locator(".verdict").inner_text().split() == ["●", "Oranje", "tot", "△", "Rood"]
        for path, name in (
            ("", "screening-agreed"),
            ("?lang=fr", "screening-agreed-fr"),
        ):
            page.goto(f"{page.url.partition('?')[0]}{path}")
            check(page, name)
        page.goto(root)
        check(page, "screenings-fr")
        page.get_by_role("link", name="Évolution de Nachtploeg").click()
        expect(page.locator("h1")).to_have_text("Évolution de Nachtploeg")
        page.goto(f"{root}/wording/bands")
        check(page, "screening-bands-fr")
        assert all("422" in said for said in complaints), (
            complaints
        )  # the figure that was no number
