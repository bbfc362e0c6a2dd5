"""The respondent part with nothing but a keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from baken.instruments.library import load_instrument
from baken.organisation.imports import confirm_import
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from baken.survey.box.actions import launch_campaign
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.codes.actions import print_codes
from tests.agreed import agree
from tests.journeys.answering import answer_by_keyboard
from tests.journeys.walking import Site, Walker, account_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
UNITS = b"number,name,headcount\nP,Proef,24\n"


def test_the_keyboard_alone_answers_the_whole_questionnaire(
    site: Site, new_walker: Callable[[], Walker]
) -> None:
    code = running_campaign(site)
    page = new_walker().page
    receipt = answer_by_keyboard(page, f"{site.address}/s/toetsen", code)
    assert len(receipt) == 10
    # The receipt stands on a page of its own: a second visit with the code finds it again.
    assert answer_again(page, f"{site.address}/s/toetsen", code) == receipt


def answer_again(page: Page, address: str, code: str) -> str:
    page.goto(address)
    page.get_by_role("textbox").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    found = page.locator("[data-receipt]")
    found.wait_for()
    return str(found.get_attribute("data-receipt"))


def running_campaign(site: Site) -> str:
    """Start a survey in a house of one team; return one of its codes."""
    instrument, keys = load_instrument("vijf-a"), KeyStore.open(site.settings.keys)
    today = site.clock.today
    with site.database.session(site.organisation_id) as session:
        administrator = get_actor(session, account_of(session, Role.ADMINISTRATOR), today=today)
        confirm_import(
            session,
            b"number,name,headcount\nP,Proef,24\n",
            by=administrator,
            today=today,
            now=site.clock.now,
        )
        by = get_actor(session, account_of(session, Role.ADVISER), today=today)
        bands = {q.key: dict.fromkeys(q.bands, 12) for q in instrument.backgrounds}
        plan = CampaignPlan(
            title="Met toetsen",
            languages=("nl",),
            opens_on=today,
            closes_on=today,
            background_headcounts=bands,
            adviser_name="Voorbeeld adviseur",
            key_holder="Dit programma",
            contact="Voorbeeld contact",
        )
        campaign = create_campaign(session, instrument, plan, by=by, public_name="toetsen")
        agree(session, campaign.id, by=by)
        launch_campaign(session, keys, campaign.id, instrument, by=by, today=today)
        return print_codes(session, keys, campaign.id, by=by)[0].codes[0]
