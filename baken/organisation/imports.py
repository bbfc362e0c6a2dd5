"""Import of units and headcounts from CSV: read, preview, then write all or nothing.

The file has a header line with ``number``, ``name`` and ``headcount``, and optionally ``parent``
(the number of the unit above), ``kind``, ``address`` and ``activity``. Dutch and French headers
are understood too. A unit whose number is known is updated; nothing is ever removed by an import.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.errors import Invalid
from baken.organisation.models import Headcount, Unit, UnitKind
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session

MAX_ROWS = 20_000
MAX_BYTES = 10 * 1024 * 1024

_COLUMNS = {
    "number": ("number", "unit", "nummer", "code", "eenheid", "numero", "numéro", "unite", "unité"),
    "name": ("name", "naam", "nom"),
    "headcount": ("headcount", "people", "aantal", "personeel", "effectif", "personnes"),
    "parent": ("parent", "boven", "hoort bij", "ouder", "unité supérieure", "unite superieure"),
    "kind": ("kind", "soort", "type", "genre"),
    "address": ("address", "adres", "adresse"),
    "activity": ("activity", "activiteit", "activité", "activite"),
}
_KINDS = {
    "employer": UnitKind.EMPLOYER,
    "werkgever": UnitKind.EMPLOYER,
    "employeur": UnitKind.EMPLOYER,
    "establishment": UnitKind.ESTABLISHMENT,
    "vestiging": UnitKind.ESTABLISHMENT,
    "vestigingseenheid": UnitKind.ESTABLISHMENT,
    "établissement": UnitKind.ESTABLISHMENT,
    "department": UnitKind.DEPARTMENT,
    "afdeling": UnitKind.DEPARTMENT,
    "département": UnitKind.DEPARTMENT,
    "team": UnitKind.TEAM,
    "ploeg": UnitKind.TEAM,
    "équipe": UnitKind.TEAM,
    "": UnitKind.TEAM,
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One unit as the file describes it; `line` is its line in the file, the header being 1.

    None stands for what the file says nothing about: an existing unit keeps it.
    """

    line: int
    number: str
    name: str
    parent: str
    kind: UnitKind | None
    headcount: int | None
    address: str | None
    activity: str | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that cannot be taken, and why; `key` and `values` name the sentence on screen."""

    line: int
    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. It can be confirmed only when there are no errors."""

    rows: tuple[ImportRow, ...]
    errors: tuple[LineError, ...]

    @property
    def n_new(self) -> int:
        return sum(row.is_new for row in self.rows)

    @property
    def total(self) -> int:
        return sum(row.headcount or 0 for row in self.rows)


@dataclass(slots=True)
class _Reading:
    known: Mapping[str, UUID]
    rows: list[ImportRow] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, key: str, **values: object) -> None:
        shown = {name: str(value) for name, value in values.items()}
        self.errors.append(LineError(line, f"organisation.import_{key}", shown))


def preview_import(session: Session, content: bytes, *, by: Actor) -> Preview:
    """Read a file and say what importing it would do; writes nothing."""
    require(by, Action.EDIT_UNITS)
    known = {unit.number: unit.id for unit in session.scalars(select(Unit))}
    parents = _known_parents(session)
    return read_units(content, known=known, parents=parents)


def read_units(
    content: bytes, *, known: Mapping[str, UUID], parents: Mapping[str, str] | None = None
) -> Preview:
    """Read a CSV file of units.

    Parameters
    ----------
    known : mapping
        Numbers of the units that exist already.
    parents : mapping, optional
        Number of the unit above each of these.

    Raises
    ------
    Invalid
        The file as a whole cannot be read: encoding, separator, header or size.
    """
    table = _read_table(content)
    columns = _find_columns(table[0])
    reading = _Reading(known)
    for line, cells in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in cells):
            _read_row(reading, line, cells, columns)
    _check_parents(reading, parents or {})
    if not reading.rows and not reading.errors:
        raise Invalid("organisation.import_empty", "The file has a header but no units.")
    return Preview(tuple(reading.rows), tuple(sorted(reading.errors, key=lambda e: e.line)))


def confirm_import(session: Session, content: bytes, *, by: Actor, today: date) -> Preview:
    """Write what `preview_import` showed: all of it, or nothing when a line has an error."""
    preview = preview_import(session, content, by=by)
    if preview.errors:
        raise Invalid(
            "organisation.import_has_errors",
            "The file has {n} errors. Nothing was written; correct the file and try again.",
            n=len(preview.errors),
        )
    units = {unit.number: unit for unit in session.scalars(select(Unit))}
    for position, row in enumerate(preview.rows):
        unit = units.get(row.number)
        if unit is None:
            unit = Unit(number=row.number, kind=UnitKind.TEAM, from_on=today, position=len(units))
            units[row.number] = unit
            session.add(unit)
        _describe(unit, row, position)
    session.flush()
    for row in preview.rows:
        unit = units[row.number]
        if row.parent:
            unit.parent_id = units[row.parent].id
        if row.headcount is not None:
            _set_headcount(session, unit, row.headcount, today=today)
    record(
        session,
        "units.imported",
        by=by.person_id,
        subject=f"organisation:{by.organisation_id}",
        facts={"units": len(preview.rows), "new": preview.n_new, "people": preview.total},
    )
    return preview


