"""What can go wrong with keys; every sentence says what to do."""

from pathlib import Path

from baken.storage.errors import BakenError


class KeyStoreError(BakenError):
    """The key store cannot do what was asked."""


class KeyFolderMissing(KeyStoreError):
    """There is no key store where the settings point."""

    kind = "conflict"


class KeyFolderUnsafe(KeyStoreError):
    """Others on this machine could read the master key."""

    kind = "denied"


class KeyDamaged(KeyStoreError):
    """The master key is not the one that wrapped this key, or a file was changed."""

    kind = "conflict"


class KeyGone(KeyStoreError):
    """The key was destroyed, or never existed."""

    kind = "missing"


def missing(folder: Path) -> KeyFolderMissing:
    """The sentence for a folder that holds no key store."""
    return KeyFolderMissing(
        "keys.missing",
        "There is no key store in {folder}. Point BAKEN_KEYS to the folder with master.key "
        "and keys.sqlite, or restore it from its backup. Baken makes no new key by itself, "
        "because everything sealed so far would become unreadable.",
        folder=folder,
    )
