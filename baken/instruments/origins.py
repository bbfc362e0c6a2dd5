"""Where questionnaires come from and what one may do with them, said in the reader's language.

A definition says this in English, in the words that its fingerprint counts. `origins.toml` says the
same lines in other languages. They are found by the line itself, so that a copy, an export and an
older version say it too; what somebody wrote into a questionnaire of their own stays as it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

WRITTEN_IN: Final = "en"
FILE: Final = Path(__file__).with_name("origins.toml")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and the language it is in; "" where nobody says which."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


def in_language(line: str, language: str) -> Line:
    """Return a line of a definition in a language, or as it stands there."""
    said = _lines().get(line)
    if said is None:
        return Line(line, "")
    return Line(said[language], language) if language in said else Line(line, WRITTEN_IN)


@cache
def _lines() -> Mapping[str, Mapping[str, str]]:
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["lines"]
    return {line[WRITTEN_IN]: line for line in found}
