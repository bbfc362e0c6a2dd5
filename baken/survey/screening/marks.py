"""What a group writes on a sheet: who they are, and what they say of each light."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class LightState(StrEnum):
    """Whether a light is on; not knowing is something else than off."""

    OFF = "off"
    ON = "on"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the group: a sheet is no anonymous answer."""

    name: str
    function: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands on a sheet about one light.

    Attributes
    ----------
    state
        None while nobody has said anything.
    value, before, before_that
        The figure of this period, of the one before, and of the one before that.
    sector, size
        The same figure in the sector, and in organisations of the same size.
    """

    state: LightState | None = None
    value: float | None = None
    sector: float | None = None
    size: float | None = None
    before: float | None = None
    before_that: float | None = None
    source: str = ""
    comment: str = ""

    @property
    def figures(self) -> tuple[float, ...]:
        """All figures that were filled in."""
        found = (self.value, self.sector, self.size, self.before, self.before_that)
        return tuple(figure for figure in found if figure is not None)


Marks = Mapping[str, Mark]


def store_marks(marks: Marks) -> dict[str, dict[str, Any]]:
    """Return marks as they are stored."""
    return {code: asdict(mark) for code, mark in marks.items()}


def read_marks(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Mark]:
    """Return what `store_marks` made."""
    return {
        code: Mark(**{**row, "state": LightState(row["state"]) if row["state"] else None})
        for code, row in stored.items()
    }


def store_group(group: Iterable[Member]) -> list[dict[str, str]]:
    """Return a group as it is stored."""
    return [asdict(member) for member in group]


def read_group(stored: Iterable[Mapping[str, str]]) -> tuple[Member, ...]:
    """Return what `store_group` made."""
    return tuple(Member(**row) for row in stored)


def carried_over(earlier: Iterable[Marks], codes: Iterable[str]) -> dict[str, Mark]:
    """Return empty marks with the figures of earlier periods, the newest of `earlier` first."""
    newest = [*earlier][:2]
    return {code: _carried(code, newest) for code in codes}


def _carried(code: str, newest: list[Marks]) -> Mark:
    marks = [one.get(code, Mark()) for one in newest]
    if not marks:
        return Mark()
    before_that = marks[1].value if len(marks) > 1 else marks[0].before
    return Mark(before=marks[0].value, before_that=before_that)
