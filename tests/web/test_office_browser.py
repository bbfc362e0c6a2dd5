"""The pages of units, campaigns, codes and the record in a real browser, checked by axe."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served
from tests.web.test_campaign_pages import (
    add_draft,
    after_the_last_day,
    agree_on,
    become,
    launch,
    save,
)
from tests.web.test_units_pages import GOOD

pytestmark = pytest.mark.browser
WIDTHS = (360, 800, 1400)
PREPARING = (
    "promise", "charter", "questionnaire", "units", "reach", "stratum", "stratum/people",
    "channels", "invitation", "invitation/preview", "agreement",
)  # fmt: skip
# Each page is held against the rules once: those of a campaign in French, the others in Dutch.
IN_FRENCH = ("prepare-", "background", "campaign", "charter", "launch", "codes", "cards", "close")


@contextmanager
def serving(website: Any) -> Iterator[str]:
    """The application on a free port of loopback."""
    with served(website.settings, website.clock) as port:
        yield f"http://127.0.0.1:{port}"


def fill_in(office: Any, campaign: str) -> None:
    """Fill in the pages that may stay empty, so that they can be looked at."""
    names = {"title_0": "Statuut", "band_0_0": "Arbeiders", "band_1_0": "Bedienden"}
    words = {"subject_0": "Hoe gaat het?", "body_0": "Beste {name},\n\n{link}\nUw code: {code}"}
    signed = {"employer_signatory": "Directeur", "committee_signatory": "Afgevaardigde"}
    for step, fields in (("stratum", names), ("invitation", {**words, **signed})):
        assert save(office, campaign, step, **fields).status_code == 303


def check(page: Page, name: str, *, rules: bool | None = None) -> None:
    """No sideways scrolling at three widths, and no violation of the rules of accessibility.

    The rules are left out where another walk looks at the same elements; unless told, in French.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert width_of(page) <= width, (name, width)
        folder = os.environ.get("BAKEN_SCREENSHOTS")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    if rules is None:
        rules = not name.endswith("-fr")
    if rules:
        assert violations(page) == [], name


def signed_in(
    chromium: Browser, website: Any, address: str, role: Role, complaints: list[str]
) -> Page:
    context = chromium.new_context()
    context.add_cookies(
        [{"name": SESSION_COOKIE, "value": website.session_of(role), "url": address}]
    )
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_page_is_accessible_at_three_widths(
    chromium: Browser, website: Any, tmp_path: Path, language: str
) -> None:
    office = website.browser(Role.PREVENTION_ADVISER)
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(GOOD.replace("Nachtploeg;100;ploeg;8", "Nachtploeg;999;kantoor;-8"))
    good.write_text(GOOD)
    complaints: list[str] = []
    with serving(website) as address:
        root = f"{address}{website.root}"
        page = signed_in(chromium, website, address, Role.PREVENTION_ADVISER, complaints)

        def look(name: str) -> None:
            is_here = (language == "fr") == name.startswith(IN_FRENCH)
            check(page, f"{name}-{language}", rules=is_here)

        def see(path: str, name: str) -> None:
            page.goto(f"{root}{path}?lang={language}")
            look(name)

        page.goto(f"{root}/units?lang={language}")
        see("/units", "units-empty")
        see("/campaigns", "campaigns-empty")
        for file, name in ((bad, "import-errors"), (good, "import-preview")):
            see("/units/import", "import")
            page.set_input_files("input[type=file]", str(file))
            page.locator("main form button").click()
            look(name)
        page.locator("main form button").click()
        page.wait_for_url("**/units?done=*")
        look("units")

        see("/campaigns/new", "campaign-new")
        campaign = add_draft(office, website.root).removeprefix(website.root)
        agree_on(website, f"{website.root}{campaign}")
        see("/campaigns", "campaigns")
        see(campaign, "campaign-draft")
        fill_in(office, f"{website.root}{campaign}")
        for step in PREPARING:
            see(f"{campaign}/prepare/{step}", f"prepare-{step.replace('/', '-')}")
        see(f"{campaign}/charter", "charter")
        see(f"{campaign}/launch", "launch")
        see(f"{campaign}/prepare/background", "background")
        page.locator("main form[action$='/background']").evaluate("form => form.noValidate = true")
        page.locator("main form[action$='/background'] button").click()
        look("background-refused")
        assert save(office, f"{website.root}{campaign}", "stratum").status_code == 303
        agree_on(website, f"{website.root}{campaign}")
        assert launch(office, f"{website.root}{campaign}").status_code == 303
        see(campaign, "campaign-running")
        see(f"{campaign}/close", "close")
        see(f"{campaign}/codes", "codes")
        page.locator("main form[action$='/cards'] button.primary").click()
        look("cards")
        office.post(f"{website.root}{campaign}/close", {"known": "y"})
        see(campaign, "campaign-closed")
        see("/audit", "audit")
        see("/people", "people-reader")

        after_the_last_day(website)
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        see(f"{campaign}/open", "open")
        become(website, office, Role.ADVISER)
        following = office.post(f"{website.root}{campaign}/open").headers["location"]
        see(following.removeprefix(website.root), "job-waiting")
        website.work_off()
        see(following.removeprefix(website.root), "job-done")
        see(campaign, "campaign-opened")

        page = signed_in(chromium, website, address, Role.ADMINISTRATOR, complaints)
        see("/jobs", "jobs")
        page.context.close()
    assert [said for said in complaints if "422" not in said] == []


def test_the_import_works_without_script(chromium: Browser, website: Any, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text(GOOD)
    with serving(website) as address:
        context = chromium.new_context(java_script_enabled=False)
        token = website.session_of(Role.ADMINISTRATOR)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page = context.new_page()
        page.goto(f"{address}{website.root}/units/import")
        page.set_input_files("input[type=file]", str(good))
        page.get_by_role("button", name="Bestand bekijken").click()
        page.get_by_role("button", name="Inlezen").click()
        expect(page.locator("h1")).to_contain_text("4 eenheden, 44 mensen")
        context.close()


def test_the_file_button_speaks_the_language_of_the_page(
    chromium: Browser, website: Any, tmp_path: Path
) -> None:
    with serving(website) as address:
        context = chromium.new_context(viewport={"width": 360, "height": 800}, locale="en-US")
        session = website.session_of(Role.ADMINISTRATOR)
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}{website.root}/units/import?lang=fr")
        button = page.locator("label.button")
        assert button.inner_text() == "Choisir un fichier"
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        file = tmp_path / "eenheden.csv"
        file.write_text(GOOD, encoding="utf-8")
        page.set_input_files("input[type=file]", file)
        expect(page.locator(".file output")).to_have_text("eenheden.csv")
        context.close()
