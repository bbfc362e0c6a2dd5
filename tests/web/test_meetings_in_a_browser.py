"""A meeting as people hold it: its agenda, the invitation, two people at the minutes, decisions."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def done(office: Any, path: str, fields: dict[str, str]) -> str:
    """Send a form and answer the path of the page it leads to."""
    answer = office.post(path, fields)
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)[-1500:]
    return str(answer.headers["location"]).partition("?")[0]


def looks_right(page: Page, *, rules: bool = True) -> None:
    for width in (360, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert width_of(page) <= width, (page.url, width)
    if rules:
        assert violations(page) == [], page.url


def test_a_meeting_from_its_agenda_to_its_decisions(website: Any, chromium: Browser) -> None:
    office, root = website.browser(Role.PREVENTION_ADVISER), website.root
    today = website.clock().date()
    office.get(f"{root}/bodies/new")
    group = {"kind": "steering_group", "name": "Stuurgroep", "from_on": "2026-01-05"}
    body = done(office, f"{root}/bodies/new", {**group, "is_open": "y"})
    waits = office.get(body).text
    assert "Er zit nog niemand in deze groep" in waits
    assert f"{body}/start" not in waits
    seat = {"role": "chair", "side": "line", "from_on": "2026-01-05", "name": "An Voorbeeld"}
    done(office, f"{body}/seats/new", seat)
    done(office, f"{body}/start", {"version": "1"})
    plan = {
        "body_id": body.rpartition("/")[2], "on": today.isoformat(), "starts": "14:00",
        "ends": "15:00", "place": "Zaal", "spoken": "nl",
    }  # fmt: skip
    early = office.post(f"{root}/meetings/new", {**plan, "ends": "13:00"})
    assert early.status_code == 422
    assert "eindigt voor ze begint" in early.text
    meeting = done(office, f"{root}/meetings/new", plan)
    # Who was invited hears of a change: that is no matter of a meeting that nobody knows of yet.
    told = "hoort een wijziging pas"
    assert (told in early.text, told in office.get(f"{meeting}/edit").text) == (False, True)
    for title in ("Roosters", "Lawaai"):
        point = {"title": title, "kind": "discussion", "minutes": "10", "about": ""}
        done(office, f"{meeting}/points/new", point)
    with served(website.settings, website.clock) as port:
        site = f"http://127.0.0.1:{port}"
        context = chromium.new_context(locale="fr-BE")
        session = website.session_of(Role.PREVENTION_ADVISER)
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": site}])
        page = context.new_page()
        page.goto(f"{site}{meeting}?lang=fr")
        page.get_by_role("button", name="Descendre\u00a0: Roosters").press("Enter")
        expect(page.locator(".agenda-title").first).to_contain_text("Lawaai")
        looks_right(page)
        page.get_by_role("link", name="Vérifier la convocation").click()
        looks_right(page, rules=False)
        page.get_by_role("button", name="Envoyer la convocation").click()
        page.get_by_role("link", name="Rédiger le procès-verbal").click()
        looks_right(page)

        # Somebody else writes on the same point while this page stands open.
        said = page.locator("textarea[name=said]").last
        action = page.locator("form:has(textarea[name=said])").last.get_attribute("action")
        done(office, str(action), {"version": "1", "said": "Drie weken vooruit."})
        said.fill("Ruilen moet kunnen.")
        page.get_by_role("button", name="Enregistrer", exact=True).last.click()
        expect(page.get_by_text("Drie weken vooruit.")).to_be_visible()
        expect(said).to_have_value("Ruilen moet kunnen.")
        said.fill("Drie weken vooruit. Ruilen moet kunnen.")
        page.get_by_role("button", name="Enregistrer et noter une décision").last.click()
        page.get_by_label("Ce qui a été décidé").fill("Proef van zes maanden.")
        page.get_by_role("button", name="Enregistrer la décision").click()
        page.locator("select[name^=presence-]").select_option("present")
        page.get_by_role("button", name="Enregistrer les présences").click()
        page.get_by_role("button", name="Clôturer la réunion").click()
        expect(page.get_by_role("link", name="Procès-verbal en PDF")).to_be_visible()
        expect(page.get_by_text("Proef van zes maanden.")).to_be_visible()
        looks_right(page)
        assert office.get(f"{meeting}/minutes/document/docx").content.startswith(b"PK")
        page.goto(f"{site}{root}/decisions?lang=nl")
        expect(page.get_by_text("Proef van zes maanden.")).to_be_visible()
        looks_right(page, rules=False)
        context.close()
