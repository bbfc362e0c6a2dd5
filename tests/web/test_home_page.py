"""The home page: what waits for each reader, and the list of clients of an adviser."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from baken.organisation.accounts.sessions import start_full
from baken.organisation.models import Account, Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.removals.models import LegalHold, Removal, RemovalReason
from baken.storage.jobs import Job, JobState
from baken.storage.retention import last_backup_on
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.web.pages.access import SESSION_COOKIE
from tests.databases import listening

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def backed_up(website: Any) -> None:
    """A backup of today, so that nothing waits by itself."""
    website.settings.backups.mkdir()
    (website.settings.backups / "baken-20260302T040000Z.sqlite").touch()


def a_campaign(**values: Any) -> Campaign:
    told = {
        "title": "Voorjaar",
        "state": CampaignState.DRAFT,
        "instrument_key": "vijf-a",
        "instrument_version": "1",
        "instrument_fingerprint": "0" * 64,
        "languages": ["nl"],
        "opens_on": TODAY,
        "closes_on": TODAY + 20 * DAY,
        "background_headcounts": {},
        "answers_until_on": TODAY + 90 * DAY,
        "comments_until_on": TODAY + 90 * DAY,
    }
    return Campaign(**(told | values))


def add(website: Any, *rows: Any, where: UUID | None = None) -> None:
    with website.database.session(where or website.organisation.id) as session:
        session.add_all(rows)


def home(website: Any, role: Role) -> str:
    answer = website.browser(role).get(website.root)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_when_nothing_waits_the_page_says_so_and_offers_what_the_reader_may_do(
    website: Any,
) -> None:
    page = home(website, Role.PREVENTION_ADVISER)
    assert "Er wacht niets op u" in page
    assert f'href="{website.root}/campaigns/new"' in page
    page = home(website, Role.CLERK)
    assert "Er wacht niets op u" in page
    assert 'class="button primary"' not in page
    assert f'{website.root}/paper"' in page  # the one shelf of a clerk


def test_a_closed_survey_waits_for_the_external_adviser_alone(website: Any) -> None:
    add(
        website,
        a_campaign(state=CampaignState.CLOSED, closes_on=TODAY - DAY, opens_on=TODAY - 9 * DAY),
    )
    page = home(website, Role.ADVISER)
    assert "1 ding wacht op u" in page
    assert "Open de omslagen van Voorjaar" in page
    assert "Sinds 2\u00a0maart 2026" in page
    assert "is afgesloten. Nu moeten de omslagen nog open." in page
    assert "Open de omslagen" not in home(website, Role.PREVENTION_ADVISER)


def test_the_survey_that_runs_is_named_with_its_last_day(website: Any) -> None:
    add(website, a_campaign(state=CampaignState.RUNNING, closes_on=date(2026, 4, 3)))
    page = home(website, Role.PREVENTION_ADVISER)
    link = rf'<a href="{website.root}/campaigns/[0-9a-f-]+">Voorjaar</a>'
    assert re.search(rf"De bevraging {link} loopt, tot en met 3\u00a0april 2026\.", page)
    unlinked = home(website, Role.WORKING_GROUP_MEMBER)
    assert "De bevraging Voorjaar loopt, tot en met 3\u00a0april 2026." in unlinked


def test_of_many_the_first_three_stand_there_and_the_rest_is_counted(website: Any) -> None:
    add(
        website,
        *(a_campaign(title=f"Ronde {at}", opens_on=TODAY - at * DAY) for at in range(9)),
    )
    page = home(website, Role.ADVISER)
    assert "9 dingen wachten op u" in page
    assert [f"Ronde {at}" in page for at in (8, 7, 6, 5)] == [True, True, True, False]
    assert "en nog 6" in page
    assert "Te laat: het moest tegen 22\u00a0februari 2026" in page


@contextmanager
def counted(website: Any) -> Iterator[list[str]]:
    """The statements that the running application sends meanwhile."""
    seen: list[str] = []
    engine = website.app.state.database.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with listening(engine, "before_cursor_execute", note):
        yield seen


@pytest.mark.parametrize("role", [Role.PREVENTION_ADVISER, Role.MAIN_CONTACT])
def test_thirty_things_take_as_many_questions_as_one(website: Any, role: Role) -> None:
    add(website, a_campaign())
    browser = website.browser(role)
    with counted(website) as few:
        browser.get(website.root)
    add(website, *(a_campaign(title=f"Ronde {at}") for at in range(29)))
    for at in range(29):
        person = Person(name=f"Meer {at}")
        add(website, person)
        add(website, RoleGrant(person_id=person.id, role=Role.CLERK, from_on=TODAY))
    with counted(website) as many:
        browser.get(website.root)
    assert len(many) == len(few)


def test_the_administrator_hears_of_failed_work_and_old_backups(website: Any) -> None:
    assert "reservekopie" not in home(website, Role.ADMINISTRATOR)
    with website.database.session(None) as session:
        session.add(
            Job(
                name="mail.invitation",
                organisation_id=website.organisation.id,
                state=JobState.FAILED,
                asked_at=website.clock.now,
            )
        )
    assert "Werk op de achtergrond is mislukt (1)" in home(website, Role.ADMINISTRATOR)
    assert "Werk op de achtergrond" not in home(website, Role.ADVISER)
    for days, told in ((7, False), (1, True)):
        website.clock.move(days=days)
        assert ("meer dan een week oud" in home(website, Role.ADMINISTRATOR)) is told
    for file in website.settings.backups.iterdir():
        file.unlink()
    (website.settings.backups / "baken-20260310T040000Z.sqlite.unfinished").touch()
    assert last_backup_on(website.settings.backups) is None
    page = home(website, Role.ADMINISTRATOR)
    assert "<span>Er is nog geen reservekopie" in page  # made on the server: no page to go to


def test_every_role_has_a_home_page_and_every_language_its_sentences(website: Any) -> None:
    closed = {"state": CampaignState.CLOSED, "opens_on": TODAY - DAY, "closes_on": TODAY - DAY}
    add(website, a_campaign(), a_campaign(**closed))
    for role in Role:
        assert "<h1>" in home(website, role)
    adviser = website.browser(Role.ADVISER)
    for language in ("fr", "en", "de"):
        assert "<h1>2 " in adviser.get(f"{website.root}?lang={language}").text


def join(website: Any, organisation_id: UUID, account_id: UUID, *roles: Role) -> None:
    person = Person(name="Bert", account_id=account_id)
    add(website, person, where=organisation_id)
    for role in roles:
        add(
            website,
            RoleGrant(person_id=person.id, role=role, from_on=TODAY),
            where=organisation_id,
        )


def make_clients(website: Any, n: int) -> tuple[Any, list[UUID]]:
    """An adviser of `n` organisations, in a browser."""
    with website.database.session(None) as session:
        account = Account(mail="bert@dienst.invalid", name="Bert", password_hash="-")
        rows = [Organisation(name=f"Klant {at:02}") for at in range(n)]
        session.add_all([account, *rows])
        session.flush()
        token = start_full(session, account.id, now=website.clock.now)
    ids = [row.id for row in rows]
    for organisation_id in ids:
        join(website, organisation_id, account.id, Role.ADVISER)
    browser = website.browser()
    browser.client.cookies.set(SESSION_COOKIE, token)
    return browser, ids


def test_clients_stand_in_the_order_of_what_waits(website: Any) -> None:
    browser, (calm, busy, late) = make_clients(website, 3)
    add(website, a_campaign(title="Bij de tweede"), where=busy)
    add(website, a_campaign(title="Te laat", opens_on=TODAY - 3 * DAY), where=late)
    answer = browser.get("/organisations")
    assert (answer.status_code, answer.headers["location"]) == (303, "/clients")
    page = browser.get("/clients").text
    assert "Bij 2 klanten wacht er iets op u" in page
    places = [page.index(f"/o/{one}") for one in (late, busy, calm)]
    assert places == sorted(places)
    assert "Start de bevraging Te laat" in page
    assert f"/o/{website.organisation.id}" not in page  # no task there
    assert 'type="search"' not in page


def test_with_many_clients_one_searches_by_name(website: Any) -> None:
    browser, _ = make_clients(website, 12)
    page = browser.get("/clients").text
    assert 'type="search"' in page
    assert "Bij geen enkele klant wacht er iets op u" in page
    page = browser.get("/clients?q=klant 07").text
    assert "Klant 07" in page
    assert "Klant 08" not in page
    assert "Geen klant gevonden met “&lt;b&gt;”" in browser.get("/clients?q=<b>").text


def test_somebody_with_one_client_goes_straight_there(website: Any) -> None:
    browser, (only,) = make_clients(website, 1)
    assert browser.get("/organisations").headers["location"] == f"/o/{only}"


def test_somebody_with_a_role_that_ended_has_no_client(website: Any) -> None:
    browser, ids = make_clients(website, 2)
    for organisation_id in ids:
        with website.database.session(organisation_id) as session:
            for grant in session.query(RoleGrant):
                grant.until_on = TODAY - DAY
    assert browser.get("/organisations").status_code == 200
    assert "Klant 00" not in browser.get("/clients").text


def test_each_client_is_read_in_a_session_of_its_own(website: Any) -> None:
    """What stands in one row never comes from another client: each has its own canary."""
    browser, ids = make_clients(website, 4)
    for at, organisation_id in enumerate(ids):
        add(website, a_campaign(title=f"kanarie-{at}"), where=organisation_id)
    page = browser.get("/clients").text
    rows = page.split('<tr role="row">')[2:]
    assert len(rows) == 4
    for row in rows:
        (at,) = [at for at, organisation_id in enumerate(ids) if f"/o/{organisation_id}" in row]
        assert f"kanarie-{at}" in row
        assert sum(f"kanarie-{other}" in row for other in range(4)) == 1


def test_forty_clients_are_there_at_once(website: Any) -> None:
    """Generous, for a machine that does other things at the same time."""
    browser, ids = make_clients(website, 40)
    for organisation_id in ids:
        add(website, *(a_campaign(title=f"Ronde {at}") for at in range(3)), where=organisation_id)
    browser.get("/clients")
    begun = time.process_time()
    assert browser.get("/clients").status_code == 200
    assert time.process_time() - begun < 2


def test_the_clock_of_the_page_is_that_of_the_request(website: Any) -> None:
    add(website, a_campaign(state=CampaignState.RUNNING, closes_on=TODAY))
    website.clock.now = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    assert "loopt af" in home(website, Role.ADVISER)
    website.clock.now = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert "Sluit de bevraging Voorjaar af" in home(website, Role.ADVISER)


def test_a_removal_waits_for_everybody_and_leads_to_where_it_can_be_stopped(website: Any) -> None:
    day = {"asked_at": website.clock.now, "asked_by": website.organisation.people[Role.HR]}
    add(website, Removal(reason=RemovalReason.MISTAKE, n_rows={}, **day))
    told = "De verwijdering van deze organisatie is gevraagd"
    for role, path in (
        (Role.MAIN_CONTACT, "/organisation/removal"),
        (Role.ADVISER, "/organisation/holds"),
    ):
        assert f'<a href="{website.root}{path}">{told}' in home(website, role)
    assert f"<span>{told}" in home(website, Role.CLERK)
    kept = {"set_on": TODAY, "review_on": TODAY + 100 * DAY, "set_by": day["asked_by"]}
    add(website, LegalHold(reason="Een geding.", **kept))
    page = home(website, Role.MAIN_CONTACT)
    assert "staat stil: er geldt een bewaarplicht" in page
    assert told not in page


def test_a_verb_promises_no_more_than_the_reader_may_open(website: Any) -> None:
    promise = "Welke maatregelen lopen, wat ze opleveren"
    audit = "in een reeks die niemand ongezien kan wijzigen"
    for role in (Role.MAIN_CONTACT, Role.ADMINISTRATOR):
        page = home(website, role)
        assert promise not in page
        assert audit in page
        assert "/audit" in page
    assert promise in home(website, Role.ADVISER)
    verb = website.browser(Role.ADMINISTRATOR).get(f"{website.root}/cycle/follow_up").text
    assert promise not in verb
