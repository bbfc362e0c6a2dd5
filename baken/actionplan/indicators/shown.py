"""What readers see of a period: nothing of a small group, and nothing from which it follows.

Register data have no answers to hide, but the same arithmetic: whoever knows the whole and all
units but one knows that one. So where something is hidden, what is hidden together is never small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

LEAST_PEOPLE: Final = 10
"""Fewer people than this, and nothing is shown of the group."""
LEAST_COUNT: Final = 5
"""A count of people, or of what they did, from 1 to 4 is not shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """A unit with a figure, or the whole organisation (`key` None).

    `parent` is the next unit above it that has a figure too; `count` what must not be small, None
    where the figure counts nobody.
    """

    key: UUID | None
    parent: UUID | None
    people: int | None
    count: float | None


@dataclass(slots=True)
class _Family:
    """A group with the groups right below it."""

    head: Group
    members: list[Group] = field(default_factory=list)


def hidden_groups(groups: Sequence[Group]) -> frozenset[UUID | None]:
    """Return the keys of the groups of one period of which nothing is shown."""
    hidden = {group.key for group in groups if _is_small(group.people, group.count)}
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
        if not shown or not _leaves_few(people, count, is_any=len(shown) < len(family.members)):
            return
        hidden.add(min(shown, key=lambda one: (one.people or 0, str(one.key))).key)


def _rest(head: float | None, shown: Iterable[float | None]) -> float | None:
    """What is left of the head when the shown members are taken off; None when nobody knows."""
    told = [*shown]
    if head is None or any(one is None for one in told):
        return None
    return head - sum(one for one in told if one is not None)


def _leaves_few(people: float | None, count: float | None, *, is_any: bool) -> bool:
    if people is None:
        return is_any  # something is hidden and nobody knows how many: hide more
    few_people = 0 < people < LEAST_PEOPLE
    few_counted = people > 0 and count is not None and 0 < count < LEAST_COUNT
    return few_people or few_counted


def _is_small(people: int | None, count: float | None) -> bool:
    if people is None or people < LEAST_PEOPLE:
        return True
    return count is not None and 0 < count < LEAST_COUNT


def nearest_with_figure(
    unit_id: UUID, parents: Mapping[UUID, UUID | None], having: frozenset[UUID | None]
) -> UUID | None:
    """Return the next unit above that has a figure, else the whole (None)."""
    at = parents.get(unit_id)
    while at is not None and at not in having:
        at = parents.get(at)
    return at