def _describe(unit: Unit, row: ImportRow, position: int) -> None:
    unit.name, unit.position = row.name, position
    if row.kind is not None:
        unit.kind = row.kind
    if row.address is not None:
        unit.address = row.address
    if row.activity is not None:
        unit.activity = row.activity


def _set_headcount(session: Session, unit: Unit, people: int, *, today: date) -> None:
    same_day = select(Headcount).where(Headcount.unit_id == unit.id, Headcount.from_on == today)
    row = session.scalars(same_day).first()
    if row is None:
        session.add(Headcount(unit_id=unit.id, from_on=today, people=people))
    else:
        row.people = people


def _known_parents(session: Session) -> dict[str, str]:
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    return {
        unit.number: units[unit.parent_id].number
        for unit in units.values()
        if unit.parent_id in units
    }


def _read_table(content: bytes) -> list[list[str]]:
    if len(content) > MAX_BYTES:
        raise Invalid("organisation.import_large", "The file is larger than 10 MiB; split it.")
    if content[:2] == b"PK":
        raise Invalid(
            "organisation.import_workbook",
            "This is a workbook. Save the sheet as CSV (UTF-8) and choose that file.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "organisation.import_encoding",
            "The file is not in UTF-8 (it goes wrong at byte {at}). Save it as CSV UTF-8.",
            at=error.start,
        ) from error
    if "\0" in text:
        raise Invalid(
            "organisation.import_binary", "This is not a text file. Save it as CSV UTF-8."
        )
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise Invalid(
            "organisation.import_not_csv",
            "The file cannot be read as CSV ({why}). Look for a quotation mark that is not closed.",
            why=error,
        ) from error
    if not table or not any(cell.strip() for cell in table[0]):
        raise Invalid("organisation.import_no_header", "The file is empty; it needs a header line.")
    if len(table) - 1 > MAX_ROWS:
        raise Invalid(
            "organisation.import_rows",
            "The file has {n} lines; at most {limit} units can be imported at once.",
            n=len(table) - 1,
            limit=MAX_ROWS,
        )
    return table


def _find_columns(header: list[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in header]
    found: dict[str, int] = {}
    for column, spellings in _COLUMNS.items():
        places = [place for place, name in enumerate(names) if name in spellings]
        if len(places) > 1:
            raise Invalid(
                "organisation.import_twice",
                "The column {column} stands in the header twice.",
                column=column,
            )
        if places:
            found[column] = places[0]
    missing = [column for column in ("number", "name", "headcount") if column not in found]
    if missing:
        raise Invalid(
            "organisation.import_columns",
            "The header lacks {missing}. It says: {header}. Columns are separated by a comma, "
            "a semicolon or a tab.",
            missing=", ".join(missing),
            header=" | ".join(names)[:200],
        )
    return found


def _read_row(reading: _Reading, line: int, cells: list[str], columns: dict[str, int]) -> None:
    values = {
        column: cells[place].strip() if place < len(cells) else ""
        for column, place in columns.items()
    }
    number = values["number"]
    if not number or not values["name"]:
        reading.refuse(line, "incomplete")
    if number and number in reading.seen:
        reading.refuse(line, "duplicate", number=number, first=reading.seen[number])
        return
    if number:
        reading.seen[number] = line
    kind = _KINDS.get(values["kind"].casefold()) if "kind" in values else None
    if kind is None and "kind" in values:
        reading.refuse(line, "kind", kind=values["kind"])
    try:
        headcount = _read_headcount(values["headcount"])
    except ValueError:
        reading.refuse(line, "headcount", value=values["headcount"])
        headcount = None
    # A line with an error stays in the preview, so that everything wrong with it is named at once.
    reading.rows.append(
        ImportRow(
            line=line,
            number=number[:40],
            name=values["name"][:200],
            parent=values.get("parent", ""),
            kind=kind,
            headcount=headcount,
            address=values["address"][:400] if "address" in values else None,
            activity=values["activity"][:400] if "activity" in values else None,
            is_new=number not in reading.known,
        )
    )


def _read_headcount(text: str) -> int | None:
    if not text:
        return None
    people = int(text)
    if not 0 <= people <= 10_000_000:
        raise ValueError(text)
    return people


def _check_parents(reading: _Reading, parents: Mapping[str, str]) -> None:
    above = {**parents, **{row.number: row.parent for row in reading.rows if row.parent}}
    for row in reading.rows:
        if row.parent and row.parent not in reading.seen and row.parent not in reading.known:
            reading.refuse(row.line, "parent", number=row.number, parent=row.parent)
        elif _is_in_cycle(row.number, above):
            reading.refuse(row.line, "cycle", number=row.number)


def _is_in_cycle(number: str, above: Mapping[str, str]) -> bool:
    passed = set()
    at = above.get(number)
    while at and at not in passed:
        if at == number:
            return True
        passed.add(at)
        at = above.get(at)
    return False
