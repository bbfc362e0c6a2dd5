"""Which language a reader gets."""

from collections.abc import Iterable
from typing import Final

from baken.web.texts import DEFAULT_LANGUAGE, LANGUAGES, NAMES, catalogue

COOKIE: Final = "baken_language"
# A questionnaire may have its texts a second time, in short sentences and common words: nl-easy.
EASY: Final = "-easy"


def choose(*wishes: str | None, accept: str = "") -> str:
    """The first wish that we have, then the best of the browser's list, then Dutch."""
    for wish in (*wishes, *_ranked(accept)):
        code = (wish or "")[:2].lower()
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE


def screen_of(texts: str) -> str:
    """The language of the screens around the texts of a questionnaire: nl around nl-easy."""
    return texts.removesuffix(EASY) if has_screens(texts) else DEFAULT_LANGUAGE


def has_screens(texts: str) -> bool:
    """Whether the screens exist in the language of these texts."""
    return texts.removesuffix(EASY) in LANGUAGES


def name_of(texts: str) -> str:
    """What a language calls itself, also where it is an easy form or one that no screen has."""
    language = texts.removesuffix(EASY)
    if not has_screens(texts):
        return texts
    return NAMES[language] if texts == language else catalogue(language)("shell.easy")


def _ranked(accept: str) -> Iterable[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    wanted = []
    for position, part in enumerate(accept[:200].split(",")):
        code, _, quality = part.partition(";")
        wanted.append((-_quality(quality), position, code.strip()))
    return [code for _, _, code in sorted(wanted)]


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
