"""The key store: keys beside the database, never inside it.

A folder of its own holds the master key (one file, readable by its owner only) and a small
database with every other key, wrapped: the master key wraps one key per organisation and purpose,
that key wraps the data keys. Deleting a data key makes what it sealed unreadable in the database
and in every copy of it, once the copies of the key store itself have expired.

Both kinds of wrapping key can be renewed while the program runs. An organisation's key is renewed
in one transaction of the file. A master key is written beside the old one first and takes its place
last; in between, whoever opens the store finds out which of the two fits.
"""

import contextlib
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

from baken.storage.crash import crash_point
from baken.storage.key_errors import (
    KeyDamaged,
    KeyFolderMissing,
    KeyFolderUnsafe,
    KeyGone,
    KeyStoreError,
    missing,
)
from baken.storage.master_keys import (
    KEY_BYTES,
    MASTER,
    NONCE_BYTES,
    ORGANISATION_KEY,
    MasterKey,
    address_of,
    damaged,
    unwrap,
    wrap,
    write_master,
)

__all__ = [
    "COPIES_EXPIRE_AFTER_DAYS",
    "INSTALLATION",
    "KEY_BYTES",
    "NONCE_BYTES",
    "KeyDamaged",
    "KeyFolderMissing",
    "KeyFolderUnsafe",
    "KeyGone",
    "KeyStore",
    "KeyStoreError",
    "seal",
    "unseal",
]

# How long copies of the key store may live; a destroyed key is gone for good after that.
COPIES_EXPIRE_AFTER_DAYS = 7

# Keys of the installation itself stand under this identifier, which no organisation has.
INSTALLATION = UUID(int=0)


