"""A key store that is not whole stops the start, and no new key is ever made in its place."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.web.app import furnish
from baken.web.settings import Settings

pytestmark = pytest.mark.sqlite


def overwrite(name: str, content: bytes) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        (folder / name).chmod(0o600)
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o400 if name == "master.key" else 0o600)

    return act


def cut(folder: Path) -> None:
    overwrite("master.key", (folder / "master.key").read_bytes()[:-1])(folder)


def empty_tables(folder: Path) -> None:
    with sqlite3.connect(folder / "keys.sqlite") as connection:
        connection.execute("DROP TABLE key")


BROKEN: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "no master key": lambda folder: (folder / "master.key").unlink(),
    "no keys": lambda folder: (folder / "keys.sqlite").unlink(),
    "an empty master key": overwrite("master.key", b""),
    "a master key cut short": cut,
    "a master key that is longer": overwrite("master.key", b"x" * 64),
    "a master key that all may read": lambda folder: (folder / "master.key").chmod(0o444),
    "keys that are no database": overwrite("keys.sqlite", b"x" * 5_000),
    "keys without their table": empty_tables,
    "a folder in the place of the master key": lambda folder: (
        (folder / "master.key").unlink(),
        (folder / "master.key").mkdir(),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_key_store_that_is_not_whole_stops_the_start(
    name: str, sqlite_url: str, keys: KeyStore, tmp_path: Path
) -> None:
    keys.ensure(OWNER, "answers", "one")
    BROKEN[name](keys.folder)
    before = state_of(keys.folder)
    settings = Settings(sqlite_url, keys=keys.folder, backups=tmp_path / "backups")
    with pytest.raises(BakenError) as refused:
        furnish(settings)
    assert str(keys.folder) in str(refused.value) or "key" in str(refused.value)
    assert state_of(keys.folder) == before


OWNER = UUID(int=7)


def state_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() if path.is_file() else b"folder"
        for path in (folder.iterdir() if folder.is_dir() else ())
        if not path.name.endswith(("-wal", "-shm"))
    }
