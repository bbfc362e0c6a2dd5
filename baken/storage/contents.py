"""Texts of a row as bytes that only the key of their record opens.

Where a text stands is part of what is sealed: nobody who can write in the database moves it to
another row or another organisation. Its length says little.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from baken.storage.keys import seal, unseal

_STEP: Final = 512
"""Contents are filled up to a multiple of this."""

Content = Mapping[str, Any]


def seal_content(key: bytes, address: bytes, content: Content) -> bytes:
    """Seal what stands in a row; `address` says in which."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return seal(key, plain + b" " * (-len(plain) % _STEP), address)


def open_content(key: bytes, address: bytes, sealed: bytes) -> dict[str, Any]:
    """Open what `seal_content` made; raise `KeyDamaged` when key, content or place do not fit."""
    opened: dict[str, Any] = json.loads(unseal(key, sealed, address))
    return opened
