"""The pages of an address list, of letters and of spare cards, through HTTP."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.units import list_units
from baken.storage.audit import AuditEntry
from baken.survey.box.actions import launch_campaign
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.invitations.models import Recipient
from baken.web.mail.settings import Encryption, MailSettings
from baken.web.pages.codes import QrCode
from tests.agreed import agree
from tests.mailbox import SENDER, Mailbox, mail_server
from tests.web.test_campaign_pages import become
from tests.web.test_units_pages import import_units

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


def with_mail(website: Any, port: int) -> None:
    """Let pages and workers know a mail server."""
    mail = MailSettings("127.0.0.1", SENDER, port, Encryption.NONE)
    website.settings = website.app.state.settings = replace(website.settings, mail=mail)


@pytest.fixture
def mailbox(website: Any) -> Iterator[Mailbox]:
    with mail_server() as (mailbox, port):
        with_mail(website, port)
        yield mailbox


LIST = (
    "naam;adres;eenheid;taal\r\n"
    "An Peeters;an@voorbeeld.example;110;nl\r\n"
    "Bo Maes;bo@voorbeeld.example;Dagploeg;\r\n"
    "Ceulemans, Els;Kerkstraat 1, 8000 Brugge;120;\r\n"
)


def send_list(browser: Any, campaign: str, content: str) -> Any:
    return browser.client.post(
        f"{campaign}/invitations/list",
        data={"csrf": browser.token},
        files={"file": ("adressen.csv", content.encode(), "text/csv")},
        follow_redirects=False,
    )


def confirm(browser: Any, campaign: str, preview: Any, **more: str) -> Any:
    content = re.search(r'name="content" value="([^"]*)"', preview.text)
    assert content
    return browser.post(f"{campaign}/invitations/list/confirm", {"content": content[1], **more})


def adviser_of(website: Any) -> Actor:
    staffed = website.organisation
    grants = frozenset({Grant(Role.ADVISER)})
    return Actor(staffed.people[Role.ADVISER], staffed.id, "Els Wouters", grants)


def draft(website: Any) -> tuple[Any, str]:
    """A draft whose two teams are invited by mail or letter, agreed; the browser is that of HR."""
    browser = website.browser(Role.HR)
    import_units(browser, website.root)
    by, instrument = adviser_of(website), load_instrument("vijf-a", "1")
    with website.database.session(website.organisation.id) as session:
        units = list_units(session, on=date(2026, 3, 2))
        plan = CampaignPlan(
            title="Hoe gaat het op het werk?",
            languages=("nl",),
            opens_on=date(2026, 3, 2),
            closes_on=date(2026, 3, 20),
            spares_per_unit=1,
            background_headcounts={
                background.key: dict.fromkeys(background.bands, 10)
                for background in instrument.backgrounds
            },
            adviser_name="Els Wouters",
            key_holder="Dienst informatica",
            contact="Jan Claes, 012 34 56 78",
            channels={str(u.id): ("mail", "letter") for u in units if u.number in {"110", "120"}},
            invitation={"nl": {"subject": "Uw mening", "body": "Dag {name}\n\n{link}\n\n{code}"}},
            employer_signatory="E. Example",
            committee_signatory="W. Example",
        )
        made = create_campaign(session, instrument, plan, by=by, public_name="de-wilg")
        agree(session, made.id, by=by)
        return browser, f"{website.root}/campaigns/{made.id}"


def launch(website: Any, campaign: str) -> None:
    by, campaign_id = adviser_of(website), UUID(campaign.rpartition("/")[2])
    keys, instrument = website.app.state.key_store, load_instrument("vijf-a", "1")
    with website.database.session(website.organisation.id) as session:
        launch_campaign(session, keys, campaign_id, instrument, by=by, today=date(2026, 3, 2))


def recipients(website: Any) -> dict[str, Recipient]:
    with website.database.read(website.organisation.id) as session:
        return {row.name: row for row in session.scalars(select(Recipient))}


def test_a_list_is_looked_at_first_and_taken_whole_or_not(website: Any) -> None:
    browser, campaign = draft(website)
    assert "Lees een adressenlijst in" in browser.get(f"{campaign}/invitations").text
    browser.get(f"{campaign}/invitations/list")
    bad = send_list(
        browser,
        campaign,
        LIST + "AN;AN@voorbeeld.example;110;nl\r\nX;x@@x;110;\r\nY;y@voorbeeld.example;W;\r\n",
    )
    assert bad.status_code == 422
    page = unescape(bad.text)
    assert "3 regels kloppen niet" in page
    assert "AN@voorbeeld.example staat ook op regel 2" in page
    assert "x@@x is geen mailadres" in page
    assert "Zorghuis De Wilg krijgt geen mail" in page
    assert 'name="content"' not in page
    assert recipients(website) == {}
    assert send_list(browser, campaign, "dit is geen lijst").status_code == 422

    asked = send_list(browser, campaign, LIST + "An P;an+werk@voorbeeld.example;110;nl\r\n")
    assert "Zijn dit twee mensen?" in asked.text
    assert confirm(browser, campaign, asked).status_code == 422
    assert recipients(website) == {}
    assert confirm(browser, campaign, asked, two_people="y").status_code == 303
    assert set(recipients(website)) == {"An Peeters", "Bo Maes", "Ceulemans, Els", "An P"}

    page = unescape(browser.get(f"{campaign}/invitations").text)
    assert "Er staan 4 mensen op de lijst." in page
    assert "Versturen kan zodra de bevraging gestart is" in page
    [unit] = {row.unit for row in recipients(website).values() if row.name == "An P"}
    assert "an+werk@voorbeeld.example" in browser.get(f"{campaign}/invitations/unit/{unit}").text

    who = recipients(website)["An P"].id
    form = browser.get(f"{campaign}/invitations/{who}").text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', form)
    assert seen
    fields = {"name": "Anna", "address": "anna@voorbeeld.example", "unit": unit, "spoken": "nl"}
    late = browser.post(f"{campaign}/invitations/{who}", {**fields, "seen": "x"})
    assert late.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd" in late.text
    twice = {**fields, "address": "BO@voorbeeld.example", "seen": seen[1]}
    refused = browser.post(f"{campaign}/invitations/{who}", twice)
    assert "staat al op de lijst" in unescape(refused.text)
    saved = browser.post(f"{campaign}/invitations/{who}", {**fields, "seen": seen[1]})
    assert saved.status_code == 303
    assert browser.post(f"{campaign}/invitations/{who}/remove").status_code == 303
    assert len(recipients(website)) == 3
    # Whoever knows the staff by name writes addresses down, and never lets a code go.
    for path in ("invitations/send", "invitations/remind", "codes", "codes/spares"):
        assert browser.get(f"{campaign}/{path}").status_code == 403
    assert browser.post(f"{campaign}/invitations/letters").status_code == 403
    with website.database.read(website.organisation.id) as session:
        said = session.scalars(select(AuditEntry).where(AuditEntry.action.like("recipients%")))
        facts = [(entry.action, entry.facts) for entry in said]
    assert facts == [
        ("recipients.added", {"people": 4}),
        ("recipients.corrected", {"people": 1}),
        ("recipients.removed", {"people": 1}),
    ]


def test_letters_go_after_a_look_and_a_lost_one_is_replaced(website: Any, mailbox: Mailbox) -> None:
    browser, campaign = draft(website)
    browser.get(f"{campaign}/invitations/list")
    confirm(browser, campaign, send_list(browser, campaign, LIST))
    become(website, browser, Role.ADVISER)
    assert "Codes bestaan alleen" in browser.get(f"{campaign}/invitations/send").text
    launch(website, campaign)
    mailbox.refused["bo@voorbeeld.example"] = "550 no such user"

    look = unescape(browser.get(f"{campaign}/invitations/send").text)
    assert "Versturen naar 2 mensen" in look
    assert "ABCD-EFGH-JKMN-P" in look
    assert "E. Example" in look
    following = browser.post(f"{campaign}/invitations/send").headers["location"]
    assert browser.get(f"{campaign}/invitations/send").headers["location"] == following
    assert website.work_off() == 1
    [(to, letter)] = mailbox.letters
    assert to == "an@voorbeeld.example"
    assert letter["subject"] == "Uw mening"
    [first] = set(CODE.findall(letter.get_content()))

    page = unescape(browser.get(f"{campaign}/invitations").text)
    assert "1 adres werd geweigerd" in page
    assert "code 550" in page
    assert not CODE.search(page)
    assert "Vandaag vertrok al een brief" in browser.get(f"{campaign}/invitations/remind").text
    website.clock.move(days=1)
    become(website, browser, Role.ADVISER)
    assert "naar 1 persoon" in browser.get(f"{campaign}/invitations/remind").text
    assert browser.post(f"{campaign}/invitations/remind").status_code == 303
    website.work_off()
    assert mailbox.by_recipient == {"an@voorbeeld.example": 2}
    assert first in mailbox.letters[1][1].get_content()

    who = recipients(website)["An Peeters"].id
    assert "De brief is kwijt" in browser.get(f"{campaign}/invitations/{who}").text
    assert browser.post(f"{campaign}/invitations/{who}/again").status_code == 303
    website.work_off()
    assert first not in mailbox.letters[2][1].get_content()
    assert browser.post(f"{campaign}/invitations/{who}/remove").status_code == 422

    printed = browser.post(f"{campaign}/invitations/letters", {"order": "shuffled"})
    assert printed.status_code == 200
    [paper] = set(CODE.findall(printed.text))
    assert "Kerkstraat 1<br>8000 Brugge" in printed.text
    assert QrCode.of(f"http://127.0.0.1:8000/s/de-wilg#{paper}").path in printed.text

    cards = browser.post(f"{campaign}/codes/cards").text
    on_cards = set(CODE.findall(cards))
    assert len(on_cards) == 44 - 3 + 3 - 1  # one of three spares went by mail
    assert not on_cards & {first, paper}
    card = min(on_cards)
    assert QrCode.of(f"http://127.0.0.1:8000/s/de-wilg#{card}").path in cards
    assert "Jan Claes, 012 34 56 78" in cards

    unit = recipients(website)["Ceulemans, Els"].unit
    late = {"name": "Late", "address": "late@voorbeeld.example", "unit": unit, "spoken": "nl"}
    full = browser.post(f"{campaign}/invitations/add", late)
    assert full.status_code == 422
    assert "heeft nog plaats voor 0 adressen" in unescape(full.text)
    assert (
        browser.post(f"{campaign}/invitations/add", {**late, "is_newcomer": "y"}).status_code == 303
    )
    assert "45" in browser.get(f"{campaign}/codes").text


def test_without_a_mail_server_paper_is_the_way_on(website: Any) -> None:
    browser, campaign = draft(website)
    browser.get(f"{campaign}/invitations/list")
    confirm(browser, campaign, send_list(browser, campaign, LIST))
    become(website, browser, Role.ADVISER)
    assert "verstuurt nog geen mail" in browser.get(f"{campaign}/prepare/channels").text
    assert "verstuurt nog geen mail" in browser.get(f"{campaign}/launch").text
    launch(website, campaign)
    page = browser.get(f"{campaign}/invitations").text
    assert "verstuurt nog geen mail" in page
    assert "BAKEN_MAIL_FROM" in page
    assert "/invitations/send" not in page
    assert 'class="button primary">Brieven om af te drukken' in page
    assert page.count("button primary") == 1
    look = browser.get(f"{campaign}/invitations/send").text
    assert "Versturen naar" not in look
    asked = browser.post(f"{campaign}/invitations/send")
    assert asked.status_code == 422
    assert "geen mailserver" in asked.text
    assert recipients(website)["An Peeters"].due is None


def test_the_desk_says_which_spare_card_is_next(website: Any) -> None:
    browser, campaign = draft(website)
    become(website, browser, Role.PREVENTION_ADVISER)
    launch(website, campaign)
    page = unescape(browser.get(f"{campaign}/codes/spares").text)
    assert page.count("reserve 1") == 3
    unit = re.search(r'<option value="([0-9a-f-]{36})">Dagploeg', page)
    assert unit
    assert browser.post(f"{campaign}/codes/spares", {"unit": unit[1]}).status_code == 422
    asked = {"unit": unit[1], "reason": "lost", "old_code": "AAAA"}
    assert "geen volledige code" in browser.post(f"{campaign}/codes/spares", asked).text
    given = browser.post(f"{campaign}/codes/spares", {"unit": unit[1], "reason": "newcomer"})
    assert given.status_code == 303
    page = unescape(browser.get(given.headers["location"]).text)
    assert "Geef nu kaart reserve 1 van Dagploeg." in page
    assert "geen meer" in page
    for odd in ("?unit=x&number=1", f"?unit={unit[1]}&number=²", f"?unit={unit[1]}&number=99999"):
        assert "Geef nu" not in browser.get(f"{campaign}/codes/spares{odd}").text
    none = browser.post(f"{campaign}/codes/spares", {"unit": unit[1], "reason": "newcomer"})
    assert none.status_code == 422
