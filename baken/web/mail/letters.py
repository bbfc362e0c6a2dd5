"""Letters: plain text from a file per language, with values at the placeholders."""

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent.parent / "texts"
# Also German: a letter goes to people who may never see a screen.
LETTER_LANGUAGES: Final = ("nl", "fr", "en", "de")
WIDTH: Final = 72
LONGEST_SUBJECT: Final = 160
_SUBJECT: Final = "Subject: "
_PLACEHOLDER: Final = re.compile(r"\{(\w{1,40})\}")


class BrokenLetter(Exception):
    """A letter file that has no subject line: a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody will read."""

    subject: str
    text: str
    # A file for a calendar that comes along; empty for most letters.
    calendar: bytes = b""


def render(letter: str, language: str, /, **values: Any) -> Letter:
    """Fill the letter of that name; a language without letters gets Dutch.

    Values are words of people: whatever they hold, the subject stays one line and an address in
    the text stays whole.
    """
    template = read_letter(letter, language if language in LETTER_LANGUAGES else "nl")
    shown = {name: clean(str(value)) for name, value in values.items()}
    subject = template.subject.format(**shown)
    return Letter(subject[:LONGEST_SUBJECT], _wrap(template.text.format(**shown)))


def fill(template: Letter, values: Mapping[str, str]) -> Letter:
    """Fill words that people of an organisation wrote: what is no known placeholder stays."""

    def value(found: re.Match[str]) -> str:
        return clean(values[found[1]]) if found[1] in values else found[0]

    subject = clean(_PLACEHOLDER.sub(value, template.subject))
    text = "\n".join(_PLACEHOLDER.sub(value, line) for line in template.text.splitlines())
    return Letter(subject[:LONGEST_SUBJECT], _wrap(text))


@cache
def read_letter(letter: str, language: str) -> Letter:
    """Read ``texts/<language>/letters/<letter>.txt``: a subject line, an empty line, the text."""
    file = FOLDER / language / "letters" / f"{letter}.txt"
    first, _, rest = file.read_text(encoding="utf-8").partition("\n")
    if not first.startswith(_SUBJECT) or not rest.startswith("\n"):
        raise BrokenLetter(f"{file.name} does not begin with a subject and an empty line.")
    return Letter(first.removeprefix(_SUBJECT), rest.strip("\n") + "\n")


def list_letters(language: str) -> frozenset[str]:
    """Names of the letters that a language has."""
    return frozenset(file.stem for file in (FOLDER / language / "letters").glob("*.txt"))


def clean(text: str) -> str:
    """Make one line of a value: no line breaks, nothing invisible that could act as one."""
    plain = "".join(" " if _is_control(character) else character for character in text)
    return re.sub(r"\s+", " ", plain).strip()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _wrap(text: str) -> str:
    paragraphs = text.strip("\n").split("\n\n")
    return "\n\n".join(_wrap_lines(paragraph) for paragraph in paragraphs) + "\n"


def _wrap_lines(paragraph: str) -> str:
    lines = [
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in paragraph.split("\n")
    ]
    return "\n".join(lines)
