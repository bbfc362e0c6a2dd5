"""An installer makes an organisation, in the browser and from the shell."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from baken.organisation.models import Account, Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries, verify
from baken.storage.jobs import Job
from baken.web.commands.main import main
from baken.web.mail.settings import MailSettings

HOUSE = {
    "house_name": "Zorghuis De Linde (fictief)",
    "language_of": "fr",
    "name": "Mia Contact",
    "mail": "mia@linde.example",
}


@pytest.fixture
def installer(website: Any) -> Any:
    mail = website.account_of(Role.ADMINISTRATOR)
    with website.database.session(None) as session:
        session.scalars(select(Account).where(Account.mail == mail)).one().is_installer = True
    return website.browser(Role.ADMINISTRATOR)


def made(website: Any) -> Organisation | None:
    with website.database.read(None) as session:
        asked = select(Organisation).where(Organisation.name == HOUSE["house_name"])
        return session.scalars(asked).one_or_none()


def test_without_mail_the_link_is_shown_once_and_makes_the_main_contact(
    website: Any, installer: Any
) -> None:
    assert 'href="/installation/new"' in installer.get("/installation").text
    assert "verstuurt geen mail" in installer.get("/installation/new").text
    answer = installer.post("/installation/new", HOUSE)
    assert answer.status_code == 200
    [link] = re.findall(r"http://[^<]+(/invitation/[^<]+)</code>", answer.text)
    guest = website.browser()
    assert "Zorghuis De Linde" in guest.get(link).text
    house = made(website)
    assert house is not None
    assert house.language == "fr"
    with website.database.read(house.id) as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.mail) == ("Mia Contact", "mia@linde.example")
        assert session.scalars(select(RoleGrant)).one().role is Role.MAIN_CONTACT
        acts = [entry.action for entry in list_entries(session)]
        assert sorted(acts) == ["invitation.sent", "organisation.made"]
        assert verify(session).first_bad is None
        # No letter waits that could never be sent.
        assert not session.scalars(select(Job.id).where(Job.name == "mail.invitation")).all()
    assert installer.get(f"/o/{house.id}").status_code == 404


def test_with_a_mail_server_the_invitation_goes_by_mail(website: Any, installer: Any) -> None:
    mail = MailSettings(host="mail.voorbeeld.example", sender="baken@voorbeeld.example")
    website.app.state.settings = replace(website.settings, mail=mail)
    assert "verstuurt geen mail" not in installer.get("/installation/new").text
    answer = installer.post("/installation/new", HOUSE)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/installation")
    assert "/invitation/" not in answer.text
    house = made(website)
    assert house is not None
    with website.database.read(None) as session:
        asked = select(Job.name).where(Job.organisation_id == house.id)
        assert session.scalars(asked).all() == ["mail.invitation"]


@pytest.mark.parametrize(
    "odd", [{"mail": "mia"}, {"house_name": " "}, {"name": ""}, {"language_of": "xx"}]
)
def test_what_is_missing_is_said_and_nothing_is_made(
    website: Any, installer: Any, odd: dict[str, str]
) -> None:
    installer.get("/installation/new")
    answer = installer.post("/installation/new", {**HOUSE, **odd})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text or "error" in answer.text
    assert made(website) is None


def test_nobody_else_makes_one(website: Any) -> None:
    browser = website.browser(Role.MAIN_CONTACT)
    assert browser.get("/installation/new").status_code == 404
    assert browser.post("/installation/new", HOUSE).status_code == 404
    assert made(website) is None


def test_making_one_asks_the_second_step_again(website: Any, installer: Any) -> None:
    website.clock.move(minutes=11)
    assert installer.get("/installation/new").status_code == 403
    assert installer.post("/installation/new", HOUSE).status_code == 403
    assert made(website) is None


def test_the_command_shows_the_link_where_there_is_no_mail(
    website: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BAKEN_DATABASE_URL", website.settings.database_url)
    monkeypatch.setenv("BAKEN_KEYS", str(website.settings.keys))
    monkeypatch.setenv("BAKEN_BACKUPS", str(website.settings.backups))
    monkeypatch.setenv("BAKEN_TRANSFERS", str(website.settings.transfers))
    arguments = ["--name", HOUSE["house_name"], "--contact", "Mia", "--mail", HOUSE["mail"]]
    for odd, said in ((["--mail", "mia"], "mia does not look like"), (["--language", "xx"], "nl")):
        with pytest.raises(SystemExit) as stopped:
            main(["organisation", "make", *arguments, *odd])
        assert stopped.value.code == 1
        assert said in capsys.readouterr().err
        assert made(website) is None
    with pytest.raises(SystemExit) as stopped:
        main(["organisation", "make", *arguments])
    assert not stopped.value.code
    website.clock.now = datetime.now(UTC)
    [link] = re.findall(r"http://[^/]+(/invitation/\S+)", capsys.readouterr().out)
    # The server may be another process: the link is opened by whoever has the same key store.
    assert "Zorghuis De Linde" in website.browser().get(link).text
