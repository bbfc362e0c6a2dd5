"""What an import of units would change, in a form that a page can show."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from baken.organisation.imports import ImportRow, Preview
from baken.organisation.units import UnitRow

SHOWN_ROWS = 200
SHOWN_ERRORS = 100

Standing = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a known unit that the file changes."""

    key: str  # of the text that names the value
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One unit of the file beside what is known of it."""

    line: int
    number: str
    name: str
    parent: str
    headcount: int | None
    standing: Standing
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """A whole file: what is new, what changes, and which lines cannot be taken."""

    rows: tuple[ChangeRow, ...]
    preview: Preview
    digest: str

    @property
    def n_new(self) -> int:
        return sum(row.standing == "new" for row in self.rows)

    @property
    def n_changed(self) -> int:
        return sum(row.standing == "changed" for row in self.rows)

    @property
    def n_same(self) -> int:
        return sum(row.standing == "same" for row in self.rows)

    @property
    def shown(self) -> tuple[ChangeRow, ...]:
        """What is new or changed, in the order of the file, as far as a page can hold it."""
        return tuple(row for row in self.rows if row.standing != "same")[:SHOWN_ROWS]

    @property
    def n_not_shown(self) -> int:
        return self.n_new + self.n_changed - len(self.shown)


def compare(preview: Preview, units: Iterable[UnitRow], content: bytes) -> Changes:
    """Set a preview beside the units of today.

    The digest stands for the file and for what it would do: when it is the same at confirmation,
    what is written is what the person has seen.
    """
    known = {unit.number: unit for unit in units}
    numbers = {unit.id: unit.number for unit in known.values()}
    rows = []
    for row in preview.rows:
        unit = known.get(row.number)
        parent = numbers.get(unit.parent_id, "") if unit and unit.parent_id else ""
        rows.append(_change_row(row, unit, parent))
    told = repr((hashlib.sha256(content).hexdigest(), rows))
    return Changes(tuple(rows), preview, hashlib.sha256(told.encode()).hexdigest())


def _change_row(row: ImportRow, unit: UnitRow | None, parent: str) -> ChangeRow:
    changes = _changes(row, unit, parent) if unit else ()
    standing: Standing = "changed" if changes else "same"
    return ChangeRow(
        line=row.line,
        number=row.number,
        name=row.name,
        parent=row.parent,
        headcount=row.headcount,
        standing=standing if unit else "new",
        changes=changes,
    )


def _changes(row: ImportRow, unit: UnitRow, parent: str) -> tuple[Change, ...]:
    pairs = [("units.name", unit.name, row.name)]
    if row.kind is not None:
        pairs.append(("units.kind", f"units.kind_{unit.kind}", f"units.kind_{row.kind}"))
    if row.address is not None:
        pairs.append(("units.address", unit.address, row.address))
    if row.activity is not None:
        pairs.append(("units.activity", unit.activity, row.activity))
    if row.parent:  # left empty, the unit stays where it is
        pairs.append(("units.parent", parent, row.parent))
    if row.headcount is not None:
        before = "" if unit.headcount is None else str(unit.headcount)
        pairs.append(("units.headcount", before, str(row.headcount)))
    return tuple(Change(key, before, after) for key, before, after in pairs if before != after)
