"""What the demonstration tells: texts and numbers as data, in the folder `story`.

The files are Dutch. In another language the same story is told with other words: ``words_fr.toml``
says each text once more, so that numbers, days and names stand in one place.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent / "story"
LANGUAGES: Final = ("nl", "fr")
_SPOKEN: ContextVar[str] = ContextVar("language of the story", default="nl")


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Let the story be read in a language for a while."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """The language in which the story is told."""
    return _SPOKEN.get()


def read_story(name: str) -> dict[str, Any]:
    """Return one file of the story."""
    return _read(name, spoken())


def say(text: str) -> str:
    """A text of the story that stands in the program, in the language that is spoken."""
    return _words(spoken()).get(text, text)


@cache
def _read(name: str, language: str) -> dict[str, Any]:
    told = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    words = _words(language)
    found: dict[str, Any] = _in_words(told, words) if words else told
    return found


@cache
def _words(language: str) -> Mapping[str, str]:
    if language == LANGUAGES[0]:
        return {}
    path = _FOLDER / f"words_{language}.toml"
    words: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    return words


def _in_words(told: Any, words: Mapping[str, str]) -> Any:
    if isinstance(told, str):
        return words.get(told, told)
    if isinstance(told, list):
        return [_in_words(each, words) for each in told]
    if isinstance(told, dict):
        return {key: _in_words(each, words) for key, each in told.items()}
    return told
