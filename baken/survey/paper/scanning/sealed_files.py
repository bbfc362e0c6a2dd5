"""A file of scans on the disk, encrypted with a key that exists in memory alone.

A scan may be larger than memory, and is read from several places at once; but no byte of it may lie
readable on a disk, where deleting is no erasing. So it is encrypted as it comes in, with a key made
for this one file, and decrypted where a reader looks. When the process that holds the key dies, all
that is left is noise.

AES-256 in counter mode: any byte can be decrypted without those before it. It does not notice when
somebody changes the file; a changed scan is a damaged one, which readers have to bear anyway.
"""

import io
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK: Final = 16
_KEY_BYTES: Final = 32
# Readers of documents ask for half a kilobyte at a time.
_AHEAD: Final = 2**16


def _make_key() -> bytes:
    return secrets.token_bytes(_KEY_BYTES)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file at `path` and the key for it; the key is used for this one file, written once."""

    path: Path
    key: bytes = field(default_factory=_make_key, repr=False)

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open for reading what was written (`rb`), or for writing from the start (`wb`)."""
        if mode == "wb":
            return _Writer(self)
        return io.BufferedReader(_Reader(self), _AHEAD)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def at(self, block: int) -> CipherContext:
        """Return what turns bytes from a block of sixteen on into the others, both ways."""
        counter = CTR(block.to_bytes(_BLOCK, "big"))
        return Cipher(AES(self.key), counter).encryptor()


class _Writer(io.RawIOBase, BinaryIO):
    def __init__(self, sealed: SealedFile) -> None:
        super().__init__()
        created = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._file = os.fdopen(os.open(sealed.path, created, 0o600), "wb", buffering=0)
        self._cipher = sealed.at(0)

    def writable(self) -> bool:
        return True

    def write(self, plain: bytes) -> int:  # type: ignore[override]  # bytes alone come here
        left = memoryview(self._cipher.update(plain))
        while left:
            left = left[self._file.write(left) :]
        return len(plain)

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _Reader(io.RawIOBase):
    def __init__(self, sealed: SealedFile) -> None:
        super().__init__()
        self._sealed = sealed
        self._file = sealed.path.open("rb", buffering=0)
        self._size = sealed.size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the start of the file")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]  # as BufferedReader asks
        block, skipped = divmod(self._place, _BLOCK)
        self._file.seek(block * _BLOCK)
        found = self._file.read(skipped + len(room)) or b""
        plain = self._sealed.at(block).update(found)[skipped:]
        room[: len(plain)] = plain
        self._place += len(plain)
        return len(plain)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
