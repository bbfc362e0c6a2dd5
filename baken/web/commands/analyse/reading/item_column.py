"""The column of one item: how its texts become answers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from baken.instruments.definition import AnswerFormat, Item
from baken.instruments.sheet import MISSING
from baken.web.commands.analyse.tables.csv_columns import Column, Numbers

from .odd_values import WHOLE_ANSWER, Oddity, note_odd, why_odd


@dataclass(slots=True)
class ItemColumn:
    """How the texts of one item become answers; what is no answer is missing, and noted."""

    code: str
    place: int
    format: AnswerFormat
    known: dict[str, int]
    odd: dict[str, Oddity] = field(default_factory=dict)

    @classmethod
    def of(cls, item: Item, place: int) -> "ItemColumn":
        """Prepare the column of an item, which stands at `place`."""
        low = item.format.low
        known = {str(value): value - low for value in item.format.values}
        return cls(item.code, place, item.format, {**known, "": MISSING})

    def read(self, column: Column, numbers: Numbers) -> NDArray[np.int8]:
        """Return the answer of each row: its distance from the lowest, or `MISSING`."""
        found = [self._answer(text) for text in column.texts]
        odd = [at for at, answer in enumerate(found) if answer is None]
        if odd:
            note_odd(self.odd, self.code, column, numbers, odd=odd, why=self._why_odd)
        answers = np.array([MISSING if code is None else code for code in found], dtype=np.int8)
        return answers[column.which]

    def _answer(self, text: str) -> int | None:
        """Return the answer a text stands for, None when it is odd; remembers those it met."""
        if text in self.known:
            return self.known[text]
        stripped = text.strip()
        if stripped == "":
            return MISSING
        written = WHOLE_ANSWER.fullmatch(stripped)
        if not written:
            return None
        value = int(written[1])
        if value not in self.format.values:
            return None
        return self.known.setdefault(text, value - self.format.low)

    def _why_odd(self, text: str) -> str:
        return why_odd(text, self.format)
