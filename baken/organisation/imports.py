"""Import of units and headcounts: read a file, preview, then write all or nothing.

The file has a header line with ``number``, ``name`` and ``headcount``, and optionally ``parent``
(the number of the unit above), ``kind``, ``address`` and ``activity``. Dutch, French and German
headers are understood too. A unit whose number is known on the day of the import is updated; a unit
that the file leaves out stays, unless the person asks for its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from baken.organisation.errors import Conflict, Invalid
from baken.organisation.import_reading import ImportRow, LineError, Reading, read_units
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.actions import Planned, change_units, plan_change
from baken.organisation.structure.history import Tree, living
from baken.organisation.structure.importing import Import, Named
from baken.organisation.structure.rules import NOTHING_FROZEN, Frozen, differs_by_half
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. It can be confirmed only when there are no errors.

    Without `planned` it changes nothing. `missing` are the units that exist on the day and that
    the file does not name; `doubtful` are the rows whose count differs by more than half.
    """

    rows: tuple[ImportRow, ...]
    errors: tuple[LineError, ...]
    planned: Planned | None = None
    missing: tuple[UUID, ...] = ()
    doubtful: frozenset[str] = frozenset()

    @property
    def n_new(self) -> int:
        return sum(row.is_new for row in self.rows)

    @property
    def total(self) -> int:
        return sum(row.headcount or 0 for row in self.rows)


def preview_import(
    session: Session,
    content: bytes,
    *,
    by: Actor,
    today: date,
    on: date | None = None,
    ends_missing: bool = False,
    frozen: Frozen = NOTHING_FROZEN,
) -> Preview:
    """Read a file and say what importing it would do from a day on; writes nothing."""
    require(by, Action.EDIT_UNITS)
    day = on or today
    tree = load_tree(session)
    known = {said.number: key for key, said in living(tree, day).items()}
    read = read_units(content, known=known, parents=_known_parents(tree, day))
    if read.errors:
        return Preview(read.rows, read.errors)
    named = {row.number for row in read.rows}
    missing = tuple(key for number, key in known.items() if number not in named)
    change = _as_change(read, known, day, missing if ends_missing else ())
    try:
        planned = plan_change(session, change, by=by, today=today, frozen=frozen)
    except Conflict as error:
        if error.key != "units.no_change":
            raise
        planned = None
    return Preview(read.rows, (), planned, missing, _doubtful(read, known, tree, day))


def confirm_import(
    session: Session,
    content: bytes,
    *,
    by: Actor,
    today: date,
    now: datetime,
    on: date | None = None,
    ends_missing: bool = False,
    frozen: Frozen = NOTHING_FROZEN,
    token: str | None = None,
) -> Preview:
    """Write what `preview_import` showed: all of it, or nothing when a line has an error."""
    preview = preview_import(
        session, content, by=by, today=today, on=on, ends_missing=ends_missing, frozen=frozen
    )
    if preview.errors:
        raise Invalid(
            "organisation.import_has_errors",
            "The file has {n} errors. Nothing was written; correct the file and try again.",
            n=len(preview.errors),
        )
    if preview.planned is not None:
        change = preview.planned.change
        change_units(session, change, token=token, by=by, today=today, now=now, frozen=frozen)
    return preview


def _as_change(
    read: Reading, known: Mapping[str, UUID], on: date, ending: tuple[UUID, ...]
) -> Import:
    ids = {row.number: known.get(row.number) or uuid4() for row in read.rows}
    return Import(
        on=on,
        units=tuple(
            Named(
                unit_id=ids[row.number],
                number=row.number,
                name=row.name,
                parent_id=(ids.get(row.parent) or known[row.parent]) if row.parent else None,
                kind=row.kind,
                people=row.headcount,
                address=row.address,
                activity=row.activity,
            )
            for row in read.rows
        ),
        ending=ending,
    )


def _doubtful(read: Reading, known: Mapping[str, UUID], tree: Tree, on: date) -> frozenset[str]:
    return frozenset(
        row.number
        for row in read.rows
        if row.number in known
        and differs_by_half(tree[known[row.number]].people(on), row.headcount)
    )


def _known_parents(tree: Tree, on: date) -> dict[str, str]:
    now = living(tree, on)
    return {
        said.number: now[said.parent_id].number for said in now.values() if said.parent_id in now
    }
