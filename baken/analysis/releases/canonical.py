"""One way to write a value as bytes, so that equal results have equal hashes."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return JSON with sorted keys and without spaces, in UTF-8; not-a-number is refused."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
