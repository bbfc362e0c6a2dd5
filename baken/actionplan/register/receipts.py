"""The access word on the poster, and the receipt with which an author comes back.

A receipt is made from what the form carried (`once` and all that was filled in), so the same form
sent twice gives the same receipt and one entry. The database holds a mark from which the receipt
cannot be made.
"""

import hashlib
import hmac
import secrets
import unicodedata
from typing import Final
from uuid import UUID

from baken.actionplan.register.errors import WrongWord
from baken.actionplan.register.models import Register
from baken.actionplan.register.sealing import DOOR, get_key, open_content, seal_content
from baken.storage.keys import KeyStore
from baken.survey.codes.symbols import BITS, print_code, read_code, write_code
from baken.survey.errors import MistypedCode

WORD_LENGTH: Final = 8
# No sign that looks or sounds like another, and no vowels: nothing that could be read as a word.
_SIGNS: Final = "bcdfghjkmnpqrstvwxz"


def new_word() -> str:
    """Return a random access word, in two groups of four."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(WORD_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def seal_word(keys: KeyStore, register: Register, word: str) -> bytes:
    """Seal an access word for its place in the row."""
    door = keys.ensure(register.organisation_id, "register", DOOR)
    return seal_content(door, register.organisation_id, register.id, {"word": word})


def read_word(keys: KeyStore, register: Register) -> str:
    """Return the access word, for the poster."""
    door = get_key(keys, register.organisation_id, DOOR)
    return str(open_content(door, register.organisation_id, register.id, register.word)["word"])


def check_word(keys: KeyStore, register: Register, typed: str) -> None:
    """Raise `WrongWord` unless somebody typed the access word, however it was spaced."""
    if not hmac.compare_digest(_plain(typed), _plain(read_word(keys, register))):
        raise WrongWord(
            "register.wrong_word",
            "This is not the access word. It stands on the poster beside the address: two groups "
            "of four letters.",
        )


def new_once() -> str:
    """What a form carries so that it counts once."""
    return secrets.token_hex(16)


def receipt_of(keys: KeyStore, organisation_id: UUID, sent: str) -> str:
    """Return the twelve symbols of the receipt that belongs to a form as it was sent."""
    digest = _hash(keys, organisation_id, "receipt", sent)
    return write_code(int.from_bytes(digest, "big") >> (len(digest) * 8 - BITS))


def mark_of(keys: KeyStore, organisation_id: UUID, receipt: str) -> bytes:
    """Return what the database keeps of a receipt."""
    return _hash(keys, organisation_id, "mark", receipt)


def read_receipt(typed: str) -> str:
    """Return the symbols of a typed receipt; raise `WrongWord` for what cannot be one."""
    try:
        return read_code(typed)
    except MistypedCode as error:
        raise unknown_receipt() from error


def print_receipt(receipt: str) -> str:
    """Return a receipt as people write it down."""
    return print_code(receipt)


def unknown_receipt() -> WrongWord:
    """The same answer for a typing mistake and for a receipt that nobody got."""
    return WrongWord(
        "register.unknown_receipt",
        "Nothing was found with this receipt. Look at it once more: twelve signs in three groups "
        "and one at the end. After its term an entry is gone, and so is what the receipt opens.",
    )


def _plain(word: str) -> bytes:
    folded = unicodedata.normalize("NFKC", word[:100]).lower()
    return "".join(sign for sign in folded if sign.isalnum()).encode()


def _hash(keys: KeyStore, organisation_id: UUID, what: str, text: str) -> bytes:
    door = get_key(keys, organisation_id, DOOR)
    return hmac.new(door, f"{what}|{text}".encode(), hashlib.sha256).digest()
