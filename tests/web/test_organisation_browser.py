"""The pages of the life of an organisation in a real browser, checked by axe."""

import os
from typing import Any

import pytest
from playwright.sync_api import Browser

from baken.organisation.permissions import Role
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_organisation_pages import PASSPHRASE, export, installer, quick_keys

pytestmark = pytest.mark.browser
# The templates are one, and French words are the longest: BAKEN_LANGUAGES=nl,fr,en,de looks at all.
LANGUAGES = os.environ.get("BAKEN_LANGUAGES", "fr").split(",")
__all__ = ["quick_keys"]  # a fixture that every test here uses by itself


def furnish(website: Any) -> str:
    """An export, a hold, a hand-over and a removal that waits; the path of the protocol."""
    root = f"{website.root}/organisation"
    administrator = installer(website)
    export(website, administrator)
    administrator.get(f"{root}/exports")
    administrator.post(f"{root}/exports", {"passphrase": PASSPHRASE})
    website.work_off()
    adviser = website.browser(Role.ADVISER)
    adviser.get(f"{root}/holds")
    adviser.post(f"{root}/holds", {"reason": "Er loopt een geding over de nachtploeg."})
    contact = website.browser(Role.MAIN_CONTACT)
    shown = contact.get(f"{root}/hand-over").text
    leaving = shown.split('name="outgoing" value="')[1].split('"')[0]
    answer = contact.post(
        f"{root}/hand-over",
        {
            "outgoing": leaving,
            "incoming": "",
            "name": "Marie Janssens",
            "mail": "marie@voorbeeld.invalid",
            "from_on": website.clock.now.date().isoformat(),
            "overlap_days": "5",
        },
    )
    return str(answer.headers["location"]).removeprefix(website.root)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_at_three_widths(
    chromium: Browser, website: Any, language: str
) -> None:
    complaints: list[str] = []
    removal = f"{website.root}/organisation/removal"
    first = website.browser(Role.ADMINISTRATOR)
    first.get(removal)
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.ADMINISTRATOR, complaints)

        def see(path: str, name: str) -> None:
            page.goto(f"{address}{path}?lang={language}")
            check(page, f"{name}-{language}")

        see(f"{website.root}/organisation/exports", "exports-empty")
        protocol = furnish(website)
        see(f"{website.root}/organisation", "organisation")
        see(f"{website.root}/organisation/exports", "exports")
        see(removal, "removal-held")
        see("/installation", "installation")
        see("/installation/import", "import-organisation")
        page.locator("main form").evaluate("form => form.noValidate = true")
        page.locator("main form button").click()
        check(page, f"import-organisation-refused-{language}")
        page.goto(f"{address}{website.root}/organisation/exports?lang={language}")
        page.locator("main form button.primary").click()
        check(page, f"export-passphrase-{language}")

        page = signed_in(chromium, website, address, Role.MAIN_CONTACT, complaints)
        see(f"{website.root}/organisation/hand-over", "hand-over")
        see(f"{website.root}{protocol}", "hand-over-protocol")
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        see(f"{website.root}/organisation/holds", "holds")
        page.locator("main form[action$='/lift'] button").click()
        first.post(removal, {"reason": "contract_ended"})
        page = signed_in(chromium, website, address, Role.MAIN_CONTACT, complaints)
        see(removal, "removal-to-confirm")
        page.locator("main form[action$='/confirm'] button").click()
        check(page, f"removal-confirmed-{language}")
    assert [said for said in complaints if "422" not in said] == []
