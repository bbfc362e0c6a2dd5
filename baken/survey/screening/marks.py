"""What a group writes on a sheet: who they are, and what they say of each light."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
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
    is_displaced
        Whether `before` or `before_that` was typed while the sheet was about another period, and
        nobody has looked at them since. They are kept, but compared with nothing.
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
    is_displaced: bool = False

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


def moved(marks: Marks, *, left: Marks, found: Marks) -> dict[str, Mark]:
    """Return the marks of a sheet that is about another period from now on.

    Parameters
    ----------
    left, found
        What earlier sheets say of the periods before, of the period that was left and of the new
        one, as `carried_over` gives it.

    Notes
    -----
    Figures that came from earlier sheets come from earlier sheets again. What somebody typed
    instead is kept, and marked: nobody but the group knows to which period it belongs.
    """
    return {
        code: _moved(mark, left.get(code, Mark()), found.get(code, Mark()))
        for code, mark in marks.items()
    }


def corrected(marks: Marks, *, left: Marks, found: Marks) -> dict[str, Mark]:
    """Return the marks of a sheet when what earlier sheets say has changed from `left` to `found`.

    Figures that came from earlier sheets come from them again; what somebody typed stays.
    """

    def renewed(code: str, mark: Mark) -> Mark:
        was, now = left.get(code, Mark()), found.get(code, Mark())
        return replace(
            mark,
            before=now.before if mark.before == was.before else mark.before,
            before_that=(
                now.before_that if mark.before_that == was.before_that else mark.before_that
            ),
        )

    return {code: renewed(code, mark) for code, mark in marks.items()}


def _moved(mark: Mark, left: Mark, found: Mark) -> Mark:
    before = found.before if mark.before in {None, left.before} else mark.before
    before_that = (
        found.before_that if mark.before_that in {None, left.before_that} else mark.before_that
    )
    is_typed = (before, before_that) != (found.before, found.before_that)
    return replace(mark, before=before, before_that=before_that, is_displaced=is_typed)


def _carried(code: str, newest: list[Marks]) -> Mark:
    marks = [one.get(code, Mark()) for one in newest]
    if not marks:
        return Mark()
    before_that = marks[1].value if len(marks) > 1 else marks[0].before
    return Mark(before=marks[0].value, before_that=before_that)
