"""Letters of a campaign through a real mail server: one person, one code, whatever happens."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from baken.storage.jobs import Job, JobState
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.actions import launch_campaign
from baken.survey.box.statements import Standing
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.symbols import read_code
from baken.survey.errors import CannotSend
from baken.survey.invitations.actions import edit_recipient
from baken.survey.invitations.models import Letter as Kind
from baken.survey.invitations.models import Recipient, Sending
from baken.survey.invitations.rules import Entry
from baken.survey.invitations.sending import (
    Addressed,
    ask_invitations,
    ask_reminder,
    ask_replacement,
    print_letters,
)
from baken.web.jobs.worker import Worker
from baken.web.mail.invitations import Occasion, compose
from baken.web.mail.letters import LETTER_LANGUAGES
from baken.web.mail.settings import Encryption, MailSettings
from baken.web.settings import Settings
from tests.conftest import make_client
from tests.mailbox import SENDER, Mailbox, free_port, mail_server
from tests.survey.conftest import Stage
from tests.survey.invited import draft

N_MOODS = int(os.environ.get("BAKEN_FUZZ", "5"))
LINK = re.compile(r"http://127\.0\.0\.1:8000/s/[a-z0-9-]+#([0-9A-Z-]+)")
UNITS = {"Organisation": (None, 0), "Team A": ("Organisation", 12), "Team B": ("Organisation", 11)}


@dataclass
class Post:
    """A campaign with an address list, a mail server, and a worker between them."""

    stage: Stage
    mailbox: Mailbox
    settings: Settings
    campaign_id: UUID
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    @property
    def act(self) -> dict[str, Any]:
        return {"by": self.stage.client.adviser, "today": self.now.date(), "now": self.now}

    def session(self) -> Any:
        return self.stage.database.session(self.stage.client.id)

    def invite(self) -> None:
        with self.session() as session:
            ask_invitations(session, self.campaign_id, **self.act)

    def remind(self) -> None:
        self.now += timedelta(days=1)
        with self.session() as session:
            ask_reminder(session, self.campaign_id, is_agreed=True, **self.act)

    def work(self, rounds: int = 1) -> None:
        """Let a worker do what is due; after each round the pauses of what failed are over."""
        for _ in range(rounds):
            worker = Worker(self.stage.database, self.stage.keys, self.settings, lambda: self.now)
            worker.work_off()
            self.now += timedelta(hours=1)

    def job_state(self) -> JobState:
        with self.stage.database.read(self.stage.client.id) as session:
            return session.scalars(select(Job).order_by(Job.asked_at.desc())).first().state

    def people(self) -> list[Recipient]:
        with self.stage.database.read(self.stage.client.id) as session:
            return list(session.scalars(select(Recipient).order_by(Recipient.address)))

    def codes(self) -> dict[str, set[str]]:
        """Address to the codes that came there."""
        found: dict[str, set[str]] = {}
        for to, letter in self.mailbox.letters:
            found.setdefault(to, set()).update(LINK.findall(letter.get_content()))
        return found


@contextmanager
def post_office(
    database: Database, keys: KeyStore, organisation: Any, tmp_path: Path, **changes: Any
) -> Iterator[Post]:
    stage = Stage(database, keys, organisation, tmp_path / "backups")
    stage.add_units(UNITS)
    campaign_id = draft(stage, {"Team A": 4, "Team B": 1}, spares_per_unit=2, **changes)
    with database.session(organisation.id) as session:
        by, today = organisation.adviser, stage.today
        launch_campaign(session, keys, campaign_id, stage.instrument, by=by, today=today)
    with mail_server() as (mailbox, port):
        settings = Settings(
            database_url=database.engine.url.render_as_string(hide_password=False),
            keys=keys.folder,
            backups=tmp_path / "backups",
            transfers=tmp_path / "transfers",
            mail=MailSettings("127.0.0.1", SENDER, port, Encryption.NONE),
        )
        yield Post(stage, mailbox, settings, campaign_id)
    stage.writer.stop()


@pytest.fixture
def post(database: Database, keys: KeyStore, organisation: Any, tmp_path: Path) -> Iterator[Post]:
    with post_office(database, keys, organisation, tmp_path) as made:
        yield made


def test_an_invitation_brings_a_code_that_works_and_is_stored_nowhere(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    refused = "a-1-teama@voorbeeld.example"
    post.mailbox.refused[refused] = "550 no such user"
    post.mailbox.moods = ["wait"]
    post.invite()
    post.work()
    found = post.codes()
    assert [len(codes) for codes in found.values()] == [1, 1, 1, 1]
    assert len(set().union(*found.values())) == 4
    assert {person.address: person.state for person in post.people()} == {
        **dict.fromkeys(found, Sending.SENT),
        refused: Sending.REFUSED,
    }
    [person] = [person for person in post.people() if person.state is Sending.REFUSED]
    assert (person.refusal, person.refusal_code) == ("mail.address_refused", 550)
    # Corrected and sent again; nobody else gets a second letter.
    entry = Entry(1, person.name, "beter@voorbeeld.example", "Team A", "nl")
    with post.session() as session:
        by, today = post.stage.client.adviser, post.now.date()
        edit_recipient(
            session, post.stage.keys, post.campaign_id, person.id, entry, by=by, today=today
        )
    post.invite()
    post.work()
    assert post.mailbox.by_recipient == dict.fromkeys([*found, "beter@voorbeeld.example"], 1)
    # The mail server of the tests logs what it hears; it is no part of Baken.
    logged = "\n".join(r.getMessage() for r in caplog.records if r.name != "mail.log")
    codes = {code for codes in post.codes().values() for code in codes}
    assert len(codes) == 5
    stage = post.stage
    for code in codes:
        outcome = stage.writer.look_up(
            stage.client.id, post.campaign_id, read_code(code), today=stage.today
        )
        assert outcome.standing is Standing.WELCOME
        assert code not in logged
    assert "voorbeeld.example" not in logged
    if stage.database.is_sqlite:
        path = Path(str(stage.database.engine.url.database))
        for file in path.parent.glob(f"{path.name}*"):
            content = file.read_bytes()
            for code in codes:
                assert code.encode() not in content
                assert read_code(code).encode() not in content


def test_a_server_that_is_away_is_tried_again_and_a_survey_that_is_over_sends_nothing(
    post: Post,
) -> None:
    away = MailSettings("127.0.0.1", SENDER, free_port(), Encryption.NONE)
    there, post.settings = post.settings, replace(post.settings, mail=away)
    post.invite()
    post.work()
    assert post.job_state() is JobState.WAITING
    assert {person.state for person in post.people()} == {Sending.WAITING}
    with post.session() as session, pytest.raises(CannotSend) as error:
        ask_invitations(session, post.campaign_id, **post.act)
    assert error.value.key == "survey.letters_under_way"
    post.settings = there
    post.work()
    assert post.job_state() is JobState.DONE
    assert sum(post.mailbox.by_recipient.values()) == 5

    post.remind()
    post.stage.close(post.campaign_id)
    post.work()
    assert post.job_state() is JobState.DONE
    assert sum(post.mailbox.by_recipient.values()) == 5
    assert {person.due for person in post.people()} == {None}


def test_reminders_go_to_everybody_and_are_few(post: Post) -> None:
    post.invite()
    post.work()
    someone = next(iter(post.codes().values())).copy().pop()
    stage = post.stage
    stage.submit(post.campaign_id, read_code(someone), stage.sheet())
    with post.session() as session, pytest.raises(CannotSend) as error:
        ask_reminder(session, post.campaign_id, **post.act)
    assert error.value.key == "survey.reminded_today"
    for _ in range(2):
        post.now += timedelta(days=1)
        with post.session() as session:
            ask_reminder(session, post.campaign_id, **post.act)
        post.work()
    assert set(post.mailbox.by_recipient.values()) == {3}
    assert [len(codes) for codes in post.codes().values()] == [1] * 5
    post.now += timedelta(days=1)
    with post.session() as session, pytest.raises(CannotSend) as error:
        ask_reminder(session, post.campaign_id, **post.act)
    assert error.value.key == "survey.reminded_enough"
    with post.session() as session:
        who = post.people()[0].id
        ask_replacement(session, stage.keys, post.campaign_id, who, **post.act)
        campaign = get_campaign(session, post.campaign_id)
        told = [(mailing["kind"], mailing["people"]) for mailing in campaign.mailings]
        assert told == [("campaign_invitation", 5), *[("campaign_reminder", 5)] * 2]
    post.work()
    assert sum(post.mailbox.by_recipient.values()) == 16


@pytest.mark.sqlite
def test_one_code_for_one_person_whatever_the_mail_server_does(
    sqlite: Database, keys: KeyStore, tmp_path: Path
) -> None:
    """Dropped before or after accepting, busy, refusing, in any order, over and over again."""
    moods = st.lists(st.sampled_from(["", "drop", "drop after", "450 later", "550 no"]), max_size=4)
    until = date(2026, 12, 1)
    with post_office(sqlite, keys, make_client(sqlite), tmp_path, closes_on=until) as office:
        office.invite()
        office.work()

        @settings(max_examples=N_MOODS)
        @given(moods)
        def check(mood: list[str]) -> None:
            remind_in(office, mood)

        check()


def remind_in(office: Post, mood: list[str]) -> None:
    for person in office.people():  # what was refused for good is corrected by somebody
        with office.session() as session:
            session.get_one(Recipient, person.id).state = Sending.SENT
    office.mailbox.moods = list(mood)
    before = sum(office.mailbox.by_recipient.values())
    office.remind()
    office.work(rounds=len(mood) + 1)
    office.mailbox.moods = []
    assert office.job_state() is JobState.DONE
    assert [len(codes) for codes in office.codes().values()] == [1] * 5
    assert len(set().union(*office.codes().values())) == 5
    sent = sum(office.mailbox.by_recipient.values()) - before
    refused = sum(one.startswith("550") for one in mood)
    assert 5 - refused <= sent <= 5 + mood.count("drop after")


def test_letters_on_paper_have_an_address_and_a_code(post: Post) -> None:
    stage = post.stage
    with post.session() as session:
        for row in session.scalars(select(Recipient)):
            row.channel, row.address = "letter", "Kerkstraat 1\n8000 Brugge"
    by, today = stage.client.adviser, post.now.date()
    printed = []
    for shuffled in (False, True):
        with post.session() as session:
            printed.append(
                print_letters(
                    session, stage.keys, post.campaign_id, shuffled=shuffled, by=by, today=today
                )
            )
    assert sorted(letter.code for letter in printed[0]) == sorted(
        letter.code for letter in printed[1]
    )
    assert len({letter.code for letter in printed[0]}) == 5
    assert {person.state for person in post.people()} == {Sending.SENT}


@pytest.mark.parametrize("language", [*LETTER_LANGUAGES, "nl-easy", "pl"])
def test_a_letter_has_the_words_of_both_sides_and_one_code(language: str) -> None:
    body = "Dag {name}, E. Example schrijft.\r\n\r\n{link}\r\n\r\n{code} {onbekend}"
    words = {"subject": "Voor {name}", "body": body}
    occasion = Occasion(
        title="Hoe gaat het? {code}",
        address="https://baken.voorbeeld.example/s/de-wilg",
        closes_on=datetime(2026, 3, 20, tzinfo=UTC).date(),
        contact="An\nBcc: x@voorbeeld.example",
        words={"nl": words},
        signatories=("E. Example", "W. Example"),
    )
    for kind in Kind:
        to = Addressed(kind, "Bo {code}\r\nBcc: y", "", language, "ABCD-EFGH-JKMN-P")
        letter = compose(occasion, to)
        assert "https://baken.voorbeeld.example/s/de-wilg#ABCD-EFGH-JKMN-P" in letter.text
        assert "ABCD" not in letter.subject
        assert "\n" not in letter.subject
        assert not any(line.startswith("Bcc:") for line in letter.text.splitlines())
        own = kind is Kind.INVITATION and not language.startswith(("fr", "en", "de"))
        assert ("E. Example\nW. Example" in letter.text) is own
        assert ("{onbekend}" in letter.text) is own
