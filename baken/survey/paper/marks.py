"""What the square code on a page says: which form, language, page and group; nothing else.

All forms of a unit carry the same codes: no number of the form, no person, no code, no time.
The text uses capitals and digits only, so that the squares of the code can be large:
`BKN1:K7QF2M9D:NL:03:00A`.
"""

import re
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EDITION_LENGTH: Final = 8
UNIT_LENGTH: Final = 3
IMPRINT_LENGTH: Final = 4
MAX_PAGES: Final = 99

PROOF: Final = "0" * EDITION_LENGTH
"""Edition of a form that is printed to look at; whoever reads forms refuses it."""

_SIGN: Final = "BKN1"
_TEXT: Final = re.compile(
    rf"{_SIGN}:(?P<edition>[{ALPHABET}]{{{EDITION_LENGTH}}}):(?P<language>[A-Z]{{2,3}}(-EASY)?)"
    rf":(?P<page>[0-9]{{2}}):(?P<unit>[{ALPHABET}]{{{UNIT_LENGTH}}})"
)


class NotAMark(ValueError):
    """A square code that is none of ours, or of a newer program."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one square code says.

    Attributes
    ----------
    edition
        Stands for campaign, version of the questionnaire, language, size and places together.
    page
        From 1 to `MAX_PAGES`.
    unit
        Place of the unit among the frozen units of the campaign; see `unit_sign`.
    """

    edition: str
    language: str
    page: int
    unit: str

    @property
    def is_proof(self) -> bool:
        """Whether the page was printed to look at before the launch; never to be counted."""
        return self.edition == PROOF


def write_mark(mark: Mark) -> str:
    """Return the text of the square code; raise `NotAMark` when it could not be read back."""
    text = f"{_SIGN}:{mark.edition}:{mark.language.upper()}:{mark.page:02d}:{mark.unit}"
    if read_mark(text) != mark:
        raise NotAMark(f"{mark} cannot be written as a square code")
    return text


def read_mark(text: str) -> Mark:
    """Return what a square code says; raise `NotAMark` for any other text."""
    found = _TEXT.fullmatch(text)
    if found is None or found["page"] == "00":
        raise NotAMark("this square code does not stand on a form of this program")
    return Mark(found["edition"], found["language"].lower(), int(found["page"]), found["unit"])


def imprint_of(edition: str) -> str:
    """Return what a person reads of an edition, at the foot of every page."""
    return edition[:IMPRINT_LENGTH]


def unit_sign(place: int) -> str:
    """Return the sign of the unit at this place, from 0, among the frozen units."""
    digits = ""
    for _ in range(UNIT_LENGTH):
        place, digit = divmod(place, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    if place:
        raise NotAMark("a campaign has no more units than can be written in a square code")
    return digits


def unit_place(sign: str) -> int:
    """Return the place for which a sign stands; raise `NotAMark` when it is no sign."""
    if len(sign) != UNIT_LENGTH or any(digit not in ALPHABET for digit in sign):
        raise NotAMark("this is no sign of a unit")
    place = 0
    for digit in sign:
        place = place * len(ALPHABET) + ALPHABET.index(digit)
    return place
