"""A worker tells on a telephone, the keeper records it, the inspector gets it."""

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from baken.actionplan.register.receipts import read_word
from baken.actionplan.register.setting_up import Arrangement, get_name, open_register
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from tests.journeys.walking import Site, Walker, account_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
# Axe takes a while: with BAKEN_LOOK=all it looks at every page, else at those unlike the others.
EVERY_PAGE = os.environ.get("BAKEN_LOOK") == "all"
UNLIKE_OTHERS = ("/register/entry?", "/register/receipt?", "/read", "/poster")
TOLD = "Een bezoeker gooide een stoel en riep dat hij me wist te vinden."


@dataclass
class Pace:
    """How long somebody takes on a telephone who has never seen the page.

    Read at 238 words a minute (M. Brysbaert, J. Mem. Lang. 109, 2019), typed with thumbs at 2.5
    keys a second (a third less than people do on average), 3 s to find and press something.
    """

    page: Page
    seconds: float = 0.0

    def reads(self) -> None:
        self.seconds += len(self.page.inner_text("main").split()) / 238 * 60

    def types(self, name: str, text: str) -> None:
        self.page.locator(f'[name="{name}"]').tap()
        self.page.keyboard.type(text)
        self.seconds += 3 + len(text) / 2.5

    def presses(self, what: Locator) -> None:
        what.tap()
        self.seconds += 3


class Watcher(Walker):
    """Somebody who looks closely at the pages that are unlike others."""

    def look(self) -> None:
        if EVERY_PAGE or any(part in self.page.url for part in UNLIKE_OTHERS):
            super().look()


def test_from_the_poster_to_the_inspector(site: Site, new_walker: Callable[[], Walker]) -> None:
    address, word = _opened(site)
    worker, keeper = (Watcher(new_walker().page, site) for _ in range(2))
    worker.page.set_viewport_size({"width": 360, "height": 740})

    worker.go(address)
    worker.fill(word=word)
    worker.press("register.begin")
    worker.fill(description=TOLD, first_on="2026-02-27")
    for field, value in (("third_party", "colleague"), ("nature", "psychological")):
        worker.page.check(f'input[name="{field}"][value="{value}"]')
    worker.press("register.send")
    worker.reads("toestel 214")  # the other way, and nothing is lost
    worker.page.check('input[name="third_party"][value="visitor"]')
    worker.page.get_by_text(worker.t("register.name_summary")).click()
    worker.fill(name="Imke Peeters", contact="nachtploeg")
    worker.page.check('input[name="agrees"]')
    worker.press("register.send")
    receipt = worker.page.locator("[data-receipt]").get_attribute("data-receipt") or ""
    assert worker.page.context.cookies() == []

    keeper.log_in(Role.PREVENTION_ADVISER)
    keeper.reads("Bekijk de meldingen die wachten")
    keeper.go("/register/poster")
    keeper.reads(word)
    keeper.go("/register/entries")
    keeper.page.locator("section[aria-labelledby=waiting] a").click()
    keeper.page.wait_for_load_state()
    keeper.look()
    keeper.press("register.read")
    keeper.reads(TOLD)
    keeper.reads("Imke Peeters")
    keeper.press("register.accept")
    keeper.reads("Opgetekend")

    keeper.go("/register/export")
    keeper.fill(reason="Bezoek van de inspectie")
    with keeper.page.expect_download() as waiting:
        keeper.page.get_by_role("button", name=keeper.t("register.make_export")).click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.read("register.pdf").startswith(b"%PDF")
        (entry,) = json.loads(archive.read("entries.json"))
    assert (entry["number"], entry["name"]) == (1, "Imke Peeters")
    assert entry["texts"][0]["facts"]["description"] == TOLD

    worker.go(f"{address}/receipt?lang=nl")
    worker.fill(receipt=receipt)
    worker.press("register.look_up")
    worker.reads("gelezen door Voorbeeld prevention_adviser")
    worker.reads("in een uitvoer voor de inspectie")
    worker.press("register.withdraw")
    worker.reads("Uw naam is gewist.")
    assert worker.faults + keeper.faults == []


def test_telling_takes_less_than_three_minutes(site: Site, chromium: Browser) -> None:
    address, word = _opened(site)
    screen: ViewportSize = {"width": 360, "height": 740}
    page = chromium.new_page(viewport=screen, has_touch=True, locale="nl-BE")
    page.goto(f"{address}?lang=nl")
    pace = Pace(page)
    pace.reads()
    pace.types("word", word)
    pace.presses(page.locator("main form button"))
    page.wait_for_selector('[name="description"]')
    pace.reads()
    pace.types("description", TOLD)
    page.fill('[name="first_on"]', "2026-02-27")  # three turns of a wheel
    pace.seconds += 9
    for name, value in (("third_party", "visitor"), ("nature", "psychological")):
        pace.presses(page.locator(f'input[name="{name}"][value="{value}"]'))
    pace.presses(page.locator("main form button"))
    page.wait_for_selector("[data-receipt]")
    pace.reads()
    pace.seconds += 13  # the receipt is written down by hand, a sign a second
    page.close()
    assert pace.seconds < 180, pace.seconds


def _opened(site: Site) -> tuple[str, str]:
    """Open the register; return its public address and access word."""
    keys, now = KeyStore.open(site.settings.keys), site.clock.now
    chosen = Arrangement(
        Role.PREVENTION_ADVISER, "Preventiedienst, toestel 214", "Bel toestel 214."
    )
    with site.database.session(site.organisation_id) as session:
        contact = account_of(session, Role.MAIN_CONTACT)
        by = get_actor(session, contact, today=site.clock.today)
        register = open_register(session, keys, chosen, by=by, today=site.clock.today, now=now)
        name = get_name(session, register)
        return f"{site.address}/s/{name}/register", read_word(keys, register)
