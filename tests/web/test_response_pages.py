"""The page of the response and the one that gives more time, through HTTP."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.box.actions import launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.writer import Writer
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.codes.actions import print_codes
from baken.survey.codes.symbols import read_code
from baken.survey.monitoring.actions import publish_counts
from baken.web.texts import catalogue
from tests.agreed import agree
from tests.elsewhere import INSTRUMENT
from tests.web.test_units_pages import import_units

PRIMARY = 'class="button primary'


def running(website: Any) -> str:
    """A campaign that has just been launched; where its pages are."""
    staffed, today = website.organisation, website.clock().date()
    grants = frozenset({Grant(Role.ADVISER)})
    by = Actor(staffed.people[Role.ADVISER], staffed.id, "Els Wouters", grants)
    plan = CampaignPlan(
        title="Hoe gaat het op het werk?",
        languages=("nl",),
        opens_on=today,
        closes_on=today + timedelta(days=18),
        background_headcounts={
            one.key: dict.fromkeys(one.bands, 44 // len(one.bands))
            for one in INSTRUMENT.backgrounds
        },
        adviser_name="Els Wouters",
        key_holder="Dienst informatica",
        contact="Jan Claes, 012 34 56 78",
    )
    with website.database.session(staffed.id) as session:
        campaign = create_campaign(session, INSTRUMENT, plan, by=by, public_name="de-wilg")
        agree(session, campaign.id, by=by)
        keys = website.app.state.key_store
        launch_campaign(session, keys, campaign.id, INSTRUMENT, by=by, today=today)
        return f"{website.root}/campaigns/{campaign.id}"


def answer(website: Any, campaign: str, n: int) -> None:
    """Let n people of the day team answer, and publish the counts of today."""
    campaign_id, today = UUID(campaign.rpartition("/")[2]), website.clock().date()
    keys, owner = website.app.state.key_store, website.organisation.id
    by = Actor(
        website.organisation.people[Role.ADVISER], owner, "", frozenset({Grant(Role.ADVISER)})
    )
    with website.database.session(owner) as session:
        cards = {card.name: card.codes for card in print_codes(session, keys, campaign_id, by=by)}
    writer = Writer(website.database, keys)
    sheet = Sheet("nl", (0,) * len(INSTRUMENT.items), (0, 0, 0), ("",))
    for code in cards["Dagploeg"][:n]:
        writer.submit(owner, campaign_id, read_code(code), sheet, today=today)
    writer.stop()
    with website.database.session(owner) as session:
        publish_counts(session, campaign_id, today)


def test_the_response_is_told_coarsely_and_time_is_given_once_the_committee_knows(
    website: Any,
) -> None:
    import_units(website.browser(Role.ADMINISTRATOR), website.root)
    campaign = running(website)
    answer(website, campaign, 13)
    t = catalogue("nl")
    browser = website.browser(Role.CPBW_MEMBER)
    page = unescape(browser.get(f"{campaign}/response").text)
    assert t("monitoring.head", n=10, people=44) in page
    assert t("monitoring.about_more", n=25) in page  # 31 of 44 make 10 points
    assert t("monitoring.picture_not_on_its_own") in page
    assert re.search(r"\b13\b", page) is None
    assert "/extend" not in page
    assert browser.get(f"{campaign}/extend").status_code == 403
    adviser = website.browser(Role.ADVISER)
    early = unescape(adviser.get(f"{campaign}/response").text)
    assert PRIMARY not in early
    assert t("monitoring.react_time_later", day=date(2026, 3, 17)) in early
    form = adviser.get(f"{campaign}/extend").text
    found = re.search(r'name="version"[^>]*value="(\d+)"', form)
    assert found
    fields = {"version": found[1], "until": "2026-03-27", "known": "y"}
    for wrong in (
        {"known": ""},
        {"until": "2026-03-20"},
        {"until": "2027-05-01"},
        {"version": "x"},
    ):
        sent = {name: value for name, value in {**fields, **wrong}.items() if value}
        assert adviser.post(f"{campaign}/extend", sent).status_code == 422, wrong
    assert adviser.post(f"{campaign}/extend", fields).status_code == 303
    assert t("monitoring.was_extended", day=website.clock().date() + timedelta(days=18)) in (
        unescape(adviser.get(f"{campaign}/response").text)
    )
    promise = unescape(website.browser().get("/s/de-wilg?lang=nl").text)
    assert "27\u00a0maart 2026" in promise
    assert t("monitoring.told_later", day=website.clock().date() + timedelta(days=18)) in promise
    charter = unescape(website.browser().get("/s/de-wilg/charter?lang=nl").text)
    assert t("preparation.charter_extended", day=date(2026, 3, 27)) in charter
    for days, way in ((21, "extend"), (5, "close")):  # 23 March is near the end, 28 March past it
        website.clock.move(days=days)
        late = unescape(website.browser(Role.ADVISER).get(f"{campaign}/response").text)
        assert late.count(PRIMARY) == 1
        assert f'{PRIMARY}" href="{campaign}/{way}"' in late
