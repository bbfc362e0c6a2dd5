"""Where mail goes: one server, named in the settings, and no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Self

from baken.storage.errors import BakenError
from baken.web.machine import is_loopback, others_can_read, read_port


class UnsafeMail(BakenError):
    """The settings of the mail server are incomplete or not safe."""


class Encryption(StrEnum):
    """How the conversation with the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server and the address that letters come from."""

    host: str
    sender: str
    port: int = 587
    encryption: Encryption = Encryption.STARTTLS
    user: str = ""
    password_file: Path | None = None
    # A certificate authority of the house; empty: those of the machine.
    authorities: Path | None = None

    @classmethod
    def from_environment(cls, given: Mapping[str, str]) -> Self | None:
        """Read ``BAKEN_SMTP_...`` and ``BAKEN_MAIL_FROM``; None when no mail server is named.

        Raises
        ------
        UnsafeMail
            With one sentence that names the setting and the remedy.
        """
        host = given.get("BAKEN_SMTP_HOST", "")
        if not host:
            return None
        encryption = _encryption(given.get("BAKEN_SMTP_TLS", Encryption.STARTTLS))
        settings = cls(
            host=host,
            sender=given.get("BAKEN_MAIL_FROM", ""),
            port=_port(given.get("BAKEN_SMTP_PORT", str(PORTS[encryption]))),
            encryption=encryption,
            user=given.get("BAKEN_SMTP_USER", ""),
            password_file=_path(given.get("BAKEN_SMTP_PASSWORD_FILE", "")),
            authorities=_path(given.get("BAKEN_SMTP_CA_FILE", "")),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raise `UnsafeMail` for the first thing that is not right."""
        self._check_sender()
        if self.encryption is Encryption.NONE and not is_loopback(self.host):
            raise UnsafeMail(
                "settings.smtp_tls",
                "BAKEN_SMTP_TLS is none, but {host} is another machine: letters with links would "
                "cross the network in clear. Use starttls or tls.",
                host=self.host,
            )
        if self.authorities is not None and not self.authorities.is_file():
            raise UnsafeMail(
                "settings.smtp_ca_file",
                "BAKEN_SMTP_CA_FILE points to {file}, which is not there.",
                file=self.authorities,
            )
        self._check_password()

    def password(self) -> str:
        """Read the password; empty when the server wants none."""
        if self.password_file is None:
            return ""
        return self.password_file.read_text(encoding="utf-8").strip()

    def _check_sender(self) -> None:
        _, address = parseaddr(self.sender)
        is_plain = address == self.sender and self.sender.isascii() and self.sender.isprintable()
        if not is_plain or "@" not in address.strip("@"):
            raise UnsafeMail(
                "settings.mail_from",
                "BAKEN_MAIL_FROM has to be the address that letters come from, such as "
                "baken@organisation.example.",
            )

    def _check_password(self) -> None:
        if bool(self.user) != (self.password_file is not None):
            raise UnsafeMail(
                "settings.smtp_user",
                "BAKEN_SMTP_USER and BAKEN_SMTP_PASSWORD_FILE belong together: give both or none.",
            )
        file = self.password_file
        if file is None:
            return
        if not file.is_file():
            raise UnsafeMail(
                "settings.smtp_password_missing",
                "BAKEN_SMTP_PASSWORD_FILE points to {file}, which is not there.",
                file=file,
            )
        if others_can_read(file):
            raise UnsafeMail(
                "settings.smtp_password_readable",
                "Others on this machine can read {file}; run: chmod 400 {file}",
                file=file,
            )


def _encryption(text: str) -> Encryption:
    try:
        return Encryption(text)
    except ValueError:
        raise UnsafeMail(
            "settings.smtp_tls_unknown",
            "BAKEN_SMTP_TLS is {text}; write starttls, tls, or none for a server on this machine.",
            text=text,
        ) from None


def _port(text: str) -> int:
    port = read_port(text)
    if port is None:
        raise UnsafeMail(
            "settings.smtp_port",
            "BAKEN_SMTP_PORT is {text}; a port is a number from 1 to 65535.",
            text=text,
        )
    return port


def _path(text: str) -> Path | None:
    return Path(text) if text else None
