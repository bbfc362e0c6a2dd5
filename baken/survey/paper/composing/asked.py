"""What a questionnaire asks in one language, in the order of the form, with numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from baken.instruments.definition import UNWANTED_BEHAVIOUR, Instrument, Item, Texts
from baken.instruments.sheet import NOT_APPLICABLE, PREFER_NOT

from .words import FormWords

Kind = Literal["items", "about", "own"]

LINES: Final = (4, 8)
"""To write on, below a question answered in one's own words: fewest and most."""

BYTES_A_LINE: Final = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer with its box: `value` as it stands on the answer sheet."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes
    ----------
    number
        From 1 through the whole form.
    choices, beside
        Answers in order, and those beside the scale.
    low
        Of a question answered with a number: what `choices[0]` stands for; otherwise None.
    lines
        To write on; 0 where the answer is a cross.
    """

    question: str
    number: int
    text: str
    choices: tuple[Choice, ...] = ()
    beside: tuple[Choice, ...] = ()
    low: int | None = None
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Questions below one heading."""

    kind: Kind
    heading: str
    questions: tuple[Asked, ...]
    is_delicate: bool = False


def parts_of(instrument: Instrument, language: str, words: FormWords) -> tuple[Part, ...]:
    """Return everything that is asked, in the order of the screen."""
    texts = instrument.texts[language]
    numbers = iter(range(1, 10_000))
    return tuple(part for part in _parts(instrument, texts, words, numbers) if part.questions)


def runs_of(questions: tuple[Asked, ...]) -> Iterator[tuple[Asked, ...]]:
    """Return the questions in stretches that are answered on the same scale."""
    for _, run in groupby(questions, key=lambda asked: (asked.choices, asked.low)):
        yield tuple(run)


def _parts(
    instrument: Instrument, texts: Texts, words: FormWords, numbers: Iterator[int]
) -> Iterator[Part]:
    for dimension in instrument.dimensions:
        asked = tuple(
            _item(item, texts, words, next(numbers))
            for item in instrument.items
            if item.dimension == dimension
        )
        heading = texts.dimension_headings[dimension]
        yield Part("items", heading, asked, dimension == UNWANTED_BEHAVIOUR)
    rather_not = (Choice(PREFER_NOT, words.rather_not),)
    about = tuple(
        Asked(
            one.key,
            next(numbers),
            texts.backgrounds[one.key],
            tuple(Choice(at, texts.bands[one.key][band]) for at, band in enumerate(one.bands)),
            rather_not,
        )
        for one in instrument.backgrounds
    )
    yield Part("about", words.about_title, about)
    own = tuple(
        Asked(one.key, next(numbers), texts.open_questions[one.key], lines=_lines(one.max_bytes))
        for one in instrument.open_questions
    )
    yield Part("own", words.own_title, own)


def _item(item: Item, texts: Texts, words: FormWords, number: int) -> Asked:
    labels = texts.options.get(item.format.key, {})
    choices = tuple(
        Choice(value - item.format.low, labels.get(value, "")) for value in item.format.values
    )
    low = item.format.low if item.format.numeric else None
    return Asked(item.code, number, texts.items[item.code], choices, _beside(item, words), low)


def _beside(item: Item, words: FormWords) -> tuple[Choice, ...]:
    rather_not = Choice(PREFER_NOT, words.rather_not)
    if not item.not_applicable:
        return (rather_not,)
    label = words.do_not_know if item.format.unknown else words.not_applicable
    return (Choice(NOT_APPLICABLE, label), rather_not)


def _lines(max_bytes: int) -> int:
    return min(max(LINES[0], round(max_bytes / BYTES_A_LINE)), LINES[1])
