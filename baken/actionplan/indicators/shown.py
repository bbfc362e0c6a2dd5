"""What readers see of a period: nothing of a small group, and nothing from which it follows.

Register data have no answers to hide, but the same arithmetic: whoever knows the whole and all
units but one knows that one. So where something is hidden, what is hidden together is never small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.kinds import LEAST_COUNT

LEAST_PEOPLE: Final = 10
"""Fewer people than this, and nothing is shown of the group."""
LEAST_UNCOUNTED: Final = 2 * LEAST_PEOPLE
"""From this many people all absence is shown where nobody told how many absences it is."""


@dataclass(frozen=True, slots=True)
class Group:
    """A unit with a figure, or the whole organisation (`key` None).

    `parent` is the next unit above it that has a figure too; `count` what must not be small, None
    where the figure counts nobody; `least` how many people it must be at least. `is_many` says that
    it is known otherwise that not few people stand behind it; `is_unknown` that nobody knows how
    many do.
    """

    key: UUID | None
    parent: UUID | None
    people: int | None
    count: float | None
    least: int = LEAST_PEOPLE
    is_many: bool = False
    is_unknown: bool = False


@dataclass(slots=True)
class _Family:
    """A group with the groups right below it."""

    head: Group
    members: list[Group] = field(default_factory=list)


def hidden_groups(
    groups: Sequence[Group], also: frozenset[UUID | None] = frozenset()
) -> frozenset[UUID | None]:
    """Return the keys of the groups of one period of which nothing is shown.

    Parameters
    ----------
    also : frozenset
        Groups that are hidden for another reason.
    """
    hidden = {group.key for group in groups if _is_small(group) or group.key in also}
    families = _families(groups)
    changed = True
    while changed:  # what is hidden in one family may be the head of another
        before = len(hidden)
        for family in families:
            _hide_more(family, hidden)
        changed = len(hidden) > before
    return frozenset(hidden)


def _families(groups: Sequence[Group]) -> list[_Family]:
    by_key = {group.key: _Family(group) for group in groups}
    for group in groups:
        if group.key is not None and group.parent in by_key:
            by_key[group.parent].members.append(group)
    return [family for family in by_key.values() if family.members]


def _hide_more(family: _Family, hidden: set[UUID | None]) -> None:
    """Hide members until what is hidden together, with what has no figure, is not small.

    Where the head is hidden nothing can be taken from it.
    """
    if family.head.key in hidden:
        return
    while True:
        shown = [one for one in family.members if one.key not in hidden]
        people = _rest(family.head.people, (one.people for one in shown))
        count = _rest(family.head.count, (one.count for one in shown))
        gone = [one for one in family.members if one.key in hidden]
        least = max((one.least for one in gone), default=LEAST_PEOPLE)
        if not shown or not _leaves_few(people, count, least=least, is_any=bool(gone)):
            return
        hidden.add(min(shown, key=lambda one: (one.people or 0, str(one.key))).key)


def _rest(head: float | None, shown: Iterable[float | None]) -> float | None:
    """What is left of the head when the shown members are taken off; None when nobody knows."""
    told = [*shown]
    if head is None or any(one is None for one in told):
        return None
    return round(head - sum(one for one in told if one is not None), 9)


def _leaves_few(people: float | None, count: float | None, *, least: int, is_any: bool) -> bool:
    if people is None:
        return is_any  # something is hidden and nobody knows how many: hide more
    few_people = 0 < people < least
    few_counted = people > 0 and count is not None and 0 < count < LEAST_COUNT
    return few_people or few_counted


def _is_small(group: Group) -> bool:
    if group.people is None or group.people < group.least or group.is_unknown:
        return True
    if group.is_many or group.count is None:
        return False
    return 0 < group.count < LEAST_COUNT


def nearest_with_figure(
    unit_id: UUID, parents: Mapping[UUID, UUID | None], having: frozenset[UUID | None]
) -> UUID | None:
    """Return the next unit above that has a figure, else the whole (None)."""
    at = parents.get(unit_id)
    while at is not None and at not in having:
        at = parents.get(at)
    return at
