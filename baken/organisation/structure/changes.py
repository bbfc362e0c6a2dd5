"""The changes people can make to the unit tree: each says what it does to a tree, and nothing else.

A change is a value: the page shows what it would do before anybody confirms it.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID, uuid4

from baken.organisation.errors import Conflict, Invalid, NotFound
from baken.organisation.structure import rules
from baken.organisation.structure.history import (
    ONE_DAY,
    Description,
    Heir,
    Succession,
    Tree,
    UnitHistory,
    UnitKind,
    begun,
    branch_of,
    children_of,
    next_position,
)


class ChangeKind(StrEnum):
    """What somebody did to the tree."""

    ADDED = "added"
    EDITED = "edited"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    ENDED = "ended"
    REOPENED = "reopened"
    COUNTED = "counted"
    UNCOUNTED = "uncounted"
    IMPORTED = "imported"


class Below(StrEnum):
    """What happens to the units below one that ends."""

    END = "end"
    MOVE_UP = "move_up"


class Change(Protocol):
    """A change with the day from which it holds."""

    kind: ClassVar[ChangeKind]

    @property
    def on(self) -> date:
        """The first day of the new state."""

    def apply(self, tree: Tree) -> Tree:
        """Return the tree as it is after the change; the tree given stays as it is."""


@dataclass(frozen=True, slots=True)
class UnitFields:
    """What people say about a unit, its place apart."""

    number: str
    name: str
    kind: UnitKind
    address: str = ""
    activity: str = ""

    def checked(self) -> "UnitFields":
        """The same without spaces around; raises `Invalid` without a number or a name."""
        if not self.number.strip() or not self.name.strip():
            raise Invalid("units.incomplete", "A unit needs a number and a name.")
        return replace(self, number=self.number.strip(), name=self.name.strip())


@dataclass(frozen=True, slots=True)
class Add:
    """A new unit."""

    kind: ClassVar = ChangeKind.ADDED
    on: date
    parent_id: UUID | None
    fields: UnitFields
    people: int | None = None
    unit_id: UUID = field(default_factory=uuid4)

    def apply(self, tree: Tree) -> Tree:
        description = _describe(self.fields, self.on, self.parent_id)
        _check_people(self.people)
        place = next_position(tree, self.parent_id, self.on)
        return {**tree, self.unit_id: begun(self.unit_id, description, self.people, place)}


@dataclass(frozen=True, slots=True)
class Edit:
    """Another name, number, kind, address or activity."""

    kind: ClassVar = ChangeKind.EDITED
    on: date
    unit_id: UUID
    fields: UnitFields

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        rules.check_can_change(unit, self.on)
        said = self.fields.checked()
        changed = unit.described(
            self.on,
            number=said.number,
            name=said.name,
            kind=said.kind,
            address=said.address,
            activity=said.activity,
        )
        return {**tree, unit.id: changed}


@dataclass(frozen=True, slots=True)
class Move:
    """Another unit above it; those below go along."""

    kind: ClassVar = ChangeKind.MOVED
    on: date
    unit_id: UUID
    parent_id: UUID | None

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        rules.check_can_change(unit, self.on)
        return {**tree, unit.id: _moved(tree, unit, self.parent_id, self.on)}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the units in which a unit goes on."""

    number: str
    name: str
    people: int | None = None
    unit_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Split:
    """Two or more units in the place of one; the units below it go to the part `heir`."""

    kind: ClassVar = ChangeKind.SPLIT
    on: date
    unit_id: UUID
    parts: tuple[Part, ...]
    heir: int = 0

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        rules.check_can_end(unit, self.on)
        if len(self.parts) < 2:
            raise Invalid("units.split_in_two", "Name at least two units to split it into.")
        before, place = unit.on(self.on), unit.position
        after = dict(tree)
        for part in self.parts:
            _check_people(part.people)
            said = UnitFields(part.number, part.name, before.kind, before.address, before.activity)
            description = _describe(said, self.on, before.parent_id)
            after[part.unit_id] = begun(part.unit_id, description, part.people, place)
        heirs = [Heir(part.unit_id, self.on, Succession.SPLIT) for part in self.parts]
        after[unit.id] = unit.ended(self.on - ONE_DAY, heirs)
        return _move_children(after, unit.id, self.parts[self.heir].unit_id, self.on)


@dataclass(frozen=True, slots=True)
class Merge:
    """One unit in the place of two or more; the units below all of them go to it."""

    kind: ClassVar = ChangeKind.MERGED
    on: date
    unit_ids: tuple[UUID, ...]  # the first one gives place and address
    fields: UnitFields
    people: int | None = None
    unit_id: UUID = field(default_factory=uuid4)

    def apply(self, tree: Tree) -> Tree:
        merged = [find(tree, key) for key in dict.fromkeys(self.unit_ids)]
        if len(merged) < 2:
            raise Invalid("units.merge_two", "Choose at least one other unit to merge it with.")
        for unit in merged:
            rules.check_can_end(unit, self.on)
        _check_people(self.people)
        parent_id = self._parent(tree, merged[0])
        description = _describe(self.fields, self.on, parent_id)
        place = merged[0].position
        after = {**tree, self.unit_id: begun(self.unit_id, description, self.people, place)}
        heirs = [Heir(self.unit_id, self.on, Succession.MERGE)]
        for unit in merged:
            after[unit.id] = unit.ended(self.on - ONE_DAY, heirs)
        for unit in merged:
            after = dict(_move_children(after, unit.id, self.unit_id, self.on))
        return after

    def _parent(self, tree: Tree, unit: UnitHistory) -> UUID | None:
        """The first unit above it that does not end too."""
        parent_id, passed = unit.on(self.on).parent_id, set(self.unit_ids)
        while parent_id is not None and parent_id in passed:
            parent_id = find(tree, parent_id).on(self.on).parent_id
        return parent_id


