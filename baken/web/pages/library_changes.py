"""The differences between two versions in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from baken.instruments.comparing import Change, Value, compare
from baken.instruments.origins import in_language
from baken.survey.library.assembling import trim
from baken.survey.library.content import flat
from baken.survey.library.queries import Source
from baken.survey.library.slots import Slot
from baken.web import numerals
from baken.web.languages import name_of
from baken.web.pages.library_words import Words, cutoff_words, listed, slot_label
from baken.web.texts import Catalogue, catalogue

Telling = Callable[[str, Change, Words], str]
"""A value, where it stood, and the words of that version: how it is told."""

_PLAIN: Final = {
    None: "library.value_none",
    True: "library.value_yes",
    False: "library.value_no",
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One difference: a sentence, and what stood and stands there where that is a text."""

    sentence: str
    before: str = ""
    after: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Differences of one kind."""

    heading: str
    lines: tuple[ChangeLine, ...]


def change_groups(old: Source, new: Source, language: str) -> tuple[ChangeGroup, ...]:
    """Return every difference, told in groups: what is asked, how it is scored, what it says."""
    before, after = _wording(old), _wording(new)
    changes = compare(old.instrument, new.instrument, before=before, after=after)
    teller = _Teller(Words(old.content, language), Words(new.content, language), language)
    groups: dict[str, list[ChangeLine]] = {}
    for change in changes:
        groups.setdefault(teller.heading(change), []).append(teller.line(change))
    return tuple(ChangeGroup(heading, tuple(lines)) for heading, lines in groups.items())


def _wording(source: Source) -> dict[str, dict[str, str]]:
    """Return the texts of what is asked; languages that are not complete count too."""
    asked = trim(source.content, source.left_out)
    return {language: flat(texts) for language, texts in asked.texts.items()}


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says differences in one language."""

    old: Words
    new: Words
    language: str

    @property
    def t(self) -> Catalogue:
        return catalogue(self.language)

    def heading(self, change: Change) -> str:
        if change.what == "text":
            return self.t("library.changed_texts", language=name_of(change.language))
        if change.what == "model" or change.name == "recommendation":
            return self.t("library.changed_computed")
        if change.how == "changed" and change.what in {"scale", "item", "format"}:
            return self.t("library.changed_scoring")
        return self.t("library.changed_questions")

    def line(self, change: Change) -> ChangeLine:
        if change.what == "text":
            return self._text(change)
        key = "_".join(filter(None, ("library.change", change.what, change.how, change.field)))
        if change.what == "head":
            key = f"library.change_head_{change.name}"
        return ChangeLine(self.t(key, **dict(self._values(change))))

    def _text(self, change: Change) -> ChangeLine:
        words = self.old if change.how == "removed" else self.new
        sentence = self.t(
            f"library.change_text_{change.how}", what=slot_label(Slot(change.name, ""), words)
        )
        return ChangeLine(
            sentence, str(change.before or ""), str(change.after or ""), change.language
        )

    def _values(self, change: Change) -> Iterator[tuple[str, str]]:
        words = self.old if change.how == "removed" else self.new
        yield "name", self._name(change, words)
        if change.how == "changed":
            before, after = self._sides(change)
            yield "before", self._value(change, before, self.old)
            yield "after", self._value(change, after, self.new)

    def _sides(self, change: Change) -> tuple[Value, Value]:
        """What stood and stands there; of a cut-off its source as the texts tell it."""
        path = f"cutoff_sources.{change.name}"
        told = self.old.written(path), self.new.written(path)
        is_told = change.field == "cutoff_source" and all(told) and len(set(told)) == 2
        return told if is_told else (change.before, change.after)

    def _name(self, change: Change, words: Words) -> str:
        sections: Mapping[str, str] = {
            "scale": "scales",
            "model": "scales",
            "item": "items",
            "background": "backgrounds",
            "open_question": "open_questions",
        }
        if change.what == "language":
            return name_of(change.name)
        if change.what == "format":
            return words.answers(change.name)
        if change.what in sections:
            return words.of(f"{sections[change.what]}.{change.name}")
        return change.name

    def _value(self, change: Change, value: Value, words: Words) -> str:
        if value is None or isinstance(value, bool):
            return self.t(_PLAIN[value])
        if isinstance(value, str):
            field = change.field or change.name
            return _WORDS.get(field, _as_it_is)(value, change, words)
        if change.field == "min_answered":
            return numerals.percent(value, self.language)
        return numerals.number(value, self.language, 0)


def _as_it_is(value: str, _change: Change, words: Words) -> str:
    """A source, a licence, a range."""
    return in_language(value, words.language).text


def _key(prefix: str) -> Telling:
    return lambda value, _change, words: catalogue(words.language)(f"{prefix}{value}")


def _cutoff(value: str, _change: Change, words: Words) -> str:
    operator, _, number = value.partition(" ")
    return cutoff_words({"operator": operator, "value": float(number)}, words.language)


def _lights(value: str, _change: Change, words: Words) -> str:
    shares = map(float, value.split(" / "))
    return " / ".join(numerals.percent(share, words.language) for share in shares)


def _questions(value: str, _change: Change, words: Words) -> str:
    questions = (words.of(f"items.{code}") for code in value.split(", "))
    return listed(questions, words.language)


def _scales(value: str, _change: Change, words: Words) -> str:
    return listed((words.of(f"scales.{key}") for key in value.split(", ")), words.language)


def _bands(value: str, change: Change, words: Words) -> str:
    bands = (words.band(change.name, band) for band in value.split(", "))
    return listed(bands, words.language)


def _factors(value: str, _change: Change, words: Words) -> str:
    t = catalogue(words.language)
    factors = (t(f"findings.factor_{key}") for key in value.split(", "))
    return listed(factors, words.language)


_WORDS: Final[Mapping[str, Telling]] = {
    "dimension": _key("findings.factor_"),
    "high_is": _key("library.high_"),
    "scale": _scales,
    "factors": _scales,
    "recommendation": _scales,
    "format": lambda value, _change, words: words.answers(value),
    "cutoff": _cutoff,
    "lights": _lights,
    "counted": _questions,
    "bands": _bands,
    "secondary": _factors,
}
"""How the value of a field is told, where it is not told as it stands."""
