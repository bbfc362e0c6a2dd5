"""One attempt to log in by way of the provider: three values that follow from one."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempt:
    """What goes to the provider and has to come back, and what only Baken knows.

    Nonce and verifier follow from the state by a key of the key store: the database holds a
    hash of the state and nothing that would help whoever reads it.
    """

    state: str
    nonce: str
    verifier: str

    @classmethod
    def of(cls, state: str, key: bytes) -> "Attempt":
        """The attempt that a state belongs to."""
        return cls(state, _derived(key, "nonce", state), _derived(key, "verifier", state))


def _derived(key: bytes, name: str, state: str) -> str:
    digest = hmac.digest(key, f"{name}|{state}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
