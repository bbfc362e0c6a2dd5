"""What comes out of a file of another program: a draft, and a list of what could not be taken."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baken.instruments.building import LANGUAGE
from baken.instruments.errors import InstrumentError
from baken.instruments.exchange.reasons import REASONS
from baken.instruments.exchange.words import word

Rows = Sequence[Sequence[str]]
"""A sheet as texts, row by row; a row is as long as its last filled cell."""

Sheets = Mapping[str, Rows]
"""A workbook: the name of each sheet, and its rows."""

Written = dict[str, list[list[str | int | float]]]
"""A workbook to write; the first row of each sheet is its head."""

UNSET: Final = ""
"""The dimension of a scale in a draft: no other program knows it, so the author has to choose."""


class UnreadableForm(InstrumentError):
    """The file is not a questionnaire of the program it is said to come from."""


class NotExchangeable(InstrumentError):
    """An instrument of a kind that has no place in the file of another program."""

    def __init__(self) -> None:
        super().__init__(
            "instruments.not_exchangeable",
            "A screening does not fit in this kind of file. Nothing was written. Export it as "
            "JSON, or copy its folder.",
        )


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One thing of the file that is not in the draft, or not as it was.

    Attributes
    ----------
    where
        The place in the file: sheet and row, or the code of the question.
    what
        What stands there, as the file has it.
    key
        One of `REASONS`.
    """

    where: str
    what: str
    key: str

    @property
    def why(self) -> str:
        """Why it cannot be taken, and what to do."""
        return REASONS[self.key]

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.why}"


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire as far as it could be taken.

    Attributes
    ----------
    definition, texts
        As `baken.instruments.reading.read_content` takes them, once each scale in `to_set` has its
        dimension (see `with_dimensions`) and no text is missing.
    refused
        What is not in it, item by item, in the order of the file.
    to_set
        Scales of which the file says neither dimension nor direction; their dimension is `UNSET`
        and their direction a guess.
    """

    definition: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, Any]]
    refused: tuple[Refusal, ...] = ()
    to_set: tuple[str, ...] = ()

    @property
    def n_items(self) -> int:
        """How many questions with a scale were taken."""
        return len(self.definition.get("items", []))


def has_form(definition: Mapping[str, Any], texts: Mapping[str, Any]) -> bool:
    """Whether tables are where the files of an instrument have tables, and texts where texts are.

    What they say is for `read_content`; but who shows or edits a draft may rely on this.
    """
    languages = definition.get("languages")
    return (
        isinstance(languages, list)
        and are_languages(languages)
        and are_languages(texts)
        and all(_tables(definition.get(part, {}), Mapping) for part in ("formats", "scales"))
        and all(
            _tables(definition.get(part, []), list)
            for part in ("items", "backgrounds", "open_questions", "models")
        )
        and all(_are_texts(own) for own in texts.values())
    )


def _tables(value: Any, kind: type) -> bool:
    entries = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, kind) and all(isinstance(one, Mapping) for one in entries)


def _are_texts(table: object, depth: int = 3) -> bool:
    """Whether there are texts at the end of every path: section, key, value of an answer."""
    if not isinstance(table, Mapping) or not depth:
        return False
    return all(isinstance(one, str) or _are_texts(one, depth - 1) for one in table.values())


def are_languages(names: Iterable[object]) -> bool:
    """Whether all of these are codes of languages: each becomes the name of a file."""
    return all(isinstance(one, str) and re.fullmatch(LANGUAGE[0], one) for one in names)


@dataclass(frozen=True, slots=True)
class Place:
    """What the author says of a scale: its dimension, and what a high score means."""

    dimension: str
    high_is: str
    reversed: tuple[str, ...] = ()


def with_dimensions(imported: Imported, places: Mapping[str, Place]) -> Imported:
    """Return a draft in which scales have the dimension and direction that the author chose.

    Names of the dimensions and the sentence on what a high score means are added in the languages
    Baken speaks, where the draft has none.
    """
    if not imported.to_set:
        return imported  # it says itself where its scales belong, or is for the reader to judge
    scales = {
        key: {
            **scale,
            "dimension": places[key].dimension,
            "high_is": places[key].high_is,
            **({"reversed": list(places[key].reversed)} if places[key].reversed else {}),
        }
        if key in places
        else dict(scale)
        for key, scale in imported.definition["scales"].items()
    }
    used = dict.fromkeys(scale["dimension"] for scale in scales.values() if scale["dimension"])
    definition = {**imported.definition, "dimensions": list(used), "scales": scales}
    texts = {
        language: _with_names(own, language, list(used), scales)
        for language, own in imported.texts.items()
    }
    left = tuple(key for key in imported.to_set if key not in places)
    return Imported(definition, texts, imported.refused, left)


def _with_names(
    own: Mapping[str, Any], language: str, used: list[str], scales: Mapping[str, Any]
) -> dict[str, Any]:
    texts = dict(own)
    for section in ("dimensions", "dimension_headings"):
        given = own.get(section, {})
        named = {key: given.get(key) or word(language, key) for key in used}
        texts[section] = {key: name for key, name in named.items() if name}
    given = own.get("scale_notes", {})
    notes = {
        key: given.get(key) or (word(language, scale["high_is"]) if scale["dimension"] else "")
        for key, scale in scales.items()
    }
    texts["scale_notes"] = {key: note for key, note in notes.items() if note}
    return texts
