"""One answer as a small number, and an answer sheet as a row of them.

A sheet is a row of `int8` in item order. An answer is kept as its distance from the lowest value
of its format (0 to 119); three negative codes say why there is none.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baken.instruments.definition import AnswerFormat, Instrument, Item
from baken.instruments.errors import NotAnAnswer

MISSING = -1
NOT_APPLICABLE = -2
PREFER_NOT = -3

NO_ANSWER = frozenset({MISSING, NOT_APPLICABLE, PREFER_NOT})

Reason = Literal["missing", "not_applicable", "prefer_not", "unknown"]
REASONS: Mapping[int, Reason] = {
    MISSING: "missing",
    NOT_APPLICABLE: "not_applicable",
    PREFER_NOT: "prefer_not",
}


def encode(item: Item, value: int | None) -> int:
    """Return the code of an answer on the instrument's own numbers; None is a missing answer.

    Raises
    ------
    NotAnAnswer
        The value lies outside the format of the item.
    """
    if value is None:
        return MISSING
    if value not in item.format.values:
        raise NotAnAnswer(item.code, value, item.format.low, item.format.high)
    return value - item.format.low


def decode(answer_format: AnswerFormat, code: int) -> int | Reason:
    """Return the answer on the instrument's own numbers, or the reason why there is none.

    Raises
    ------
    ValueError
        The code stands for nothing in this format: the sheet belongs to another instrument or is
        damaged.
    """
    if code == NOT_APPLICABLE and answer_format.unknown:
        return "unknown"
    if code in REASONS:
        return REASONS[code]
    value = code + answer_format.low
    if code < 0 or value not in answer_format.values:
        raise ValueError(f"code {code} means nothing in answer format {answer_format.key!r}")
    return value


def is_code(item: Item, code: int) -> bool:
    """Whether a code may stand on a sheet in the column of this item."""
    if code == NOT_APPLICABLE:
        return item.not_applicable
    return code in NO_ANSWER or 0 <= code <= item.format.high - item.format.low


def blank_sheet(instrument: Instrument) -> NDArray[np.int8]:
    """Return a sheet on which nothing is answered: (n_items,) array."""
    return np.full(len(instrument.items), MISSING, dtype=np.int8)
