"""Pages of the life of an organisation: export, import, hand-over, hold, removal."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from baken.organisation.accounts.sessions import start_full
from baken.organisation.models import Account, Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.removals.models import Removal, RemovalProtocol, RemovalReason
from baken.organisation.transfers.models import Arrival
from baken.organisation.transfers.places import destroy_idle_keys
from baken.storage.audit import AuditEntry, verify
from baken.storage.jobs import Job, JobState, unfinished_subjects
from baken.storage.keys import INSTALLATION
from baken.storage.portability.sealing import FileKey
from baken.storage.turns import ask_once
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.web.pages.access import SESSION_COOKIE
from tests.web.conftest import Browser, Website

pytestmark = pytest.mark.sqlite
PASSPHRASE = "vijf losse woorden op een rij"


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys of files with little work: the real work is measured once, elsewhere."""
    monkeypatch.setattr("baken.storage.portability.sealing.LOG_N", 4)
    monkeypatch.setattr(FileKey.new.__func__, "__kwdefaults__", {"log_n": 4})


def installer(website: Website, role: Role = Role.ADMINISTRATOR) -> Browser:
    mail = website.account_of(role)
    with website.database.session(None) as session:
        session.scalars(select(Account).where(Account.mail == mail)).one().is_installer = True
    return website.browser(role)


def export(website: Website, browser: Browser) -> Any:
    page = f"{website.root}/organisation/exports"
    assert browser.get(page).status_code == 200
    answer = browser.post(page, {"passphrase": PASSPHRASE})
    assert answer.status_code == 303, answer.text
    assert website.work_off() >= 1
    shown = browser.get(page)
    [path] = re.findall(r'action="([^"]+/file)"', shown.text)
    return browser.post(path)


def with_a_campaign(website: Website, state: CampaignState) -> None:
    with website.database.session(website.organisation.id) as session:
        day = website.clock.now.date()
        session.add(
            Campaign(
                title="Bevraging X",
                state=state,
                instrument_key="vijf-a",
                instrument_version="1",
                instrument_fingerprint="f",
                languages=["nl"],
                opens_on=day,
                closes_on=day,
                background_headcounts={},
                answers_until_on=day,
                comments_until_on=day,
            )
        )


def test_an_export_is_made_fetched_once_and_gone(website: Website) -> None:
    browser = website.browser(Role.MAIN_CONTACT)
    file = export(website, browser)
    assert file.status_code == 200
    assert file.content.startswith(b"BAKENORG")
    assert int(file.headers["content-length"]) == len(file.content)
    assert not list(website.settings.transfers.iterdir())
    assert website.app.state.key_store.names(INSTALLATION) == [
        (purpose, name)
        for purpose, name in website.app.state.key_store.names(INSTALLATION)
        if purpose != "transfers"
    ]
    page = browser.get(f"{website.root}/organisation/exports")
    assert "/file" not in page.text
    with website.database.read(website.organisation.id) as session:
        acts = [row.action for row in session.scalars(select(AuditEntry))]
    assert acts[-3:] == [
        "organisation.export_asked",
        "organisation.exported",
        "organisation.export_fetched",
    ]


