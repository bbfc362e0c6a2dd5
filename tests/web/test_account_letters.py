"""Letters about accounts, brought to a real mail server: the right words, to the right address."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from baken.organisation.accounts import (
    lost_factors,
    passkey_acts,
    recovery_codes,
    resets,
    totp_acts,
)
from baken.organisation.accounts.actions import close_account
from baken.organisation.accounts.ceremonies import NewKey, RelyingParty
from baken.organisation.accounts.changes import Change
from baken.organisation.accounts.identities import link_identity
from baken.organisation.accounts.models import PasswordReset
from baken.organisation.accounts.resets import ask_reset
from baken.organisation.permissions import Role
from baken.web.jobs.worker import Worker
from baken.web.mail.letters import render
from baken.web.mail.settings import Encryption, MailSettings
from tests.mailbox import Mailbox, mail_server
from tests.web.conftest import PASSWORD, START, account_id_of
from tests.web.test_account_mail import invite

DAY = START.date()
pytestmark = pytest.mark.sqlite
VALUES = {
    "invitation": ("name", "organisation", "by", "link", "until"),
    "password_reset": ("name", "link"),
    "factor_lost_asked": ("name", "at", "log_in"),
    "factor_lost_approved": ("name", "at", "log_in"),
    "factor_lost_done": ("name",),
    "weekly_digest": ("name", "organisation", "waiting", "late", "link", "stop"),
    "register_emergency": ("name", "organisation", "log_in"),
    "plan_ends": ("name", "organisation", "day", "link"),
    "meeting_invited": ("name", "body", "organisation", "day", "starts", "ends", "place", "link"),
    "meeting_cancelled": ("name", "body", "organisation", "day", "link"),
    **dict.fromkeys(Change, ("name", "at")),
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
    lost_factors.ask(
        website.database,
        account_id,
        is_by_mail=True,
        by=account_id,
        now=now,
        today=website.clock.now.date(),
    )
    worker.work_off()
    lost_factors.replace_at_machine(
        website.database, account_id, is_by_mail=True, now=now, today=website.clock.now.date()
    )
    worker.work_off()
    assert {to for to, _ in mailbox.letters} == {mail}
    # jobs of one instant have no order among themselves
    assert {letter["subject"] for _, letter in mailbox.letters} == {
        "U hebt nieuwe herstelcodes",
        "Er is een herstelcode gebruikt",
        "Iemand vraagt een nieuwe tweede stap voor uw account",
        "Uw oude tweede stap werkt niet meer",
    }


def test_whatever_changes_the_ways_in_is_told(website: Any, post: Any) -> None:
    """The password, a factor more, a factor less, another service: each by a letter of its own."""
    mailbox, worker = post
    keys, clock = website.app.state.key_store, website.clock
    browser = website.browser(Role.ADVISER)
    mail = website.account_of(Role.ADVISER)
    with website.database.read(None) as session:
        account_id = account_id_of(session, mail)
    new = {"current": PASSWORD, "new": "zes groene lampen", "new_again": "zes groene lampen"}
    browser.get("/account/password")
    assert browser.post("/account/password", new).status_code == 303
    visit = passkey_acts.Visit(
        RelyingParty("localhost", website.settings.origin), b"", clock.now, DAY
    )
    with website.database.session(None) as session:
        made = NewKey(b"id", b"key", 0, may_be_copied=False, is_copied=False)
        passkey_acts.add_passkey(session, account_id, made, name="Telefoon", visit=visit)
    worker.work_off()
    clock.move(minutes=1)
    with website.database.session(None) as session:
        totp_acts.remove(session, account_id, now=clock.now)
        who = {"issuer": "https://login.example", "subject": "1"}
        link_identity(session, account_id, **who, now=clock.now, today=DAY)
        ask_reset(session, mail=mail, now=clock.now)
        reset_id = session.scalars(select(PasswordReset.id)).one()
    token = resets.get_token(keys, reset_id)
    resets.reset_password(website.database, keys, token, new="acht rode fietsen", now=clock.now)
    worker.work_off()
    assert {to for to, _ in mailbox.letters} == {mail}
    assert Counter(letter["subject"] for _, letter in mailbox.letters) == {
        "Uw wachtwoord is gewijzigd": 2,
        "Uw account heeft een nieuwe tweede stap": 1,
        "Een tweede stap van uw account is verwijderd": 1,
        "Uw account kan ook via een andere dienst": 1,
    }
