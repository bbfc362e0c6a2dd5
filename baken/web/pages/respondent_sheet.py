"""From the fields of the answer form to an answer sheet, and back.

One field per item code with a number of the instrument, one per background question with a band,
`comment`, `comment2` and so on. Fields that the questionnaire does not know are ignored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from baken.instruments.definition import Background, Instrument, Item
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT, decode
from baken.survey.box.sheet import Sheet
from baken.web.body import Form

# Values of the two answers beside the scale.
DOES_NOT_APPLY: Final = "na"
RATHER_NOT: Final = "pn"

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
# What no keyboard types; everything else that people write is theirs.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that cannot be taken as it is: `kind` names the sentence."""

    field: str
    kind: str
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in so far.

    Attributes
    ----------
    given
        Field to value, as the form sends it; fields without an answer are absent.
    """

    given: Mapping[str, str]
    answers: tuple[int, ...]
    backgrounds: tuple[int, ...]
    comments: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def sheet(self, language: str) -> Sheet:
        """Return the sheet as the box takes it."""
        return Sheet(language, self.answers, self.backgrounds, self.comments)


def comment_field(position: int) -> str:
    """Return the name of the field of an open question: comment, comment2, comment3."""
    return "comment" if position == 0 else f"comment{position + 1}"


def read_answers(form: Form, instrument: Instrument) -> Filled:
    """Read everything the questionnaire asks; what does not fit is listed, nothing is dropped."""
    given: dict[str, str] = {}
    problems: list[Problem] = []
    answers = tuple(
        _code(item.code, form, given, problems, _read_item(item)) for item in instrument.items
    )
    backgrounds = tuple(
        _code(question.key, form, given, problems, _read_band(question))
        for question in instrument.backgrounds
    )
    comments = tuple(_comments(form, instrument, given, problems))
    return Filled(given, answers, backgrounds, comments, tuple(problems))


def fill_from(sheet: Sheet, instrument: Instrument) -> Filled:
    """Return the fields that would give this sheet."""
    given = {}
    for item, code in zip(instrument.items, sheet.answers, strict=True):
        if code != MISSING:
            given[item.code] = _written(item, code)
    for question, code in zip(instrument.backgrounds, sheet.backgrounds, strict=True):
        if code != MISSING:
            given[question.key] = RATHER_NOT if code == PREFER_NOT else question.bands[code]
    for position, text in enumerate(sheet.comments):
        if text:
            given[comment_field(position)] = text
    return Filled(given, sheet.answers, sheet.backgrounds, sheet.comments)


def has_answers(form: Form, instrument: Instrument) -> bool:
    """Whether the form holds any field of the questionnaire, empty or not."""
    names = [item.code for item in instrument.items]
    names += [question.key for question in instrument.backgrounds]
    names += [comment_field(position) for position in range(len(instrument.open_questions))]
    return any(name in form for name in names)


_Reader = Callable[[str], "int | Problem"]


def _code(
    field: str, form: Form, given: dict[str, str], problems: list[Problem], reader: _Reader
) -> int:
    value = _chosen(form.getlist(field))
    if not value:
        return MISSING
    given[field] = value
    read = reader(value)
    if isinstance(read, Problem):
        problems.append(read)
        return MISSING
    return read


def _chosen(values: list[str]) -> str:
    """The value that counts: an answer beside the scale wins over a number that was typed."""
    written = [value.strip()[:200] for value in values if value.strip()]
    beside = [value for value in written if value in (DOES_NOT_APPLY, RATHER_NOT)]
    return (beside or written or [""])[0]


def _read_item(item: Item) -> _Reader:
    low, high = item.format.low, item.format.high

    def read(value: str) -> int | Problem:
        if value == RATHER_NOT:
            return PREFER_NOT
        if value == DOES_NOT_APPLY and item.not_applicable:
            return NOT_APPLICABLE
        if _NUMBER.fullmatch(value) and low <= int(value) <= high:
            return int(value) - low
        kind = "not_a_number" if item.format.numeric else "not_an_answer"
        return Problem(item.code, kind, low, high)

    return read


def _read_band(question: Background) -> _Reader:
    def read(value: str) -> int | Problem:
        if value == RATHER_NOT:
            return PREFER_NOT
        if value in question.bands:
            return question.bands.index(value)
        return Problem(question.key, "not_an_answer")

    return read


def _comments(
    form: Form, instrument: Instrument, given: dict[str, str], problems: list[Problem]
) -> Iterator[str]:
    for position, question in enumerate(instrument.open_questions):
        field = comment_field(position)
        text = _CONTROL.sub("", form.get(field).replace("\r\n", "\n").replace("\r", "\n")).strip()
        if text:
            given[field] = text
        if over := _beyond(text, question.max_bytes):
            problems.append(Problem(field, "too_long", high=over))
        yield text


def _beyond(text: str, max_bytes: int) -> int:
    """How many characters have to go; one of another script takes the room of two to four."""
    return len(text) - len(text.encode()[:max_bytes].decode(errors="ignore"))


def _written(item: Item, code: int) -> str:
    if code == PREFER_NOT:
        return RATHER_NOT
    if code == NOT_APPLICABLE:
        return DOES_NOT_APPLY
    return str(decode(item.format, code))
