"""How many people stand behind a figure: the unit with everything below it, on a day."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from baken.organisation.structure.history import Tree, UnitHistory, living


@dataclass(slots=True)
class Heads:
    """Headcounts of a tree, each day added up once."""

    tree: Tree
    _days: dict[date, dict[UUID | None, int]] = field(default_factory=dict)
    _wholes: dict[date, UUID | None] = field(default_factory=dict)

    def people(self, unit_id: UUID | None, on: date) -> int | None:
        """People of a unit and below it, of the whole organisation for None; None: nobody told."""
        if on not in self._days:
            self._days[on] = _totals(self.tree, on)
        return self._days[on].get(unit_id)

    def place(self, unit_id: UUID | None, on: date) -> UUID | None:
        """Where a figure of a unit stands: None when the unit is the whole organisation.

        A figure of days before the unit was written down here, or after it ended, stands where it
        would on the nearest day that the unit was there.
        """
        if unit_id is None:
            return None
        if unit_id in self.tree:
            on = nearest_day(self.tree[unit_id], on)
        if on not in self._wholes:
            self._wholes[on] = whole_of(self.tree, on)
        return None if unit_id == self._wholes[on] else unit_id

    def parents(self, on: date) -> dict[UUID, UUID | None]:
        """The unit above each unit that exists on a day."""
        there = living(self.tree, on)
        return {
            key: one.parent_id if one.parent_id in there else None for key, one in there.items()
        }

    def parents_ever(self, on: date) -> dict[UUID, UUID | None]:
        """The unit above every unit; of one that is not there on that day, on the nearest day.

        Figures of years before the units were written down here hang together as those units do.
        """
        return {key: unit.on(nearest_day(unit, on)).parent_id for key, unit in self.tree.items()}


def nearest_day(unit: UnitHistory, on: date) -> date:
    """Return the day, or the first or last one of a unit that is not there on it."""
    last = unit.until_on if unit.until_on is not None else on
    return max(unit.from_on, min(on, last))


def whole_of(tree: Tree, on: date) -> UUID | None:
    """Return the unit that is the whole organisation on a day: the only one with none above it.

    None where there are several such units, or none. Its figures are those of the whole, so they
    stand in one place, as figures of no unit.
    """
    tops = [key for key, one in living(tree, on).items() if one.parent_id is None]
    return tops[0] if len(tops) == 1 else None


def _totals(tree: Tree, on: date) -> dict[UUID | None, int]:
    there = living(tree, on)
    totals: dict[UUID | None, int] = {}
    for key in there:
        people = tree[key].people(on)
        if people is None:
            continue
        at: UUID | None = key
        while at is not None and at in there:
            totals[at] = totals.get(at, 0) + people
            at = there[at].parent_id
        totals[None] = totals.get(None, 0) + people
    return totals
