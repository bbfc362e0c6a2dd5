"""The encrypted file: chunks of 64 KiB under a key that comes from a passphrase.

A header of 32 bytes, 32 bytes of chance, then the chunks. Scrypt makes a key of the passphrase,
HKDF makes of that key and the chance the one that encrypts: work that was cut off and begins anew
with the same passphrase never encrypts two contents under one key. The nonce of a chunk is its
number and whether it is the last one, header and chance are bound to each of them: nothing can be
cut off, moved, repeated or added.
The form is written down in docs/reference/export-format.md, for other programs to read.
"""

import io
import os
import secrets
import struct
import unicodedata
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from baken.storage.portability.errors import (
    NotAnExport,
    WeakPassphrase,
    WrongPassphrase,
    damaged,
    older_form,
)

MAGIC: Final = b"BAKENORG"
FORM: Final = 2
CHUNK: Final = 64 * 1024
TAG: Final = 16
MIN_PASSPHRASE: Final = 20
# 128 MiB and about half a second for every guess; a file may not ask for more than 256 MiB.
LOG_N: Final = 17
MAX_LOG_N: Final = 18
CHANCE: Final = 32
_HEADER: Final = struct.Struct(">8sBBBB16s4x")
# No sign that looks like another one, so that a passphrase can be read out; 25 hold 123 bits.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class FileKey:
    """What a passphrase opens a file with, and the header that says how it is derived."""

    header: bytes
    key: bytes

    @classmethod
    def new(cls, passphrase: str, *, log_n: int = LOG_N) -> Self:
        """Derive the key of a new file; raise `WeakPassphrase` below twenty characters."""
        if len(passphrase.strip()) < MIN_PASSPHRASE:
            raise WeakPassphrase(
                "portability.passphrase_short",
                "Choose a passphrase of at least {least} characters, such as five words that do "
                "not belong together. Whoever finds the file can try as often as they like.",
                least=MIN_PASSPHRASE,
            )
        header = _HEADER.pack(MAGIC, FORM, log_n, 8, 1, secrets.token_bytes(16))
        return cls(header, _derive(passphrase, header))

    @classmethod
    def of(cls, file: BinaryIO, passphrase: str) -> Self:
        """Derive the key of an existing file; its first bytes say how."""
        file.seek(0)
        header = file.read(_HEADER.size)
        return cls(header, _derive(passphrase, header))

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return the key that `to_bytes` wrote."""
        return cls(content[: _HEADER.size], content[_HEADER.size :])

    def to_bytes(self) -> bytes:
        """Return header and key, to be kept in the key store until a job is done."""
        return self.header + self.key


def generate_passphrase() -> str:
    """Return five groups of five signs."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(5))
    return "-".join(groups)


def _derive(passphrase: str, header: bytes) -> bytes:
    if len(header) != _HEADER.size or not header.startswith(MAGIC):
        raise NotAnExport(
            "portability.not_an_export",
            "This file is not the export of an organisation. Nothing was imported; "
            "choose the file that Baken exported.",
        )
    _, form, log_n, r, p, salt = _HEADER.unpack(header)
    if form == 1:
        raise older_form()
    if (form, r, p) != (FORM, 8, 1) or not 1 <= log_n <= MAX_LOG_N:
        raise damaged("header")
    text = unicodedata.normalize("NFKC", passphrase.strip()).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=2**log_n, r=r, p=p).derive(text)


def _cipher(key: FileKey, chance: bytes) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=chance, info=key.header).derive(key.key)
    return AESGCM(derived)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">11sB", number.to_bytes(11, "big"), is_last)


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it; `close` writes the last chunk."""

    def __init__(self, out: BinaryIO, key: FileKey) -> None:
        super().__init__()
        self._out = out
        chance = secrets.token_bytes(CHANCE)
        self._bound = key.header + chance
        self._cipher = _cipher(key, chance)
        self._waiting = bytearray()
        self._number = 0
        out.write(self._bound)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        # one chunk always waits: only at the end it is known which is the last
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk; without it the file opens nowhere."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()
        self._out.flush()

    def _seal(self, content: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._out.write(self._cipher.encrypt(nonce, content, self._bound))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Decrypts from any place in the file; nothing readable is ever written to a disk."""

    def __init__(self, file: BinaryIO, key: FileKey) -> None:
        super().__init__()
        self._file = file
        file.seek(0)
        self._bound = file.read(_HEADER.size + CHANCE)
        if len(self._bound) != _HEADER.size + CHANCE or not self._bound.startswith(key.header):
            raise damaged("header")
        self._cipher = _cipher(key, self._bound[_HEADER.size :])
        body = file.seek(0, os.SEEK_END) - len(self._bound)
        self._n_chunks = max(1, -(-body // (CHUNK + TAG)))
        self._size = max(0, body - self._n_chunks * TAG)
        self._place = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        number, offset = divmod(self._place, CHUNK)
        if self._place >= self._size:
            return 0
        found = self._chunk(number)[offset : offset + len(buffer)]
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def check_passphrase(self) -> None:
        """Open the first chunk; raise `WrongPassphrase` when it does not open."""
        self._chunk(0)

    def check(self) -> None:
        """Open every chunk once; raise when the passphrase is wrong or anything was changed."""
        self.check_passphrase()
        for number in range(1, self._n_chunks):
            self._chunk(number)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] == number:
            return self._held[1]
        self._file.seek(len(self._bound) + number * (CHUNK + TAG))
        sealed = self._file.read(CHUNK + TAG)
        nonce = _nonce(number, is_last=number == self._n_chunks - 1)
        try:
            content = self._cipher.decrypt(nonce, sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise _does_not_open(number) from error
        self._held = (number, content)
        return content


def _does_not_open(number: int) -> Exception:
    if number:
        return damaged(f"chunk {number}")
    return WrongPassphrase(
        "portability.wrong_passphrase",
        "The passphrase does not open this file, or the file was changed. Nothing was imported. "
        "Type the passphrase again exactly as it was noted; if it still fails, ask for a new "
        "export.",
    )