def test_a_file_nobody_fetched_is_gone_after_a_day(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation/exports"
    browser.get(page)
    browser.post(page, {"passphrase": PASSPHRASE})
    website.work_off()
    [path] = re.findall(r'action="([^"]+/file)"', browser.get(page).text)
    website.clock.move(hours=24, seconds=1)
    again = website.browser(Role.ADMINISTRATOR)
    assert "/file" not in again.get(page).text
    gone = again.post(path)
    assert gone.status_code == 404
    assert "Export" in gone.text or "xporteer" in gone.text


def test_a_passphrase_of_baken_is_shown_once_and_a_short_one_refused(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation/exports"
    browser.get(page)
    short = browser.post(page, {"passphrase": "te kort"})
    assert short.status_code == 422
    for easy in ("a" * 24, "wachtwoord" * 3, "0123456789" * 2 + "0"):
        refused = browser.post(page, {"passphrase": easy})
        assert refused.status_code == 422
        assert "makkelijk te raden" in refused.text
    made = browser.post(page, {"passphrase": ""})
    assert re.search(r"<code class=\"long\">(\w{5}-){4}\w{5}</code>", made.text)


def test_a_survey_on_its_way_keeps_the_organisation_here(website: Website) -> None:
    with_a_campaign(website, CampaignState.RUNNING)
    browser = website.browser(Role.ADMINISTRATOR)
    for path in ("exports", "removal"):
        shown = browser.get(f"{website.root}/organisation/{path}")
        assert "Bevraging X" in shown.text
        assert "disabled" in shown.text
    refused = browser.post(f"{website.root}/organisation/exports", {"passphrase": PASSPHRASE})
    assert refused.status_code == 422
    refused = browser.post(f"{website.root}/organisation/removal", {"reason": "moved"})
    assert refused.status_code == 422
    assert "Bevraging X" in refused.text


def test_an_uncounted_survey_does_not_leave(website: Website) -> None:
    with_a_campaign(website, CampaignState.SCRUBBED)
    browser = website.browser(Role.ADMINISTRATOR)
    shown = browser.get(f"{website.root}/organisation/exports")
    assert "disabled" in shown.text


def test_only_an_installer_brings_something_in(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    for path in ("/installation", "/installation/import"):
        assert browser.get(path).status_code == 404
    assert browser.post("/installation/import", {"name": "x"}).status_code == 404


def test_bringing_in_what_is_here_is_refused_in_words(website: Website) -> None:
    browser = installer(website)
    content = export(website, browser).content
    asked = bring(browser, content)
    assert asked.status_code == 303, asked.text
    website.work_off()
    page = browser.get("/installation/import")
    assert "bestaat al op deze installatie" in page.text
    assert not list(website.settings.transfers.iterdir())


def bring(browser: Browser, content: bytes, **fields: str) -> Any:
    browser.get("/installation/import")
    sent = {
        "passphrase": PASSPHRASE,
        "name": "Nieuw Contact",
        "mail": "contact@voorbeeld.invalid",
        "csrf": browser.token,
        **fields,
    }
    return browser.client.post(
        "/installation/import",
        data=sent,
        files={"file": ("x.baken", content)},
        follow_redirects=False,
    )


def test_what_is_no_export_is_refused_at_once(website: Website) -> None:
    browser = installer(website)
    content = export(website, browser).content
    for sent, more in (
        (b"PK\x03\x04 something else", {}),
        (content, {"passphrase": PASSPHRASE + "x"}),
        (content[:40], {}),
        (content, {"mail": "no address"}),
    ):
        assert bring(browser, sent, **more).status_code == 422
    assert not list(website.settings.transfers.iterdir())


def test_a_removed_organisation_answers_404_and_leaves_a_protocol(website: Website) -> None:
    page = f"{website.root}/organisation/removal"
    first, second = website.browser(Role.ADMINISTRATOR), website.browser(Role.MAIN_CONTACT)
    first.get(page)
    assert first.post(page, {}).status_code == 422
    assert first.post(page, {"reason": "contract_ended"}).status_code == 303
    assert first.post(f"{page}/confirm").status_code == 422
    second.get(page)
    assert second.post(f"{page}/confirm").status_code == 303
    neighbour = website.add_organisation("Buren (fictief)")
    mail = website.account_of(Role.ADMINISTRATOR)
    with website.database.session(None) as session:
        account = session.scalars(select(Account).where(Account.mail == mail)).one()
        account.is_installer, account_id = True, account.id
    with website.database.session(neighbour.id) as session:
        session.get_one(Person, neighbour.people[Role.ADMINISTRATOR]).account_id = account_id
    website.clock.move(days=15)
    with website.database.session(website.organisation.id) as session:
        ask_once(
            session,
            "organisation.daily",
            "round of the test",
            now=website.clock.now,
            organisation_id=website.organisation.id,
        )
    assert website.work_off() >= 2
    with website.database.read(website.organisation.id) as session:
        row = session.get_one(Organisation, website.organisation.id)
        assert (row.name, row.removed_on is not None) == ("", True)
        assert verify(session).first_bad is None
    with website.database.session(None) as session:
        token = start_full(session, account_id, now=website.clock.now)
    after = website.browser()
    after.client.cookies.set(SESSION_COOKIE, token)
    for path in ("", "/organisation", "/units", "/audit"):
        assert after.get(f"{website.root}{path}").status_code == 404
    assert 'href="/installation"' in after.get("/account").text
    listed = after.get("/installation")
    assert 'href="/account"' in listed.text
    assert "Buren" in listed.text
    protocol = after.get(f"/installation/removals/{website.organisation.id}")
    assert protocol.status_code == 200
    with website.database.read(None) as session:
        assert str(session.scalars(select(RemovalProtocol)).one().removed_id) in protocol.text


def test_a_removal_can_be_called_off_and_a_hold_stops_it(website: Website) -> None:
    page = f"{website.root}/organisation/removal"
    first = website.browser(Role.ADMINISTRATOR)
    first.get(page)
    first.post(page, {"reason": "mistake"})
    assert first.post(f"{page}/cancel").status_code == 303
    adviser = website.browser(Role.ADVISER)
    holds = f"{website.root}/organisation/holds"
    adviser.get(holds)
    assert adviser.post(holds, {"reason": ""}).status_code == 422
    assert adviser.post(holds, {"reason": "Geding"}).status_code == 303
    assert first.get(holds).status_code == 403
    shown = first.get(page)
    assert "disabled" in shown.text
    assert first.post(page, {"reason": "mistake"}).status_code == 422
    [lift] = re.findall(r'action="([^"]+/lift)"', adviser.get(holds).text)
    assert adviser.post(lift, {"version": "1"}).status_code == 303
    assert first.post(page, {"reason": "mistake"}).status_code == 303


def test_somebody_who_came_for_the_removal_does_not_confirm_it(website: Website) -> None:
    page = f"{website.root}/organisation/removal"
    first, second = website.browser(Role.ADMINISTRATOR), website.browser(Role.MAIN_CONTACT)
    first.get(page)
    assert first.post(page, {"reason": "mistake"}).status_code == 303
    day = website.clock.now.date()
    with website.database.session(website.organisation.id) as session:
        grants = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.MAIN_CONTACT))
        for grant in grants:
            grant.from_on = day - timedelta(days=13)
    second.get(page)
    refused = second.post(f"{page}/confirm")
    assert refused.status_code == 422
    assert "al 14 dagen" in refused.text


def test_everybody_with_a_role_reads_that_the_organisation_goes(website: Website) -> None:
    page = f"{website.root}/organisation/removal"
    first, second = website.browser(Role.ADMINISTRATOR), website.browser(Role.MAIN_CONTACT)
    first.get(page)
    first.post(page, {"reason": "moved"})
    member = website.browser(Role.CPBW_MEMBER)
    assert "nog niet bevestigd" in member.get(website.root).text
    second.get(page)
    second.post(f"{page}/confirm")
    assert "kan dat nog afblazen" in member.get(website.root).text
    assert f'href="{page}"' in first.get(website.root).text


def test_nothing_is_saved_once_the_removal_has_started(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation"
    browser.get(page)
    now = website.clock.now
    with website.database.session(website.organisation.id) as session:
        someone = website.organisation.people[Role.ADMINISTRATOR]
        removal = Removal(
            reason=RemovalReason.MOVED, asked_by=someone, asked_at=now, started_at=now, n_rows={}
        )
        session.add(removal)
    refused = browser.post(page, {"name": "X", "language_of": "fr", "version": "1"})
    assert refused.status_code == 404
    assert "is begonnen" in refused.text
    with website.database.read(None) as session:
        assert session.get_one(Organisation, website.organisation.id).name != "X"


def test_what_failed_leaves_no_key_and_nobody_named(website: Website) -> None:
    """An export that stopped before its file, an arrival that nobody works at any more."""
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation/exports"
    browser.get(page)
    browser.post(page, {"passphrase": PASSPHRASE})
    with website.database.session(None) as session:
        for job in session.scalars(select(Job).where(Job.name == "organisation.export")):
            job.state = JobState.FAILED
        session.add(
            Arrival(
                asked_by=website.organisation.people[Role.ADMINISTRATOR],
                asked_at=website.clock.now,
                mail="contact@voorbeeld.invalid",
                name="Nieuw Contact",
            )
        )
    assert transfer_keys(website) == 1
    website.clock.move(hours=25)
    with website.database.session(None) as session:
        ask_once(session, "installation.daily", "round of the test", now=website.clock.now)
    website.work_off()
    assert transfer_keys(website) == 0
    with website.database.read(None) as session:
        arrival = session.scalars(select(Arrival)).one()
        assert (arrival.mail, arrival.name) == ("", "")
        assert arrival.finished_at is not None


def transfer_keys(website: Website) -> int:
    names = website.app.state.key_store.names(INSTALLATION)
    return sum(purpose == "transfers" for purpose, _ in names)


def test_a_key_of_work_that_waits_is_kept(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation/exports"
    browser.get(page)
    browser.post(page, {"passphrase": PASSPHRASE})
    with website.database.read(None) as session:
        destroy_idle_keys(website.app.state.key_store, unfinished_subjects(session))
    assert transfer_keys(website) == 1


def test_an_endless_number_of_a_version_is_no_fault_of_ours(website: Website) -> None:
    browser, adviser = website.browser(Role.ADMINISTRATOR), website.browser(Role.ADVISER)
    page = f"{website.root}/organisation"
    browser.get(page)
    fields = {"name": "Nieuw", "language_of": "fr", "version": "9" * 5000}
    assert browser.post(page, fields).status_code == 422
    holds = f"{page}/holds"
    adviser.get(holds)
    adviser.post(holds, {"reason": "Geding"})
    [lift] = re.findall(r'action="([^"]+/lift)"', adviser.get(holds).text)
    assert adviser.post(lift, {"version": "9" * 5000}).status_code in {409, 422}


def test_the_adviser_is_followed_by_another_in_one_act(website: Website) -> None:
    page = f"{website.root}/organisation/hand-over"
    contact = website.browser(Role.MAIN_CONTACT)
    shown = contact.get(page)
    [adviser] = re.findall(r'name="outgoing" value="([^"]+)"', shown.text)
    fields = {
        "outgoing": adviser,
        "incoming": "",
        "name": "Nieuwe Adviseur",
        "mail": "nieuw@voorbeeld.invalid",
        "from_on": website.clock.now.date().isoformat(),
        "overlap_days": "0",
    }
    assert contact.post(page, {**fields, "name": ""}).status_code == 422
    assert (
        contact.post(page, {key: fields[key] for key in fields if key != "outgoing"}).status_code
        == 422
    )
    answer = contact.post(page, fields)
    assert answer.status_code == 303, answer.text
    protocol = contact.get(answer.headers["location"])
    assert "Nieuwe Adviseur" in protocol.text
    assert website.browser(Role.ADMINISTRATOR).get(page).status_code == 403


def test_name_and_language_are_saved_once(website: Website) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = f"{website.root}/organisation"
    browser.get(page)
    fields = {"name": "Nieuwe naam", "language_of": "fr", "version": "1"}
    assert browser.post(page, fields).status_code == 303
    assert browser.post(page, fields).status_code == 422  # somebody else was first
    assert browser.post(page, {**fields, "name": " ", "version": "2"}).status_code == 422
    with website.database.read(None) as session:
        row = session.get_one(Organisation, website.organisation.id)
        assert (row.name, row.language) == ("Nieuwe naam", "fr")
    assert website.browser(Role.EMPLOYER).get(page).status_code == 200
    assert website.browser(Role.UNIT_HEAD).get(page).status_code == 403


def test_a_hold_is_told_to_those_who_asked_for_the_removal(website: Website) -> None:
    page = f"{website.root}/organisation/removal"
    first, second = website.browser(Role.ADMINISTRATOR), website.browser(Role.MAIN_CONTACT)
    adviser = website.browser(Role.ADVISER)
    for browser in (first, second):
        browser.get(page)
    first.post(page, {"reason": "contract_ended"})
    second.post(f"{page}/confirm")
    assert "bewaarplicht" not in second.get(page).text
    adviser.get(f"{website.root}/organisation/holds")
    adviser.post(f"{website.root}/organisation/holds", {"reason": "Een geding."})
    shown = second.get(page).text
    assert "Er geldt een bewaarplicht: zolang ze geldt, wordt er niets verwijderd" in shown
    assert "Een geding" not in shown
    second.post(f"{page}/cancel")
    assert "Er geldt 1 bewaarplicht" in second.get(page).text
