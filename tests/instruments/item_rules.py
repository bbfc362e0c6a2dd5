"""What a good text of a questionnaire is, as rules that return what is wrong.

Every rule takes an instrument and returns sentences “rule: where”; an empty list is what one
hopes for.
"""

import re
from collections.abc import Callable, Iterator

from baken.instruments.definition import Instrument, Item, Texts
from tests.instruments.item_words import (
    DENYING,
    FALSE_FRIENDS,
    FAMILIAR,
    GENDERED,
    NEGATIVE,
    NO_DENIAL,
    POSITIVE,
    TERMS,
)

MOST_WORDS = 20
_SUB_FACTOR = re.compile(r"(A[1-5]\.[1-8]|O)(, (A[1-5]\.[1-8]))*")


def language_of(texts: Texts) -> str:
    """Easy words are no other language."""
    return texts.language.partition("-")[0]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:’t)?", text.lower())


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text.replace("\u00a0", "")) if part]


def asked(texts: Texts) -> Iterator[tuple[str, str]]:
    """Everything a respondent reads as a question or statement."""
    yield from texts.items.items()
    yield from texts.backgrounds.items()
    yield from texts.open_questions.items()


def told(texts: Texts) -> Iterator[tuple[str, str]]:
    """All texts, also those for readers of results."""
    yield from asked(texts)
    for part in (texts.dimensions, texts.dimension_headings, texts.scales, texts.scale_notes):
        yield from part.items()
    for labels in texts.options.values():
        yield from ((f"answer {value}", label) for value, label in labels.items())


def long_sentences(instrument: Instrument) -> list[str]:
    return [
        f"length: {texts.language} {where}"
        for texts in instrument.texts.values()
        for where, text in (*asked(texts), *texts.scale_notes.items())
        for sentence in sentences(text)
        if len(sentence.split()) > MOST_WORDS
    ]


def denials(texts: Texts, text: str) -> int:
    language = language_of(texts)
    plain = re.sub(NO_DENIAL.get(language, r"(?!)"), "", text.lower())
    return len([word for word in words(plain) if word in DENYING[language].split()])


def double_negations(instrument: Instrument) -> list[str]:
    """A statement with answers denies nothing; any other sentence denies once at most."""
    found = []
    for texts in instrument.texts.values():
        found += [
            f"denial: {texts.language} {code}"
            for code, text in texts.items.items()
            if denials(texts, text)
        ]
        found += [
            f"denial: {texts.language} {where}"
            for where, text in told(texts)
            for sentence in sentences(text)
            if denials(texts, sentence) > 1
        ]
    return found


def side(language: str, label: str) -> int:
    spoken = set(words(label))
    if spoken & set(NEGATIVE[language].split()):
        return -1
    return 1 if spoken & set(POSITIVE[language].split()) else 0


def unequal_options(instrument: Instrument) -> list[str]:
    """The same values in the same order, on the same side, from the negative to the positive."""
    found = []
    for answer_format in instrument.formats:
        sides = {}
        for texts in instrument.texts.values():
            labels = texts.options[answer_format.key]
            if list(labels) != sorted(labels) or len(set(labels.values())) != len(labels):
                found.append(f"options: {texts.language} {answer_format.key}")
            sides[texts.language] = [
                (value, side(language_of(texts), label)) for value, label in sorted(labels.items())
            ]
        first = next(iter(sides.values()))
        if any(one != first for one in sides.values()):
            found.append(f"options: {answer_format.key} differs between languages")
        if [place for _, place in first] != sorted(place for _, place in first):
            found.append(f"options: {answer_format.key} runs the wrong way")
    return found


def unequal_marks(instrument: Instrument) -> list[str]:
    """Numbers, examples in brackets and the kind of sentence are equal in every language."""

    def marks(text: str) -> tuple[list[str], int, str]:
        bracket = re.search(r"\((.*?)\)", text)
        examples = bracket[1].count(",") + 1 if bracket else 0
        return re.findall(r"\d+", text), examples, text[-1]

    return [
        f"marks: {item.code}"
        for item in instrument.items
        if len({repr(marks(texts.items[item.code])) for texts in instrument.texts.values()}) > 1
    ]


def wrong_terms(instrument: Instrument) -> list[str]:
    return [
        f"term: {texts.language} {key}"
        for texts in instrument.texts.values()
        for key, name in texts.dimensions.items()
        if name != TERMS[language_of(texts)].get(key, name)
    ]


def _matching(
    rule: str, patterns: dict[str, str], instrument: Instrument, *, case: int
) -> list[str]:
    return [
        f"{rule}: {texts.language} {where}"
        for texts in instrument.texts.values()
        for where, text in told(texts)
        if re.search(patterns.get(language_of(texts), r"(?!)"), text, case)
    ]


def false_friends(instrument: Instrument) -> list[str]:
    return _matching("false friend", FALSE_FRIENDS, instrument, case=re.IGNORECASE)


def familiar(instrument: Instrument) -> list[str]:
    return _matching("familiar", FAMILIAR, instrument, case=0)


def gendered(instrument: Instrument) -> list[str]:
    return _matching("gender", GENDERED, instrument, case=0)


RULES: tuple[Callable[[Instrument], list[str]], ...] = (
    long_sentences,
    double_negations,
    unequal_options,
    unequal_marks,
    wrong_terms,
    false_friends,
    familiar,
    gendered,
)


def faults(instrument: Instrument) -> list[str]:
    """Everything that is wrong with the texts of an instrument."""
    return [fault for rule in RULES for fault in rule(instrument)]


def direction(instrument: Instrument, item: Item) -> str:
    high_is = instrument.scale(item.scale).high_is
    return f"{high_is}, turned" if item.reversed else high_is


def rows_of(page: str) -> dict[str, dict[str, str]]:
    """The table of items of a reference page: code to column to cell."""
    table = re.search(r"^\| Code \|.*(?:\n\|.*)+", page, flags=re.MULTILINE)
    if table is None:
        return {}
    head, _, *lines = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()
    )
    return {cells[0]: dict(zip(head, cells, strict=True)) for cells in lines}


def missing_evidence(instrument: Instrument, page: str) -> list[str]:
    """Every item has a row that says what it measures and what it could be confused with."""
    rows = rows_of(page)
    found = [f"evidence: {code}" for code in {*rows} ^ {item.code for item in instrument.items}]
    for item in instrument.items:
        row = rows.get(item.code, {})
        dimensions = {item.dimension, *item.secondary} | (
            {"A5"} if item.dimension == "B" else set()
        )
        sub_factor = row.get("Sub-factor", "")
        if (
            row.get("English text") != instrument.texts["en"].items[item.code]
            or row.get("A high answer is") != direction(instrument, item)
            or not _SUB_FACTOR.fullmatch(sub_factor)
            or not {part.split(".")[0] for part in sub_factor.split(", ")} & dimensions
            or not all(row.values())
        ):
            found.append(f"evidence: {item.code}")
    return found
