"""What the parts of a questionnaire are called on the screen: by their words, never by their codes.

A code is for whoever reads a file of answers; the codebook and the page of the columns say it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from baken.instruments.wording import MAX_SHORT
from baken.survey.library.content import Content, flat
from baken.survey.library.queries import is_own, number_of
from baken.survey.library.slots import Slot
from baken.web import numerals
from baken.web.texts import Catalogue, catalogue

Titles = Mapping[str, str]
"""Language to title."""

_OF_SCALE: Final = ("scales", "short_scales", "scale_notes", "cutoff_sources")


@dataclass(frozen=True)
class Words:
    """The words of a questionnaire as far as they are written, in the reader's language first."""

    content: Content
    language: str

    def of(self, path: str) -> str:
        """Return a text; what nobody wrote is named by what it is."""
        return self.written(path) or self._named(path)

    def written(self, path: str) -> str:
        """Return a text in the reader's language, or in another one; "" when nobody wrote it."""
        return next((found for texts in self._texts if (found := texts.get(path, ""))), "")

    def answers(self, key: str) -> str:
        """Say what can be answered with a format: the first and the last answer."""
        one: Mapping[str, Any] = self.content.definition["formats"][key]
        ends = [(one[end], self.written(f"options.{key}.{one[end]}")) for end in ("low", "high")]
        if all(text for _, text in ends):
            return " – ".join(f"{value} {text}" for value, text in ends)
        return f"{one['low']} – {one['high']}"

    def place(self, code: str) -> str:
        """Say which question a code stands for: the how manieth of which scale."""
        scale, number = self._places.get(code, ("", 0))
        name = self.written(f"scales.{scale}")
        return self._t("library.nth_question", n=number, name=name) if name else str(number)

    def number(self, section: str, key: str) -> int:
        """Return the place of a background or open question among the others, from 1."""
        keys = [one["key"] for one in self.content.definition.get(section, [])]
        return keys.index(key) + 1 if key in keys else 0

    def band(self, background: str, band: str) -> str:
        """Return what a group of a background question is called."""
        return self.written(f"bands.{background}.{band}") or band

    @property
    def _t(self) -> Catalogue:
        return catalogue(self.language)

    @cached_property
    def _texts(self) -> tuple[dict[str, str], ...]:
        texts = self.content.texts
        first = dict.fromkeys((self.language, *texts))
        return tuple(flat(texts[language]) for language in first if language in texts)

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        scales = self.content.definition["scales"].items()
        return {
            code: (key, number)
            for key, scale in scales
            if not scale.get("total")
            for number, code in enumerate(scale["items"], start=1)
        }

    def _named(self, path: str) -> str:
        section, _, key = path.partition(".")
        if section == "items":
            return self.place(key)
        if section in {"backgrounds", "open_questions"}:
            return self._t(f"library.slot_{section}", n=self.number(section, key))
        if section == "scales":
            keys = list(self.content.definition["scales"])
            return self._t("library.nth_scale", n=keys.index(key) + 1 if key in keys else 0)
        return path.rpartition(".")[2]


def slot_label(slot: Slot, words: Words) -> str:
    """Say what a text is: “Name of the scale “Pace””, “Answer 3 of …”."""
    t = catalogue(words.language)
    section, _, rest = slot.path.partition(".")
    if section in _OF_SCALE:
        return t(f"library.slot_{section}", name=words.of(f"scales.{rest}"), most=MAX_SHORT)
    if section == "items":
        return words.place(rest)
    if section not in _VALUES:
        return t("library.slot_other", name=rest or section)
    return t(f"library.slot_{section}", **_VALUES[section](words, rest))


def _option(words: Words, rest: str) -> dict[str, object]:
    key, _, value = rest.partition(".")
    return {"name": words.answers(key), "value": value}


def _band(words: Words, rest: str) -> dict[str, object]:
    key, _, band = rest.partition(".")
    asked = words.content.definition.get("backgrounds", [])
    bands: list[str] = next((one["bands"] for one in asked if one["key"] == key), [])
    number = bands.index(band) + 1 if band in bands else 0
    return {"name": words.of(f"backgrounds.{key}"), "value": number}


def _factor(words: Words, rest: str) -> dict[str, object]:
    return {"name": catalogue(words.language)(f"findings.factor_{rest}")}


_VALUES: Final[Mapping[str, Callable[[Words, str], dict[str, object]]]] = {
    "title": lambda _words, _rest: {},
    "options": _option,
    "bands": _band,
    "dimensions": _factor,
    "dimension_headings": _factor,
    "backgrounds": lambda words, rest: {"n": words.number("backgrounds", rest)},
    "open_questions": lambda words, rest: {"n": words.number("open_questions", rest)},
}


def group_label(group: str, language: str) -> str:
    """Say what stands in a group of texts."""
    t = catalogue(language)
    key = f"library.group_{group}"
    return t(key) if t.has(key) else t(f"findings.factor_{group}")


def version_name(version: str, language: str) -> str:
    """Say which version it is: “version 2” of Baken, “own version 3” of the organisation."""
    t = catalogue(language)
    if is_own(version):
        return t("library.version_own", number=str(number_of(version)))
    return t("library.version_shipped", number=version)


def full_name(title: str, version: str, language: str) -> str:
    """Say which questionnaire it is where several versions of one stand together."""
    return f"{title}, {version_name(version, language)}"


def name_of_code(code: str, titles: Mapping[str, Titles], language: str) -> str:
    """Say which questionnaire a code like “vijf-a own-1” names, also when it is gone."""
    key, _, version = code.rpartition(" ")
    known = titles.get(code) or titles.get(key, {})
    title = known.get(language) or next(iter(known.values()), key)
    return full_name(title, version, language)


def cutoff_words(cutoff: Mapping[str, Any], language: str) -> str:
    """Say where risk begins: “from 60 on”, “below 40”."""
    end = "from" if cutoff["operator"] == ">=" else "below"
    value = numerals.number(cutoff["value"], language)
    return catalogue(language)(f"library.cutoff_{end}", value=value)


def listed(names: Iterable[str], language: str) -> str:
    """Return names one after the other, each between the quotation marks of the language."""
    t = catalogue(language)
    return ", ".join(t("library.quoted", text=name) for name in names)
