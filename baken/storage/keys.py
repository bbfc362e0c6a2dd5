"""The key store: keys beside the database, never inside it.

A folder of its own holds the master key (one file, readable by its owner only) and a small
database with every other key, wrapped: the master key wraps one key per organisation and purpose,
that key wraps the data keys. Deleting a data key makes what it sealed unreadable in the database
and in every copy of it, once the copies of the key store itself have expired.
"""

import contextlib
import hashlib
import os
import secrets
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baken.storage.errors import BakenError

KEY_BYTES = 32
NONCE_BYTES = 12
# How long copies of the key store may live; a destroyed key is gone for good after that.
COPIES_EXPIRE_AFTER_DAYS = 7

# Keys of the installation itself stand under this identifier, which no organisation has.
INSTALLATION = UUID(int=0)

_ORGANISATION_KEY = ""  # the name under which the key of an organisation and purpose is kept


class KeyStoreError(BakenError):
    """The key store cannot do what was asked."""


class KeyFolderMissing(KeyStoreError):
    """There is no key store where the settings point."""

    kind = "missing"


class KeyFolderUnsafe(KeyStoreError):
    """Others on this machine could read the master key."""

    kind = "denied"


class KeyDamaged(KeyStoreError):
    """The master key is not the one that wrapped this key, or a file was changed."""

    kind = "conflict"


class KeyGone(KeyStoreError):
    """The key was destroyed, or never existed."""

    kind = "missing"


