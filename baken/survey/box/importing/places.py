"""Which unit a cell means: by number, by name, or by both."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baken.survey.box.importing.files import fold
from baken.survey.campaigns.models import FrozenUnit
from baken.survey.disclosure.tree import NO_UNIT

SHOWN_ROWS: Final = 8


class NoPlace(StrEnum):
    """Why a row has no unit."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    EMPTY = "empty"


@dataclass(slots=True)
class Stranger:
    """What a file calls a unit that is not one; its rows count for the organisation only."""

    said: str
    reason: NoPlace
    rows: list[int]

    def __str__(self) -> str:
        named = ", ".join(str(row) for row in self.rows[:SHOWN_ROWS])
        more = f" and {len(self.rows) - SHOWN_ROWS} more" if len(self.rows) > SHOWN_ROWS else ""
        why = {
            NoPlace.UNKNOWN: f"“{self.said}” is none of the units",
            NoPlace.SEVERAL: f"“{self.said}” is the name of several units",
            NoPlace.EMPTY: "no unit is given",
        }[self.reason]
        return f"{why}: row {named}{more}"


class Places:
    """The units of a day, found by what people call them."""

    def __init__(self, units: Iterable[FrozenUnit]) -> None:
        self._keys: dict[str, set[str]] = {}
        self._numbers: dict[str, str] = {}
        self.strangers: dict[str, Stranger] = {}
        for unit in units:
            number, name = fold(unit["number"]), fold(unit["name"])
            self._numbers[number] = unit["key"]
            for called in (name, f"{number} {name}", f"{name} {number}", f"{number} - {name}"):
                self._keys.setdefault(called, set()).add(unit["key"])

    def find(self, said: str, row: int) -> str:
        """Return the key of the unit, or `NO_UNIT` after noting the row. A number goes first."""
        called = fold(said)
        if called in self._numbers:
            return self._numbers[called]
        keys = self._keys.get(called, set()) if called else set()
        if len(keys) == 1:
            return next(iter(keys))
        reason = NoPlace.SEVERAL if keys else NoPlace.UNKNOWN if called else NoPlace.EMPTY
        stranger = self.strangers.setdefault(called, Stranger(said, reason, []))
        stranger.rows.append(row)
        return NO_UNIT
