"""The questionnaire as its page shows it: parts, questions, answers to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil
from typing import Final, Literal

from baken.instruments.definition import UNWANTED_BEHAVIOUR, Background, Instrument, Item, Texts
from baken.instruments.sheet import decode
from baken.web.pages.respondent_door import CampaignView
from baken.web.pages.respondent_screens import screens_of
from baken.web.pages.respondent_sheet import (
    DOES_NOT_APPLY,
    RATHER_NOT,
    Filled,
    comment_field,
)

# What a quick and a careful reader need for a question, and for a text of their own; the minutes
# that the pages promise rest on these.
SECONDS_A_QUESTION: Final = (5, 10)
SECONDS_A_COMMENT: Final = (15, 90)
# More on one screen is a scroll without end on a phone.
QUESTIONS_A_SCREEN: Final = 8
TEXTS_A_SCREEN: Final = 3

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
    def seconds(self) -> tuple[int, int]:
        """What a quick and a careful reader need."""
        return SECONDS_A_COMMENT if self.kind == "open" else SECONDS_A_QUESTION


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one screen; `heading` is a text of the questionnaire, `key` of the screens.

    Where a heading has more questions than a phone can show, `n_screens` share it and `screen`
    counts them from 1.
    """

    key: str
    heading: str
    questions: tuple[Question, ...]
    screen: int = 1
    n_screens: int = 1

    @property
    def quick_seconds(self) -> int:
        return sum(question.seconds[0] for question in self.questions)

    @property
    def careful_seconds(self) -> int:
        return sum(question.seconds[1] for question in self.questions)

    @property
    def is_delicate(self) -> bool:
        """Whether the questions are about unwanted behaviour: help has to stand beside them."""
        return self.key == UNWANTED_BEHAVIOUR


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long it takes, from a quick to a careful reader."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Line:
    """A question with the answer that was given; `key` is a text of the screens.

    `is_own` marks words of the person, which may be written in any direction.
    """

    field: str
    question: str
    answer: str
    key: str = ""
    is_own: bool = False

    @property
    def is_empty(self) -> bool:
        return self.key == "respondent.unanswered"


@dataclass(frozen=True, slots=True)
class FilledPart:
    """A part with what was answered in it."""

    part: Part
    lines: tuple[Line, ...]

    @property
    def n_answered(self) -> int:
        return sum(not line.is_empty for line in self.lines)

    @property
    def n_empty(self) -> int:
        """The questions to choose an answer from that have none; a text may stay empty."""
        asked = zip(self.part.questions, self.lines, strict=True)
        return sum(question.kind != "open" and line.is_empty for question, line in asked)


NO_ANSWER: Final = (Option(RATHER_NOT, key="respondent.rather_not"),)
NOT_FOR_ME: Final = (Option(DOES_NOT_APPLY, key="respondent.not_applicable"), *NO_ANSWER)
NOT_KNOWN: Final = (Option(DOES_NOT_APPLY, key="respondent.do_not_know"), *NO_ANSWER)


def parts_of(view: CampaignView, language: str) -> tuple[Part, ...]:
    """Return the questionnaire of a campaign in a language, screen after screen."""
    return parts_in(view.questionnaire, language)


def parts_in(instrument: Instrument, language: str) -> tuple[Part, ...]:
    """Return a questionnaire in one of its languages, screen after screen."""
    return _parts(_Reading(instrument.fingerprint, language, instrument))


def minutes_of(parts: tuple[Part, ...]) -> Minutes:
    """Return how many minutes the whole takes, rounded up; the range is never empty."""
    low = ceil(sum(part.quick_seconds for part in parts) / 60)
    high = ceil(sum(part.careful_seconds for part in parts) / 60)
    return Minutes(max(1, low), max(2, high))


def filled_in(parts: tuple[Part, ...], filled: Filled) -> tuple[FilledPart, ...]:
    """Return every question with what was answered, to look through or to print."""
    return tuple(
        FilledPart(part, tuple(_line(question, filled) for question in part.questions))
        for part in parts
    )


def first_answer(view: CampaignView, language: str, code: int) -> Line:
    """Return the first question with an invented answer to it."""
    question = parts_of(view, language)[0].questions[0]
    item = view.questionnaire.item(question.field)
    value = str(decode(item.format, code))
    label = next((option.label for option in question.options if option.value == value), value)
    return Line(question.field, question.text, label)


def _line(question: Question, filled: Filled) -> Line:
    value = filled.given.get(question.field, "")
    if not value:
        return Line(question.field, question.text, "", "respondent.unanswered")
    for option in (*question.options, *question.beside):
        if option.value == value:
            return Line(question.field, question.text, option.label, option.key)
    return Line(question.field, question.text, value, is_own=True)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A questionnaire in one language, known by its fingerprint."""

    fingerprint: str
    language: str
    instrument: Instrument = field(compare=False)


@lru_cache(maxsize=128)
def _parts(reading: _Reading) -> tuple[Part, ...]:
    instrument = reading.instrument
    return tuple(_all_parts(instrument, instrument.texts[reading.language]))


def _all_parts(instrument: Instrument, texts: Texts) -> Iterator[Part]:
    for dimension in instrument.dimensions:
        items = [item for item in instrument.items if item.dimension == dimension]
        asked = tuple(_question(item, texts) for item in items)
        whole = Part(dimension, texts.dimension_headings[dimension], asked)
        yield from _on_screens(whole, [item.scale for item in items], QUESTIONS_A_SCREEN)
    if instrument.backgrounds:
        yield Part("backgrounds", "", tuple(_band(q, texts) for q in instrument.backgrounds))
    asked = tuple(
        Question(comment_field(position), texts.open_questions[question.key], "open",
                 high=question.max_bytes)
        for position, question in enumerate(instrument.open_questions)
    )  # fmt: skip
    yield from _on_screens(Part("comments", "", asked), [q.field for q in asked], TEXTS_A_SCREEN)


def _on_screens(whole: Part, themes: Sequence[str], most: int) -> Iterator[Part]:
    """A part on as many screens as it needs."""
    screens = [*screens_of(themes, most)]
    for number, places in enumerate(screens, start=1):
        asked = tuple(whole.questions[place] for place in places)
        yield replace(whole, questions=asked, screen=number, n_screens=len(screens))


def _question(item: Item, texts: Texts) -> Question:
    beside = _beside(item)
    low, high = item.format.low, item.format.high
    if item.format.numeric:
        return Question(item.code, texts.items[item.code], "number", (), beside, low, high)
    labels = texts.options[item.format.key]
    options = tuple(Option(str(value), labels[value]) for value in item.format.values)
    return Question(item.code, texts.items[item.code], "choice", options, beside)


def _beside(item: Item) -> tuple[Option, ...]:
    if item.format.unknown:
        return NOT_KNOWN
    return NOT_FOR_ME if item.not_applicable else NO_ANSWER


def _band(question: Background, texts: Texts) -> Question:
    labels = texts.bands[question.key]
    options = tuple(Option(band, labels[band]) for band in question.bands)
    return Question(question.key, texts.backgrounds[question.key], "choice", options, NO_ANSWER)
