"""The key store."""

from pathlib import Path
from uuid import uuid4

import pytest

from baken.storage.keys import (
    KeyDamaged,
    KeyFolderMissing,
    KeyFolderUnsafe,
    KeyGone,
    KeyStore,
    KeyStoreError,
    seal,
    unseal,
)


def test_a_key_comes_back_after_reopening(tmp_path: Path) -> None:
    organisation = uuid4()
    secret = KeyStore.create(tmp_path / "keys").make(organisation, "answers", "campaign:1")
    assert KeyStore.open(tmp_path / "keys").get(organisation, "answers", "campaign:1") == secret


def test_no_key_is_found_in_clear_in_any_file(tmp_path: Path) -> None:
    store = KeyStore.create(tmp_path / "keys")
    secret = store.make(uuid4(), "answers", "campaign:1")
    for file in (tmp_path / "keys").iterdir():
        assert secret not in file.read_bytes()


def test_a_destroyed_key_is_gone_and_its_wrapped_bytes_too(tmp_path: Path) -> None:
    organisation = uuid4()
    store = KeyStore.create(tmp_path / "keys")
    store.make(organisation, "answers", "campaign:1")
    wrapped = store._read(organisation, "answers", "campaign:1")
    assert wrapped is not None
    assert wrapped in (tmp_path / "keys" / "keys.sqlite").read_bytes()
    store.destroy(organisation, "answers", "campaign:1")
    store.destroy(organisation, "answers", "campaign:1")
    with pytest.raises(KeyGone):
        store.get(organisation, "answers", "campaign:1")
    for file in (tmp_path / "keys").iterdir():
        assert wrapped not in file.read_bytes()


def test_a_key_is_bound_to_its_organisation_purpose_and_name(tmp_path: Path) -> None:
    organisation = uuid4()
    store = KeyStore.create(tmp_path / "keys")
    store.make(organisation, "answers", "one")
    store.make(organisation, "answers", "two")
    with store._connect() as connection:
        connection.execute(
            "UPDATE key SET wrapped = (SELECT wrapped FROM key WHERE name = 'one')"
            " WHERE name = 'two'"
        )
    with pytest.raises(KeyDamaged):
        store.get(organisation, "answers", "two")


def test_a_missing_folder_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(KeyFolderMissing, match="BAKEN_KEYS"):
        KeyStore.open(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    KeyStore.create(tmp_path / "keys")
    (tmp_path / "keys" / "master.key").chmod(mode)
    with pytest.raises(KeyFolderUnsafe, match="chmod 400"):
        KeyStore.open(tmp_path / "keys")


def test_a_wrong_master_key_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    organisation = uuid4()
    KeyStore.create(tmp_path / "keys").make(organisation, "answers", "one")
    KeyStore.create(tmp_path / "other")
    file = tmp_path / "keys" / "master.key"
    file.chmod(0o600)
    file.write_bytes((tmp_path / "other" / "master.key").read_bytes())
    with pytest.raises(KeyDamaged, match="does not fit"):
        KeyStore.open(tmp_path / "keys")  # at the start, not when somebody logs in
    file.write_bytes(b"short")
    with pytest.raises(KeyDamaged, match="5 bytes"):
        KeyStore.open(tmp_path / "keys")


def test_a_folder_that_goes_while_we_run_is_said_and_not_begun_anew(tmp_path: Path) -> None:
    organisation = uuid4()
    store = KeyStore.create(tmp_path / "keys")
    secret = store.make(organisation, "answers", "one")
    (tmp_path / "keys").rename(tmp_path / "away")
    (tmp_path / "keys").mkdir()
    for act in (store.get, store.make):
        with pytest.raises(KeyFolderMissing, match="restore it from its backup"):
            act(organisation, "answers", "one")
    assert list((tmp_path / "keys").iterdir()) == []
    (tmp_path / "keys").rmdir()
    (tmp_path / "away").rename(tmp_path / "keys")
    assert store.get(organisation, "answers", "one") == secret


def test_a_second_creation_changes_nothing(tmp_path: Path) -> None:
    before = KeyStore.create(tmp_path / "keys").fingerprint
    with pytest.raises(KeyStoreError, match="already"):
        KeyStore.create(tmp_path / "keys")
    assert KeyStore.open(tmp_path / "keys").fingerprint == before


def test_what_is_sealed_opens_at_its_own_place_only() -> None:
    key = b"k" * 32
    sealed = seal(key, b"answers", b"campaign:1")
    assert unseal(key, sealed, b"campaign:1") == b"answers"
    with pytest.raises(KeyDamaged):
        unseal(key, sealed, b"campaign:2")
    with pytest.raises(KeyDamaged):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"campaign:1")


def test_a_wrong_master_key_wraps_nothing_new(tmp_path: Path) -> None:
    store = KeyStore.create(tmp_path / "keys")
    store.make(uuid4(), "answers", "one")
    file = tmp_path / "keys" / "master.key"
    file.chmod(0o600)
    file.write_bytes(bytes(32))
    file.chmod(0o400)
    kept = (tmp_path / "keys" / "keys.sqlite").read_bytes()
    with pytest.raises(KeyDamaged, match="Restore the folder from its backup"):
        KeyStore.open(tmp_path / "keys").make(uuid4(), "answers", "one")
    assert (tmp_path / "keys" / "keys.sqlite").read_bytes() == kept


def test_two_who_renew_the_master_key_at_once_lose_none(tmp_path: Path) -> None:
    organisation, folder = uuid4(), tmp_path / "keys"
    secret = KeyStore.create(folder).make(organisation, "answers", "one")
    first, second = KeyStore.open(folder), KeyStore.open(folder)
    with first._connect() as connection:
        connection.execute("BEGIN IMMEDIATE")
        first._master.begin_renewal(connection)
    with second._connect() as connection:
        connection.execute("BEGIN IMMEDIATE")
        second._master.begin_renewal(connection)
        connection.rollback()  # killed before its keys were kept
    with first._connect() as connection:
        connection.execute("BEGIN IMMEDIATE")
        first._master.end_renewal(connection)
    assert KeyStore.open(folder).get(organisation, "answers", "one") == secret
    assert first.get(organisation, "answers", "one") == secret
    kept = (folder / "keys.sqlite").read_bytes()
    assert second.renew(uuid4(), "answers") == second.renew(organisation, "anwsers") == 0
    assert (folder / "keys.sqlite").read_bytes() == kept  # nothing was made for a mistyped one
    assert second.renew_master() == 2
    assert KeyStore.open(folder).get(organisation, "answers", "one") == secret
