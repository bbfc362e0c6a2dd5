"""What an import of units would change, in a form that a page can show."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from baken.organisation.imports import Preview
from baken.organisation.structure.actions import Difference
from baken.organisation.structure.history import Tree, UnitHistory
from baken.web.pages.unit_sentences import Teller
from baken.web.texts import Catalogue

SHOWN_ROWS = 200
SHOWN_ERRORS = 100

Standing = Literal["new", "changed", "moved", "ended"]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One unit that becomes different."""

    number: str
    name: str
    headcount: int | None
    standing: Standing
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that exists and that the file does not name."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """A whole file: what is new, moves, changes and ends, and which lines cannot be taken."""

    rows: tuple[ChangeRow, ...]
    preview: Preview
    missing: tuple[Missing, ...]
    digest: str

    def count(self, standing: Standing) -> int:
        return sum(row.standing == standing for row in self.rows)

    @property
    def n_same(self) -> int:
        """How many units of the file stay as they are."""
        return len(self.preview.rows) - len(self.rows) + self.count("ended")

    @property
    def shown(self) -> tuple[ChangeRow, ...]:
        return self.rows[:SHOWN_ROWS]

    @property
    def n_not_shown(self) -> int:
        return len(self.rows) - len(self.shown)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Names of units whose count differs by more than half from the last one."""
        names = {row.number: row.name for row in self.preview.rows}
        return tuple(names[number] for number in sorted(self.preview.doubtful))[:SHOWN_ERRORS]


def compare(
    preview: Preview, content: bytes, tree: Tree, *, on: date, ends: bool, texts: Catalogue
) -> Changes:
    """Say what a preview would change.

    The digest stands for the file, for its day and for what it would do: when it is the same at
    confirmation, what is written is what the person has seen.
    """
    planned = preview.planned
    differences = planned.differences if planned else ()
    teller = Teller.of(planned.after if planned else tree, texts)
    lines = _lines(preview)
    rows = tuple(
        sorted(
            (_row(one, on, teller) for one in differences),
            key=lambda row: lines.get(row.number, len(lines)),
        )
    )
    told = (hashlib.sha256(content).hexdigest(), on, ends, planned.token if planned else "")
    return Changes(
        rows,
        preview,
        tuple(_missing(tree[key], on) for key in preview.missing),
        hashlib.sha256(repr(told).encode()).hexdigest(),
    )


def _lines(preview: Preview) -> Mapping[str, int]:
    return {row.number: row.line for row in preview.rows}


def _missing(unit: UnitHistory, on: date) -> Missing:
    said = unit.on(on)
    return Missing(said.number, said.name)


def _row(one: Difference, on: date, teller: Teller) -> ChangeRow:
    said = one.after.newest
    return ChangeRow(
        number=said.number,
        name=said.name,
        headcount=one.after.people(on),
        standing=_standing(one),
        sentences=_without_name(teller, one),
    )


def _standing(one: Difference) -> Standing:
    if one.before is None:
        return "new"
    if one.after.until_on != one.before.until_on:
        return "ended"
    is_moved = one.after.newest.parent_id != one.before.newest.parent_id
    return "moved" if is_moved else "changed"


def _without_name(teller: Teller, one: Difference) -> tuple[str, ...]:
    """What becomes different, in short: the row names the unit already."""
    before, after = one.before, one.after
    if before is None:
        return (teller.texts("units.is_new_under", parent=teller.place(after.newest.parent_id)),)
    told = [
        teller.texts("units.change", what=what, before=stood, after=said)
        for what, stood, said in teller.pairs(before, after)
    ]
    return tuple(told) or teller.tell(one)
