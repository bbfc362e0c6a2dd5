"""What comes by mail: invitations, forgotten passwords, lost factors - from letter to home page."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from baken.organisation import invitations
from baken.organisation.accounts import resets
from baken.organisation.accounts.models import LostFactor, PasswordReset
from baken.organisation.models import Account, Invitation, RoleGrant
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.jobs import Job
from baken.web.mail.settings import MailSettings

pytestmark = pytest.mark.sqlite
PASSWORD = "vier blauwe stoelen"
NEW = "zes gele ballonnen"


@pytest.fixture
def website(website: Any) -> Any:
    """The application, told that there is a mail server; no test here sends anything."""
    mail = MailSettings(host="mail.voorbeeld.example", sender="baken@voorbeeld.example")
    website.app.state.settings = replace(website.settings, mail=mail)
    return website


def invite(website: Any, role: Role = Role.HR) -> str:
    """Invite the person with a role; answers the link of the mail."""
    place = website.organisation.id
    mail = website.account_of(Role.MAIN_CONTACT)
    with website.database.session(place) as session:
        by_account = session.scalars(select(Account.id).where(Account.mail == mail)).one()
        today = website.clock.now.date()
        by = get_actor(session, by_account, today=today)
        person_id = website.organisation.people[role]
        person = session.get_one(invitations.Person, person_id)
        person.mail = f"{role}@voorbeeld.example"
        found = invitations.invite(session, person_id, by=by, today=today, now=website.clock.now)
    token = invitations.get_token(website.app.state.key_store, place, found)
    return f"/invitation/{token}"


def set_up(website: Any, browser: Any, path: str) -> Any:
    """Connect an app on the set-up page."""
    key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', browser.get(path).text)
    assert key
    code = pyotp.TOTP(key[1].replace(" ", "")).at(website.clock.now)
    return browser.post(path, {"code": code})


def test_from_the_invitation_to_the_home_page(website: Any) -> None:
    link = invite(website)
    browser = website.browser()
    page = browser.get(link).text
    assert "Persoon main_contact nodigt u uit" in page
    assert "hr@voorbeeld.example" in page
    answer = browser.post(link, {"name": "Hilde Raes", "new": NEW})
    step = answer.headers["location"]
    assert step.startswith("/log-in/factor?next=%2Fo%2F")
    set_up_path = browser.get(step).headers["location"]
    assert set_up_path.startswith("/log-in/set-up")
    assert set_up(website, browser, set_up_path).status_code == 200
    assert browser.get(website.root).status_code == 200
    over = website.browser().get(link)
    assert (over.status_code, "werkt niet meer" in over.text) == (404, True)


def test_looking_at_an_invitation_changes_nothing(website: Any) -> None:
    link = invite(website)
    for _ in range(3):  # a mail scanner opens every link
        assert website.browser().get(link).status_code == 200
    with website.database.read(website.organisation.id) as session:
        assert session.scalars(select(Invitation)).one().used_at is None


def test_somebody_with_an_account_joins_with_it(website: Any) -> None:
    link = invite(website)
    other = website.add_organisation("Werkplaats Noord")
    browser = website.browser()
    join = link.replace("/invitation/", "/account/invitation/")
    asked = browser.get(join)
    assert asked.headers["location"].startswith("/log-in?next=%2Faccount%2Finvitation%2F")
    mail = website.account_of(Role.ADVISER)
    with website.database.session(website.organisation.id) as session:
        adviser = session.get_one(invitations.Person, website.organisation.people[Role.ADVISER])
        account_id, adviser.account_id = adviser.account_id, None
    with website.database.session(other.id) as session:
        person = session.get_one(invitations.Person, other.people[Role.ADVISER])
        person.account_id = account_id
    with website.database.session(None) as session:
        from baken.organisation.accounts.sessions import start_full  # noqa: PLC0415

        token = start_full(session, account_id, now=website.clock.now)
    browser.client.cookies.set("baken_session", token, domain="127.0.0.1")
    page = browser.get(join).text
    assert f"An Peeters ({mail})" in page
    answer = browser.post(join)
    assert answer.headers["location"].startswith(f"/o/{website.organisation.id}?done=")
    assert browser.get(website.root).status_code == 200
    assert browser.post(join).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 64, "%00", "é", "../../etc"])
def test_a_link_of_nobody_gets_the_same_helpful_page(website: Any, token: str) -> None:
    browser = website.browser()
    answer = browser.get(f"/invitation/{token}")
    assert answer.status_code == 404
    if "/" not in token:
        assert "nieuwe uitnodiging" in answer.text
        browser.get("/log-in")
        fields = {"name": "X", "new": NEW}
        assert browser.post(f"/invitation/{token}", fields).status_code == 404
        assert browser.post(f"/reset/{token}", {"new": NEW}).status_code == 404


def test_an_expired_a_withdrawn_and_a_used_invitation_say_the_same(website: Any) -> None:
    pages = set()
    old = invite(website)
    invite(website)
    pages.add(_bare(website.browser().get(old)))
    expired = invite(website)
    website.clock.move(days=7, seconds=1)
    pages.add(_bare(website.browser().get(expired)))
    used = invite(website)
    browser = website.browser()
    browser.get(used)
    browser.post(used, {"name": "Hilde Raes", "new": NEW})
    pages.add(_bare(website.browser().get(used)))
    assert len(pages) == 1


def _bare(answer: Any) -> str:
    assert answer.status_code == 404
    return re.sub(r"/invitation/[\w-]+", "", answer.text)


def test_a_weak_password_keeps_the_invitation_open(website: Any) -> None:
    link = invite(website)
    browser = website.browser()
    browser.get(link)
    refused = browser.post(link, {"name": "Hilde Raes", "new": "hilde raes 123"})
    assert refused.status_code == 422
    assert 'value="Hilde Raes"' in refused.text
    assert "hilde raes 123" not in refused.text
    assert website.browser().get(link).status_code == 200


def test_an_address_that_has_an_account_is_told_to_log_in(website: Any) -> None:
    website.account_of(Role.ADVISER)
    link = invite(website)
    with website.database.session(website.organisation.id) as session:
        person = session.get_one(invitations.Person, website.organisation.people[Role.HR])
        person.mail = "adviser@voorbeeld.example"
    browser = website.browser()
    browser.get(link)
    refused = browser.post(link, {"name": "X", "new": NEW})
    assert (refused.status_code, "Er is al een account" in refused.text) == (422, True)


def test_the_answer_to_a_forgotten_password_tells_nothing(website: Any) -> None:
    known = website.account_of(Role.ADVISER)
    answers = []
    for mail in (known, "niemand-hie@voorbeeld.example"):
        browser = website.browser()
        browser.get("/forgotten")
        answer = browser.post("/forgotten", {"mail": mail})
        answers.append((answer.status_code, dict(answer.headers), answer.content))
        answers.append(browser.get("/forgotten/sent").text)
    assert answers[:2] == answers[2:]
    with website.database.read(None) as session:
        jobs = session.scalars(select(Job.name)).all()
    assert jobs == ["mail.password_reset"] * 2


def test_without_a_mail_server_nobody_is_told_to_wait_for_a_mail(website: Any) -> None:
    website.app.state.settings = replace(website.settings, mail=None)
    browser = website.browser()
    page = browser.get("/forgotten")
    assert "verstuurt geen mail" in page.text
    assert "<form method" not in page.text
    assert browser.get("/forgotten/sent").headers["location"] == "/forgotten"
    browser.get("/log-in")
    for mail in (website.account_of(Role.ADVISER), "niemand@voorbeeld.example"):
        asked = browser.post("/forgotten", {"mail": mail})
        assert (asked.status_code, asked.headers["location"]) == (303, "/forgotten")
    with website.database.read(None) as session:
        assert session.scalars(select(Job.name)).all() == []


def test_asking_too_often_waits_for_known_and_unknown_alike(website: Any) -> None:
    known = website.account_of(Role.ADVISER)
    for mail in (known, "niemand@voorbeeld.example"):
        browser = website.browser()
        browser.get("/forgotten")
        statuses = [browser.post("/forgotten", {"mail": mail}).status_code for _ in range(4)]
        assert statuses == [303, 303, 303, 429]


def test_a_reset_leads_to_the_log_in_with_both_steps(website: Any) -> None:
    known = website.account_of(Role.ADVISER)
    inside = website.browser(Role.ADVISER)
    browser = website.browser()
    browser.get("/forgotten")
    browser.post("/forgotten", {"mail": known})
    with website.database.read(None) as session:
        row = session.scalars(select(PasswordReset)).one()
    link = f"/reset/{resets.get_token(website.app.state.key_store, row.id)}"
    for _ in range(2):
        assert browser.get(link).status_code == 200
    assert browser.post(link, {"new": "kort"}).status_code == 422
    answer = browser.post(link, {"new": NEW})
    assert answer.headers["location"] == "/log-in?done=account.done_reset"
    assert inside.get("/account").status_code == 303
    assert browser.get(link).status_code == 404
    assert browser.post(link, {"new": NEW}).status_code == 404
    browser.get("/log-in")
    answer = browser.post("/log-in", {"mail": known, "password": NEW})
    assert answer.headers["location"].startswith("/log-in/factor")
    assert browser.get("/account").headers["location"].startswith("/log-in/factor")


def lose(website: Any, role: Role) -> Any:
    """Somebody with a password who asks for a new factor."""
    browser = website.browser()
    mail = website.account_of(role)
    browser.get("/log-in")
    browser.post("/log-in", {"mail": mail, "password": PASSWORD})
    page = browser.get("/log-in/lost").text
    assert "Nieuwe tweede stap vragen" in page
    assert ("bij elke stap een mail" in page) == (website.app.state.settings.mail is not None)
    assert browser.post("/log-in/lost").headers["location"] == "/log-in/lost"
    return browser


def request_of(website: Any) -> str:
    with website.database.read(None) as session:
        return str(session.scalars(select(LostFactor.id)).one())


def test_from_a_lost_telephone_to_a_new_one(website: Any) -> None:
    own = website.browser(Role.HR)
    browser = lose(website, Role.HR)
    root = f"{website.root}/lost-factors"
    assert own.get(root).status_code == 403
    for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT):
        assert browser.post("/log-in/lost/anew").status_code == 403
        approver = website.browser(role)
        assert "An Peeters" in approver.get(root).text
        one = f"{root}/{request_of(website)}"
        assert f'href="{one}"' in approver.get(website.root).text
        assert f'href="{root}"' in approver.get(f"{website.root}/people").text
        assert "Goedkeuren" in approver.get(one).text
        assert approver.post(f"{one}/approve").status_code == 303
        assert approver.post(f"{one}/approve").status_code == 409
    assert "Opnieuw beginnen" in browser.get("/log-in/lost").text
    answer = browser.post("/log-in/lost/anew")
    assert answer.headers["location"] == "/log-in/set-up"
    assert own.get("/account").status_code == 303
    assert set_up(website, browser, "/log-in/set-up").status_code == 200
    assert browser.get("/account").status_code == 200
    with website.database.read(None) as session:
        jobs = session.scalars(select(Job.name)).all()
    assert sorted(jobs) == [
        "mail.factor_lost_approved",
        "mail.factor_lost_asked",
        "mail.factor_lost_done",
    ]


def test_without_a_mail_server_nobody_waits_for_a_letter(website: Any) -> None:
    website.app.state.settings = replace(website.app.state.settings, mail=None)
    browser = lose(website, Role.HR)
    assert "Spreek zelf twee mensen aan" in browser.get("/log-in/lost").text
    one = f"{website.root}/lost-factors/{request_of(website)}"
    asking = f"{website.root}/lost-factors/new/{website.organisation.people[Role.HR]}"
    assert "Zeg Persoon hr zelf" in website.browser(Role.ADMINISTRATOR).get(asking).text
    for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT):
        approver = website.browser(role)
        assert "Laat An Peeters zelf weten" in approver.get(one).text
        assert approver.post(f"{one}/approve").status_code == 303
    assert browser.get("/log-in/lost").status_code == 200
    assert browser.post("/log-in/lost/anew").headers["location"] == "/log-in/set-up"
    with website.database.read(None) as session:
        assert session.scalars(select(Job.name)).all() == []


def test_whoever_can_read_much_waits_a_day(website: Any) -> None:
    browser = lose(website, Role.ADVISER)
    one = f"{website.root}/lost-factors/{request_of(website)}"
    first, second = (website.browser(role) for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT))
    assert "vertrouwelijke feiten" in first.get(one).text
    assert first.post(f"{one}/approve").status_code == 303
    second.get(one)
    refused = second.post(f"{one}/approve")
    assert (refused.status_code, "vertrouwelijke feiten" in refused.text) == (403, True)
    contact = website.organisation.people[Role.MAIN_CONTACT]
    with website.database.session(website.organisation.id) as session:
        session.add(RoleGrant(person_id=contact, role=Role.EMPLOYER, from_on=date(2020, 1, 1)))
    assert second.post(f"{one}/approve").status_code == 303
    assert "wacht Baken nog tot 3\u00a0maart 2026" in browser.get("/log-in/lost").text
    assert browser.post("/log-in/lost/anew").status_code == 403


def test_an_approval_that_counts_no_longer_opens_the_request_again(website: Any) -> None:
    browser = lose(website, Role.HR)
    one = f"{website.root}/lost-factors/{request_of(website)}"
    for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT):
        approver = website.browser(role)
        approver.get(one)
        assert approver.post(f"{one}/approve").status_code == 303
    person = website.organisation.people[Role.ADMINISTRATOR]
    with website.database.session(website.organisation.id) as session:
        asked = select(RoleGrant).where(RoleGrant.person_id == person)
        session.scalars(asked).one().ended_at = website.clock.now
    refused = browser.post("/log-in/lost/anew")
    assert (refused.status_code, "staat weer open" in refused.text) == (403, True)
    assert "Goedgekeurd door 0 van de 2" in browser.get("/log-in/lost").text
    assert "Goedkeuren" in approver.get(one).text


def test_an_administrator_asks_for_somebody_and_stops_it(website: Any) -> None:
    website.account_of(Role.HR)
    browser = website.browser(Role.ADMINISTRATOR)
    new = f"{website.root}/lost-factors/new/{website.organisation.people[Role.HR]}"
    person = f"{website.root}/people/{website.organisation.people[Role.HR]}"
    assert f'href="{new}"' in browser.get(person).text
    assert f'href="{new}"' not in website.browser(Role.ADVISER).get(person).text
    assert "Persoon hr" in browser.get(new).text
    assert browser.post(new).status_code == 303
    own = f"{website.root}/lost-factors/new/{website.organisation.people[Role.ADMINISTRATOR]}"
    browser.get(own)
    assert browser.post(own).status_code == 403
    one = f"{website.root}/lost-factors/{request_of(website)}"
    assert browser.post(f"{one}/stop").status_code == 303
    assert browser.get(one).status_code == 404


def test_deciding_asks_for_a_fresh_factor(website: Any) -> None:
    lose(website, Role.HR)
    browser = website.browser(Role.ADMINISTRATOR)
    website.clock.move(minutes=11)
    one = f"{website.root}/lost-factors/{request_of(website)}"
    assert browser.get(one).status_code == 403
    browser.get(f"{website.root}/lost-factors")
    assert browser.post(f"{one}/approve").status_code == 403
