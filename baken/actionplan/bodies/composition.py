"""Who sits in a body, counted against who was wanted there.

A steering group or working group is believed where those it is about find themselves in it: so
many from each shift, function, level and side. Warnings say who is missing; they forbid nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import Invalid

GROUP_LENGTH: Final = 80
MOST_WANTED: Final = 50


class Side(StrEnum):
    """For whom somebody sits there."""

    EMPLOYER = "employer"
    WORKERS = "workers"
    LINE = "line"
    EXPERT = "expert"


MANAGEMENT: Final = frozenset({Side.EMPLOYER, Side.LINE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many people of a shift, function, unit or side, as it was agreed at the start."""

    group: str
    people: int


@dataclass(frozen=True, slots=True)
class Sits:
    """What counts of somebody who sits there: the side, and the groups they are of."""

    side: Side
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counted:
    """A wanted group, with how many sit there."""

    group: str
    wanted: int
    there: int


class Lack(StrEnum):
    """What a body misses as a whole."""

    NO_WORKERS = "no_workers"
    ONLY_MANAGEMENT = "only_management"


def check_wanted(wanted: Sequence[Wanted]) -> None:
    """Raise `Invalid` unless each group is named once, with a number that can be true."""
    names = [one.group.strip().casefold() for one in wanted]
    if not all(names) or any(len(one.group) > GROUP_LENGTH for one in wanted):
        raise Invalid(
            "bodies.group_unnamed",
            "Give every group that is wanted a short name, of {most} characters at most.",
            most=GROUP_LENGTH,
        )
    if len(set(names)) < len(names):
        raise Invalid(
            "bodies.group_twice", "A group that is wanted stands in the list twice. Keep one line."
        )
    if any(not 1 <= one.people <= MOST_WANTED for one in wanted):
        raise Invalid(
            "bodies.wanted_impossible",
            "Of every group at least one person is wanted, and at most {most}.",
            most=MOST_WANTED,
        )


def count_groups(wanted: Iterable[Wanted], sits: Sequence[Sits]) -> tuple[Counted, ...]:
    """How many of each wanted group sit there; one person may be of several groups."""
    return tuple(
        Counted(one.group, one.people, sum(one.group in each.groups for each in sits))
        for one in wanted
    )


def count_sides(sits: Iterable[Sits]) -> dict[Side, int]:
    """How many sit there for each side; every side has its number."""
    found = dict.fromkeys(Side, 0)
    for one in sits:
        found[one.side] += 1
    return found


def missing_groups(counted: Iterable[Counted]) -> tuple[str, ...]:
    """The wanted groups of which nobody sits there."""
    return tuple(one.group for one in counted if not one.there)


def lacks(sits: Sequence[Sits]) -> tuple[Lack, ...]:
    """What the body misses as a whole; an empty one misses its members, and that shows anyway."""
    sides = {one.side for one in sits}
    if not sides:
        return ()
    if sides <= MANAGEMENT:
        return (Lack.ONLY_MANAGEMENT,)
    return () if Side.WORKERS in sides else (Lack.NO_WORKERS,)
