"""What a change of the tree does, in sentences that people can check."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from baken.organisation.structure.actions import Difference
from baken.organisation.structure.history import Description, Tree, UnitHistory
from baken.web.texts import Catalogue, inside

# The values of a description, its place apart, with the key of the text that names each.
_VALUES: Final = ("name", "number", "kind", "address", "activity")


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what becomes of units; `names` knows every unit that a sentence may name."""

    names: Mapping[UUID, str]
    texts: Catalogue

    @classmethod
    def of(cls, tree: Tree, texts: Catalogue) -> "Teller":
        return cls({key: unit.newest.name for key, unit in tree.items()}, texts)

    def place(self, unit_id: UUID | None) -> str:
        """The name of a unit; the top of the tree has its own words."""
        if unit_id is None:
            return self.texts("units.top")
        return self.names.get(unit_id, self.texts("units.unit_gone"))

    def heirs(self, unit: UnitHistory) -> str:
        """The names of the units in which another goes on."""
        return ", ".join(sorted(self.place(heir.unit_id) for heir in unit.heirs))

    def value(self, name: str, description: Description) -> str:
        """One value of a description as people read it."""
        said: str = getattr(description, name)
        if name == "kind":
            return self.texts(f"units.kind_{said}")
        return said or self.texts("units.nothing")

    def tell(self, one: Difference) -> tuple[str, ...]:
        """Everything that becomes different about one unit."""
        if one.before is None:
            return tuple(self._begins(one.after))
        told = [
            *self._described(one.before, one.after),
            *self._counted(one.before, one.after),
            *self._ends(one.before, one.after),
        ]
        return tuple(told) or (self.texts("units.said_order", name=one.after.newest.name),)

    def tell_all(self, differences: Iterable[Difference], limit: int) -> tuple[str, ...]:
        """The sentences of the first units, at most `limit`: new ones last, parents first."""
        found = list(differences)
        units = {one.after.id: one.after for one in found}
        ordered = sorted(found, key=lambda one: (one.before is None, _level(one.after, units)))
        told: list[str] = []
        for one in ordered:
            told += self.tell(one)
            if len(told) > limit:
                break
        return tuple(told[:limit])

    def pairs(self, before: UnitHistory, after: UnitHistory) -> Iterator[tuple[str, str, str]]:
        """What, before, after: every value that differs in the newest state of a unit."""
        stood, said = before.newest, after.newest
        if stood.parent_id != said.parent_id:
            parent = self.texts("units.parent")
            yield parent, self.place(stood.parent_id), self.place(said.parent_id)
        for name in _VALUES:
            if getattr(stood, name) != getattr(said, name):
                yield self.texts(f"units.{name}"), self.value(name, stood), self.value(name, said)
        for count in after.counts:
            if count not in before.counts:
                people = before.people(count.from_on)
                told = self.texts("units.nothing") if people is None else str(people)
                yield self.texts("units.headcount"), told, str(count.people)

    def _begins(self, unit: UnitHistory) -> Iterator[str]:
        said = unit.newest
        yield self.texts(
            "units.said_begins",
            name=said.name,
            number=said.number,
            day=unit.from_on,
            parent=self.place(said.parent_id),
        )
        for count in unit.counts:
            yield self.texts(
                "units.said_counts", name=said.name, count=count.people, day=count.from_on
            )

    def _described(self, before: UnitHistory, after: UnitHistory) -> Iterator[str]:
        for said in after.descriptions:
            if said in before.descriptions:
                continue
            stood = before.on(said.from_on)
            yield from self.differences(stood, said)

    def differences(self, stood: Description, said: Description) -> Iterator[str]:
        """What another description says differently."""
        if stood.parent_id != said.parent_id:
            yield self.texts(
                "units.said_moves",
                name=stood.name,
                day=said.from_on,
                before=self.place(stood.parent_id),
                after=self.place(said.parent_id),
            )
        for name in _VALUES:
            if getattr(stood, name) != getattr(said, name):
                yield self.texts(
                    "units.said_changes",
                    name=stood.name,
                    what=inside(self.texts(f"units.{name}"), self.texts.language),
                    day=said.from_on,
                    before=self.value(name, stood),
                    after=self.value(name, said),
                )

    def _counted(self, before: UnitHistory, after: UnitHistory) -> Iterator[str]:
        name = after.newest.name
        for count in after.counts:
            if count not in before.counts:
                yield self.texts(
                    "units.said_counts", name=name, count=count.people, day=count.from_on
                )
        days = {count.from_on for count in after.counts}
        for count in before.counts:
            if count.from_on not in days:
                yield self.texts(
                    "units.said_uncounted", name=name, count=count.people, day=count.from_on
                )

    def _ends(self, before: UnitHistory, after: UnitHistory) -> Iterator[str]:
        name = after.newest.name
        if before.until_on is not None and after.until_on is None:
            yield self.texts("units.said_goes_on", name=name)
        elif before.until_on != after.until_on and after.until_on is not None:
            yield self.texts("units.said_ends", name=name, day=after.until_on)
        if after.heirs and after.heirs != before.heirs:
            heirs = self.heirs(after)
            yield self.texts("units.said_heirs", name=name, heirs=heirs, day=after.heirs[0].on)


def _level(unit: UnitHistory, units: Mapping[UUID, UnitHistory]) -> int:
    """How many of these units stand above this one."""
    passed: set[UUID] = set()
    at = unit.newest.parent_id
    while at is not None and at in units and at not in passed:
        passed.add(at)
        at = units[at].newest.parent_id
    return len(passed)
