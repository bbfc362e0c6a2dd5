"""Passwords: what a good one is, and how one is kept."""

import re
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from baken.organisation.errors import Invalid

# OWASP's second recommended setting: as strong as the library's default, with a third of its
# memory, so that a row of log-ins does not slow the respondents down.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared when there is no such account, so that both answers take equally long.
_NOBODY: Final = _HASHER.hash(secrets.token_hex(16))

# Twelve, because a password alone opens nothing here: every account has a second factor, and a
# first log-in leads to setting one up and to nothing else (OWASP ASVS 5.0, 6.2.1).
MIN_PASSWORD: Final = 12
MAX_PASSWORD: Final = 128
# Found in lists of leaked passwords, the 30,000 most used; a short one counts with trimmings, too.
_COMMON: Final = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 4)
# What somebody who knows the program would try: its name, and what people are in it.
_HOUSE: Final = frozenset(
    {"baken", "administrator", "administrateur", "beheerder", "preventieadviseur", "welzijn"}
    | {"conseillerenprévention", "vertrouwenspersoon", "personnedeconfiance", "bienêtre"}
)
_RUNS: Final = ("0123456789" * 14, "abcdefghijklmnopqrstuvwxyz" * 6)
_TRIMMINGS: Final = "0123456789 .!?-_@#"


def check_password(password: str, *, mail: str, name: str) -> None:
    """Raise `Invalid` for a password that is short, too long or easily guessed."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            "organisation.password_length",
            "A password has {low} to {high} characters. A few words in a row work well.",
            low=MIN_PASSWORD,
            high=MAX_PASSWORD,
        )
    if is_easy(password.casefold(), _words_about(mail, name)):
        raise Invalid(
            "organisation.password_weak",
            "This password is easy to guess. Choose a few words that do not belong together.",
        )


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def is_password(kept: str, password: str) -> bool:
    """Whether this is the password; takes as long when none is kept (`kept` is empty)."""
    try:
        _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def is_easy(plain: str, context: frozenset[str] = frozenset()) -> bool:
    """Whether somebody who tries the usual would find it soon; `plain` in small letters."""
    bare = plain.strip(_TRIMMINGS)
    return (
        len(set(plain)) < 5
        or plain in _COMMON
        or bare in _COMMON
        or bare in context
        or _is_all_of(plain, context)
        or _is_repeated(plain)
        or any(plain in run or plain[::-1] in run for run in _RUNS)
    )


def _is_repeated(plain: str) -> bool:
    """Whether a short piece stands there twice or more and nothing else: ``baken1baken1``."""
    return plain in (plain + plain)[1:-1]


def _is_all_of(plain: str, words: frozenset[str]) -> bool:
    """Whether it is made of these words and nothing else, in any order: ``jan.peeters 2026``."""
    pieces = re.findall(r"[^\W\d_]+", plain)
    return bool(pieces) and all(piece in words for piece in pieces)


def _words_about(mail: str, name: str) -> frozenset[str]:
    """What an acquaintance would try first."""
    address = mail.casefold().strip()
    person = name.casefold().strip()
    box, _, house = address.partition("@")
    words = {*_HOUSE, address, box, *re.split(r"[\W_]+", box), *house.split("."), person}
    words |= {*re.split(r"[\W_]+", person)}
    return frozenset(word for word in (*words, person.replace(" ", "")) if word)