@dataclass(frozen=True, slots=True)
class End:
    """The day before `on` is the last day of a unit."""

    kind: ClassVar = ChangeKind.ENDED
    on: date
    unit_id: UUID
    below: Below | None = None

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        rules.check_can_end(unit, self.on)
        branch = branch_of(tree, unit.id, self.on)
        if len(branch) > 1 and self.below is None:
            raise Invalid(
                "units.has_units_below",
                "{name} has units below it ({n}). Say whether they end too or move up.",
                name=unit.newest.name,
                n=len(branch) - 1,
            )
        after = {**tree, unit.id: unit.ended(self.on - ONE_DAY)}
        if self.below is Below.MOVE_UP:
            return _move_children(after, unit.id, unit.on(self.on).parent_id, self.on)
        for key in branch[1:]:
            rules.check_can_end(tree[key], self.on)
            after[key] = tree[key].ended(self.on - ONE_DAY)
        return after


@dataclass(frozen=True, slots=True)
class Reopen:
    """A unit that was ended by mistake lives on."""

    kind: ClassVar = ChangeKind.REOPENED
    on: date  # the day after the last day it had
    unit_id: UUID

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        if unit.until_on is None:
            raise Conflict("units.goes_on", "{name} has not ended.", name=unit.newest.name)
        if unit.heirs:
            raise Conflict(
                "units.has_heirs",
                "{name} goes on in other units. Undo the split or the merger in the list of "
                "changes.",
                name=unit.newest.name,
            )
        return {**tree, unit.id: unit.ended(None)}


@dataclass(frozen=True, slots=True)
class SetCount:
    """How many people are attached to a unit from a day on; `instead_of` is the day corrected."""

    kind: ClassVar = ChangeKind.COUNTED
    on: date
    unit_id: UUID
    people: int
    instead_of: date | None = None

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        _check_lives(unit, self.on)
        _check_people(self.people)
        if self.instead_of is not None:
            unit = unit.uncounted(self.instead_of)
        return {**tree, unit.id: unit.counted(self.on, self.people)}


@dataclass(frozen=True, slots=True)
class DropCount:
    """A count that was wrong goes away."""

    kind: ClassVar = ChangeKind.UNCOUNTED
    on: date
    unit_id: UUID

    def apply(self, tree: Tree) -> Tree:
        unit = find(tree, self.unit_id)
        if self.on not in {count.from_on for count in unit.counts}:
            raise NotFound("units.no_such_count", "There is no count from that day.")
        return {**tree, unit.id: unit.uncounted(self.on)}


def find(tree: Tree, unit_id: UUID) -> UnitHistory:
    """Return a unit of the tree, or raise `NotFound`."""
    unit = tree.get(unit_id)
    if unit is None:
        raise NotFound("organisation.no_such_unit", "This unit does not exist.")
    return unit


def moved_order(tree: Tree, unit_id: UUID, on: date, *, up: bool) -> dict[UUID, int]:
    """The positions of a unit and its neighbours after it went one place up or down."""
    unit = find(tree, unit_id)
    row = [one.id for one in children_of(tree, unit.on(on).parent_id, on)]
    if unit_id not in row:
        raise Invalid("units.not_there", "{name} does not exist today.", name=unit.newest.name)
    at = row.index(unit_id)
    other = at - 1 if up else at + 1
    if 0 <= other < len(row):
        row[at], row[other] = row[other], row[at]
    return {key: place for place, key in enumerate(row)}


def _describe(fields: UnitFields, on: date, parent_id: UUID | None) -> Description:
    said = fields.checked()
    return Description(
        on, parent_id, said.kind, said.number, said.name, said.address, said.activity
    )


def _moved(tree: Tree, unit: UnitHistory, parent_id: UUID | None, on: date) -> UnitHistory:
    if unit.on(on).parent_id == parent_id:
        return unit
    place = next_position(tree, parent_id, on)
    return replace(unit.described(on, parent_id=parent_id), position=place)


def _move_children(tree: Tree, from_id: UUID, to_id: UUID | None, on: date) -> Tree:
    after = dict(tree)
    for child in children_of(tree, from_id, on):
        rules.check_can_change(child, on)
        after[child.id] = _moved(after, child, to_id, on)
    return after


def _check_people(people: int | None) -> None:
    if people is not None and not 0 <= people <= rules.MAX_PEOPLE:
        raise Invalid(
            "units.people_range",
            "A count of people is a whole number from 0 to {limit}.",
            limit=rules.MAX_PEOPLE,
        )


def _check_lives(unit: UnitHistory, on: date) -> None:
    if not unit.lives(on):
        raise Invalid(
            "units.not_on_day",
            "{name} does not exist on {day}. Choose a day on which it does.",
            name=unit.newest.name,
            day=on,
        )
