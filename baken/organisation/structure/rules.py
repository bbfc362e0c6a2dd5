"""What may happen to the unit tree: on which day, and what must hold on every day after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.organisation.errors import Conflict, Invalid
from baken.organisation.structure.history import ONE_DAY, Description, Tree, UnitHistory, living

# Deeper than any organisation; a chain of units without end is a mistake in a file.
MAX_DEPTH: Final = 30
MAX_PEOPLE: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Frozen:
    """What surveys that were launched hold on to.

    `until_on` is the latest day whose tree one of them copied; `unit_ids` are the units in it.
    """

    until_on: date | None = None
    unit_ids: frozenset[UUID] = frozenset()


NOTHING_FROZEN: Final = Frozen()


def check_day(on: date, *, today: date, frozen: Frozen) -> None:
    """Raise `Invalid` when a change of a past day would rewrite what a survey has counted with."""
    if on < today and frozen.until_on is not None and on <= frozen.until_on:
        raise Invalid(
            "units.day_frozen",
            "A survey was launched with the units as they were on {frozen}. Choose a later day.",
            frozen=frozen.until_on,
        )


def check_can_change(unit: UnitHistory, on: date) -> None:
    """Raise unless the unit exists on the day and nothing of it changes after."""
    name = unit.newest.name
    if on < unit.from_on:
        raise Invalid(
            "units.day_before_start",
            "{name} exists since {start}. Choose that day or a later one.",
            name=name,
            start=unit.from_on,
        )
    if unit.until_on is not None and on > unit.until_on:
        raise Invalid(
            "units.day_after_end",
            "{name} exists until {end}. Choose an earlier day.",
            name=name,
            end=unit.until_on,
        )
    if unit.newest.from_on > on:
        raise Conflict(
            "units.changes_later",
            "{name} already changes on {day}. Undo that change first, or choose a later day.",
            name=name,
            day=unit.newest.from_on,
        )


def check_can_end(unit: UnitHistory, on: date) -> None:
    """Raise unless the day before `on` can be the last day of the unit."""
    if unit.until_on is not None:
        raise Conflict(
            "units.ends_already",
            "{name} already ends: its last day is {end}. Let it go on first.",
            name=unit.newest.name,
            end=unit.until_on,
        )
    if on <= unit.from_on:
        raise Invalid(
            "units.end_before_start",
            "{name} exists since {start}; it cannot end before. Undo its start, or choose a "
            "later day.",
            name=unit.newest.name,
            start=unit.from_on,
        )
    check_can_change(unit, on)
    if unit.counts and unit.counts[-1].from_on >= on:
        raise Conflict(
            "units.counted_later",
            "{name} has a count of people from {day} on. Delete that count first.",
            name=unit.newest.name,
            day=unit.counts[-1].from_on,
        )


def first_day_without(unit: UnitHistory, today: date) -> date:
    """The first day, from today on, on which the unit can be gone as `check_can_end` wants it."""
    days = [today, unit.from_on + ONE_DAY, unit.newest.from_on]
    if unit.counts:
        days.append(unit.counts[-1].from_on + ONE_DAY)
    return max(days)


def check_tree(tree: Tree, *, since: date) -> None:
    """Raise unless the tree is sound on every day from `since` on.

    Every unit stands under a unit that exists, none stands under itself, no two have one number.
    """
    for day in _days_of_change(tree.values(), since):
        _check_on(living(tree, day), tree, day)


def differs_by_half(before: int | None, after: int | None) -> bool:
    """Whether a count is so different from the last one that it may be a mistake."""
    return before is not None and after is not None and 2 * abs(after - before) > before


def _days_of_change(units: Iterable[UnitHistory], since: date) -> list[date]:
    days = {since}
    for unit in units:
        days.add(unit.from_on)
        days.update(description.from_on for description in unit.descriptions)
        if unit.until_on is not None:
            days.add(unit.until_on + ONE_DAY)
    return sorted(day for day in days if day >= since)


def _check_on(now: Mapping[UUID, Description], tree: Tree, day: date) -> None:
    _check_parents(now, tree, day)
    _check_numbers(now, day)
    depths: dict[UUID, int] = {}
    for key in now:
        _check_depth(key, now, depths)


def _check_parents(now: Mapping[UUID, Description], tree: Tree, day: date) -> None:
    for description in now.values():
        parent_id = description.parent_id
        if parent_id is None or parent_id in now:
            continue
        parent = tree.get(parent_id)
        raise Invalid(
            "units.parent_absent",
            "{name} stands under {parent}, which does not exist on {day}. Move {name} to another "
            "unit first, or let it end as well.",
            name=description.name,
            parent=parent.newest.name if parent else parent_id,
            day=day,
        )


def _check_numbers(now: Mapping[UUID, Description], day: date) -> None:
    seen: dict[str, Description] = {}
    for description in now.values():
        other = seen.get(description.number)
        if other is not None:
            raise Conflict(
                "units.number_taken",
                "{other} and {name} would both have number {number} on {day}. Choose another.",
                other=other.name,
                name=description.name,
                number=description.number,
                day=day,
            )
        seen[description.number] = description


def _check_depth(key: UUID, now: Mapping[UUID, Description], depths: dict[UUID, int]) -> None:
    path: list[UUID] = []
    at: UUID | None = key
    while at is not None and at not in depths:
        if at in path:
            raise Invalid(
                "units.under_itself",
                "{name} would stand under itself. Choose another unit above it.",
                name=now[key].name,
            )
        path.append(at)
        if len(path) > MAX_DEPTH:
            raise _too_deep(now[key])
        at = now[at].parent_id
    depth = depths[at] if at is not None else 0
    for passed in reversed(path):
        depth += 1
        depths[passed] = depth
    if depth > MAX_DEPTH:
        raise _too_deep(now[key])


def _too_deep(description: Description) -> Invalid:
    return Invalid(
        "units.too_deep",
        "{name} would stand under more than {limit} levels. Put it higher in the tree.",
        name=description.name,
        limit=MAX_DEPTH,
    )
