"""From what a version holds to the questionnaire that can be asked.

What is left out goes, with everything that hangs on it; a language counts when none of its texts
is missing. When no language is complete the result is a structure: it can be looked at and
compared, and nobody can be asked.
"""

from collections.abc import Collection
from typing import Any

from baken.instruments.definition import DIMENSIONS, OUTCOMES, Instrument
from baken.instruments.reading import read_content
from baken.instruments.wording import MAX_SHORT
from baken.survey.library.content import Content, Definition, content_from, flat, nested
from baken.survey.library.slots import complete_languages, slots_of


def assemble(text: str, left_out: tuple[str, ...]) -> Instrument:
    """Return the questionnaire of a stored version.

    Raises
    ------
    InvalidInstrument
        The definition contradicts the format.
    """
    content = content_from(text)
    asked = trim(content, left_out)
    definition = asked.definition
    complete = complete_languages(asked)
    name = f"{definition['key']} {definition['version']}"
    if complete and definition["items"] and not unset_scales(content, left_out):
        definition = {**definition, "languages": list(complete)}
        return read_content(name, definition, {one: asked.texts[one] for one in complete})
    whole = trim(content, left_out, with_empty=True)
    more = {"languages": list(whole.texts), "structure_only": True}
    return read_content(name, {**whole.definition, **more}, with_stand_ins(whole))


def unset_scales(content: Content, left_out: Collection[str]) -> tuple[str, ...]:
    """Return the scales that nobody has given a dimension yet, as other programs know none."""
    return tuple(
        key
        for key, scale in content.definition["scales"].items()
        if not scale["dimension"] and f"scales.{key}" not in left_out
    )


def empty_scales(content: Content, left_out: Collection[str]) -> tuple[str, ...]:
    """Return the scales of a structure that have no questions yet."""
    return tuple(
        key
        for key, scale in content.definition["scales"].items()
        if not scale["items"] and f"scales.{key}" not in left_out
    )


def trim(content: Content, left_out: Collection[str], *, with_empty: bool = False) -> Content:
    """Return the content without what is left out, and without what no question uses."""
    scales = _scales(content.definition, left_out, with_empty=with_empty)
    definition = _trimmed(content.definition, left_out, scales)
    wanted = {slot.path for slot in slots_of(Content(definition, content.texts))}
    texts = {
        language: nested(
            language, {path: text for path, text in flat(own).items() if path in wanted}
        )
        for language, own in content.texts.items()
    }
    return Content(definition, texts)


def with_stand_ins(content: Content) -> dict[str, dict[str, Any]]:
    """Return the texts with the key in the place of every text that is missing."""
    needed = slots_of(content)
    filled = {}
    for language, own in content.texts.items():
        written = flat(own)
        for slot in needed:
            text = written.get(slot.path, "").strip() or slot.path.rpartition(".")[2]
            written[slot.path] = text[:MAX_SHORT] if slot.is_short else text
        filled[language] = nested(language, written)
    return filled


def _trimmed(
    definition: Definition, left_out: Collection[str], scales: dict[str, Any]
) -> Definition:
    items = {code for scale in scales.values() if not scale.get("total") for code in scale["items"]}
    dimensions = {scale["dimension"] for scale in scales.values()}
    kept: Definition = {
        name: value for name, value in definition.items() if name != "structure_only"
    }
    kept["scales"] = scales
    known = definition["dimensions"]
    in_order = [*known, *(one for one in DIMENSIONS if one not in known)]
    kept["dimensions"] = [one for one in in_order if one in dimensions]
    kept["items"] = [item for item in definition.get("items", []) if item["code"] in items]
    used = {item["format"] for item in kept["items"]}
    formats = definition.get("formats", {})
    kept["formats"] = {key: one for key, one in formats.items() if key in used}
    for section in ("backgrounds", "open_questions"):
        kept[section] = [
            one for one in definition.get(section, []) if f"{section}.{one['key']}" not in left_out
        ]
    if "models" in definition:
        kept["models"] = _models(definition, scales)
    if definition.get("recommendation") not in scales:
        kept.pop("recommendation", None)
    return kept


def _models(definition: Definition, scales: Collection[str]) -> list[Any]:
    """Return the models of drivers without the scales that are left out."""
    models = [
        {**model, "factors": [key for key in model["factors"] if key in scales]}
        for model in definition["models"]
        if model["outcome"] in scales
    ]
    return [model for model in models if model["factors"]]


def _scales(
    definition: Definition, left_out: Collection[str], *, with_empty: bool
) -> dict[str, Any]:
    """Return the scales that are asked, in order; a total only when all of it is asked."""
    asked = {
        key: scale
        for key, scale in definition["scales"].items()
        if f"scales.{key}" not in left_out and (scale["items"] or with_empty)
    }
    items = {code for scale in asked.values() if not scale.get("total") for code in scale["items"]}
    return {
        # a stand-in, with which nobody can be asked: see `unset_scales`
        key: scale if scale["dimension"] else {**scale, "dimension": OUTCOMES}
        for key, scale in asked.items()
        if not scale.get("total") or items.issuperset(scale["items"])
    }
