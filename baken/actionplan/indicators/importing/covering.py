"""Which units a file with lines about people speaks of: no line is not the same as nobody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.indicators.heads import Heads


@dataclass(frozen=True, slots=True)
class Covered:
    """What a file says nothing of on a day.

    Attributes
    ----------
    missing
        Units with people of which no line speaks, and no line of a unit above them instead.
    without
        Places that get no figure: those units, what stands above them, and units whose people are
        in the lines of the unit above.
    """

    missing: frozenset[UUID]
    without: frozenset[UUID | None]


def covered(heads: Heads, named: Collection[UUID], on: date) -> Covered:
    """Return what a file leaves out that names these units."""
    parents = heads.parents(on)
    above = {unit: tuple(_above(unit, parents)) for unit in parents}
    holding = {one for unit in named if unit in above for one in above[unit]}
    silent = [unit for unit in parents if unit not in named and unit not in holding]
    missing = frozenset(
        unit
        for unit in silent
        if _has_people(heads, unit, on, parents.values())
        # lines of a unit speak of those below it as long as none of these has lines of its own
        and not any(one in named and one not in holding for one in above[unit])
    )
    short: set[UUID | None] = {one for unit in missing for one in above[unit]}
    if missing:
        short.add(None)
    return Covered(missing, frozenset(short | {*silent}))


def _has_people(heads: Heads, unit: UUID, on: date, parents: Iterable[UUID | None]) -> bool:
    """Whether people are attached to the unit itself; one without a count may have some."""
    people = heads.tree[unit].people(on)
    return people > 0 if people is not None else unit not in {*parents}


def _above(unit: UUID, parents: dict[UUID, UUID | None]) -> Iterable[UUID]:
    at = parents[unit]
    while at is not None:
        yield at
        at = parents.get(at)
