"""Letters leave through a real mail server, in whatever mood it is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.web.mail.letters import (
    LETTER_LANGUAGES,
    WIDTH,
    Letter,
    clean,
    list_letters,
    read_letter,
    render,
)
from baken.web.mail.post import (
    AddressRefused,
    BadAddress,
    MailServerAway,
    MailServerRefuses,
    Postman,
    make_message,
)
from baken.web.mail.settings import Encryption, MailSettings, UnsafeMail
from baken.web.settings import Settings
from baken.web.texts import placeholders
from tests.mailbox import SENDER, Mailbox, certificate, free_port, mail_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = Letter("Uw bevraging is klaar", "Dag An\n\nDe resultaten staan klaar: één té lange.\n")
AN, BO = "an@voorbeeld.example", "bo@voorbeeld.example"


@pytest.fixture
def served() -> Iterator[tuple[Mailbox, int]]:
    with mail_server() as found:
        yield found


def settings_for(port: int, **more: Any) -> MailSettings:
    return MailSettings(
        **{"host": "127.0.0.1", "sender": SENDER, "port": port, "encryption": Encryption.NONE}
        | more
    )


@pytest.fixture
def make_postman() -> Iterator[Any]:
    made: list[Postman] = []

    def make(port: int, **more: Any) -> Postman:
        made.append(Postman(settings_for(port, **more), lambda: NOW, patience=1))
        return made[-1]

    yield make
    for postman in made:
        postman.close()


def test_a_letter_arrives_as_it_was_written(served: Any, make_postman: Any) -> None:
    mailbox, port = served
    make_postman(port).send(AN, LETTER)
    ((to, message),) = mailbox.letters
    assert (to, message["To"], message["From"]) == (AN, AN, SENDER)
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert message.get_content_type() == "text/plain"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


def test_no_two_letters_have_a_number_in_common_and_none_tells_the_recipient() -> None:
    numbers = {
        str(make_message(LETTER, to=to, sender=SENDER, now=NOW)["Message-ID"])
        for to in (AN, BO)
        for _ in range(50)
    }
    assert len(numbers) == 100
    assert all(number.endswith("@voorbeeld.example>") and "an@" not in number for number in numbers)


def test_a_batch_takes_one_connection(served: Any, make_postman: Any) -> None:
    mailbox, port = served
    postman = make_postman(port)
    for number in range(50):
        postman.send(f"n{number}@voorbeeld.example", LETTER)
    assert mailbox.connections == 1
    assert set(mailbox.by_recipient.values()) == {1}
    assert len(mailbox.letters) == 50


def test_one_refused_address_keeps_nobody_waiting(served: Any, make_postman: Any) -> None:
    mailbox, port = served
    mailbox.refused = {BO: "550 no such user", "late@voorbeeld.example": "451 come back"}
    postman = make_postman(port)
    postman.send(AN, LETTER)
    with pytest.raises(AddressRefused) as refused:
        postman.send(BO, LETTER)
    assert BO not in str(refused.value)
    with pytest.raises(MailServerAway):
        postman.send("late@voorbeeld.example", LETTER)
    postman.send("cis@voorbeeld.example", LETTER)
    assert mailbox.by_recipient == {AN: 1, "cis@voorbeeld.example": 1}


def test_what_the_server_puts_off_is_accepted_the_next_time(served: Any, make_postman: Any) -> None:
    mailbox, port = served
    mailbox.moods = ["451 busy", "554 spam", "drop", "wait"]
    postman = make_postman(port)
    outcomes = []
    for _ in range(5):
        try:
            postman.send(AN, LETTER)
            outcomes.append("sent")
        except (MailServerAway, AddressRefused) as error:
            outcomes.append(type(error).__name__)
    assert outcomes == [
        "MailServerAway", "AddressRefused", "MailServerAway", "MailServerAway", "sent",
    ]  # fmt: skip
    assert mailbox.letters[-1][0] == AN


def test_a_connection_that_was_closed_meanwhile_is_made_anew(
    served: Any, make_postman: Any
) -> None:
    mailbox, port = served
    mailbox.moods = ["drop after"]
    postman = make_postman(port)
    with pytest.raises(MailServerAway):
        postman.send(AN, LETTER)  # accepted, but nobody said so: the one possible duplicate
    postman.send(AN, LETTER)
    assert mailbox.by_recipient == {AN: 2}


def test_a_server_that_is_down_and_comes_back(make_postman: Any) -> None:
    port = free_port()
    postman = make_postman(port)
    with pytest.raises(MailServerAway):
        postman.send(AN, LETTER)
    with mail_server(port) as (mailbox, _):
        postman.send(AN, LETTER)
    with pytest.raises(MailServerAway):
        postman.send(BO, LETTER)
    assert mailbox.by_recipient == {AN: 1}


def test_letters_cross_the_network_under_a_certificate_that_is_looked_at(
    tmp_path: Path, make_postman: Any
) -> None:
    context, trusted = certificate(tmp_path)
    _, other = certificate(tmp_path, name="127.0.0.2")
    with mail_server(tls=context) as (mailbox, port):
        for file, arrives in ((trusted, True), (other, False), (None, False)):
            postman = make_postman(port, encryption=Encryption.STARTTLS, authorities=file)
            if arrives:
                postman.send(AN, LETTER)
                continue
            with pytest.raises(MailServerAway):
                postman.send(BO, LETTER)
        with pytest.raises(MailServerRefuses):  # it takes nothing in clear
            make_postman(port).send(BO, LETTER)
    assert mailbox.by_recipient == {AN: 1}


def test_without_starttls_nothing_is_sent_in_clear(served: Any, make_postman: Any) -> None:
    mailbox, port = served
    with pytest.raises(MailServerAway):
        make_postman(port, encryption=Encryption.STARTTLS).send(AN, LETTER)
    assert mailbox.letters == []


ADDRESSES = (
    "", "an", "an@", "@voorbeeld.example", "an@voorbeeld.example\nBcc: x@x.example",
    "an@voorbeeld.example\r\nSubject: x", "an@voorbeeld.example,bo@voorbeeld.example",
    "An <an@voorbeeld.example>", "an @voorbeeld.example", "an@voor beeld.example",
    '"a b"@x.example',
    "an@voorbeeld.example\x00", "an@voorbeeld.example\u2028x", "añ@voorbeeld.example",
    "an@-x.example", "an@x..example", "a..n@x.example", "<an@x.example>", "an@[127.0.0.1]",
    f"{'a' * 250}@x.example", "an@x.example>\r\nRCPT TO:<bo@x.example",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        make_message(LETTER, to=address, sender=SENDER, now=NOW)


LINE_ENDS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "%0a")


@given(
    before=st.text(max_size=30),
    end=st.sampled_from(LINE_ENDS),
    after=st.sampled_from(
        ("Bcc: x@x.example", "Content-Type: text/html", ".\r\nMAIL FROM:<x>", "")
    ),
)
def test_no_word_of_a_person_becomes_a_header(before: str, end: str, after: str) -> None:
    word = f"{before}{end}{after}"
    letter = Letter(word, "Dag\n")
    message = make_message(letter, to=AN, sender=SENDER, now=NOW)
    head = message.as_bytes().split(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if line[:1].strip()]
    assert sorted(names) == [
        "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
        "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert "\n" not in clean(word)
    assert "\r" not in clean(word)


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_every_letter_exists_in_every_language_with_the_same_placeholders(language: str) -> None:
    assert list_letters(language) == list_letters("en")
    for name in list_letters("en"):
        here, there = read_letter(name, language), read_letter(name, "en")
        for part in ("subject", "text"):
            assert placeholders(getattr(here, part)) == placeholders(getattr(there, part)), name


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_letters_are_wrapped_and_links_stay_whole(language: str) -> None:
    link = f"https://baken.voorbeeld.example/{'x' * 120}"
    for name in sorted(list_letters(language)):
        template = read_letter(name, language)
        names = placeholders(template.subject) | placeholders(template.text)
        values = dict.fromkeys(names, "Zorghuis De Wilg\r\nBcc: x@x.example") | {"link": link}
        letter = render(name, language, **values)
        assert "\n" not in letter.subject
        assert "Bcc:" not in [line.strip()[:4] for line in letter.text.split("\n") if not line]
        for line in letter.text.split("\n"):
            assert len(line) <= WIDTH or line == link, (name, line)
        if "link" in names:
            assert f"\n{link}\n" in letter.text, name
        assert "<" not in letter.text, name


def test_a_language_without_letters_reads_dutch() -> None:
    name = min(list_letters("nl"))
    names = placeholders(read_letter(name, "nl").text) | placeholders(
        read_letter(name, "nl").subject
    )
    values = dict.fromkeys(names, "x")
    assert render(name, "sv", **values) == render(name, "nl", **values)


GOOD = {"BAKEN_SMTP_HOST": "mail.voorbeeld.example", "BAKEN_MAIL_FROM": SENDER}


@pytest.mark.parametrize(
    ("given_too", "said"),
    [
        ({"BAKEN_MAIL_FROM": ""}, "BAKEN_MAIL_FROM"),
        ({"BAKEN_MAIL_FROM": "Baken <baken@x.example>"}, "BAKEN_MAIL_FROM"),
        ({"BAKEN_MAIL_FROM": "baken@x.example\nBcc: x"}, "BAKEN_MAIL_FROM"),
        ({"BAKEN_SMTP_TLS": "none"}, "another machine"),
        ({"BAKEN_SMTP_TLS": "ssl"}, "write starttls"),
        ({"BAKEN_SMTP_PORT": "smtp"}, "1 to 65535"),
        ({"BAKEN_SMTP_PORT": "0"}, "1 to 65535"),
        ({"BAKEN_SMTP_USER": "baken"}, "belong together"),
        ({"BAKEN_SMTP_USER": "baken", "BAKEN_SMTP_PASSWORD_FILE": "/missing"}, "not there"),
        ({"BAKEN_SMTP_CA_FILE": "/missing"}, "not there"),
    ],
)
def test_unsafe_mail_settings_stop_the_start(given_too: dict[str, str], said: str) -> None:
    with pytest.raises(UnsafeMail, match=said):
        Settings.from_environment(GOOD | given_too)


def test_a_password_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("geheim\n")
    file.chmod(0o644)
    wanted = GOOD | {"BAKEN_SMTP_USER": "baken", "BAKEN_SMTP_PASSWORD_FILE": str(file)}
    with pytest.raises(UnsafeMail, match="chmod 400"):
        Settings.from_environment(wanted)
    file.chmod(0o400)
    mail = Settings.from_environment(wanted).mail
    assert mail is not None
    assert (mail.password(), mail.port) == ("geheim", 587)


def test_without_a_mail_server_there_is_none() -> None:
    assert Settings.from_environment({}).mail is None
    tls = Settings.from_environment(GOOD | {"BAKEN_SMTP_TLS": "tls"}).mail
    assert tls is not None
    assert tls.port == 465
