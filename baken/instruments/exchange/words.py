"""Languages by the names other programs give them, and the few words Baken adds to a draft."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_NAMES: Final[Mapping[str, str]] = {
    "nederlands": "nl",
    "dutch": "nl",
    "néerlandais": "nl",
    "français": "fr",
    "francais": "fr",
    "french": "fr",
    "frans": "fr",
    "english": "en",
    "engels": "en",
    "anglais": "en",
    "deutsch": "de",
    "german": "de",
    "duits": "de",
    "allemand": "de",
    "español": "es",
    "espanol": "es",
    "spanish": "es",
    "italiano": "it",
    "italian": "it",
    "português": "pt",
    "portuguese": "pt",
    "polski": "pl",
    "polish": "pl",
    "română": "ro",
    "romanian": "ro",
    "български": "bg",
    "bulgarian": "bg",
    "türkçe": "tr",
    "turkish": "tr",
    "العربية": "ar",
    "arabic": "ar",
    "українська": "uk",
    "ukrainian": "uk",
}

# Of the variants of a language only its easy form is one of its own.
_CODE: Final = re.compile(r"(?P<code>[a-z]{2,3})(?:[-_](?:(?P<easy>easy)|[a-z]+))*", re.IGNORECASE)
_WITH_CODE: Final = re.compile(r".*\((.*)\)\s*")


def language_code(name: str) -> str:
    """Return the code of a language: "Nederlands (nl)", "nl", "nl-informal", "Dutch"; or ""."""
    name = name.strip()
    if name.lower() in _NAMES:
        return _NAMES[name.lower()]
    inside = _WITH_CODE.fullmatch(name)
    found = _CODE.fullmatch(inside[1].strip() if inside else name)
    if not found:
        return ""
    return found["code"].lower() + ("-easy" if found["easy"] else "")


def word(language: str, name: str) -> str:
    """Return a word in a language; "" in one that Baken does not speak."""
    return _words().get(language.removesuffix("-easy"), {}).get(name, "")


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).with_name("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
