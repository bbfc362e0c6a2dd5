"""The pages of people: who has a task, roles with their days, invitations; and the record."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

import baken
from baken.organisation.models import Invitation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.storage.jobs import Job
from baken.survey.campaigns.rules import CampaignState
from baken.web.mail.settings import MailSettings
from baken.web.pages.audit import in_words
from baken.web.texts import LANGUAGES, catalogue
from tests.accounts import open_account
from tests.databases import listening

TODAY = date(2026, 3, 2)
NEW = {
    "name": "Lies Maes",
    "role": "cpbw_member",
    "unit": "",
    "task": "Secretaris",
    "mail": "lies@voorbeeld.example",
    "from_on": "2026-03-02",
    "until_on": "",
}


def grant_of(website: Any, person_id: UUID, role: Role) -> RoleGrant:
    asked = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == role)
    with website.database.read(website.organisation.id) as session:
        return session.scalars(asked).one()


def page_of(website: Any, role: Role) -> str:
    return f"{website.root}/people/{website.organisation.people[role]}"


def role_page(website: Any, role: Role) -> tuple[str, str]:
    """The address where the role of the person with `role` ends, and the version it has."""
    grant = grant_of(website, website.organisation.people[role], role)
    return f"{page_of(website, role)}/roles/{grant.id}", str(grant.version)


@pytest.fixture
def contact(website: Any) -> Any:
    """The main contact in a browser."""
    return website.browser(Role.MAIN_CONTACT)


def test_the_list_shows_everybody_with_their_roles(website: Any) -> None:
    page = website.browser(Role.ADVISER).get(f"{website.root}/people").text
    for name in ("Persoon administrator", "Persoon unit_head"):
        assert name in page
    assert "Lid van het CPBW" in page
    assert "Iemand toevoegen" not in page


def test_the_list_takes_as_many_questions_for_thirty_as_for_sixteen(
    website: Any, contact: Any
) -> None:
    few = statements(website, contact, "/people")
    with website.database.session(website.organisation.id) as session:
        for at in range(30):
            person = Person(name=f"Meer {at}")
            session.add(person)
            session.flush()
            session.add(RoleGrant(person_id=person.id, role=Role.CLERK, from_on=TODAY))
    assert statements(website, contact, "/people") == few


def statements(website: Any, browser: Any, path: str) -> int:
    """How many questions a page asks the database of the running application."""
    seen: list[str] = []
    engine = website.app.state.database.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with listening(engine, "before_cursor_execute", note):
        assert browser.get(website.root + path).status_code == 200
    return len(seen)


def test_somebody_is_added_without_an_invitation(website: Any, contact: Any) -> None:
    answer = contact.post(f"{website.root}/people/new", NEW)
    assert answer.status_code == 303
    page = contact.get(answer.headers["location"]).text
    assert "Lies Maes" in page
    assert "De persoon is toegevoegd." in page
    assert "Nog geen account" in page


def send_mail(website: Any) -> None:
    """Give the installation a mail server."""
    mail = MailSettings(host="mail.voorbeeld.example", sender="baken@voorbeeld.example")
    website.app.state.settings = replace(website.settings, mail=mail)


def letters_waiting(website: Any) -> int:
    with website.database.read(website.organisation.id) as session:
        return len(session.scalars(select(Job.id).where(Job.name == "mail.invitation")).all())


def test_an_invitation_is_sent_again_and_withdrawn(website: Any, contact: Any) -> None:
    send_mail(website)
    assert "verstuurt nog geen mail" not in contact.get(f"{website.root}/people/new").text
    answer = contact.post(f"{website.root}/people/new", {**NEW, "invite": "y"})
    person = answer.headers["location"].partition("?")[0]
    assert "De uitnodiging wordt verstuurd." in contact.get(answer.headers["location"]).text
    assert "Uitgenodigd" in contact.get(f"{website.root}/people").text
    assert contact.post(f"{person}/invitation").status_code == 303
    assert (open_invitations(website), letters_waiting(website)) == (1, 2)
    gone = contact.post(f"{person}/invitation/withdraw")
    assert "werkt niet meer" in contact.get(gone.headers["location"]).text
    assert open_invitations(website) == 0
    assert contact.post(f"{person}/invitation/withdraw").status_code == 404


def test_without_mail_whoever_invites_sees_the_link_once(website: Any, contact: Any) -> None:
    assert "verstuurt nog geen mail" in contact.get(f"{website.root}/people/new").text
    answer = contact.post(f"{website.root}/people/new", {**NEW, "invite": "y"})
    assert answer.status_code == 200
    first = link_on(answer)
    person = re.findall(rf'href="({website.root}/people/[0-9a-f-]+)"', answer.text)[0]
    page = contact.get(person).text
    assert "verstuurt nog geen mail" in page
    assert "ging naar" not in page
    assert "/invitation/ey" not in page
    second = link_on(contact.post(f"{person}/invitation"))
    guest = website.browser()
    assert "werkt niet meer" in guest.get(first).text
    assert "Persoon main_contact" in guest.get(second).text
    assert "/invitation/" + second.rpartition("/")[2] not in contact.get(person).text
    assert (open_invitations(website), letters_waiting(website)) == (1, 0)
    with website.database.read(website.organisation.id) as session:
        sent = [entry for entry in list_entries(session) if entry.action == "invitation.sent"]
        assert [entry.facts["is_by_mail"] for entry in sent] == [False, False]
    website.clock.move(minutes=11)
    assert contact.post(f"{person}/invitation").status_code == 403


def link_on(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    [link] = re.findall(r"http://[^<]+(/invitation/[^<]+)</code>", answer.text)
    return link


def open_invitations(website: Any) -> int:
    asked = select(Invitation).where(Invitation.withdrawn_at.is_(None))
    with website.database.read(website.organisation.id) as session:
        return len(session.scalars(asked).all())


def test_another_address_ends_the_invitation_to_the_former_one(website: Any, contact: Any) -> None:
    send_mail(website)
    added = contact.post(f"{website.root}/people/new", {**NEW, "invite": "y"})
    person = added.headers["location"].partition("?")[0]
    shown = contact.get(f"{person}/edit").text
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version
    assert 'value="lies@voorbeeld.example"' in shown
    sent = {"name": "Lies Maes", "task": "", "mail": "l.maes@voorbeeld.example"}
    answer = contact.post(f"{person}/edit", {**sent, "version": version[1]})
    page = contact.get(answer.headers["location"]).text
    assert "l.maes@voorbeeld.example" in page
    assert "Nog geen account" in page
    assert open_invitations(website) == 0
    stale = contact.post(f"{person}/edit", {**sent, "version": version[1]})
    assert stale.status_code == 422
    assert "intussen" in stale.text
    nameless = contact.post(f"{person}/edit", {**sent, "name": "", "version": version[1]})
    assert 'id="name-error"' in nameless.text


WRONG = [
    ({"name": " "}, 'id="name-error"'),
    ({"name": "x" * 201}, 'id="name-error"'),
    ({"role": "owner"}, 'id="role-error"'),
    ({"role": ""}, 'id="role-error"'),
    ({"role": "unit_head"}, "Kies de eenheid die deze persoon leidt."),
    ({"role": "guest"}, "Een gast heeft een laatste dag nodig"),
    ({"role": "guest", "until_on": "2026-05-31"}, "hoogstens 90 dagen"),
    ({"unit": "5f0e"}, 'id="unit-error"'),
    ({"mail": "geen adres"}, "Dit lijkt geen e-mailadres."),
    ({"mail": "a@b.be\r\nBcc: c@d.be"}, "Dit lijkt geen e-mailadres."),
    ({"mail": "", "invite": "y"}, "Vul een e-mailadres in"),
    ({"from_on": "2026-03-01"}, "Een rol begint vandaag of later"),
    ({"from_on": "2027-12-01"}, "Een rol begint binnen het jaar."),
    ({"from_on": ""}, 'id="from_on-error"'),
    ({"until_on": "2026-03-01"}, "De laatste dag ligt voor de eerste."),
    ({"until_on": "9999-12-31"}, 'id="until_on-error"'),
]


def test_what_is_wrong_stands_beside_the_form_with_what_was_typed(
    website: Any, contact: Any
) -> None:
    for changed, said in WRONG:
        answer = contact.post(f"{website.root}/people/new", {**NEW, **changed})
        assert answer.status_code == 422, changed
        assert said in unescape(answer.text), changed
        assert 'value="Secretaris"' in answer.text, changed
    assert "Lies Maes" not in contact.get(f"{website.root}/people").text


def test_an_administrator_chooses_only_other_administrators(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    page = browser.get(f"{website.root}/people/new").text
    assert re.findall(r'<option value="([a-z_]+)"', page) == ["administrator"]
    answer = browser.post(f"{website.root}/people/new", NEW)
    assert answer.status_code == 422
    assert "Vraag deze rol aan het hoofdcontact." in unescape(answer.text)


def test_nobody_is_offered_a_role_for_themselves(website: Any, contact: Any) -> None:
    own = page_of(website, Role.MAIN_CONTACT)
    page = contact.get(own).text
    assert f"{own}/roles/new" not in page
    assert "Niemand geeft zichzelf een rol" in page
    answer = contact.post(
        f"{own}/roles/new", {"role": "adviser", "from_on": "2026-03-02", "unit": ""}
    )
    assert answer.status_code == 422
    assert "Niemand geeft zichzelf een rol" in answer.text


def test_a_second_role_is_given_and_the_person_uses_it_at_once(website: Any, contact: Any) -> None:
    clerk = website.browser(Role.CLERK)
    assert clerk.get(f"{website.root}/follow-up").status_code == 403
    person = page_of(website, Role.CLERK)
    assert "Vertrouwenspersoon" in contact.get(f"{person}/roles/new").text
    sent = {"role": "working_group_member", "unit": "", "from_on": "2026-03-02", "until_on": ""}
    answer = contact.post(f"{person}/roles/new", sent)
    assert answer.status_code == 303
    assert "Lid van een werkgroep" in contact.get(answer.headers["location"]).text
    assert clerk.get(f"{website.root}/follow-up").status_code == 200
    again = contact.post(f"{person}/roles/new", sent)
    assert again.status_code == 422
    assert "heeft deze rol al" in again.text
    odd = contact.post(f"{person}/roles/new", {**sent, "from_on": "straks"})
    assert 'id="from_on-error"' in odd.text


# Brussels: in March the clock jumps from 2 to 3 in the night of the 29th, in October it goes back
# from 3 to 2 in the night of the 25th. Midnight is at 23:00 UTC in winter and at 22:00 in summer.
def at(day: int, month: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


DAYS = [
    ("2026-03-03", at(2, 3, 23), at(3, 3, 23)),
    ("2026-03-28", at(27, 3, 23), at(28, 3, 23)),
    ("2026-03-29", at(28, 3, 23), at(29, 3, 22)),
    ("2026-07-14", at(13, 7, 22), at(14, 7, 22)),
    ("2026-10-24", at(23, 10, 22), at(24, 10, 22)),
    ("2026-10-25", at(24, 10, 22), at(25, 10, 23)),
    ("2026-12-31", at(30, 12, 23), at(31, 12, 23)),
]


def test_a_role_of_one_day_holds_from_midnight_to_midnight_in_brussels(
    website: Any, contact: Any
) -> None:
    person = page_of(website, Role.CLERK)
    for day, _, _ in DAYS:
        sent = {"role": "guest", "unit": "", "from_on": day, "until_on": day}
        assert contact.post(f"{person}/roles/new", sent).status_code == 303
    second = timedelta(seconds=1)
    turns = [turn for _, begin, end in DAYS for turn in (begin, end)]
    for instant in (moment for turn in turns for moment in (turn - second, turn, turn + second)):
        website.clock.now = instant
        holds = any(begin <= instant < end for _, begin, end in DAYS)
        answer = website.browser(Role.CLERK).get(f"{website.root}/plans")
        assert answer.status_code == (200 if holds else 403), instant


def test_a_role_is_taken_away_at_once(website: Any, contact: Any) -> None:
    member = website.browser(Role.STEERING_MEMBER)
    assert member.get(website.root).status_code == 200
    path, version = role_page(website, Role.STEERING_MEMBER)
    sent = {"how": "at_once", "until_on": "", "version": version}
    answer = contact.post(path, sent)
    page = contact.get(answer.headers["location"]).text
    assert "De rol is afgenomen." in page
    assert "Vroegere rollen" in page
    assert "nam de rol Lid van de stuurgroep meteen af" in page
    assert member.get(website.root).status_code == 404
    assert contact.get(path).status_code == 404
    assert contact.post(path, sent).status_code == 404


def test_a_role_gets_a_last_day_and_loses_it_again(website: Any, contact: Any) -> None:
    path, version = role_page(website, Role.STEERING_MEMBER)
    assert 'value="2026-03-02"' in contact.get(path).text
    sent = {"how": "on_day", "until_on": "2026-03-20", "version": version}
    page = contact.get(contact.post(path, sent).headers["location"]).text
    assert "Eindigt binnenkort" in page
    assert "Eindigt binnenkort" in contact.get(f"{website.root}/people").text
    path, version = role_page(website, Role.STEERING_MEMBER)
    contact.post(path, {"how": "no_end", "until_on": "2026-03-20", "version": version})
    assert "Eindigt binnenkort" not in contact.get(f"{website.root}/people").text


def test_a_day_that_cannot_be_is_refused(website: Any, contact: Any) -> None:
    path, version = role_page(website, Role.STEERING_MEMBER)
    for day in ("2026-03-01", "gisteren", "", "9999-12-31", "2026-02-30"):
        answer = contact.post(path, {"how": "on_day", "until_on": day, "version": version})
        assert answer.status_code == 422, day
        assert 'role="alert"' in answer.text
    assert contact.post(path, {"how": "", "version": version}).status_code == 422


def test_somebody_who_leaves_is_out_at_once(website: Any, contact: Any) -> None:
    person = page_of(website, Role.HR)
    hr = website.browser(Role.HR)
    assert hr.get(website.root).status_code == 200
    assert "Medewerker personeelsdienst" in contact.get(f"{person}/leave").text
    answer = contact.post(f"{person}/leave")
    assert "Alle rollen zijn afgenomen." in contact.get(answer.headers["location"]).text
    assert hr.get(website.root).status_code == 404
    listed = contact.get(f"{website.root}/people").text
    assert "Zonder rol" in listed
    assert contact.post(f"{person}/leave").status_code == 404


def test_whoever_leaves_by_their_own_hand_lands_outside(website: Any, contact: Any) -> None:
    website.account_of(Role.ADMINISTRATOR)
    answer = contact.post(f"{page_of(website, Role.MAIN_CONTACT)}/leave")
    assert answer.headers["location"].startswith("/organisations")
    assert contact.get(website.root).status_code == 404


def test_somebody_who_hands_out_rights_stays(website: Any, contact: Any) -> None:
    path, version = role_page(website, Role.MAIN_CONTACT)
    answer = contact.post(path, {"how": "at_once", "until_on": "", "version": version})
    assert answer.status_code == 422
    assert "Vanaf 2\u00a0maart 2026 zou hier niemand" in answer.text
    answer = contact.post(path, {"how": "on_day", "until_on": "2026-03-02", "version": version})
    assert "Vanaf 3\u00a0maart 2026 zou hier niemand" in answer.text


def test_changing_rights_asks_for_a_fresh_factor(website: Any, contact: Any) -> None:
    path, version = role_page(website, Role.STEERING_MEMBER)
    website.clock.move(minutes=11)
    assert contact.get(f"{website.root}/people").status_code == 200
    for guarded in (path, f"{website.root}/people/new"):
        assert contact.get(guarded).status_code == 403
    answer = contact.post(path, {"how": "at_once", "until_on": "", "version": version})
    assert answer.status_code == 403
    assert (
        grant_of(
            website, website.organisation.people[Role.STEERING_MEMBER], Role.STEERING_MEMBER
        ).ended_at
        is None
    )


def test_a_person_of_another_organisation_is_nowhere(website: Any, contact: Any) -> None:
    other = website.add_organisation("Ander Huis")
    foreign = f"{website.root}/people/{other.people[Role.CLERK]}"
    for path in ("", "/edit", "/leave", "/roles/new"):
        assert contact.get(foreign + path).status_code == 404
    assert contact.post(f"{foreign}/invitation").status_code == 404
    grant = grant_of_other(website, other)
    assert contact.get(f"{foreign}/roles/{grant}").status_code == 404
    assert contact.get(f"{page_of(website, Role.CLERK)}/roles/{grant}").status_code == 404


def grant_of_other(website: Any, other: Any) -> UUID:
    with website.database.read(other.id) as session:
        return session.scalars(select(RoleGrant)).all()[0].id


def test_a_form_without_its_token_changes_nothing(website: Any, contact: Any) -> None:
    contact.token = "guessed"
    assert contact.post(f"{website.root}/people/new", NEW).status_code in {403, 422}
    assert "Lies Maes" not in contact.get(f"{website.root}/people").text


def test_the_record_says_in_words_what_was_done(website: Any) -> None:
    browser = website.browser(Role.MAIN_CONTACT)
    browser.post(f"{website.root}/people/new", NEW)
    page = unescape(browser.get(f"{website.root}/audit").text)
    assert "Het logboek is ongeschonden" in page
    assert "Persoon main_contact" in page
    assert "voegde iemand toe als Lid van het CPBW" in page

    noted = re.search(r"\d+:[0-9a-f]{64}", page)
    assert noted is not None
    again = unescape(browser.get(f"{website.root}/audit?head={noted[0]}").text)
    assert "Deze regel past" in again
    cut_off = browser.get(f"{website.root}/audit?head=9:{'0' * 64}").text
    assert "Het logboek klopt niet meer vanaf nummer" in cut_off
    assert "geen regel uit het logboek" in browser.get(f"{website.root}/audit?head=x:y").text


def test_the_record_shows_where_it_was_changed(website: Any) -> None:
    browser = website.browser(Role.MAIN_CONTACT)
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
        facts = {"measures": 3, "number": 2}  # those that words name
        wordless = {act for act in acts if in_words(act, facts, texts) == act}
        assert wordless == set(), language


def test_an_administrator_reads_why_there_are_few_roles_and_who_gives_the_others(
    website: Any, contact: Any
) -> None:
    few = "Persoon main_contact. Moet iemand anders hoofdcontact zijn?"
    administrator = website.browser(Role.ADMINISTRATOR)
    for path in (f"{website.root}/people/new", f"{page_of(website, Role.CLERK)}/roles/new"):
        assert few in administrator.get(path).text
        assert "U geeft hier" not in contact.get(path).text
    page, version = role_page(website, Role.MAIN_CONTACT)
    administrator.get(page)
    administrator.post(page, {"how": "at_once", "version": version})
    page = administrator.get(f"{website.root}/people/new").text
    assert "die van het eerste hoofdcontact" in page


def test_one_mail_address_is_one_person(website: Any, contact: Any) -> None:
    path = f"{website.root}/people/new"
    contact.get(path)
    assert contact.post(path, NEW).status_code == 303
    again = contact.post(path, NEW | {"name": "Liesbeth", "mail": "LIES@voorbeeld.example"})
    assert again.status_code == 422
    assert "Lies Maes heeft dit mailadres al" in unescape(again.text)
    edit = f"{page_of(website, Role.CLERK)}/edit"
    contact.get(edit)
    sent = {"name": "Persoon clerk", "task": "", "mail": NEW["mail"], "version": "1"}
    refused = contact.post(edit, sent)
    assert (refused.status_code, "heeft dit mailadres al" in refused.text) == (422, True)
    # with this address somebody here logs in, and it stands beside no name
    own = website.account_of(Role.HR)
    taken = contact.post(path, NEW | {"name": "Nog iemand", "mail": own.upper()})
    assert taken.status_code == 422
    assert "Persoon hr heeft dit mailadres al, of meldt zich ermee aan." in unescape(taken.text)
    # that of somebody elsewhere is not told from one that nobody has
    with website.database.session(None) as session:
        open_account(
            session, "elders@voorbeeld.example", "vier woorden op een rij", now=website.clock.now
        )
    elsewhere = NEW | {"name": "Elders", "mail": "elders@voorbeeld.example"}
    assert contact.post(path, elsewhere).status_code == 303
