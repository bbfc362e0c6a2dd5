"""The column of `--group`: which group each person belongs to."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.tallies.crossing import BETWEEN, MOST_BANDS
from baken.analysis.tallies.tally import NO_BAND
from baken.instruments.definition import Instrument
from baken.web.commands.analyse.tables.csv_columns import Column, Numbers
from baken.web.commands.errors import UnreadableTable

from .odd_values import Oddity, note_odd

LONGEST_NAME: Final = 80


@dataclass(slots=True)
class GroupColumn:
    """How the texts of the column become groups.

    Attributes
    ----------
    declared : tuple[str, ...]
        Groups of the background question of that name; without one, every text is a group.
    """

    path: Path
    name: str
    place: int
    declared: tuple[str, ...]
    known: dict[str, str] = field(default_factory=dict)
    odd: dict[str, Oddity] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, name: str, place: int, instrument: Instrument) -> "GroupColumn":
        """Prepare the column, by the background question if there is one of that name."""
        asked = {background.key: background.bands for background in instrument.backgrounds}
        return cls(path, name, place, asked.get(name, ()))

    def read(self, column: Column, numbers: Numbers) -> tuple[NDArray[np.intp], list[str]]:
        """Return which group each row belongs to, and their names; `NO_BAND` where there is none.

        Raises
        ------
        UnreadableTable
            The column holds more groups than may ever be shown.
        """
        first = column.first_rows()
        found: dict[int, str | None] = {}
        for at in np.argsort(first).tolist():
            found[at] = self._band(column.texts[at], int(numbers[first[at]]))
        odd = [at for at, band in found.items() if band is None]
        if odd:
            note_odd(self.odd, self.name, column, numbers, odd=odd, why=self._why_odd)
        return column.which, [found[at] or NO_BAND for at in range(len(column.texts))]

    def _band(self, text: str, number: int) -> str | None:
        """Return the group a text stands for, None when it is odd; remembers those it met."""
        band = text.strip()
        if text in self.known or band == "" or band in self.declared:
            return band
        if self.declared or BETWEEN in band or len(band) > LONGEST_NAME:
            return None
        self._check_few(band, number)
        return self.known.setdefault(text, band)

    def _why_odd(self, _text: str) -> str:
        if self.declared:
            return f"is not one of {', '.join(self.declared)}"
        return f"is no name of a group (at most {LONGEST_NAME} characters)"

    def _check_few(self, band: str, number: int) -> None:
        if len({*self.known.values(), band} - {NO_BAND}) > MOST_BANDS:
            raise UnreadableTable(
                "commands.many_groups",
                "Column {column} of {file} holds more than {most} groups; “{band}” in row {row} "
                "is one too many. Nothing was written. Choose a column with few groups, or put "
                "them together.",
                column=self.name,
                file=self.path.name,
                most=MOST_BANDS,
                band=band,
                row=number,
            )
