"""The master key: one file that wraps the key of every organisation, and how it is renewed."""

import contextlib
import hashlib
import os
import secrets
import sqlite3
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baken.storage.crash import crash_point
from baken.storage.key_errors import KeyDamaged

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MASTER: Final = "master.key"
NEXT_MASTER: Final = "master.next"
"""Beside it while a new one is put in its place."""

ORGANISATION_KEY: Final = ""
"""The name under which the key of an organisation and purpose is kept."""

_PROOF: Final = ("0" * 32, "proof")
"""Owner and purpose of a key that only tells which master key fits."""


class MasterKey:
    """The key that wraps the keys of organisations; its file may change while we run."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder = folder
        self._use(secret)

    def _use(self, secret: bytes) -> None:
        self._outer = AESGCM(secret)
        self.fingerprint = hashlib.sha256(b"baken master key" + secret).hexdigest()[:16]

    def wrap(self, secret: bytes, address: bytes) -> bytes:
        """Wrap the key of an organisation."""
        return wrap(self._outer, secret, address)

    def unwrap(self, wrapped: bytes, address: bytes) -> bytes:
        """Unwrap the key of an organisation; raise `KeyDamaged` when another key wrapped it."""
        return unwrap(self._outer, wrapped, address, self.folder)

    def make_outer(self, connection: sqlite3.Connection, organisation: str, purpose: str) -> bytes:
        """Make the key of an organisation and purpose, under the master key of this moment.

        Raises
        ------
        KeyDamaged
            When no file fits what is kept: what a wrong one wraps, the right one does not open.
        """
        self.check(connection)
        secret = secrets.token_bytes(KEY_BYTES)
        row = (organisation, purpose, ORGANISATION_KEY)
        wrapped = self.wrap(secret, address_of(*row))
        connection.execute("INSERT INTO key VALUES (?, ?, ?, ?)", (*row, wrapped))
        return secret

    def prove(self, connection: sqlite3.Connection) -> None:
        """Keep something by which the master key can be recognised, also in an empty store."""
        found = connection.execute(
            "SELECT 1 FROM key WHERE organisation = ? AND purpose = ?", _PROOF
        ).fetchone()
        if found is None:
            self.make_outer(connection, *_PROOF)

    def check(self, connection: sqlite3.Connection) -> None:
        """Raise `KeyDamaged` where keys are kept and no file of a master key opens them."""
        if not self.find(connection) and _first_outer(connection) is not None:
            raise damaged(self.folder)

    def find(self, connection: sqlite3.Connection) -> bool:
        """Use the file of a master key that fits what is kept; whether there is one.

        The first is looked at again: the other may have taken its place in the meantime.
        """
        for name in (MASTER, NEXT_MASTER, MASTER):
            with contextlib.suppress(FileNotFoundError):
                secret = (self.folder / name).read_bytes()
                if _fits(connection, secret):
                    self._use(secret)
                    return True
        return False

    def begin_renewal(self, connection: sqlite3.Connection) -> int:
        """Write a new master key beside the old one and wrap every key anew; return how many.

        In one transaction of the caller, who calls `end_renewal` in the next.
        """
        after = self.folder / NEXT_MASTER
        self.find(connection)
        if after.exists() and _fits(connection, after.read_bytes()):
            after.replace(self.folder / MASTER)  # an earlier renewal got as far as this
        after.unlink(missing_ok=True)
        self.prove(connection)
        found = connection.execute(
            "SELECT organisation, purpose, wrapped FROM key WHERE name = ?", (ORGANISATION_KEY,)
        ).fetchall()
        opened = [
            (organisation, purpose, self.unwrap(bytes(wrapped), _of_outer(organisation, purpose)))
            for organisation, purpose, wrapped in found
        ]
        new = AESGCM(write_master(after))
        crash_point("keys.master_written")
        for organisation, purpose, secret in opened:
            connection.execute(
                "UPDATE key SET wrapped = ? WHERE organisation = ? AND purpose = ? AND name = ?",
                (
                    wrap(new, secret, _of_outer(organisation, purpose)),
                    organisation,
                    purpose,
                    ORGANISATION_KEY,
                ),
            )
        return len(found)

    def end_renewal(self, connection: sqlite3.Connection) -> None:
        """Put the new master key in the place of the old one, which nothing needs any more.

        In a transaction that writes: what lies there may belong to somebody who renews as well, and
        takes its place only once every key is under it.
        """
        after = self.folder / NEXT_MASTER
        if after.exists() and _fits(connection, after.read_bytes()):
            after.replace(self.folder / MASTER)
            _sync(self.folder)
        self.find(connection)


def wrap(outer: AESGCM, secret: bytes, address: bytes) -> bytes:
    """Wrap a secret; `address` says where it belongs."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + outer.encrypt(nonce, secret, address)


def unwrap(outer: AESGCM, wrapped: bytes, address: bytes, folder: Path) -> bytes:
    """Unwrap a secret; raise `KeyDamaged` when another key wrapped it, or for another place."""
    try:
        return outer.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], address)
    except InvalidTag as error:
        raise damaged(folder) from error


def address_of(organisation: str, purpose: str, name: str) -> bytes:
    """Where a secret belongs: part of what is wrapped."""
    return f"{organisation}|{purpose}|{name}|v1".encode()


def write_master(file: Path) -> bytes:
    """Write a new master key that only its owner may read, and return it."""
    secret = secrets.token_bytes(KEY_BYTES)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as out:
        out.write(secret)
        out.flush()
        os.fsync(out.fileno())
    _sync(file.parent)
    return secret


def damaged(folder: Path) -> KeyDamaged:
    """The sentence for a master key that does not fit."""
    return KeyDamaged(
        "keys.damaged",
        "The master key in {folder} does not fit the keys beside it, or a file was "
        "changed. Restore the folder from its backup; nothing was overwritten.",
        folder=folder,
    )


def _of_outer(organisation: str, purpose: str) -> bytes:
    return address_of(organisation, purpose, ORGANISATION_KEY)


def _first_outer(connection: sqlite3.Connection) -> tuple[str, str, bytes] | None:
    """The key of some organisation as it is kept, by which a master key is recognised."""
    found: tuple[str, str, bytes] | None = connection.execute(
        "SELECT organisation, purpose, wrapped FROM key WHERE name = ? LIMIT 1",
        (ORGANISATION_KEY,),
    ).fetchone()
    return found


def _fits(connection: sqlite3.Connection, secret: bytes) -> bool:
    found = _first_outer(connection)
    if found is None or len(secret) != KEY_BYTES:
        return False
    organisation, purpose, wrapped = found
    try:
        AESGCM(secret).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _of_outer(organisation, purpose)
        )
    except InvalidTag:
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
