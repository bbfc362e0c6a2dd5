"""Settings: read once from the environment, refused with one sentence when unsafe."""

import ipaddress
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from baken.storage.errors import BakenError
from baken.web.help_lines import read_help_lines
from baken.web.machine import is_loopback, others_can_read, read_port
from baken.web.mail.settings import MailSettings
from baken.web.openid.settings import OpenIdSettings
from baken.web.peers import Network

_DEFAULT_PASSWORDS: Final = {
    "password", "postgres", "baken", "changeme", "change-me", "secret", "admin", "example",
}  # fmt: skip


class UnsafeSetting(BakenError):
    """Baken will not start like this."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Baken keeps its things and where it listens.

    The defaults serve one person on one machine, and are safe: loopback only.
    """

    database_url: str = "sqlite:///var/baken.sqlite"
    # The same database under the role that owns the tables; PostgreSQL's migrations only.
    database_owner_url: str = field(default="", repr=False)
    keys: Path = Path("var/keys")
    backups: Path = Path("var/backups")
    # Encrypted exports that wait to be fetched, and files that came in.
    transfers: Path = Path("var/transfers")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    # Machines in front of Baken whose word on who asks is believed.
    proxies: tuple[Network, ...] = ()
    # Set by `baken demo` alone: the page of the second factor shows what a telephone would show.
    is_demo: bool = False
    # Whether `baken serve` runs a worker by itself.
    has_worker: bool = True
    mail: MailSettings | None = None
    openid: OpenIdSettings | None = None
    # What people who answer can call; None: the national lines.
    help_lines: Path | None = None

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
            database_owner_url=given.get("BAKEN_DATABASE_OWNER_URL", ""),
            keys=Path(given.get("BAKEN_KEYS", default.keys)),
            backups=Path(given.get("BAKEN_BACKUPS", default.backups)),
            transfers=Path(given.get("BAKEN_TRANSFERS", default.transfers)),
            host=given.get("BAKEN_HOST", default.host),
            port=_port(given.get("BAKEN_PORT", str(default.port))),
            base_url=given.get("BAKEN_BASE_URL", "").rstrip("/"),
            proxies=_networks(given.get("BAKEN_PROXIES", "")),
            has_worker=_is_on("BAKEN_WORKER", given.get("BAKEN_WORKER", "on")),
            mail=MailSettings.from_environment(given),
            openid=OpenIdSettings.from_environment(given),
            help_lines=Path(lines) if (lines := given.get("BAKEN_HELP_LINES")) else None,
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

    @property
    def is_local(self) -> bool:
        """Whether this machine alone reaches Baken: a demonstration, or work at one desk."""
        reached = urlsplit(self.origin).hostname or ""
        return is_loopback(self.host) and is_loopback(reached) and not self.is_https

    def check(self) -> None:
        """Raise `UnsafeSetting` for the first thing that is not safe."""
        self._check_base_url()
        self._check_demo()
        self._check_database()
        self._check_listening()
        self._check_key_folder()
        self._check_key_file()
        self._check_readable()
        self._check_writable()
        read_help_lines(self.help_lines)

    def _check_demo(self) -> None:
        reached = urlsplit(self.origin).hostname or ""
        if self.is_demo and not (is_loopback(self.host) and is_loopback(reached)):
            raise UnsafeSetting(
                "settings.demo",
                "A demonstration shows the codes of its accounts, so it serves this machine only; "
                "leave BAKEN_HOST and BAKEN_BASE_URL out.",
            )

    def _check_database(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise UnsafeSetting(
                "settings.database_url",
                "BAKEN_DATABASE_URL names no database that Baken knows; write "
                "sqlite:////folder/baken.sqlite or postgresql+psycopg://user:password@host/name",
            )

        for url in filter(None, (self.database_url, self.database_owner_url)):
            password = urlsplit(url).password or ""
            if password and password.casefold() in _DEFAULT_PASSWORDS:
                raise UnsafeSetting(
                    "settings.default_secret",
                    "The password in BAKEN_DATABASE_URL or BAKEN_DATABASE_OWNER_URL is one that "
                    "stands in every manual; give the database role a password of its own.",
                )

    def _check_listening(self) -> None:
        if self.is_local:
            return
        if not self.base_url:
            raise UnsafeSetting(
                "settings.host",
                "BAKEN_HOST is {host}, so other machines reach Baken, and what they send could be "
                "read on the way. Put a proxy with HTTPS in front and set BAKEN_BASE_URL and "
                "BAKEN_PROXIES (docs/how-to/behind-a-proxy.md), or use 127.0.0.1.",
                host=self.host,
            )
        if not self.is_https:
            raise UnsafeSetting(
                "settings.base_url",
                "BAKEN_BASE_URL points to {url}, where everybody on the way could read along; it "
                "has to begin with https:// (docs/how-to/behind-a-proxy.md), or be an address on "
                "127.0.0.1.",
                url=self.base_url,
            )
        if not self.proxies:
            raise UnsafeSetting(
                "settings.proxies",
                "BAKEN_BASE_URL points to {url}, but BAKEN_PROXIES does not say which machine "
                "answers there. Without it everybody would count as one when passwords are "
                "guessed; write its address, 127.0.0.1 when it runs on this machine.",
                url=self.base_url,
            )

    def _check_base_url(self) -> None:
        try:
            parts = urlsplit(self.base_url)
            port_is_one = parts.port != 0
        except ValueError:
            port_is_one, parts = False, urlsplit("")
        is_plain = parts.scheme in {"http", "https"} and bool(parts.hostname)
        more = (parts.path, parts.query, parts.fragment, parts.username)
        if self.base_url and (not (is_plain and port_is_one) or any(more)):
            raise UnsafeSetting(
                "settings.base_url_form",
                "BAKEN_BASE_URL is {url}; write a scheme and a name, and nothing more: "
                "https://baken.example",
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
        if file.is_file() and others_can_read(file):
            raise UnsafeSetting(
                "settings.readable_keys",
                "Others on this machine can read {file}; run: chmod 400 {file}",
                file=file,
            )

    def _check_readable(self) -> None:
        """The data itself: on a shared machine other users must not be able to copy it."""
        file = _database_file(self.database_url)
        if file is None or not file.is_file():
            return
        above = file.resolve().parents
        is_reached = all(stat.S_IMODE(folder.stat().st_mode) & 0o001 for folder in above)
        if is_reached and stat.S_IMODE(file.stat().st_mode) & 0o007:
            raise UnsafeSetting(
                "settings.readable_data",
                "Everybody on this machine can read {file}; run: chmod 700 {folder}",
                file=file,
                folder=file.parent,
            )

    def _check_writable(self) -> None:
        file = _database_file(self.database_url)
        folders = (self.keys, self.backups, self.transfers, *((file.parent, file) if file else ()))
        for place in folders:
            if place.exists() and not os.access(place, os.W_OK):
                raise UnsafeSetting(
                    "settings.read_only",
                    "Baken cannot write in {place}, so nothing could be kept there; give it to "
                    "the user that runs Baken: chown USER {place}",
                    place=place,
                )


def _database_file(url: str) -> Path | None:
    name = url.removeprefix("sqlite:///").partition("?")[0] if url.startswith("sqlite") else ""
    return Path(name) if name and name != ":memory:" else None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _networks(text: str) -> tuple[Network, ...]:
    """Addresses or networks, separated by commas; never the whole world."""
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        try:
            network = ipaddress.ip_network(one)
        except ValueError as error:
            raise UnsafeSetting(
                "settings.proxies_form",
                "BAKEN_PROXIES holds {one}; write addresses, such as 127.0.0.1 or 10.0.0.0/24, "
                "separated by commas.",
                one=one,
            ) from error
        if network.prefixlen == 0:
            raise UnsafeSetting(
                "settings.proxies_all",
                "BAKEN_PROXIES is {one}, which means everybody: anybody could say to be somebody "
                "else. Write the addresses of your own proxies.",
                one=one,
            )
        found.append(network)
    return tuple(found)


def _is_on(name: str, text: str) -> bool:
    if text not in {"on", "off"}:
        raise UnsafeSetting(
            "settings.on_or_off", "{name} is {text}; write on or off.", name=name, text=text
        )
    return text == "on"


def _port(text: str) -> int:
    port = read_port(text)
    if port is None:
        raise UnsafeSetting(
            "settings.port", "BAKEN_PORT is {text}; a port is a number from 1 to 65535.", text=text
        )
    return port