class KeyStore:
    """Keys wrapped by keys, in one folder.

    Get one with `open` (an existing store) or `create` (a new installation); it never makes a new
    master key by itself, since that would make everything sealed before unreadable.
    """

    def __init__(self, folder: Path, master: bytes) -> None:
        self._path = folder / "keys.sqlite"
        self._master = AESGCM(master)
        self._lock = threading.Lock()
        self.folder = folder
        self.fingerprint = hashlib.sha256(b"baken master key" + master).hexdigest()[:16]

    @classmethod
    def create(cls, folder: Path) -> "KeyStore":
        """Make a new, empty key store; refuses a folder that already holds one."""
        file = folder / "master.key"
        if file.exists():
            raise KeyStoreError(
                "keys.exists",
                "There is a key store in {folder} already. Nothing was changed.",
                folder=folder,
            )
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        store = cls(folder, file.read_bytes())
        with store._connect() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS key (organisation TEXT, purpose TEXT, name TEXT,"
                " wrapped BLOB NOT NULL, PRIMARY KEY (organisation, purpose, name)) WITHOUT ROWID"
            )
        return store

    @classmethod
    def open(cls, folder: Path) -> "KeyStore":
        """Open an existing key store, or say plainly what is wrong with it."""
        file = folder / "master.key"
        if not file.is_file() or not (folder / "keys.sqlite").is_file():
            raise KeyFolderMissing(
                "keys.missing",
                "There is no key store in {folder}. Point BAKEN_KEYS to the folder with master.key "
                "and keys.sqlite, or restore it from its backup. Baken makes no new key by itself, "
                "because everything sealed so far would become unreadable.",
                folder=folder,
            )
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise KeyFolderUnsafe(
                "keys.unsafe",
                "Others on this machine may read {file} (mode {mode}). Run: chmod 400 {file}",
                file=file,
                mode=f"{mode:o}",
            )
        master = file.read_bytes()
        if len(master) != KEY_BYTES:
            raise KeyDamaged(
                "keys.damaged_master",
                "{file} holds {n} bytes instead of {expected}. Restore it from its backup; "
                "nothing was overwritten.",
                file=file,
                n=len(master),
                expected=KEY_BYTES,
            )
        store = cls(folder, master)
        store._check_table()
        return store

    def _check_table(self) -> None:
        """Look once whether there are keys to read: at the start, not when answers come."""
        try:
            with self._connect() as connection:
                connection.execute("SELECT wrapped FROM key LIMIT 1").fetchall()
        except sqlite3.DatabaseError as error:
            raise KeyDamaged(
                "keys.damaged_store",
                "{file} cannot be read as a key store. Restore it from its backup; nothing was "
                "overwritten.",
                file=self._path,
            ) from error

    def put(self, organisation_id: UUID, purpose: str, name: str, secret: bytes) -> None:
        """Keep a secret under a name; an existing one of that name is refused."""
        outer = AESGCM(self._organisation_key(organisation_id, purpose))
        wrapped = _wrap(outer, secret, _address(organisation_id, purpose, name))
        with self._connect() as connection:
            connection.execute(
                "INSERT INTO key VALUES (?, ?, ?, ?)",
                (organisation_id.hex, purpose, name, wrapped),
            )

    def make(self, organisation_id: UUID, purpose: str, name: str) -> bytes:
        """Make, keep and return a new random data key of 32 bytes."""
        secret = secrets.token_bytes(KEY_BYTES)
        self.put(organisation_id, purpose, name, secret)
        return secret

    def get(self, organisation_id: UUID, purpose: str, name: str) -> bytes:
        """Return a secret; raise `KeyGone` when it was destroyed or never existed."""
        wrapped = self._read(organisation_id, purpose, name)
        if wrapped is None:
            raise KeyGone(
                "keys.gone", "The key {name} does not exist (any more) in the key store.", name=name
            )
        outer = AESGCM(self._organisation_key(organisation_id, purpose))
        return self._unwrap(outer, wrapped, _address(organisation_id, purpose, name))

    def ensure(self, organisation_id: UUID, purpose: str, name: str) -> bytes:
        """Return a data key, made at its first use; for keys that may be made at any time.

        Should it be lost, what it sealed does not open any more and says so (`KeyDamaged`).
        """
        try:
            return self.get(organisation_id, purpose, name)
        except KeyGone:
            # another process may be first: then its key stands
            with contextlib.suppress(sqlite3.IntegrityError):
                return self.make(organisation_id, purpose, name)
        return self.get(organisation_id, purpose, name)

    def get_wrapped(self, organisation_id: UUID, purpose: str, name: str) -> bytes | None:
        """Return a secret as it stands in the file, to look for copies of it; None: no such."""
        return self._read(organisation_id, purpose, name)

    def has(self, organisation_id: UUID, purpose: str, name: str) -> bool:
        """Whether a secret of that name is kept."""
        return self._read(organisation_id, purpose, name) is not None

    def destroy(self, organisation_id: UUID, purpose: str, name: str) -> None:
        """Overwrite and remove a secret; removing what is gone already is no error."""
        with self._connect() as connection:
            row = (organisation_id.hex, purpose, name)
            where = "WHERE organisation = ? AND purpose = ? AND name = ?"
            connection.execute(f"UPDATE key SET wrapped = zeroblob(length(wrapped)) {where}", row)  # noqa: S608 - constant text
            connection.execute(f"DELETE FROM key {where}", row)  # noqa: S608 - constant text
        with self._connect() as connection:
            connection.commit()
            connection.execute("VACUUM")

    def names(self, organisation_id: UUID) -> list[tuple[str, str]]:
        """Return purpose and name of every secret that is kept for an organisation."""
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT purpose, name FROM key WHERE organisation = ? AND name <> ?"
                " ORDER BY purpose, name",
                (organisation_id.hex, _ORGANISATION_KEY),
            ).fetchall()
        return [(str(purpose), str(name)) for purpose, name in rows]

    def destroy_all(self, organisation_id: UUID) -> int:
        """Overwrite and remove every key of an organisation, its own included; return how many."""
        if organisation_id == INSTALLATION:
            raise ValueError("The keys of the installation are never destroyed all at once.")
        where = "WHERE organisation = ?"
        row = (organisation_id.hex,)
        with self._lock, self._connect() as connection:
            connection.execute(f"UPDATE key SET wrapped = zeroblob(length(wrapped)) {where}", row)  # noqa: S608 - constant text
            n_destroyed = connection.execute(f"DELETE FROM key {where}", row).rowcount  # noqa: S608 - constant text
        with self._connect() as connection:
            connection.commit()
            connection.execute("VACUUM")
        return n_destroyed

    def _organisation_key(self, organisation_id: UUID, purpose: str) -> bytes:
        address = _address(organisation_id, purpose, _ORGANISATION_KEY)
        with self._lock:
            wrapped = self._read(organisation_id, purpose, _ORGANISATION_KEY)
            if wrapped is None:
                wrapped = _wrap(self._master, secrets.token_bytes(KEY_BYTES), address)
                with self._connect() as connection:
                    connection.execute(
                        "INSERT INTO key VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        (organisation_id.hex, purpose, _ORGANISATION_KEY, wrapped),
                    )
                # another process may have been first: read back what is kept
                wrapped = self._read(organisation_id, purpose, _ORGANISATION_KEY) or wrapped
        return self._unwrap(self._master, wrapped, address)

    def _read(self, organisation_id: UUID, purpose: str, name: str) -> bytes | None:
        with self._connect() as connection:
            row = connection.execute(
                "SELECT wrapped FROM key WHERE organisation = ? AND purpose = ? AND name = ?",
                (organisation_id.hex, purpose, name),
            ).fetchone()
        return bytes(row[0]) if row else None

    def _unwrap(self, outer: AESGCM, wrapped: bytes, address: bytes) -> bytes:
        try:
            return outer.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], address)
        except InvalidTag as error:
            raise KeyDamaged(
                "keys.damaged",
                "The master key in {folder} does not fit the keys beside it, or a file was "
                "changed. Restore the folder from its backup; nothing was overwritten.",
                folder=self.folder,
            ) from error

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                yield connection


def seal(key: bytes, content: bytes, address: bytes) -> bytes:
    """Encrypt with AES-256-GCM under a data key; `address` says where it belongs."""
    return _wrap(AESGCM(key), content, address)


def unseal(key: bytes, sealed: bytes, address: bytes) -> bytes:
    """Decrypt what `seal` made; raise `KeyDamaged` when key, content or place do not fit."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], address)
    except InvalidTag as error:
        raise KeyDamaged(
            "keys.damaged_content",
            "What is stored does not fit its key: it was changed or moved. "
            "Restore the database from a backup; nothing was overwritten.",
        ) from error


def _wrap(outer: AESGCM, secret: bytes, address: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + outer.encrypt(nonce, secret, address)


def _address(organisation_id: UUID, purpose: str, name: str) -> bytes:
    return f"{organisation_id.hex}|{purpose}|{name}|v1".encode()
