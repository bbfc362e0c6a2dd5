"""Which language a reader gets."""

from collections.abc import Iterable
from typing import Final

from baken.web.texts import DEFAULT_LANGUAGE, LANGUAGES

COOKIE: Final = "baken_language"


def choose(*wishes: str | None, accept: str = "") -> str:
    """The first wish that we have, then the best of the browser's list, then Dutch."""
    for wish in (*wishes, *_ranked(accept)):
        code = (wish or "")[:2].lower()
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE


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
