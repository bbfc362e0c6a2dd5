"""What a unit has been, day by day: plain values that know no database and no clock.

A unit lives from a day to a last day. Its descriptions and its counts of people each hold from a
day on, until the next one; where it goes on in other units, it has heirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

ONE_DAY = timedelta(days=1)


class UnitKind(StrEnum):
    """What a unit is in the eyes of the law and of the people in it."""

    EMPLOYER = "employer"
    ESTABLISHMENT = "establishment"
    DEPARTMENT = "department"
    TEAM = "team"


class Succession(StrEnum):
    """How a unit went on in another one."""

    SPLIT = "split"
    MERGE = "merge"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Description:
    """What a unit is called and where it belongs, from a day on."""

    from_on: date
    parent_id: UUID | None
    kind: UnitKind
    number: str
    name: str
    address: str = ""
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many people are attached to a unit directly, from a day on."""

    from_on: date
    people: int


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit in which another one goes on."""

    unit_id: UUID
    on: date
    how: Succession


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """One unit through time; descriptions and counts stand in the order of their days.

    `until_on` is its last day. `position` orders it among its neighbours; it has no history.
    """

    id: UUID
    from_on: date
    until_on: date | None
    descriptions: tuple[Description, ...]
    counts: tuple[Count, ...] = ()
    heirs: tuple[Heir, ...] = ()
    position: int = 0

    @property
    def newest(self) -> Description:
        """The description with the latest day; it may lie ahead."""
        return self.descriptions[-1]

    def lives(self, on: date) -> bool:
        """Whether the unit exists on a day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    def on(self, day: date) -> Description:
        """The description that holds on a day; before the first day, the first one."""
        found = self.descriptions[0]
        for description in self.descriptions:
            if description.from_on <= day:
                found = description
        return found

    def people(self, day: date) -> int | None:
        """How many people it counts on a day; None when nobody has told."""
        told = [count.people for count in self.counts if count.from_on <= day]
        return told[-1] if told else None

    def described(self, on: date, **values: Any) -> Self:
        """The unit with other values from a day on; nothing happens where they are the same."""
        before = self.on(on)
        after = replace(before, **values)
        if after == before:
            return self
        kept = tuple(one for one in self.descriptions if one.from_on < on)
        later = tuple(one for one in self.descriptions if one.from_on > on)
        changed = (*kept, replace(after, from_on=on), *later)
        return replace(self, descriptions=_without_repeats(changed))

    def counted(self, on: date, people: int) -> Self:
        """The unit with a count from a day on."""
        if self.people(on) == people:
            return self
        others = tuple(one for one in self.counts if one.from_on != on)
        counts = sorted((*others, Count(on, people)), key=lambda one: one.from_on)
        return replace(self, counts=tuple(counts))

    def uncounted(self, on: date) -> Self:
        """The unit without the count of a day."""
        return replace(self, counts=tuple(one for one in self.counts if one.from_on != on))

    def ended(self, last_on: date | None, heirs: Iterable[Heir] = ()) -> Self:
        """The unit with another last day (None: it lives on), and those in which it goes on."""
        ordered = sorted(heirs, key=lambda one: (one.on, one.unit_id))
        return replace(self, until_on=last_on, heirs=tuple(ordered))


Tree = Mapping[UUID, UnitHistory]


def begun(
    unit_id: UUID, description: Description, people: int | None = None, position: int = 0
) -> UnitHistory:
    """A unit that begins on the day of its first description."""
    counts = () if people is None else (Count(description.from_on, people),)
    first_on = description.from_on
    return UnitHistory(unit_id, first_on, None, (description,), counts, position=position)


def first_difference(before: UnitHistory | None, after: UnitHistory | None) -> date | None:
    """The first day on which two states of a unit differ; None when they never do."""
    if before is None or after is None:
        there = before or after
        return there.from_on if there else None
    days = {one.from_on for one in {*before.descriptions} ^ {*after.descriptions}}
    days |= {one.from_on for one in {*before.counts} ^ {*after.counts}}
    days |= {one.on for one in {*before.heirs} ^ {*after.heirs}}
    if before.until_on != after.until_on:
        ends = [day for day in (before.until_on, after.until_on) if day is not None]
        days.add(min(ends) + ONE_DAY)
    return min(days, default=None)


def living(tree: Tree, on: date) -> dict[UUID, Description]:
    """What the units that exist on a day are on that day."""
    return {unit.id: unit.on(on) for unit in tree.values() if unit.lives(on)}


def children_of(tree: Tree, unit_id: UUID | None, on: date) -> list[UnitHistory]:
    """The units directly under another on a day, in their order."""
    found = [unit for unit in tree.values() if unit.lives(on) and unit.on(on).parent_id == unit_id]
    return sorted(found, key=lambda unit: (unit.position, unit.on(on).number))


def in_order(tree: Tree) -> list[UnitHistory]:
    """Every unit that ever was, as it last was: those above before those below, in their order."""
    below: dict[UUID | None, list[UnitHistory]] = {}
    for unit in sorted(tree.values(), key=lambda one: (one.position, one.newest.number)):
        parent = unit.newest.parent_id
        below.setdefault(parent if parent in tree else None, []).append(unit)
    found: list[UnitHistory] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(below.get(found[-1].id, [])[::-1])
    return found


def branch_of(tree: Tree, unit_id: UUID, on: date) -> list[UUID]:
    """The unit and all units below it on a day, parents before children."""
    below: dict[UUID | None, list[UUID]] = {}
    for key, description in living(tree, on).items():
        below.setdefault(description.parent_id, []).append(key)
    found = [unit_id]
    for key in found:
        found.extend(below.get(key, ()))
    return found


def next_position(tree: Tree, parent_id: UUID | None, on: date) -> int:
    """The place after the last unit under a parent."""
    return max((unit.position for unit in children_of(tree, parent_id, on)), default=-1) + 1


def _without_repeats(descriptions: tuple[Description, ...]) -> tuple[Description, ...]:
    """Leave out a description that says the same as the one before it."""
    kept: list[Description] = []
    for one in descriptions:
        if not kept or replace(one, from_on=kept[-1].from_on) != kept[-1]:
            kept.append(one)
    return tuple(kept)
