"""Which key stands for which answer while a form is typed. Pure.

The number keys are the boxes from left to right, or the number itself where the answer is one. The
signs lie beside the figures on a number pad.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from baken.instruments.definition import Instrument
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT
from baken.survey.paper.composing.asked import Asked, parts_of
from baken.survey.paper.composing.words import FormWords
from baken.survey.paper.content import DOUBLE

Kind = Literal["answers", "backgrounds", "comments"]

NONE_KEY: Final = ","
"""Nothing is crossed; a full stop, as other number pads have it, is the same."""
NOT_APPLICABLE_KEY: Final = "/"
PREFER_NOT_KEY: Final = "*"
DOUBLE_KEY: Final = "+"

_KIND_OF: Final[dict[str, Kind]] = {"items": "answers", "about": "backgrounds", "own": "comments"}


class NotAKey(ValueError):
    """What was typed stands for no answer to this question."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is typed; `keys` has what can be typed, with its value and its words."""

    kind: Kind
    key: str
    number: int
    text: str
    keys: tuple[tuple[str, int, str], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is answered in one's own words."""
        return self.kind == "comments"

    def value_of(self, typed: str) -> int:
        """Return the value of what was typed; raise `NotAKey` for anything else."""
        wanted = NONE_KEY if typed == "." else typed
        for key, value, _ in self.keys:
            if key == wanted:
                return value
        raise NotAKey(f"{typed!r} stands for no answer to question {self.number}")

    def words_of(self, value: int) -> tuple[str, str]:
        """Return key and words of a value, to show it to whoever decides."""
        for key, known, label in self.keys:
            if known == value:
                return key, label
        raise NotAKey(f"{value} is no answer to question {self.number}")


def questions_of(
    instrument: Instrument, language: str, words: FormWords, *, none: str, double: str
) -> tuple[Question, ...]:
    """Return the questions of a form in the order and with the numbers of the paper.

    Parameters
    ----------
    none, double
        What it says beside the keys for no cross and for two crosses.
    """
    return tuple(
        Question(_KIND_OF[part.kind], one.question, one.number, one.text, _keys(one, none, double))
        for part in parts_of(instrument, language, words)
        for one in part.questions
    )


def in_order(instrument: Instrument, kind: Kind) -> Iterable[str]:
    """Return the codes or keys of one kind in the order of the answer sheet."""
    if kind == "answers":
        return (item.code for item in instrument.items)
    if kind == "backgrounds":
        return (one.key for one in instrument.backgrounds)
    return (one.key for one in instrument.open_questions)


def _keys(asked: Asked, none: str, double: str) -> tuple[tuple[str, int, str], ...]:
    if not asked.choices:
        return ()
    first = 1 if asked.low is None else asked.low
    signs = {NOT_APPLICABLE: NOT_APPLICABLE_KEY, PREFER_NOT: PREFER_NOT_KEY}
    return (
        *((str(first + one.value), one.value, one.label) for one in asked.choices),
        *((signs[one.value], one.value, one.label) for one in asked.beside),
        (NONE_KEY, MISSING, none),
        (DOUBLE_KEY, DOUBLE, double),
    )
