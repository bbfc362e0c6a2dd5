"""How a letter leaves: plain text over SMTP, to one recipient, on a connection that is kept."""

import asyncio
import secrets
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from baken.organisation.addresses import is_deliverable
from baken.storage.errors import BakenError
from baken.web.mail.letters import Letter, clean
from baken.web.mail.settings import Encryption, MailSettings

PATIENCE: Final = 30.0  # seconds for each answer of the mail server
KEPT_OPEN: Final = 10.0  # seconds without a letter


class MailNotConfigured(BakenError):
    """There is no mail server; what would send a letter says so at once."""

    def __init__(self) -> None:
        super().__init__(
            "mail.not_configured",
            "This installation has no mail server, so no letter can be sent. Nothing was changed. "
            "Whoever looks after the installation can name one (BAKEN_SMTP_HOST).",
        )


class MailServerAway(BakenError):
    """The mail server cannot take the letter now; it is tried again."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "mail.server_away",
            "The mail server cannot be reached or asks to come back later. The letter was not "
            "sent yet and is tried again by itself.",
        )


class MailServerRefuses(BakenError):
    """The mail server takes no letters from us: its settings need a person, then it goes on."""

    kind = "conflict"

    def __init__(self, code: int) -> None:
        super().__init__(
            "mail.server_refuses",
            "The mail server takes no letters from Baken (code {code}). Whoever looks after the "
            "installation should look at the user, the password and the sender of the mail "
            "settings.",
            code=code,
        )


class AddressRefused(BakenError):
    """The letter cannot reach one recipient."""

    def __init__(self, code: int) -> None:
        super().__init__(
            "mail.address_refused",
            "The mail server refuses this address or this letter (code {code}). Look at the "
            "address, correct it and send again.",
            code=code,
        )


class BadAddress(BakenError):
    """What should be a mail address is none."""

    def __init__(self) -> None:
        super().__init__(
            "mail.bad_address",
            "This is not a mail address that letters can be sent to. Correct it and send again.",
        )


class Postman:
    """Brings letters to the mail server, one after the other; for one thread.

    Parameters
    ----------
    settings : MailSettings
        The server and the sender.
    clock : Callable
        Gives the date on the letter.
    patience : float
        Seconds to wait for each answer of the server.
    """

    def __init__(
        self, settings: MailSettings, clock: Callable[[], datetime], *, patience: float = PATIENCE
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._patience = patience
        self._runner = asyncio.Runner()
        self._server: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    def send(self, to: str, letter: Letter) -> None:
        """Bring one letter; when this returns, the mail server has accepted it.

        Raises
        ------
        BadAddress, AddressRefused
            It cannot be sent to this recipient.
        MailServerAway, MailServerRefuses
            It cannot be sent to anybody now.
        """
        message = make_message(letter, to=to, sender=self._settings.sender, now=self._clock())
        try:
            self._runner.run(self._bring(message, to))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused) as error:
            self._hang_up()
            raise _server_refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise MailServerAway from error

    def rest(self) -> None:
        """Hang up when no letter was sent for a while."""
        if self._server is not None and time.monotonic() - self._used_at > KEPT_OPEN:
            self._hang_up()

    def close(self) -> None:
        """Hang up for good."""
        self._hang_up()
        self._runner.close()

    async def _bring(self, message: EmailMessage, to: str) -> None:
        server = await self._connected()
        await server.sendmail(self._settings.sender, [to], message.as_bytes())
        self._used_at = time.monotonic()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._server is not None and await _is_there(self._server):
            return self._server
        settings = self._settings
        is_private = settings.encryption is not Encryption.NONE
        server = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=settings.password() or None,
            # Asking the network for our own name would be traffic that nobody expects.
            local_hostname=_domain(settings.sender),
            timeout=self._patience,
            use_tls=settings.encryption is Encryption.TLS,
            start_tls=settings.encryption is Encryption.STARTTLS,
            tls_context=ssl.create_default_context(cafile=settings.authorities)
            if is_private
            else None,
        )
        self._server = None
        await server.connect()
        self._server = server
        return server

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            self._runner.run(_leave(server))


def make_message(letter: Letter, *, to: str, sender: str, now: datetime) -> EmailMessage:
    """Make the message: fixed sender, one recipient, nothing that follows the reader.

    Raises
    ------
    BadAddress
        For whatever is not one plain address.
    """
    if not is_deliverable(to):
        raise BadAddress
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = clean(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{_domain(sender)}>"
    # So that holiday notices and the like are not sent back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    if letter.calendar:
        message.add_attachment(
            letter.calendar,
            maintype="text",
            subtype="calendar",
            filename="meeting.ics",
            # Without it a calendar may read our letters as ASCII.
            params={"charset": "utf-8"},
        )
    return message


async def _is_there(server: aiosmtplib.SMTP) -> bool:
    try:
        await server.noop()
    except (aiosmtplib.SMTPException, OSError):
        server.close()
        return False
    return True


async def _leave(server: aiosmtplib.SMTP) -> None:
    try:
        await server.quit()
    except (aiosmtplib.SMTPException, OSError):
        server.close()


def _refusal(code: int) -> BakenError:
    return AddressRefused(code) if code >= 500 else MailServerAway()


def _server_refusal(code: int) -> BakenError:
    return MailServerRefuses(code) if code >= 500 else MailServerAway()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
