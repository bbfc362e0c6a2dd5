"""The lines of a file with units, read with care: every mistake is named, nothing is guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from baken.organisation.errors import Invalid
from baken.organisation.structure.history import UnitKind
from baken.organisation.structure.rules import MAX_PEOPLE
from baken.organisation.unit_files import Line, is_time, read_lines, text
from baken.storage.workbooks import Cell, is_workbook

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("number", "unit", "nummer", "code", "eenheid", "numero", "numéro", "unite", "unité"),
    "name": ("name", "naam", "nom"),
    "headcount": (
        "headcount", "people", "aantal", "personeel", "effectif", "personnes", "personen", "anzahl",
    ),
    "parent": (
        "parent", "boven", "hoort bij", "ouder", "belongs to",
        "unité supérieure", "unite superieure", "fait partie de", "gehört zu", "gehoert zu",
    ),
    "kind": ("kind", "soort", "type", "genre", "art"),
    "address": ("address", "adres", "adresse"),
    "activity": ("activity", "activiteit", "activité", "activite", "tätigkeit", "taetigkeit"),
}  # fmt: skip
KINDS: Final[Mapping[str, UnitKind]] = {
    "employer": UnitKind.EMPLOYER,
    "werkgever": UnitKind.EMPLOYER,
    "employeur": UnitKind.EMPLOYER,
    "arbeitgeber": UnitKind.EMPLOYER,
    "establishment": UnitKind.ESTABLISHMENT,
    "vestiging": UnitKind.ESTABLISHMENT,
    "vestigingseenheid": UnitKind.ESTABLISHMENT,
    "établissement": UnitKind.ESTABLISHMENT,
    "niederlassung": UnitKind.ESTABLISHMENT,
    "niederlassungseinheit": UnitKind.ESTABLISHMENT,
    "department": UnitKind.DEPARTMENT,
    "afdeling": UnitKind.DEPARTMENT,
    "département": UnitKind.DEPARTMENT,
    "abteilung": UnitKind.DEPARTMENT,
    "team": UnitKind.TEAM,
    "ploeg": UnitKind.TEAM,
    "équipe": UnitKind.TEAM,
    "": UnitKind.TEAM,
}
LENGTHS: Final = {"number": 40, "name": 200, "parent": 40, "address": 400, "activity": 400}
# "12", and "12.0" as some programs write every number; "3,5" is nobody's headcount.
_WHOLE: Final = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")


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
    """A cell that cannot be taken, and why; `key` and `values` name the sentence on screen.

    `column` is the head of its column as the file says it; empty for the whole line.
    """

    line: int
    key: str
    values: Mapping[str, str]
    column: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says."""

    rows: tuple[ImportRow, ...]
    errors: tuple[LineError, ...]


@dataclass(slots=True)
class _Reader:
    known: Mapping[str, UUID]
    places: Mapping[str, int]
    header: Sequence[str]
    rows: list[ImportRow] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, key: str, column: str = "", **values: object) -> None:
        shown = {name: str(value) for name, value in values.items()}
        head = self.header[self.places[column]] if column in self.places else ""
        self.errors.append(LineError(line, f"organisation.import_{key}", shown, head))


def read_units(
    content: bytes, *, known: Mapping[str, UUID], parents: Mapping[str, str] | None = None
) -> Reading:
    """Read a file of units, CSV or workbook.

    Parameters
    ----------
    known : mapping
        Numbers of the units that exist already.
    parents : mapping, optional
        Number of the unit above each of these.

    Raises
    ------
    Invalid, UnsafeFile
        The file as a whole cannot be read: encoding, separator, header or size.
    """
    head, *lines = read_lines(content)
    header = [text(cell) for cell in head.cells]
    reader = _Reader(known, _find_columns(header, is_sheet=is_workbook(content)), header)
    for line in lines:
        _read_line(reader, line)
    _check_parents(reader, parents or {})
    if not reader.rows and not reader.errors:
        raise Invalid("organisation.import_empty", "The file has a header but no units.")
    return Reading(tuple(reader.rows), tuple(sorted(reader.errors, key=lambda e: e.line)))


