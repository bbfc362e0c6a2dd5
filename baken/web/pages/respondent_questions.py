"""The questionnaire as its page shows it: parts, questions, answers to choose from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final, Literal

from baken.instruments.definition import Background, Instrument, Item, Texts
from baken.web.pages.respondent_door import CampaignView, get_instrument
from baken.web.pages.respondent_sheet import (
    DOES_NOT_APPLY,
    RATHER_NOT,
    Filled,
    comment_field,
)

# What a careful reader needs; what the pages promise rests on these two.
SECONDS_A_QUESTION: Final = 8
SECONDS_A_COMMENT: Final = 60

Kind = Literal["choice", "number", "open"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; `label` is a text of the questionnaire, `key` one of the screens."""

    value: str
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `beside` are the answers beside the scale."""

    field: str
    text: str
    kind: Kind
    options: tuple[Option, ...] = ()
    beside: tuple[Option, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def seconds(self) -> int:
        return SECONDS_A_COMMENT if self.kind == "open" else SECONDS_A_QUESTION


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one screen; `heading` is a text of the questionnaire, `key` of the screens."""

    key: str
    heading: str
    questions: tuple[Question, ...]

    @property
    def seconds(self) -> int:
        return sum(question.seconds for question in self.questions)


@dataclass(frozen=True, slots=True)
class Line:
    """A question with the answer that was given, to be printed; `key` is a text of the screens."""

    question: str
    answer: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without an answer."""

    field: str
    text: str


NO_ANSWER: Final = (Option(RATHER_NOT, key="respondent.rather_not"),)
NOT_FOR_ME: Final = (Option(DOES_NOT_APPLY, key="respondent.not_applicable"), *NO_ANSWER)


def parts_of(view: CampaignView, language: str) -> tuple[Part, ...]:
    """Return the questionnaire of a campaign in a language, one dimension after the other."""
    return _parts(*view.questionnaire, language)


def minutes_of(parts: tuple[Part, ...]) -> int:
    """Return how many minutes the whole takes, rounded up."""
    return max(1, ceil(sum(part.seconds for part in parts) / 60))


def gaps(parts: tuple[Part, ...], filled: Filled) -> tuple[Gap, ...]:
    """Return the questions to choose an answer from that have none; a text may stay empty."""
    return tuple(
        Gap(question.field, question.text)
        for part in parts
        for question in part.questions
        if question.kind != "open" and question.field not in filled.given
    )


def lines(parts: tuple[Part, ...], filled: Filled) -> tuple[Line, ...]:
    """Return every question with what was answered, for a page that people can print."""
    return tuple(_line(question, filled) for part in parts for question in part.questions)


def _line(question: Question, filled: Filled) -> Line:
    value = filled.given.get(question.field, "")
    if not value:
        return Line(question.text, "", "respondent.unanswered")
    for option in (*question.options, *question.beside):
        if option.value == value:
            return Line(question.text, option.label, option.key)
    return Line(question.text, value)


@lru_cache(maxsize=128)
def _parts(key: str, version: str, fingerprint: str, language: str) -> tuple[Part, ...]:
    instrument = get_instrument(key, version, fingerprint)
    return tuple(_all_parts(instrument, instrument.texts[language]))


def _all_parts(instrument: Instrument, texts: Texts) -> Iterator[Part]:
    for dimension in instrument.dimensions:
        asked = tuple(
            _question(item, texts) for item in instrument.items if item.dimension == dimension
        )
        yield Part(dimension, texts.dimension_headings[dimension], asked)
    if instrument.backgrounds:
        yield Part("backgrounds", "", tuple(_band(q, texts) for q in instrument.backgrounds))
    if instrument.open_questions:
        asked = tuple(
            Question(comment_field(position), texts.open_questions[question.key], "open",
                     high=question.max_bytes)
            for position, question in enumerate(instrument.open_questions)
        )  # fmt: skip
        yield Part("comments", "", asked)


def _question(item: Item, texts: Texts) -> Question:
    beside = NOT_FOR_ME if item.not_applicable else NO_ANSWER
    low, high = item.format.low, item.format.high
    if item.format.numeric:
        return Question(item.code, texts.items[item.code], "number", (), beside, low, high)
    labels = texts.options[item.format.key]
    options = tuple(Option(str(value), labels[value]) for value in item.format.values)
    return Question(item.code, texts.items[item.code], "choice", options, beside)


def _band(question: Background, texts: Texts) -> Question:
    labels = texts.bands[question.key]
    options = tuple(Option(band, labels[band]) for band in question.bands)
    return Question(question.key, texts.backgrounds[question.key], "choice", options, NO_ANSWER)
