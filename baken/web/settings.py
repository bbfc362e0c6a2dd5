"""Settings: read once from the environment, refused with one sentence when unsafe."""

import ipaddress
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from baken.storage.errors import BakenError


class UnsafeSetting(BakenError):
    """Baken will not start like this."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Baken keeps its things and where it listens.

    The defaults serve one person on one machine, and are safe: loopback only.
    """

    database_url: str = "sqlite:///var/baken.sqlite"
    keys: Path = Path("var/keys")
    backups: Path = Path("var/backups")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read ``BAKEN_...`` and refuse what is unsafe.

        Raises
        ------
        UnsafeSetting
            With one sentence that names the setting and the remedy.
        """
        given = os.environ if environment is None else environment
        if given.get("BAKEN_DEBUG"):
            raise UnsafeSetting(
                "settings.debug",
                "BAKEN_DEBUG is set, but Baken has no debug pages: they would show data and "
                "internals to whoever sees an error; remove it.",
            )
        default = cls()
        settings = cls(
            database_url=given.get("BAKEN_DATABASE_URL", default.database_url),
            keys=Path(given.get("BAKEN_KEYS", default.keys)),
            backups=Path(given.get("BAKEN_BACKUPS", default.backups)),
            host=given.get("BAKEN_HOST", default.host),
            port=_port(given.get("BAKEN_PORT", str(default.port))),
            base_url=given.get("BAKEN_BASE_URL", "").rstrip("/"),
        )
        settings.check()
        return settings

    @property
    def origin(self) -> str:
        """Scheme, host and port under which browsers reach Baken."""
        parts = urlsplit(self.base_url or f"http://{_bracketed(self.host)}:{self.port}")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")

    def check(self) -> None:
        """Raise `UnsafeSetting` for the first thing that is not safe."""
        self._check_database()
        self._check_listening()
        self._check_key_folder()
        self._check_key_file()

    def _check_database(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise UnsafeSetting(
                "settings.database_url",
                "BAKEN_DATABASE_URL names no database that Baken knows; write "
                "sqlite:////folder/baken.sqlite or postgresql+psycopg://user:password@host/name",
            )

    def _check_listening(self) -> None:
        if not is_loopback(self.host):
            raise UnsafeSetting(
                "settings.host",
                "BAKEN_HOST is {host}, but until accounts have a second factor Baken listens on "
                "this machine only; use 127.0.0.1.",
                host=self.host,
            )
        if not is_loopback(urlsplit(self.origin).hostname or ""):
            raise UnsafeSetting(
                "settings.base_url",
                "BAKEN_BASE_URL points to {url}, but until accounts have a second factor Baken "
                "serves this machine only; use an address on 127.0.0.1 or leave it out.",
                url=self.base_url,
            )

    def _check_key_folder(self) -> None:
        keys, backups = self.keys.resolve(), self.backups.resolve()
        if keys == backups or backups in keys.parents:
            raise UnsafeSetting(
                "settings.keys_in_backups",
                "The key folder {keys} lies inside the backup folder {backups}: whoever has a "
                "backup would have the keys too; move one of them.",
                keys=self.keys,
                backups=self.backups,
            )

    def _check_key_file(self) -> None:
        file = self.keys / "master.key"
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UnsafeSetting(
                "settings.readable_keys",
                "Others on this machine can read {file}; run: chmod 400 {file}",
                file=file,
            )


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise UnsafeSetting(
            "settings.port", "BAKEN_PORT is {text}; a port is a number from 1 to 65535.", text=text
        )
    return int(text)