class KeyStore:
    """Keys wrapped by keys, in one folder.

    Get one with `open` (an existing store) or `create` (a new installation); it never makes a new
    master key by itself, since that would make everything sealed before unreadable.
    """

    def __init__(self, folder: Path, master: MasterKey) -> None:
        self._path = folder / "keys.sqlite"
        self._lock = threading.Lock()
        self._master = master
        self.folder = folder

    @property
    def fingerprint(self) -> str:
        """What two people compare to see that they mean the same master key."""
        return self._master.fingerprint

    @classmethod
    def create(cls, folder: Path) -> "KeyStore":
        """Make a new, empty key store; refuses a folder that already holds one."""
        file = folder / MASTER
        if file.exists():
            raise KeyStoreError(
                "keys.exists",
                "There is a key store in {folder} already. Nothing was changed.",
                folder=folder,
            )
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        store = cls(folder, MasterKey(folder, write_master(file)))
        with store._connect(is_new=True) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS key (organisation TEXT, purpose TEXT, name TEXT,"
                " wrapped BLOB NOT NULL, PRIMARY KEY (organisation, purpose, name)) WITHOUT ROWID"
            )
            store._master.prove(connection)
        return store

    @classmethod
    def open(cls, folder: Path) -> "KeyStore":
        """Open an existing key store, or say plainly what is wrong with it."""
        file = folder / MASTER
        if not file.is_file() or not (folder / "keys.sqlite").is_file():
            raise missing(folder)
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
        store = cls(folder, MasterKey(folder, master))
        store._check_table()
        return store

    def _check_table(self) -> None:
        """Look once whether there are keys to read: at the start, not when answers come."""
        try:
            with self._connect() as connection:
                connection.execute("SELECT wrapped FROM key LIMIT 1").fetchall()
                self._master.check(connection)
        except sqlite3.DatabaseError as error:
            raise KeyDamaged(
                "keys.damaged_store",
                "{file} cannot be read as a key store. Restore it from its backup; nothing was "
                "overwritten.",
                file=self._path,
            ) from error

    def put(self, organisation_id: UUID, purpose: str, name: str, secret: bytes) -> None:
        """Keep a secret under a name; an existing one of that name is refused."""
        row = (organisation_id.hex, purpose, name)
        with self._lock, self._connect() as connection:
            # In one transaction, so that nobody renews the outer key between reading and writing.
            connection.execute("BEGIN IMMEDIATE")
            outer = AESGCM(self._organisation_key(connection, organisation_id, purpose))
            wrapped = wrap(outer, secret, address_of(*row))
            connection.execute("INSERT INTO key VALUES (?, ?, ?, ?)", (*row, wrapped))

    def make(self, organisation_id: UUID, purpose: str, name: str) -> bytes:
        """Make, keep and return a new random data key of 32 bytes."""
        secret = secrets.token_bytes(KEY_BYTES)
        self.put(organisation_id, purpose, name, secret)
        return secret

    def get(self, organisation_id: UUID, purpose: str, name: str) -> bytes:
        """Return a secret; raise `KeyGone` when it was destroyed or never existed."""
        with self._connect() as connection:
            connection.execute("BEGIN")  # both keys as they are at one moment
            wrapped = _find(connection, organisation_id, purpose, name)
            outer = _find(connection, organisation_id, purpose, ORGANISATION_KEY)
        if wrapped is None:
            raise KeyGone(
                "keys.gone", "The key {name} does not exist (any more) in the key store.", name=name
            )
        if outer is None:
            raise damaged(self.folder)
        own = AESGCM(self._open_outer(outer, organisation_id, purpose))
        return unwrap(own, wrapped, address_of(organisation_id.hex, purpose, name), self.folder)

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

    def destroy(self, organisation_id: UUID, purpose: str, *names: str) -> None:
        """Overwrite and remove secrets; removing what is gone already is no error."""
        with self._connect() as connection:
            rows = [(organisation_id.hex, purpose, name) for name in names]
            where = "WHERE organisation = ? AND purpose = ? AND name = ?"
            overwrite = f"UPDATE key SET wrapped = zeroblob(length(wrapped)) {where}"  # noqa: S608 - constant text
            connection.executemany(overwrite, rows)
            connection.executemany(f"DELETE FROM key {where}", rows)  # noqa: S608 - constant text
        with self._connect() as connection:
            connection.commit()
            connection.execute("VACUUM")

    def names(self, organisation_id: UUID) -> list[tuple[str, str]]:
        """Return purpose and name of every secret that is kept for an organisation."""
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT purpose, name FROM key WHERE organisation = ? AND name <> ?"
                " ORDER BY purpose, name",
                (organisation_id.hex, ORGANISATION_KEY),
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

    def renew(self, organisation_id: UUID, purpose: str) -> int:
        """Give an organisation a new key for a purpose; return how many keys it wraps.

        Where there is none, none is made: whoever mistyped what is to be renewed hears 0.
        One transaction: killed anywhere, either every key is under the old one or all under the
        new. Readers wait for it no longer than the store takes to write itself once.
        """
        mine = (organisation_id.hex, purpose)
        where = "WHERE organisation = ? AND purpose = ? AND name"
        with self._lock, self._connect() as connection:
            connection.execute("BEGIN IMMEDIATE")
            outer = _find(connection, organisation_id, purpose, ORGANISATION_KEY)
            if outer is None:
                return 0
            old = AESGCM(self._open_outer(outer, organisation_id, purpose))
            fresh = secrets.token_bytes(KEY_BYTES)
            new = AESGCM(fresh)
            found = connection.execute(
                f"SELECT name, wrapped FROM key {where} <> ? ORDER BY name",  # noqa: S608 - constant text
                (*mine, ORGANISATION_KEY),
            ).fetchall()
            write = f"UPDATE key SET wrapped = ? {where} = ?"  # noqa: S608 - constant text
            for name, wrapped in found:
                crash_point("keys.rewrapping")
                address = address_of(*mine, name)
                secret = unwrap(old, bytes(wrapped), address, self.folder)
                connection.execute(write, (wrap(new, secret, address), *mine, name))
            self._master.find(connection)
            renewed = self._master.wrap(fresh, address_of(*mine, ORGANISATION_KEY))
            connection.execute(write, (renewed, *mine, ORGANISATION_KEY))
            crash_point("keys.rewrapped")
        return len(found)

    def renew_master(self) -> int:
        """Put a new master key in the place of the old one; return how many keys it wraps.

        Killed anywhere, the store opens with whichever of the two files fits, and the next call
        begins anew. Copies of the folder made before keep the old key until they expire.
        """
        with self._lock:
            with self._connect() as connection:
                connection.execute("BEGIN IMMEDIATE")
                n_wrapped = self._master.begin_renewal(connection)
            crash_point("keys.master_rewrapped")
            with self._connect() as connection:
                connection.execute("BEGIN IMMEDIATE")
                self._master.end_renewal(connection)
        return n_wrapped

    def _organisation_key(
        self, connection: sqlite3.Connection, organisation_id: UUID, purpose: str
    ) -> bytes:
        """Return the key of an organisation, made at its first use; inside a transaction only."""
        wrapped = _find(connection, organisation_id, purpose, ORGANISATION_KEY)
        if wrapped is None:
            return self._master.make_outer(connection, organisation_id.hex, purpose)
        return self._open_outer(wrapped, organisation_id, purpose)

    def _open_outer(self, wrapped: bytes, organisation_id: UUID, purpose: str) -> bytes:
        address = address_of(organisation_id.hex, purpose, ORGANISATION_KEY)
        try:
            return self._master.unwrap(wrapped, address)
        except KeyDamaged:
            with self._connect() as connection:
                self._master.find(connection)  # renewed by another process?
            return self._master.unwrap(wrapped, address)

    def _read(self, organisation_id: UUID, purpose: str, name: str) -> bytes | None:
        with self._connect() as connection:
            return _find(connection, organisation_id, purpose, name)

    @contextmanager
    def _connect(self, *, is_new: bool = False) -> Iterator[sqlite3.Connection]:
        # Where the folder went while we run, SQLite would begin an empty store in its place.
        if not is_new and not self._path.is_file():
            raise missing(self.folder)
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                yield connection


def seal(key: bytes, content: bytes, address: bytes) -> bytes:
    """Encrypt with AES-256-GCM under a data key; `address` says where it belongs."""
    return wrap(AESGCM(key), content, address)


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


def _find(
    connection: sqlite3.Connection, organisation_id: UUID, purpose: str, name: str
) -> bytes | None:
    row = connection.execute(
        "SELECT wrapped FROM key WHERE organisation = ? AND purpose = ? AND name = ?",
        (organisation_id.hex, purpose, name),
    ).fetchone()
    return bytes(row[0]) if row else None