def _find_columns(header: Sequence[str], *, is_sheet: bool) -> dict[str, int]:
    names = [cell.casefold() for cell in header]
    found: dict[str, int] = {}
    for column, spellings in COLUMNS.items():
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
        raise _lacking(", ".join(missing), " | ".join(names)[:200], is_sheet=is_sheet)
    return found


def _lacking(missing: str, header: str, *, is_sheet: bool) -> Invalid:
    if is_sheet:
        return Invalid(
            "organisation.import_columns_workbook",
            "The first row of the first sheet lacks {missing}. It says: {header}. Write the names "
            "of the columns there.",
            missing=missing,
            header=header,
        )
    return Invalid(
        "organisation.import_columns",
        "The header lacks {missing}. It says: {header}. Columns are separated by a comma, "
        "a semicolon or a tab.",
        missing=missing,
        header=header,
    )


def _read_line(reader: _Reader, line: Line) -> None:
    cells = {column: line.cell(place) for column, place in reader.places.items()}
    values = {column: _read_text(reader, line.line, column, cell) for column, cell in cells.items()}
    number = values["number"]
    if not number or not values["name"]:
        reader.refuse(line.line, "incomplete", "name" if number else "number")
    if number and number in reader.seen:
        reader.refuse(line.line, "duplicate", "number", number=number, first=reader.seen[number])
    elif number:
        reader.seen[number] = line.line
    # A line with an error stays in the preview, so that everything wrong with it is named at once.
    reader.rows.append(
        ImportRow(
            line=line.line,
            number=number,
            name=values["name"],
            parent=values.get("parent", ""),
            kind=_read_kind(reader, line.line, values.get("kind")),
            headcount=_read_headcount(reader, line.line, cells["headcount"]),
            address=values.get("address"),
            activity=values.get("activity"),
            is_new=number not in reader.known,
        )
    )


def _read_text(reader: _Reader, line: int, column: str, cell: Cell) -> str:
    if column == "headcount":
        return ""
    if is_time(cell):
        reader.refuse(line, "date", column, value=text(cell))
        return text(cell)
    said = "".join(sign if sign.isprintable() else " " for sign in text(cell)).strip()
    limit = LENGTHS.get(column)
    if limit is not None and len(said) > limit:
        reader.refuse(line, "long", column, limit=limit)
    return said


def _read_kind(reader: _Reader, line: int, said: str | None) -> UnitKind | None:
    if said is None:
        return None
    kind = KINDS.get(said.casefold())
    if kind is None:
        reader.refuse(line, "kind", "kind", kind=said)
    return kind


def _read_headcount(reader: _Reader, line: int, cell: Cell) -> int | None:
    said = text(cell)
    if not said:
        return None
    found = None if is_time(cell) or isinstance(cell, bool) else _WHOLE.fullmatch(said)
    if found is None or int(found[1]) > MAX_PEOPLE:
        reader.refuse(line, "headcount", "headcount", value=said)
        return None
    return int(found[1])


def _check_parents(reader: _Reader, parents: Mapping[str, str]) -> None:
    # Of two lines with one number the first counts.
    first = [row for row in reader.rows if reader.seen.get(row.number) == row.line]
    above = {**parents, **{row.number: row.parent for row in first if row.parent}}
    circles = _in_circles(above)
    for row in reader.rows:
        if row.parent and row.parent not in reader.seen and row.parent not in reader.known:
            reader.refuse(row.line, "parent", "parent", number=row.number, parent=row.parent)
        elif row in first and row.number in circles:
            reader.refuse(row.line, "cycle", "parent", number=row.number)


def _in_circles(above: Mapping[str, str]) -> set[str]:
    """The numbers that stand under themselves; each number is passed once."""
    circles: set[str] = set()
    passed: set[str] = set()
    for number in above:
        path: list[str] = []
        at: str | None = number
        while at and at not in passed:
            passed.add(at)
            path.append(at)
            at = above.get(at)
        if at in path:
            circles.update(path[path.index(at) :])
    return circles
