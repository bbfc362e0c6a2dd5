"""The home page, the clients, and people with their roles, in a real browser, checked by axe."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.survey.campaigns.rules import CampaignState
from tests.web.test_home_page import DAY, TODAY, a_campaign, add
from tests.web.test_office_browser import check, serving, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def address(website: Any) -> Iterator[str]:
    with serving(website) as found:
        yield found


def look(page: Page, name: str) -> None:
    """In Dutch with axe, in French for the length of the words."""
    check(page, name)
    here = page.url
    page.goto(f"{here}{'&' if '?' in here else '?'}lang=fr")
    check(page, f"{name}-fr")
    page.goto(f"{here}{'&' if '?' in here else '?'}lang=nl")


def test_somebody_is_invited_gets_a_role_and_leaves(
    chromium: Browser, website: Any, address: str, complaints: list[str]
) -> None:
    page = signed_in(chromium, website, address, Role.MAIN_CONTACT, complaints)
    page.goto(f"{address}{website.root}/people")
    look(page, "people")
    page.get_by_role("link", name="Iemand toevoegen").click()
    look(page, "person-new")
    page.get_by_label("Naam").fill("Lies Maes")
    page.get_by_label("Functie").fill("Hoofd planning")
    page.get_by_label("E-mailadres").fill("lies@voorbeeld.example")
    page.get_by_label("Rol", exact=True).select_option("guest")
    page.get_by_role("button", name="Toevoegen").click()
    page.get_by_text("Een gast heeft een laatste dag nodig").first.wait_for()
    check(page, "person-new-refused")
    page.get_by_label("Laatste dag").fill("2026-03-20")
    page.get_by_role("button", name="Toevoegen").click()
    page.get_by_role("heading", name="Geef deze link nu door").wait_for()
    check(page, "person-link")
    page.get_by_role("link", name="Ik heb de link, naar Lies Maes").click()
    page.get_by_role("heading", name="Lies Maes").wait_for()
    look(page, "person")
    page.get_by_role("link", name="Een rol geven").click()
    look(page, "role-new")
    page.get_by_label("Rol", exact=True).select_option("cpbw_member")
    page.get_by_role("button", name="Rol geven").click()
    page.get_by_role("link", name="Wijzigen of beëindigen").first.click()
    look(page, "role-end")
    page.get_by_label("meteen").check()
    page.get_by_role("button", name="Bevestigen").click()
    page.get_by_text("De rol is afgenomen.").wait_for()
    page.get_by_role("link", name="Gegevens verbeteren").click()
    look(page, "person-edit")
    page.get_by_role("link", name="Lies Maes").click()
    page.get_by_role("link", name="Lies Maes vertrekt").click()
    look(page, "person-leave")
    page.get_by_role("button", name="Alle rollen afnemen").click()
    page.get_by_text("Alle rollen zijn afgenomen.").wait_for()
    check(page, "person-left")
    assert [said for said in complaints if "422" not in said] == []


def test_the_home_page_and_the_clients(
    chromium: Browser, website: Any, address: str, complaints: list[str]
) -> None:
    closed = {"state": CampaignState.CLOSED, "opens_on": TODAY - 9 * DAY, "closes_on": TODAY - DAY}
    add(website, *(a_campaign(title=f"Bevraging {at}", opens_on=TODAY - at * DAY)
                   for at in range(6)), a_campaign(title="Najaar", **closed))  # fmt: skip
    page = signed_in(chromium, website, address, Role.ADVISER, complaints)
    page.goto(f"{address}{website.root}")
    look(page, "home")
    page.get_by_role("link", name="Open de omslagen van Najaar").click()
    page.wait_for_url("**/open")
    become_client_of(website, 11)
    page.goto(f"{address}/organisations")
    page.wait_for_url("**/clients")
    look(page, "clients")
    page.get_by_label("Zoek een klant op naam").fill("Klant 3")
    page.get_by_role("button", name="Zoeken").click()
    page.get_by_role("link", name="Klant 3").click()
    page.get_by_role("heading", name="Er wacht niets op u").wait_for()
    check(page, "home-empty")
    assert complaints == []


def become_client_of(website: Any, n: int) -> None:
    """The adviser of the house works for more organisations."""
    own = website.organisation
    with website.database.read(own.id) as session:
        account_id = session.get_one(Person, own.people[Role.ADVISER]).account_id
    with website.database.session(None) as session:
        rows = [Organisation(name=f"Klant {at}") for at in range(n)]
        session.add_all(rows)
        session.flush()
    for row in rows:
        person = Person(name="Bert", account_id=account_id)
        add(website, person, where=row.id)
        grant = RoleGrant(person_id=person.id, role=Role.ADVISER, from_on=TODAY)
        add(website, grant, where=row.id)


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR])
def test_other_home_pages(
    chromium: Browser, website: Any, address: str, complaints: list[str], role: Role
) -> None:
    page = signed_in(chromium, website, address, role, complaints)
    page.goto(f"{address}{website.root}")
    look(page, f"home-{role}")
    assert complaints == []
