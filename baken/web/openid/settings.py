"""The identity provider that the settings name; most installations have none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from baken.storage.errors import BakenError
from baken.web.machine import is_loopback, others_can_read

MAX_ISSUER: Final = 400
MAX_NAME: Final = 60


class UnsafeOpenId(BakenError):
    """The settings of the identity provider are incomplete or not safe."""


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """Who the provider is, and what Baken is called there."""

    issuer: str
    client_id: str
    client_secret_file: Path
    # What people call it: "your account of De Wilg".
    name: str
    # Values of `acr` or `amr` by which the provider says that it asked for a second factor.
    second_factor: tuple[str, ...] = ()
    # A certificate authority of the house; empty: those of the machine.
    authorities: Path | None = None

    @classmethod
    def from_environment(cls, given: Mapping[str, str]) -> Self | None:
        """Read ``BAKEN_OIDC_...``; None when no provider is named.

        Raises
        ------
        UnsafeOpenId
            With one sentence that names the setting and the remedy.
        """
        issuer = given.get("BAKEN_OIDC_ISSUER", "")
        if not issuer:
            return None
        authorities = given.get("BAKEN_OIDC_CA_FILE", "")
        settings = cls(
            issuer=issuer,
            client_id=given.get("BAKEN_OIDC_CLIENT_ID", ""),
            client_secret_file=Path(given.get("BAKEN_OIDC_CLIENT_SECRET_FILE", "")),
            name=given.get("BAKEN_OIDC_NAME", "").strip(),
            second_factor=tuple(given.get("BAKEN_OIDC_SECOND_FACTOR", "").split()),
            authorities=Path(authorities) if authorities else None,
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raise `UnsafeOpenId` for the first thing that is not right."""
        if not _is_safe_issuer(self.issuer):
            raise UnsafeOpenId(
                "settings.oidc_issuer",
                "BAKEN_OIDC_ISSUER is {issuer}; write the issuer as the provider does, such as "
                "https://login.organisation.example. Without https only a provider on this machine "
                "is accepted.",
                issuer=self.issuer,
            )
        if not self.client_id:
            raise UnsafeOpenId(
                "settings.oidc_client_id",
                "BAKEN_OIDC_CLIENT_ID is missing: the name under which Baken is registered with "
                "the provider.",
            )
        if not 0 < len(self.name) <= MAX_NAME:
            raise UnsafeOpenId(
                "settings.oidc_name",
                "BAKEN_OIDC_NAME is what people read on the log-in page, such as the name of the "
                "organisation; give one of at most {n} characters.",
                n=MAX_NAME,
            )
        self._check_files()

    def client_secret(self) -> str:
        """Read what Baken proves itself with to the provider."""
        return self.client_secret_file.read_text(encoding="utf-8").strip()

    def _check_files(self) -> None:
        file = self.client_secret_file
        if not file.is_file() or not self.client_secret():
            raise UnsafeOpenId(
                "settings.oidc_secret_missing",
                "BAKEN_OIDC_CLIENT_SECRET_FILE points to {file}, where there is no secret.",
                file=file,
            )
        if others_can_read(file):
            raise UnsafeOpenId(
                "settings.oidc_secret_readable",
                "Others on this machine can read {file}; run: chmod 400 {file}",
                file=file,
            )
        if self.authorities is not None and not self.authorities.is_file():
            raise UnsafeOpenId(
                "settings.oidc_ca_file",
                "BAKEN_OIDC_CA_FILE points to {file}, which is not there.",
                file=self.authorities,
            )


def _is_safe_issuer(issuer: str) -> bool:
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_plain = issuer.isascii() and issuer.isprintable() and len(issuer) <= MAX_ISSUER
    if not is_plain or not host or parts.username or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
