"""Boxes side by side, ordered by their ink, for people to judge where the thresholds stand.

A box without its page says nothing about anybody: no question, no sheet, no order of the scan. All
boxes are counted; of each state the least certain are kept, and a fair sample of the others.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from baken.survey.paper.scanning.readings import BoxCrop, BoxState

ROOM: Final = 40
"""Of each state so many of the least certain, and so many of the rest."""


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes that were given one state: how many there were, and some of them by their ink."""

    state: BoxState
    count: int
    boxes: tuple[BoxCrop, ...]


@dataclass(slots=True)
class Boxes:
    """Boxes seen so far; what is kept does not depend on their order."""

    counts: Counter[BoxState] = field(default_factory=Counter)
    kept: dict[BoxState, list[BoxCrop]] = field(default_factory=dict)
    room: int = ROOM

    def add(self, crops: Iterable[BoxCrop]) -> None:
        """Count boxes, and keep some."""
        for crop in crops:
            self.counts[crop.state] += 1
            self.kept.setdefault(crop.state, []).append(crop)
        self._trim()

    def merge(self, other: "Boxes") -> None:
        """Take in what was seen elsewhere."""
        self.counts += other.counts
        for state, crops in other.kept.items():
            self.kept.setdefault(state, []).extend(crops)
        self._trim()

    def with_pictures(self, draw: Callable[[bytes], bytes]) -> "Boxes":
        """Return the same boxes, each picture drawn anew."""
        drawn = {
            state: [replace(crop, picture=draw(crop.picture)) for crop in crops]
            for state, crops in self.kept.items()
        }
        return replace(self, kept=drawn)

    @property
    def rows(self) -> tuple[Row, ...]:
        """A row for each state that occurs, boxes with least ink first."""
        return tuple(
            Row(state, self.counts[state], tuple(sorted(self.kept[state], key=_by_ink)))
            for state in BoxState
            if self.counts[state]
        )

    def _trim(self) -> None:
        for state, crops in self.kept.items():
            if len(crops) > 2 * self.room:
                by_doubt = sorted(crops, key=_by_doubt)
                # the sum of a picture is as good as a lot, and the same every time
                rest = sorted(by_doubt[self.room :], key=lambda crop: crop.lot)
                self.kept[state] = by_doubt[: self.room] + rest[: self.room]


def _by_doubt(crop: BoxCrop) -> tuple[float, int]:
    return crop.confidence, crop.lot


def _by_ink(crop: BoxCrop) -> tuple[float, float, int]:
    return crop.ink, crop.trace, crop.lot
