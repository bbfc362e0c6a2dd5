"""Values that are no answer: why, where they stand first, and how often."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from baken.instruments.definition import AnswerFormat
from baken.web.commands.analyse.tables.csv_columns import Column, Numbers

MOST_KINDS: Final = 200
"""Different odd values of a column that are told apart: a column of remarks has millions."""

WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(\.0*)?", re.ASCII)
WHOLE_ANSWER: Final = re.compile(r"([+-]?[0-9]{1,12})([.,]0*)?", re.ASCII)
"""An answer, also as programs write it that use a decimal comma: no answer has thousands."""
# 2026-03-05, 5/3/26, 3/5, 5-mrt, März 5: what a spreadsheet makes of "3/5" or "5-3" by itself.
_DATE: Final = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d\d:\d\d(:\d\d)?)?|\d{1,2}[-/]\d{1,2}"
    r"|\d{1,4}[-/ ][^\W\d_]{3,9}\.?|[^\W\d_]{3,9}\.?[-/ ]\d{1,4}"
)
_NO_ANSWER: Final = frozenset(
    {"na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "missing", "-", "--", ".", "?"}
    | {"nvt", "n.v.t.", "so", "s.o.", "ka", "k.a."}
)


@dataclass(slots=True)
class Oddity:
    """A value that was read as a missing answer: where it stands first, and how often."""

    column: str
    value: str
    reason: str
    first_row: int
    times: int = 0

    @property
    def is_no_answer(self) -> bool:
        """Whether it says in words that there is no answer."""
        return self.value.casefold() in _NO_ANSWER

    def __str__(self) -> str:
        times = "" if self.times == 1 else f" {self.times} times in this column, first here."
        return (
            f"row {self.first_row}, column {self.column}: “{self.value}” {self.reason}; "
            f"counted as missing.{times}"
        )


def note_odd(
    met: dict[str, Oddity],
    name: str,
    column: Column,
    numbers: Numbers,
    *,
    odd: Sequence[int],
    why: Callable[[str], str],
) -> None:
    """Add odd values of some rows to those met before in a column.

    Parameters
    ----------
    met : dict of str to Oddity
        By the text as it stands in the file.
    name : str
        Of the column.
    column, numbers
        The texts of the rows, and the number of each row.
    odd : sequence of int
        Which of `column.texts` are odd.
    why : function of str
        Tells of a text, without spaces around it, why it is odd.
    """
    first, times = column.first_rows(), column.times()
    for at in sorted(odd, key=first.__getitem__):
        text, row = column.texts[at], int(numbers[first[at]])
        if text in met:
            kind = met[text]
        elif len(met) < MOST_KINDS:
            stripped = text.strip()
            kind = met[text] = Oddity(name, stripped, why(stripped), row)
        else:
            others = Oddity(name, "…", "stands for other values that are no answer", row)
            kind = met.setdefault("…", others)
        kind.times += int(times[at])


def why_odd(text: str, asked: AnswerFormat) -> str:
    """Return why a text, without spaces around it, is none of the numbers of an item."""
    if WHOLE_ANSWER.fullmatch(text):
        return f"lies outside {asked.low} to {asked.high}"
    if text.casefold() in _NO_ANSWER:
        return "was taken for no answer"
    if _DATE.fullmatch(text):
        return "looks like a date, perhaps made by a spreadsheet out of another value"
    return "is not a whole number"
