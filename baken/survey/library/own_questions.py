"""The organisation's own questions: up to ten to choose an answer from, up to ten open ones.

They stand in scales of their own, so that nothing that is compared with others changes its meaning.
Only the scales of a structure, which come without questions, take some themselves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from baken.instruments.definition import DIMENSIONS, Direction
from baken.instruments.wording import MAX_SHORT
from baken.survey.library.composing import (
    Words,
    unknown_part,
    with_usual_words,
    without_texts,
    write_texts,
)
from baken.survey.library.content import Content, Definition, content_from
from baken.survey.library.errors import InvalidVersion
from baken.survey.library.limits import (
    COMMENT_BYTES,
    MAX_ADDED,
    MAX_ANSWER,
    MAX_OPEN_QUESTIONS,
    MAX_OWN_QUESTIONS,
    OWN,
)

OWN_ITEM: Final = "own_"
OWN_SCALE: Final = "own_scale_"
OWN_FORMAT: Final = "own_format_"
OWN_OPEN: Final = "own_open_"
OWN_SOURCE: Final = "Own questions of the organisation, without reference values."


@dataclass(frozen=True, slots=True)
class NewScale:
    """A scale for own questions, with its name in one or more languages."""

    dimension: str
    high_is: Direction
    names: Words


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """An own question; it goes into a scale that is there, or into a new one."""

    texts: Words
    format: str
    scale: str | NewScale
    reversed: bool = False
    not_applicable: bool = False


def own_scales(content: Content) -> tuple[str, ...]:
    """Return the scales that take own questions: of a structure all of them do."""
    definition = content.definition
    return tuple(
        key
        for key, scale in definition["scales"].items()
        if not scale.get("total")
        and (key.startswith(OWN_SCALE) or definition.get("structure_only"))
    )


def own_questions(content: Content) -> tuple[str, ...]:
    """Return the codes of the questions that the organisation added."""
    codes = (item["code"] for item in content.definition.get("items", []))
    return tuple(code for code in codes if code.startswith(OWN_ITEM))


def add_question(content: Content, question: NewQuestion) -> Content:
    """Add an own question at the end of its scale."""
    content = content_from(content.as_text())
    definition = content.definition
    most = MAX_ADDED if definition.get("structure_only") else MAX_OWN_QUESTIONS
    if len(own_questions(content)) >= most:
        raise InvalidVersion(
            "survey.too_many_own_questions",
            "There are {most} own questions already. Remove one first.",
            most=most,
        )
    if question.format not in definition.get("formats", {}):
        raise unknown_part(question.format)
    if isinstance(question.scale, NewScale):
        content, scale = _with_scale(content, question.scale)
    else:
        scale = question.scale
        if scale not in own_scales(content):
            raise unknown_part(scale)
    definition = content.definition
    code = _free(definition, OWN_ITEM, [item["code"] for item in definition.get("items", [])])
    item: dict[str, Any] = {"code": code, "format": question.format}
    if question.not_applicable:
        item["not_applicable"] = True
    definition.setdefault("items", []).append(item)
    target = definition["scales"][scale]
    target["items"] = [*target["items"], code]
    if question.reversed:
        target["reversed"] = [*target.get("reversed", []), code]
    return write_texts(content, {one: {f"items.{code}": t} for one, t in question.texts.items()})


def add_format(content: Content, low: int, high: int) -> Content:
    """Add an answer format; its labels are texts like any other."""
    content = content_from(content.as_text())
    definition = content.definition
    formats = definition.setdefault("formats", {})
    if not (0 <= low < high <= MAX_ANSWER):
        raise InvalidVersion(
            "survey.odd_format",
            "The lowest answer is 0 or more, the highest above it and at most {most}.",
            most=MAX_ANSWER,
        )
    if sum(key.startswith(OWN_FORMAT) for key in formats) >= MAX_OWN_QUESTIONS:
        raise InvalidVersion(
            "survey.too_many_formats",
            "There are {most} own rows of answers already. Use one of those.",
            most=MAX_OWN_QUESTIONS,
        )
    formats[_free(definition, OWN_FORMAT, formats)] = {"low": low, "high": high}
    return content


def remove_question(content: Content, code: str) -> Content:
    """Take an own question out, and its scale when that held nothing else."""
    content = content_from(content.as_text())
    definition = content.definition
    if code not in own_questions(content):
        raise unknown_part(code)
    definition["items"] = [item for item in definition["items"] if item["code"] != code]
    gone = {f"items.{code}"}
    for key, scale in list(definition["scales"].items()):
        for name in ("items", "reversed"):
            if code in scale.get(name, []):
                scale[name] = [one for one in scale[name] if one != code]
        if not scale["items"] and key.startswith(OWN_SCALE):
            del definition["scales"][key]
            gone |= {f"{section}.{key}" for section in ("scales", "short_scales", "scale_notes")}
    used = {scale["dimension"] for scale in definition["scales"].values()}
    definition["dimensions"] = [one for one in definition["dimensions"] if one in used]
    return without_texts(content, gone)


def add_open_question(content: Content, texts: Words, max_bytes: int) -> Content:
    """Add an open question at the end."""
    content = content_from(content.as_text())
    questions = content.definition.setdefault("open_questions", [])
    if len(questions) >= MAX_OPEN_QUESTIONS:
        raise InvalidVersion(
            "survey.too_many_open_questions",
            "There are {most} open questions already. Remove one first.",
            most=MAX_OPEN_QUESTIONS,
        )
    if max_bytes not in COMMENT_BYTES:
        raise unknown_part(str(max_bytes))
    key = _free(content.definition, OWN_OPEN, [one["key"] for one in questions])
    questions.append({"key": key, "max_bytes": max_bytes})
    return write_texts(content, {one: {f"open_questions.{key}": t} for one, t in texts.items()})


def remove_open_question(content: Content, key: str) -> Content:
    """Take an own open question out; those of others are left out instead."""
    content = content_from(content.as_text())
    questions = content.definition.get("open_questions", [])
    if not key.startswith(OWN_OPEN) or key not in [one["key"] for one in questions]:
        raise unknown_part(key)
    content.definition["open_questions"] = [one for one in questions if one["key"] != key]
    return without_texts(content, {f"open_questions.{key}"})


def _with_scale(content: Content, new: NewScale) -> tuple[Content, str]:
    definition = content.definition
    if new.dimension not in DIMENSIONS:
        raise unknown_part(new.dimension)
    key = _free(definition, OWN_SCALE, definition["scales"])
    definition["scales"][key] = {
        "dimension": new.dimension,
        "high_is": new.high_is,
        "items": [],
        "source": OWN_SOURCE,
    }
    if new.dimension not in definition["dimensions"]:
        definition["dimensions"] = [*definition["dimensions"], new.dimension]
    written = {
        language: {
            f"scales.{key}": name,
            f"short_scales.{key}": _free_head(content, language, name),
        }
        for language, name in new.names.items()
    }
    return with_usual_words(write_texts(content, written)), key


def _free_head(content: Content, language: str, name: str) -> str:
    """Return the head of the column of a new scale, with a number where another has it already."""
    heads = content.texts.get(language, {}).get("short_scales", {}).values()
    taken = {head.lower() for head in heads}
    short, number = _short(name), 1
    head = short
    while head and head.lower() in taken:
        number += 1
        head = f"{short[: MAX_SHORT - 1 - len(str(number))].rstrip()} {number}"
    return head


def _short(name: str) -> str:
    """Return the words of a name that fit at the head of a column; nothing when none does."""
    kept = ""
    for word in name.split():
        longer = f"{kept} {word}".strip()
        if len(longer) > MAX_SHORT:
            break
        kept = longer
    return kept


def _free(definition: Definition, kind: str, taken: Collection[str]) -> str:
    """Return the next name; the version stands in it, so that no name ever comes back for another.

    A trend follows names: what is removed in one version must not lend its own to the next.
    """
    prefix = f"{kind}{definition['version'].removeprefix(OWN)}_"
    numbers = [
        int(name.removeprefix(prefix))
        for name in taken
        if name.startswith(prefix) and name.removeprefix(prefix).isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"
