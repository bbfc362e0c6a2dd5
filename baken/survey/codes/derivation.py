"""A code follows from a key and a number, so that none has to be stored; a tag follows from both.

Without the keys, which live outside the database, nobody can list codes or test a guessed one.
"""

import hashlib
import hmac
from uuid import UUID

from baken.survey.codes.models import TAG_BYTES
from baken.survey.codes.symbols import BITS, write_code


def derive_code(key: bytes, campaign_id: UUID, unit: str, number: int, *, issue: int = 0) -> str:
    """Return the code of a slip.

    Parameters
    ----------
    key : bytes
        Secret of the campaign for codes.
    unit, number : str, int
        The slip: numbers run from 0 in every unit.
    issue : int
        Counts up when a code is replaced.
    """
    message = f"{campaign_id.hex}|{unit}|{number}|{issue}".encode()
    digest = hmac.digest(key, message, hashlib.sha256)
    return write_code(int.from_bytes(digest[:8], "big") >> (64 - BITS))


def code_tag(pepper: bytes, campaign_id: UUID, code: str) -> bytes:
    """Return what the database keeps of a code."""
    message = f"{campaign_id.hex}|{code}".encode()
    return hmac.digest(pepper, message, hashlib.sha256)[:TAG_BYTES]
