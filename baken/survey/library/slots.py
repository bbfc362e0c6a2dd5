"""Which texts a questionnaire needs, in the order in which people read it, and which are missing.

A slot is the path of one text. The same list serves the page with the languages side by side, the
files of texts, and the question whether a language can be offered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baken.instruments.wording import MAX_SHORT
from baken.survey.library.content import Content, Definition, flat

GENERAL = "general"
ANSWERS = "answers"
BACKGROUNDS = "backgrounds"
OPEN = "open_questions"


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one text; `group` is a dimension, or one of the groups above.

    `part` is what it belongs with inside its group: a scale, a format, a background question.
    """

    path: str
    group: str
    part: str = ""

    @property
    def section(self) -> str:
        return self.path.partition(".")[0]

    @property
    def is_short(self) -> bool:
        """Whether it is the head of a narrow column."""
        return self.section == "short_scales"


def slots_of(content: Content) -> tuple[Slot, ...]:
    """Return every text the questionnaire needs."""
    written = [flat(texts) for texts in content.texts.values()]
    return tuple(_all_slots(content.definition, written))


def missing_in(content: Content, language: str) -> tuple[Slot, ...]:
    """Return the texts that a language lacks, and the column heads that are too long."""
    written = flat(content.texts.get(language, {}))
    return tuple(slot for slot in slots_of(content) if not is_good(slot, written))


def complete_languages(content: Content) -> tuple[str, ...]:
    """Return the languages in which everything is written, in the order of the definition."""
    needed = slots_of(content)
    return tuple(
        language
        for language, texts in content.texts.items()
        if all(is_good(slot, written) for written in [flat(texts)] for slot in needed)
    )


def is_good(slot: Slot, written: Mapping[str, str]) -> bool:
    """Whether a text is there, and fits where it is shown."""
    text = written.get(slot.path, "").strip()
    return bool(text) and not (slot.is_short and len(text) > MAX_SHORT)


def _all_slots(definition: Definition, written: list[dict[str, str]]) -> Iterator[Slot]:
    yield Slot("title", GENERAL)
    for dimension in definition["dimensions"]:
        yield from _of_dimension(definition, dimension, written)
    for key, answer_format in definition.get("formats", {}).items():
        for value in _values(key, answer_format, written):
            yield Slot(f"options.{key}.{value}", ANSWERS, key)
    for background in definition.get("backgrounds", []):
        name = background["key"]
        yield Slot(f"backgrounds.{name}", BACKGROUNDS, name)
        for band in background["bands"]:
            yield Slot(f"bands.{name}.{band}", BACKGROUNDS, name)
    for question in definition.get("open_questions", []):
        yield Slot(f"open_questions.{question['key']}", OPEN)


def _of_dimension(
    definition: Definition, dimension: str, written: list[dict[str, str]]
) -> Iterator[Slot]:
    yield Slot(f"dimensions.{dimension}", dimension)
    yield Slot(f"dimension_headings.{dimension}", dimension)
    has_sources = any(path.startswith("cutoff_sources.") for texts in written for path in texts)
    for key, scale in definition["scales"].items():
        if scale["dimension"] != dimension:
            continue
        for section in ("scales", "short_scales", "scale_notes"):
            yield Slot(f"{section}.{key}", dimension, key)
        if "cutoff" in scale and has_sources:
            yield Slot(f"cutoff_sources.{key}", dimension, key)
        if not scale.get("total"):
            yield from (Slot(f"items.{code}", dimension, key) for code in scale["items"])


def _values(key: str, answer_format: dict[str, Any], written: list[dict[str, str]]) -> list[int]:
    """Return all answers; of a number those that have a label in some language."""
    values = range(answer_format["low"], answer_format["high"] + 1)
    if not answer_format.get("numeric"):
        return list(values)
    return [value for value in values if any(f"options.{key}.{value}" in by for by in written)]
