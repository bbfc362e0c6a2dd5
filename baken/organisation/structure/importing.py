"""The change that a list of units makes: all of it at once, from one day on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from baken.organisation.structure import rules
from baken.organisation.structure.changes import ChangeKind
from baken.organisation.structure.history import (
    ONE_DAY,
    Description,
    Tree,
    UnitHistory,
    UnitKind,
    begun,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a list names it; None stands for what the list says nothing about."""

    unit_id: UUID
    number: str
    name: str
    parent_id: UUID | None = None
    kind: UnitKind | None = None
    people: int | None = None
    address: str | None = None
    activity: str | None = None

    def values(self) -> dict[str, Any]:
        told = {
            "parent_id": self.parent_id,
            "kind": self.kind,
            "address": self.address,
            "activity": self.activity,
        }
        return {"name": self.name, **{key: one for key, one in told.items() if one is not None}}


@dataclass(frozen=True, slots=True)
class Import:
    """Units of a list, in its order, and those that end because the list leaves them out."""

    kind: ClassVar = ChangeKind.IMPORTED
    on: date
    units: tuple[Named, ...]
    ending: tuple[UUID, ...] = ()

    def apply(self, tree: Tree) -> Tree:
        after = dict(tree)
        for named in self.units:
            after[named.unit_id] = self._write(tree.get(named.unit_id), named)
        for key in self.ending:
            rules.check_can_end(tree[key], self.on)
            after[key] = tree[key].ended(self.on - ONE_DAY)
        return in_list_order(tree, after, [named.unit_id for named in self.units], self.on)

    def _write(self, unit: UnitHistory | None, named: Named) -> UnitHistory:
        if unit is None:
            description = Description(
                self.on,
                named.parent_id,
                named.kind or UnitKind.TEAM,
                named.number,
                named.name,
                named.address or "",
                named.activity or "",
            )
            return begun(named.unit_id, description, named.people)
        changed = unit.described(self.on, **named.values())
        if changed is not unit:
            rules.check_can_change(unit, self.on)
        return changed if named.people is None else changed.counted(self.on, named.people)


def in_list_order(before: Tree, after: Tree, listed: Iterable[UUID], on: date) -> Tree:
    """Order neighbours as a list names them: it moves nobody whom it does not name.

    Those that stay under their parent share the places they had; newcomers come after all others.
    """
    rows: dict[UUID | None, list[UUID]] = {}
    for key in listed:
        rows.setdefault(after[key].on(on).parent_id, []).append(key)
    highest = _highest_places(before, on)
    ordered = dict(after)
    for parent_id, keys in rows.items():
        stay = [key for key in keys if _is_under(before.get(key), parent_id, on)]
        places = _distinct(sorted(before[key].position for key in stay))
        new = [key for key in keys if key not in {*stay}]
        top = max((highest.get(parent_id, -1), *places[-1:]), default=-1)
        places += range(top + 1, top + 1 + len(new))
        for key, place in zip([*stay, *new], places, strict=True):
            ordered[key] = replace(after[key], position=place)
    return ordered


def _highest_places(tree: Tree, on: date) -> dict[UUID | None, int]:
    found: dict[UUID | None, int] = {}
    for unit in tree.values():
        if unit.lives(on):
            parent_id = unit.on(on).parent_id
            found[parent_id] = max(found.get(parent_id, -1), unit.position)
    return found


def _is_under(unit: UnitHistory | None, parent_id: UUID | None, on: date) -> bool:
    return unit is not None and unit.on(on).parent_id == parent_id


def _distinct(places: list[int]) -> list[int]:
    """Places that rise: neighbours that had one place together get places after each other."""
    risen: list[int] = []
    for place in places:
        risen.append(max(place, risen[-1] + 1) if risen else place)
    return risen
