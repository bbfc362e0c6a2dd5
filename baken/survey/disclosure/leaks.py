"""What a reader could work out though nothing of it is printed."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal, TypeVar

from .plan import Cell
from .thresholds import is_homogeneous

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Leak:
    """A group of people whose figures follow from what is published.

    `small`: fewer than k people. `alike`: their figures tell what each of them answered. `near`:
    fewer than k people, whose mean does not follow by adding and subtracting, but is known all the
    same, or too narrowly. `undecided`: the search was given up, so nothing may be promised; no
    group is named.
    """

    kind: Literal["small", "alike", "near", "undecided"]
    keys: frozenset[Hashable]
    n: int


def leak_of(keys: Iterable[Key], cells: Mapping[Key, Cell], k: int) -> Leak | None:
    """Judge one group that can be worked out: None when it is safe.

    Parameters
    ----------
    keys : Iterable
        Keys of the group, at least one, all with people.
    cells : Mapping to Cell
        The people of every key.
    k : int
        Minimum group of this statistic.
    """
    members = frozenset(keys)
    group = added(cells[key] for key in members)
    if group.n < k:
        return Leak("small", members, group.n)
    if is_homogeneous(group.n, group.apart, k):
        return Leak("alike", members, group.n)
    return None


def added(cells: Iterable[Cell]) -> Cell:
    """Return the people of all cells together; at least one cell is given."""
    return reduce(add, cells)
