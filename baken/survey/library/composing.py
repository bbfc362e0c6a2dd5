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
    MAX_ITEMS,
    MAX_LANGUAGES,
    MAX_SCALES,
    MAX_TEXT,
)

# Not the spaces that never break: French stands before its colons with them.
_GAPS: Final = re.compile(r"[ \x00-\x1f\x7f\ud800-\udfff]+")

Words = Mapping[str, str]
"""One text in several languages."""


@dataclass(frozen=True, slots=True)
class ScaleSetting:
    """What the author of an imported scale says about it.

    `keeps_cutoff` is about the cut-off that came with it, if one did.
    """

    dimension: str
    high_is: Direction
    reversed: tuple[str, ...]
    keeps_cutoff: bool = True


def fresh(content: Content, key: str, version: str) -> Content:
    """Return a copy under another name."""
    copy = content_from(content.as_text())
    return Content({**copy.definition, "key": key, "version": version}, copy.texts)


def set_scales(content: Content, settings: Mapping[str, ScaleSetting]) -> Content:
    """Say of scales which dimension they belong to and what a high score means.

    Raises
    ------
    InvalidVersion
        No such scale; or one is turned round and keeps a cut-off that was made for the other way.
    """
    content = content_from(content.as_text())
    definition = content.definition
    gone: set[str] = set()
    turned: dict[str, Direction] = {}
    for key, setting in settings.items():
        scale = definition["scales"].get(key)
        if scale is None or setting.dimension not in ("", *DIMENSIONS):
            raise unknown_part(key)
        if "cutoff" in scale:
            gone |= _judge_cutoff(content, key, setting)
        if setting.high_is != scale["high_is"]:
            turned[f"scale_notes.{key}"] = scale["high_is"]
        scale["dimension"], scale["high_is"] = setting.dimension, setting.high_is
        scale["reversed"] = [code for code in scale["items"] if code in setting.reversed]
    used = {scale["dimension"] for scale in definition["scales"].values()}
    known = [one for one in definition["dimensions"] if one in used]
    more = [one for one in DIMENSIONS if one in used and one not in known]
    definition["dimensions"] = [*known, *more]
    return with_usual_words(_without_usual(without_texts(content, gone), turned))


def _judge_cutoff(content: Content, key: str, setting: ScaleSetting) -> set[str]:
    """Take a cut-off away that is not kept; refuse to keep one whose scale is turned round.

    Turned, the same people have other scores or the same scores another meaning: the number would
    call those at risk who are not. What it should be instead nobody but its makers can say.
    """
    scale = content.definition["scales"][key]
    if not setting.keeps_cutoff:
        del scale["cutoff"]
        return {f"cutoff_sources.{key}"}
    turned = {code for code in scale["items"] if code in setting.reversed}
    if setting.high_is != scale["high_is"] or turned != set(scale.get("reversed", [])):
        raise InvalidVersion(
            "survey.cutoff_turned",
            "“{name}” came with a cut-off for its own direction. Turned round, it would call the "
            "wrong people at risk. Leave the direction and the turned questions as they came, or "
            "untick the cut-off.",
            name=_name_of(content, key),
        )
    return set()


def _without_usual(content: Content, turned: Mapping[str, Direction]) -> Content:
    """Take away the usual sentence on a high score where it says the opposite from now on."""
    texts = {
        language: nested(
            language,
            {
                path: text
                for path, text in flat(own).items()
                if path not in turned or text != word(language.partition("-")[0], turned[path])
            },
        )
        for language, own in content.texts.items()
    }
    return Content(content.definition, texts)


def check_totals(content: Content, left_out: Collection[str]) -> None:
    """Raise `InvalidVersion` when a total would add up scales that point in two directions."""
    scales = {
        key: scale
        for key, scale in content.definition["scales"].items()
        if f"scales.{key}" not in left_out
    }
    for key, total in scales.items():
        for part, scale in scales.items():
            is_part = not scale.get("total") and not {*total["items"]}.isdisjoint(scale["items"])
            if total.get("total") and is_part and scale["high_is"] != total["high_is"]:
                raise InvalidVersion(
                    "survey.total_turned",
                    "“{name}” counts in the total “{total}”, which points the other way. Leave "
                    "its direction as it was, or untick the total.",
                    name=_name_of(content, part),
                    total=_name_of(content, key),
                )


def _name_of(content: Content, scale: str) -> str:
    names = (flat(own).get(f"scales.{scale}", "") for own in content.texts.values())
    return next(filter(None, names), scale)


def write_texts(content: Content, written: Mapping[str, Words]) -> Content:
    """Return the content with texts written over; an empty text takes one away."""
    texts = dict(content.texts)
    for language, by_path in written.items():
        if language not in texts:
            raise unknown_part(language)
        cleaned = {path: _clean(text) for path, text in by_path.items()}
        texts[language] = nested(language, flat(texts[language]) | cleaned)
    return Content(content.definition, texts)


def write_origin(content: Content, source: str, licence: str) -> Content:
    """Return the content with another source, its scales too, and another licence."""
    definition, said = content.definition, _clean(source)
    scales = {
        key: {**scale, "source": said} if scale.get("source") == definition["source"] else scale
        for key, scale in definition["scales"].items()
    }
    told = {"source": said, "licence": _clean(licence), "scales": scales}
    return Content({**definition, **told}, content.texts)


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


def check_size(content: Content) -> str:
    """Return a content as it is stored, or refuse one that is no questionnaire any more."""
    text, definition = content.as_text(), content.definition
    if (
        len(text.encode()) > MAX_CONTENT
        or len(content.texts) > MAX_LANGUAGES
        or len(definition["scales"]) > MAX_SCALES
        or len(definition.get("items", [])) > MAX_ITEMS
    ):
        raise InvalidVersion(
            "survey.version_too_large",
            "This questionnaire is too large to be kept: {items} questions in {scales} scales and "
            "{languages} languages are the most. Leave something out.",
            items=MAX_ITEMS,
            scales=MAX_SCALES,
            languages=MAX_LANGUAGES,
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
