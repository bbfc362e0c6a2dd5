"""Texts of entries as bytes that only the key of the entry opens.

Every entry has a key of its own in the key store. Where a text stands is part of what is sealed, so
nobody who can write in the database moves a text to another entry or another organisation.
"""

from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from baken.actionplan.register.errors import Unreadable
from baken.actionplan.register.rules import Facts, Identity
from baken.storage import contents
from baken.storage.contents import Content
from baken.storage.keys import KeyGone, KeyStore, seal, unseal

PURPOSE: Final = "register"
DOOR: Final = "door"
_FILE_STEP: Final = 64 * 1024
"""Files are filled up to a multiple of this, so that their length says little."""


def key_name(entry_id: UUID) -> str:
    """The name of the key of an entry."""
    return f"entry:{entry_id.hex}"


def identity_name(entry_id: UUID) -> str:
    """The name of the key of the name that stands with an entry."""
    return f"identity:{entry_id.hex}"


def get_key(keys: KeyStore, organisation_id: UUID, name: str) -> bytes:
    """Return a key of the register; raise `Unreadable` when it is not there (any more)."""
    try:
        return keys.get(organisation_id, PURPOSE, name)
    except KeyGone as error:
        raise Unreadable from error


def seal_content(key: bytes, organisation_id: UUID, row_id: UUID, content: Content) -> bytes:
    """Seal what stands in a row."""
    return contents.seal_content(key, _place(organisation_id, row_id), content)


def open_content(key: bytes, organisation_id: UUID, row_id: UUID, sealed: bytes) -> dict[str, Any]:
    """Open what `seal_content` made; raise `KeyDamaged` when key, content or place do not fit."""
    return contents.open_content(key, _place(organisation_id, row_id), sealed)


def seal_bytes(key: bytes, organisation_id: UUID, row_id: UUID, content: bytes) -> bytes:
    """Seal a file, filled up so that its length says little; what is beside it holds its size."""
    filled = content + b"\0" * (-len(content) % _FILE_STEP)
    return seal(key, filled, _place(organisation_id, row_id, "file"))


def open_bytes(key: bytes, organisation_id: UUID, row_id: UUID, sealed: bytes) -> bytes:
    """Open what `seal_bytes` made, still filled up; raise `KeyDamaged` when nothing fits."""
    return unseal(key, sealed, _place(organisation_id, row_id, "file"))


def facts_to_content(facts: Facts) -> dict[str, Any]:
    """Facts as plain values."""
    days = [day.isoformat() for day in (facts.first_on, facts.last_on) if day is not None]
    plain = {**asdict(facts), "tags": list(facts.tags), "days": days}
    return {name: value for name, value in plain.items() if name not in {"first_on", "last_on"}}


def facts_of_content(content: Content) -> Facts:
    """Facts out of what was sealed."""
    first_on, *others = (date.fromisoformat(day) for day in content["days"])
    return Facts(
        description=content["description"],
        first_on=first_on,
        last_on=others[0] if others else None,
        place=content["place"],
        third_party=content["third_party"],
        nature=content["nature"],
        tags=tuple(content["tags"]),
    )


def identity_to_content(identity: Identity) -> dict[str, Any]:
    """A name, a way to reach somebody, and for whom."""
    readers = sorted(identity.readers)
    return {"name": identity.name, "contact": identity.contact, "readers": readers}


def identity_of_content(content: Content) -> Identity:
    """A name out of what was sealed."""
    return Identity(content["name"], content["contact"], frozenset(content["readers"]))


def _place(organisation_id: UUID, row_id: UUID, what: str = "content") -> bytes:
    return f"{organisation_id.hex}|register|{row_id.hex}|{what}|v1".encode()
