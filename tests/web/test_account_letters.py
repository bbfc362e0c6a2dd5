"""Letters about accounts, brought to a real mail server: the right words, to the right address."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from baken.organisation.accounts import lost_factors, recovery_codes
from baken.organisation.accounts.actions import close_account
from baken.organisation.accounts.resets import ask_reset
from baken.organisation.permissions import Role
from baken.web.jobs.worker import Worker
from baken.web.mail.letters import render
from baken.web.mail.settings import Encryption, MailSettings
from tests.mailbox import Mailbox, mail_server
from tests.web.conftest import account_id_of
from tests.web.test_account_mail import invite

pytestmark = pytest.mark.sqlite
VALUES = {
    "invitation": ("name", "organisation", "by", "link", "until"),
    "password_reset": ("name", "link"),
    "factor_lost_asked": ("name", "at", "log_in"),
    "factor_lost_approved": ("name", "at", "log_in"),
    "factor_lost_done": ("name",),
    "recovery_code_used": ("name", "at"),
}


@pytest.fixture
def post(website: Any) -> Iterator[tuple[Mailbox, Worker]]:
    """A mail server, and a worker that brings letters to it."""
    with mail_server() as (mailbox, port):
        mail = MailSettings("127.0.0.1", "baken@voorbeeld.example", port, Encryption.NONE)
        settings = replace(website.settings, mail=mail)
        keys = website.app.state.key_store
        yield mailbox, Worker(website.database, keys, settings, website.clock)


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
@pytest.mark.parametrize("letter", VALUES)
def test_every_letter_says_every_value(letter: str, language: str) -> None:
    values = {name: f"<{name}>" for name in VALUES[letter]}
    written = render(letter, language, **values)
    for value in values.values():
        assert value in written.subject + written.text


def test_the_link_of_an_invitation_opens_its_page(website: Any, post: Any) -> None:
    mailbox, worker = post
    invite(website)
    assert worker.work_off() == 1
    [(to, letter)] = mailbox.letters
    text = letter.get_content()
    assert to == "hr@voorbeeld.example"
    assert "Persoon main_contact" in text
    link = re.search(r"http://127\.0\.0\.1:8000(/invitation/\S+)", text)
    assert link
    assert website.browser().get(link[1]).status_code == 200


def test_a_forgotten_password_is_mailed_to_who_has_an_account(website: Any, post: Any) -> None:
    mailbox, worker = post
    known = website.account_of(Role.ADVISER)
    closed = website.account_of(Role.CLERK)
    with website.database.session(None) as session:
        for mail in (known, closed, "niemand@voorbeeld.example"):
            ask_reset(session, mail=mail, now=website.clock.now)
        close_account(session, account_id_of(session, closed), by=None, now=website.clock.now)
    assert worker.work_off() == 3
    [(to, letter)] = mailbox.letters
    assert to == known
    link = re.search(r"http://127\.0\.0\.1:8000(/reset/\S+)", letter.get_content())
    assert link
    assert website.browser().get(link[1]).status_code == 200


def test_losing_a_factor_and_using_a_code_are_told(website: Any, post: Any) -> None:
    mailbox, worker = post
    keys, now = website.app.state.key_store, website.clock.now
    mail = website.account_of(Role.HR)
    with website.database.session(None) as session:
        account_id = account_id_of(session, mail)
        codes = recovery_codes.make_codes(session, keys, account_id, now=now)
        recovery_codes.spend_recovery_code(session, keys, account_id, code=codes[0], now=now)
        lost_factors.ask(session, account_id, by=account_id, now=now)
    worker.work_off()
    with website.database.session(None) as session:
        lost_factors.replace_at_machine(session, account_id, now=now)
    worker.work_off()
    assert {to for to, _ in mailbox.letters} == {mail}
    assert [letter["subject"] for _, letter in mailbox.letters] == [
        "Er is een herstelcode gebruikt",
        "Iemand vraagt een nieuwe tweede stap voor uw account",
        "Uw oude tweede stap werkt niet meer",
    ]
