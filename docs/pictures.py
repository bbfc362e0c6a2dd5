# ruff: noqa: INP001 - a script, not a package
"""Makes the pictures of README and docs from the demonstration: `make pictures`.

The demonstration is made for a fixed day, so that a picture changes only when a page does.
"""

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from baken.actionplan.measures.models import Measure
from baken.analysis.releases.models import Release
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.web.demo.making import Demo, make_demo, settings_of
from tests.browser import started
from tests.served import served

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "pictures"
LIMIT = 400 * 1024
DESK = {"width": 1200, "height": 950}
MAP = {"width": 1400, "height": 1760}  # the results with their whole map
PHONE = {"width": 390, "height": 780}
KIOSK = {"width": 900, "height": 700}
MEASURE = "Rooster van de nacht zes weken vooraf vastleggen"


def main() -> None:
    """Make all pictures anew; end with 1 when one is too large for a README."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "demo"
        demo = make_demo(folder, now=NOW)
        settings = settings_of(folder)
        with served(settings, clock=lambda: NOW) as port, started() as browser:
            address = replace(settings, port=port).origin
            ask(browser, address, demo)
            understand(browser, address, demo, folder)
    too_large = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > LIMIT]
    if too_large:
        sys.exit(f"Larger than {LIMIT} bytes: {', '.join(too_large)}. Make them smaller.")


def ask(browser: Browser, address: str, demo: Demo) -> None:
    """The promise, and the questionnaire on a phone."""
    phone = open_page(browser, PHONE)
    phone.goto(f"{address}/s/{demo.campaign}?lang=nl")
    keep(phone, "promise")
    phone.locator("#code").fill(demo.codes[0])
    phone.locator("main form button[type=submit]").click()
    phone.locator("[data-next]").wait_for()
    phone.locator('input[name="ORG1"][value="4"]').check()
    keep(phone, "questionnaire")
    walk_the_path(phone)
    phone.goto(f"{address}/s/{demo.campaign}/example?lang=nl")
    keep(phone, "path-example")
    stand_at_the_kiosk(browser, address, demo)


def walk_the_path(phone: Page) -> None:
    """From the questionnaire to the receipt."""
    while phone.locator("[data-next]").is_visible():
        if phone.locator(".help").is_visible():
            phone.locator(".help summary").click()
            keep(phone, "path-help")
        if phone.locator("textarea").is_visible():
            phone.locator("textarea").fill("Een rustige kamer om pauze te nemen.")
            keep(phone, "path-words")
        else:
            phone.locator("[data-part-section]:visible input[type=radio]").first.check()
        phone.locator("[data-next]").click()
    keep(phone, "path-review")
    phone.locator("[data-send]").click()
    phone.locator("[data-receipt]").wait_for()
    keep(phone, "path-receipt")


def stand_at_the_kiosk(browser: Browser, address: str, demo: Demo) -> None:
    """A screen that many people use: a code that does not work, and the last seconds."""
    screen = open_page(browser, KIOSK)
    screen.clock.install(time=NOW)
    screen.goto(f"{address}/s/{demo.campaign}?kiosk=1")
    screen.locator("#code").fill("1234")
    screen.locator("main form button[type=submit]").click()
    screen.locator("#code-error").wait_for()
    keep(screen, "path-code")
    screen.locator("#code").fill(demo.codes[1])
    screen.locator("main form button[type=submit]").click()
    screen.locator("[data-next]").wait_for()
    screen.clock.run_for(70_000)
    keep(screen, "path-kiosk")


def understand(browser: Browser, address: str, demo: Demo, folder: Path) -> None:
    """The results, and the life line of a measure."""
    page = open_page(browser, DESK)
    login = next(login for login in demo.logins if login.role is Role.PREVENTION_ADVISER)
    page.goto(f"{address}/log-in")
    page.locator('[name="mail"]').fill(login.mail)
    page.locator('[name="password"]').fill(demo.password)
    page.locator('[name="password"]').press("Enter")
    code = page.locator(".notice").inner_text()  # a demonstration shows it
    page.locator('[name="code"]').fill("".join(sign for sign in code if sign.isdecimal()))
    page.locator('[name="code"]').press("Enter")
    page.wait_for_url(f"**/o/{demo.organisation_id}*")
    database = Database(settings_of(folder).database_url)
    with database.read(demo.organisation_id) as session:
        campaign = session.scalars(select(Release)).one().campaign_id
        measure = session.scalars(select(Measure).where(Measure.title == MEASURE)).one().id
    database.dispose()
    root = f"{address}/o/{demo.organisation_id}"
    page.set_viewport_size(MAP)
    page.goto(f"{root}/campaigns/{campaign}/results")
    keep(page, "results")
    page.set_viewport_size(DESK)
    page.goto(f"{root}/measures/{measure}")
    keep(page, "measure")


def open_page(browser: Browser, size: dict[str, int]) -> Page:
    """A page of this size, in Dutch."""
    return browser.new_context(locale="nl-BE", viewport=size).new_page()


def keep(page: Page, name: str) -> None:
    """Take the picture once the fonts are there."""
    page.evaluate("() => document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
