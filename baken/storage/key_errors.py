"""What can go wrong with keys; every sentence says what to do."""

from baken.storage.errors import BakenError


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
