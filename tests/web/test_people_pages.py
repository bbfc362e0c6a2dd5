"""The pages of people: who has a task, adding somebody, ending a role; and the record."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import baken
from baken.organisation.permissions import Role
from baken.survey.campaigns.rules import CampaignState
from baken.web.pages.audit import in_words
from baken.web.texts import LANGUAGES, catalogue

NEW = {
    "name": "Lies Maes",
    "role": "cpbw_member",
    "unit": "",
    "task": "Secretaris",
    "mail": "lies@voorbeeld.example",
}


def test_the_list_shows_everybody_with_their_roles(website: Any) -> None:
    page = website.browser(Role.ADVISER).get(f"{website.root}/people").text
    for name in ("Persoon administrator", "Persoon unit_head"):
        assert name in page
    assert "Lid van het CPBW" in page
    assert "Iemand toevoegen" not in page


def test_somebody_without_an_account_is_added(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    answer = browser.post(f"{website.root}/people/new", NEW)
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "Lies Maes" in page
    assert "De persoon is toegevoegd." in page


def test_the_password_is_shown_once_and_works(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    answer = browser.post(f"{website.root}/people/new", {**NEW, "account": "y"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    password = re.search(r"<code>([a-z2-9-]+)</code>", answer.text)
    assert password is not None
    assert len(password[1]) >= 15
    assert password[1] not in browser.get(f"{website.root}/people").text

    browser.client.cookies.clear()
    browser.get("/log-in")
    fields = {"mail": NEW["mail"], "password": password[1]}
    assert browser.post("/log-in", fields).status_code == 303
    assert browser.get(website.root).status_code == 200


def test_a_taken_address_is_refused_and_nothing_is_half_done(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    mail = website.account_of(Role.ADMINISTRATOR)
    answer = browser.post(f"{website.root}/people/new", {**NEW, "mail": mail, "account": "y"})
    assert answer.status_code == 422
    assert "Er is al een account met het adres" in answer.text
    assert 'value="Lies Maes"' in answer.text
    assert "Lies Maes" not in browser.get(f"{website.root}/people").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, 'id="name-error"'),
        ({"name": "x" * 201}, 'id="name-error"'),
        ({"role": "owner"}, 'id="role-error"'),
        ({"role": "unit_head"}, "Kies de eenheid die deze persoon leidt."),
        ({"unit": "5f0e"}, 'id="unit-error"'),
        ({"mail": "geen adres"}, "Dit lijkt geen e-mailadres."),
        ({"mail": "a@b.be\r\nBcc: c@d.be"}, "Dit lijkt geen e-mailadres."),
        ({"mail": "", "account": "y"}, "Vul een e-mailadres in"),
    ],
)
def test_what_is_wrong_stands_beside_the_form_with_what_was_typed(
    website: Any, changed: dict[str, str], said: str
) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    answer = browser.post(f"{website.root}/people/new", {**NEW, **changed})
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'value="Secretaris"' in answer.text


def test_a_role_ends_on_a_day(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    person = website.organisation.people[Role.STEERING_MEMBER]
    path = f"{website.root}/people/{person}/roles/steering_member"
    assert 'value="2026-03-02"' in browser.get(path).text
    assert browser.post(path, {"until_on": "2026-03-01"}).status_code == 303
    assert "Lid van de stuurgroep" not in browser.get(f"{website.root}/people").text
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-01", "gisteren", "", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(website: Any, day: str) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    person = website.organisation.people[Role.STEERING_MEMBER]
    path = f"{website.root}/people/{person}/roles/steering_member"
    answer = browser.post(path, {"until_on": day})
    assert answer.status_code == 422
    assert 'id="until_on-error"' in answer.text


def test_the_last_administrator_stays(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    person = website.organisation.people[Role.ADMINISTRATOR]
    path = f"{website.root}/people/{person}/roles/administrator"
    answer = browser.post(path, {"until_on": "2026-03-02"})
    assert answer.status_code == 422
    assert "Dit is de laatste beheerder." in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_and_change_people(website: Any, role: Role) -> None:
    browser = website.browser(role)
    may_see = role in {Role.ADMINISTRATOR, Role.ADVISER, Role.PREVENTION_ADVISER}
    may_edit = role is Role.ADMINISTRATOR
    person = website.organisation.people[Role.CPBW_MEMBER]
    end = f"{website.root}/people/{person}/roles/cpbw_member"
    assert browser.get(f"{website.root}/people").status_code == (200 if may_see else 403)
    assert browser.get(f"{website.root}/people/new").status_code == (200 if may_edit else 403)
    assert browser.get(end).status_code == (200 if may_edit else 403)
    added = browser.post(f"{website.root}/people/new", NEW)
    assert added.status_code == (303 if may_edit else 403)
    ended = browser.post(end, {"until_on": "2026-03-02"})
    assert ended.status_code == (303 if may_edit else 403)


def test_a_form_without_its_token_changes_nothing(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    browser.token = "guessed"
    assert browser.post(f"{website.root}/people/new", NEW).status_code in {403, 422}
    assert "Lies Maes" not in browser.get(f"{website.root}/people").text


def test_the_record_says_in_words_what_was_done(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    browser.post(f"{website.root}/people/new", NEW)
    page = unescape(browser.get(f"{website.root}/audit").text)
    assert "Het logboek is ongeschonden" in page
    assert "Persoon administrator" in page
    assert "voegde iemand toe als Lid van het CPBW" in page

    noted = re.search(r"\d+:[0-9a-f]{64}", page)
    assert noted is not None
    again = unescape(browser.get(f"{website.root}/audit?head={noted[0]}").text)
    assert "Deze regel past" in again
    cut_off = browser.get(f"{website.root}/audit?head=9:{'0' * 64}").text
    assert "Het logboek klopt niet meer vanaf nummer" in cut_off
    assert "geen regel uit het logboek" in browser.get(f"{website.root}/audit?head=x:y").text


def test_the_record_shows_where_it_was_changed(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    browser.post(f"{website.root}/people/new", NEW)
    with website.database.engine.begin() as connection:  # whoever owns the file can do this
        connection.execute(text("DROP TRIGGER audit_entry_fixed"))
        connection.execute(text("UPDATE audit_entry SET subject = 'person:0' WHERE seq = 1"))
    page = browser.get(f"{website.root}/audit").text
    assert "Het logboek klopt niet meer vanaf nummer 1" in page


def test_every_recorded_act_has_its_words() -> None:
    sources = [path.read_text() for path in Path(baken.__file__).parent.rglob("*.py")]
    call = re.compile(r'record\(\s*session,\s*"([a-z_]+\.[a-z_]+)"')
    acts = {act for source in sources for act in call.findall(source)}
    acts |= {f"campaign.{state}" for state in CampaignState if state not in {"draft", "running"}}
    assert len(acts) > 20
    for language in LANGUAGES:
        texts = catalogue(language)
        wordless = {act for act in acts if in_words(act, {}, texts) == act}
        assert wordless == set(), language


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_the_record(website: Any, role: Role) -> None:
    hidden_for = {Role.STEERING_MEMBER, Role.UNIT_HEAD}
    answer = website.browser(role).get(f"{website.root}/audit")
    assert answer.status_code == (403 if role in hidden_for else 200)
