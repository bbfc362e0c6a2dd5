"""Changing what a version holds: every function takes a content and returns another one."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from baken.instruments.building import LANGUAGE
from baken.instruments.definition import DIMENSIONS, Direction
from baken.instruments.exchange.words import word
from baken.survey.library.content import Content, content_from, flat, nested
from baken.survey.library.errors import InvalidVersion
from baken.survey.library.limits import (
    MAX_CONTENT,
    MAX_TEXT,
)

# Not the spaces that never break: French stands before its colons with them.
_GAPS: Final = re.compile(r"[ \x00-\x1f\x7f\ud800-\udfff]+")

Words = Mapping[str, str]
"""One text in several languages."""


@dataclass(frozen=True, slots=True)
class ScaleSetting:
    """What the author of an imported scale says about it."""

    dimension: str
    high_is: Direction
    reversed: tuple[str, ...]


def fresh(content: Content, key: str, version: str) -> Content:
    """Return a copy under another name."""
    copy = content_from(content.as_text())
    return Content({**copy.definition, "key": key, "version": version}, copy.texts)


def set_scales(content: Content, settings: Mapping[str, ScaleSetting]) -> Content:
    """Say of scales which dimension they belong to and what a high score means."""
    content = content_from(content.as_text())
    definition = content.definition
    for key, setting in settings.items():
        scale = definition["scales"].get(key)
        if scale is None or setting.dimension not in ("", *DIMENSIONS):
            raise unknown_part(key)
        scale["dimension"], scale["high_is"] = setting.dimension, setting.high_is
        scale["reversed"] = [code for code in scale["items"] if code in setting.reversed]
    used = {scale["dimension"] for scale in definition["scales"].values()}
    known = [one for one in definition["dimensions"] if one in used]
    more = [one for one in DIMENSIONS if one in used and one not in known]
    definition["dimensions"] = [*known, *more]
    return with_usual_words(content)


def write_texts(content: Content, written: Mapping[str, Words]) -> Content:
    """Return the content with texts written over; an empty text takes one away."""
    texts = dict(content.texts)
    for language, by_path in written.items():
        if language not in texts:
            raise unknown_part(language)
        cleaned = {path: _clean(text) for path, text in by_path.items()}
        texts[language] = nested(language, flat(texts[language]) | cleaned)
    return Content(content.definition, texts)


def with_usual_words(content: Content) -> Content:
    """Write what reads the same everywhere where nothing is written yet.

    That is the names of the dimensions, and what a high score means.
    """
    definition = content.definition
    usual = {
        path: key
        for key in definition["dimensions"]
        for path in (f"dimensions.{key}", f"dimension_headings.{key}")
    } | {
        f"scale_notes.{key}": scale["high_is"]
        for key, scale in definition["scales"].items()
        if scale["dimension"]
    }
    texts = {
        language: nested(
            language,
            {path: word(language.partition("-")[0], key) for path, key in usual.items()}
            | flat(own),
        )
        for language, own in content.texts.items()
    }
    return Content(definition, texts)


def add_language(content: Content, language: str) -> Content:
    """Add a language in which nothing is written yet."""
    if not re.fullmatch(LANGUAGE[0], language):
        raise unknown_part(language)
    if language in content.texts:
        raise InvalidVersion(
            "survey.language_there", "This language is there already. Write its texts."
        )
    return Content(content.definition, {**content.texts, language: nested(language, {})})


def remove_language(content: Content, language: str) -> Content:
    """Take a language out with all its texts; one stays."""
    if language not in content.texts:
        raise unknown_part(language)
    if len(content.texts) == 1:
        raise InvalidVersion(
            "survey.last_language", "This is the only language. Add another one first."
        )
    texts = {one: own for one, own in content.texts.items() if one != language}
    return Content(content.definition, texts)


def parts_of(content: Content) -> tuple[str, ...]:
    """Return everything that can be left out: whole scales, background and open questions."""
    definition = content.definition
    return (
        *(f"scales.{key}" for key in definition["scales"]),
        *(f"backgrounds.{one['key']}" for one in definition.get("backgrounds", [])),
        *(f"open_questions.{one['key']}" for one in definition.get("open_questions", [])),
    )


def check_left_out(content: Content, left_out: Collection[str]) -> list[str]:
    """Return what is left out, in order; at least one scale has to stay."""
    parts = parts_of(content)
    for path in left_out:
        if path not in parts:
            raise unknown_part(path)
    if all(path in left_out for path in parts if path.startswith("scales.")):
        raise InvalidVersion("survey.no_scale", "Choose at least one scale.")
    return [path for path in parts if path in left_out]


def check_size(text: str) -> str:
    """Return a stored content, or refuse one that is no questionnaire any more."""
    if len(text.encode()) > MAX_CONTENT:
        raise InvalidVersion(
            "survey.version_too_large",
            "This questionnaire is too large to be kept. Leave out languages or questions.",
        )
    return text


def without_texts(content: Content, gone: Collection[str]) -> Content:
    texts = {
        language: nested(
            language, {path: text for path, text in flat(own).items() if path not in gone}
        )
        for language, own in content.texts.items()
    }
    return Content(content.definition, texts)


def _clean(text: str) -> str:
    cleaned = _GAPS.sub(" ", text).strip(" ")
    if len(cleaned) > MAX_TEXT:
        raise InvalidVersion(
            "survey.text_too_long",
            "A text has {n} signs; {most} is the most. Shorten it: “{start}…”.",
            n=len(cleaned),
            most=MAX_TEXT,
            start=cleaned[:40],
        )
    return cleaned


def unknown_part(name: str) -> InvalidVersion:
    return InvalidVersion(
        "survey.unknown_part",
        "The questionnaire has no “{name}” that can be changed here. Load the page again and "
        "choose from what it shows.",
        name=name[:80],
    )
