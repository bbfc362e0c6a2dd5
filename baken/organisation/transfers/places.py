"""Where the files of transfers are kept, and for how long."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from baken.storage.keys import INSTALLATION, KeyStore
from baken.storage.portability.sealing import FileKey

FETCHED_WITHIN: Final = timedelta(hours=24)
PURPOSE: Final = "transfers"
_END: Final = ".baken"
_HALF: Final = ".unfinished"


def path_of(folder: Path, transfer_id: UUID) -> Path:
    """Return where the file of an export or import is."""
    return folder / f"{transfer_id}{_END}"


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write; it gets its name when all of it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    half = path.with_suffix(_HALF)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    half.rename(path)


def forget_file(folder: Path, keys: KeyStore, transfer_id: UUID) -> None:
    """Delete the file of a transfer, half a one too, and its key."""
    path = path_of(folder, transfer_id)
    path.unlink(missing_ok=True)
    path.with_suffix(_HALF).unlink(missing_ok=True)
    keys.destroy(INSTALLATION, PURPOSE, str(transfer_id))


def keep_key(keys: KeyStore, transfer_id: UUID, key: FileKey) -> None:
    """Keep the key of a file until its job is done; a passphrase is kept nowhere."""
    keys.put(INSTALLATION, PURPOSE, str(transfer_id), key.to_bytes())


def kept_key(keys: KeyStore, transfer_id: UUID) -> FileKey:
    """Return the key of a file; raise `KeyGone` when its job is done."""
    return FileKey.read(keys.get(INSTALLATION, PURPOSE, str(transfer_id)))


def destroy_idle_keys(keys: KeyStore, busy: Collection[UUID]) -> int:
    """Destroy the keys of transfers that nothing works at any more; return how many.

    Parameters
    ----------
    busy : collection of UUID
        What the jobs that wait or run are about.
    """
    in_use = {str(transfer_id) for transfer_id in busy}
    names = [name for purpose, name in keys.names(INSTALLATION) if purpose == PURPOSE]
    idle = [name for name in names if name not in in_use]
    for name in idle:
        keys.destroy(INSTALLATION, PURPOSE, name)
    return len(idle)


def delete_old_files(folder: Path, keys: KeyStore, *, now: datetime) -> int:
    """Delete what nobody fetched within a day, and what a kill left behind; return how many."""
    if not folder.is_dir():
        return 0
    oldest = (now - FETCHED_WITHIN).timestamp()
    n_deleted = 0
    for path in [*folder.glob(f"*{_END}"), *folder.glob(f"*{_HALF}")]:
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            keys.destroy(INSTALLATION, PURPOSE, path.stem)
            n_deleted += 1
    return n_deleted
