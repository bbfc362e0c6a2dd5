"""Rows of a file become figures, or lines about people that are only counted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.importing.cells import (
    NotRead,
    Reason,
    RowError,
    is_month_first,
    read_day,
    read_number,
)
from baken.actionplan.indicators.importing.columns import (
    FIRST,
    OUTCOME,
    SECOND,
    Columns,
    Place,
    kind_in,
)
from baken.actionplan.indicators.importing.counting import Spell
from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.periods import Span, is_whole, read_period
from baken.actionplan.indicators.rules import FIRST_YEAR, AboveAll, Figure, check_figure
from baken.organisation.structure.history import Tree
from baken.survey.box.importing.files import Line, Table, fold, said

WHOLE: Final = frozenset(
    {"all", "total", "totaal", "geheel", "hele organisatie", "organisatie", "ensemble",
     "toute l'organisation", "organisation", "gesamt", "ganze organisation", "whole organisation"}
)  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """A figure as a row of the file gives it."""

    row: int
    kind: str
    period: PeriodKind
    figure: Figure


@dataclass(slots=True)
class Units:
    """Units by what a file may call them: number or name, of any day."""

    by_name: dict[str, UUID]
    heads: Heads

    @classmethod
    def of(cls, tree: Tree) -> "Units":
        names: dict[str, set[UUID]] = {}
        numbers: dict[str, UUID] = {}
        for unit in tree.values():
            for told in unit.descriptions:
                numbers[fold(told.number)] = unit.id
                names.setdefault(fold(told.name), set()).add(unit.id)
        alone = {name: next(iter(ids)) for name, ids in names.items() if len(ids) == 1}
        return cls({**alone, **numbers}, Heads(tree))

    def find(self, written: str) -> UUID | None:
        """Return the unit, None for the whole organisation.

        Raises
        ------
        NotRead
            Nothing stands there, or no unit is called so.
        """
        name = fold(written)
        if not name:
            raise NotRead(Reason.NO_UNIT)
        if name in self.by_name:
            return self.by_name[name]
        if name in WHOLE:
            return None
        raise NotRead(Reason.UNIT_UNKNOWN)


@dataclass(slots=True)
class _Reader:
    table: Table
    columns: Columns
    units: Units
    today: date
    periods: Mapping[str, PeriodKind] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, row: int, reason: Reason, at: int | None) -> None:
        head = "" if at is None else str(self.table.columns[at])
        self.errors.append(RowError(row, reason, head))

    def unit(self, line: Line) -> UUID | None:
        at = self.columns.places[Place.UNIT]
        return _at(at, lambda: self.units.find(said(line.cell(at))))

    def day(self, line: Line, place: Place) -> date | None:
        at = self.columns.places[place]
        return _at(at, lambda: read_day(line.cell(at)))

    def fault(self, reason: Reason, *places: str) -> NotRead:
        """A fault of the first of these columns that the file has."""
        there = (self.columns.at(place) for place in places)
        return NotRead(reason, next((at for at in there if at is not None), None))


def _at(at: int, read: Callable[[], T]) -> T:
    """Read something out of a column; what cannot be read says in which."""
    try:
        return read()
    except NotRead as error:
        raise NotRead(error.reason, at) from error


def read_spells(
    table: Table, columns: Columns, units: Units, *, today: date
) -> tuple[list[Spell], list[RowError]]:
    """Read a file with a line for each absence, or for each person in service.

    Only the columns that were chosen are looked at.
    """
    _check_dates(table, columns)
    reader = _Reader(table, columns, units, today)
    found = []
    for line in table.lines:
        spell = _read(reader, line, _spell)
        if spell is not None:
            found.append(spell)
    return found, _sorted(reader)


def read_figures(
    table: Table,
    columns: Columns,
    units: Units,
    *,
    today: date,
    periods: Mapping[str, PeriodKind] | None = None,
) -> tuple[list[ReadFigure], list[RowError]]:
    """Read a file with a line for each unit and period.

    `periods`: how long those of a series are that stands already.
    """
    _check_dates(table, columns)
    reader = _Reader(table, columns, units, today, periods or {})
    found: list[ReadFigure] = []
    seen: set[tuple[UUID | None, Span, str]] = set()
    for line in table.lines:
        for one in _read(reader, line, _figures) or ():
            key = (one.figure.unit_id, one.figure.span, one.kind)
            if key in seen:
                reader.refuse(line.number, Reason.TWICE, reader.columns.at(Place.UNIT))
                break
            seen.add(key)
            found.append(one)
    return found, _sorted(reader)


def _read(reader: _Reader, line: Line, how: Callable[[_Reader, Line], T]) -> T | None:
    try:
        return how(reader, line)
    except NotRead as error:
        reader.refuse(line.number, error.reason, error.at)
        return None


def _spell(reader: _Reader, line: Line) -> Spell:
    unit_id = reader.unit(line)
    if unit_id is None:
        raise reader.fault(Reason.NO_UNIT, Place.UNIT)
    from_on, until_on = reader.day(line, Place.FROM), reader.day(line, Place.UNTIL)
    if from_on is None:
        raise reader.fault(Reason.NO_DATE, Place.FROM)
    if until_on is not None and until_on < from_on:
        raise reader.fault(Reason.REVERSED, Place.UNTIL)
    if from_on > reader.today:
        raise reader.fault(Reason.AHEAD, Place.FROM)
    at = reader.columns.at(Place.PERSON)
    person = said(line.cell(at)) if at is not None else ""
    return Spell(unit_id, from_on, until_on, person)


def _figures(reader: _Reader, line: Line) -> list[ReadFigure]:
    unit_id = reader.unit(line)
    period, span = _period(reader, line)
    if span.until_on > reader.today:
        raise reader.fault(Reason.AHEAD, Place.PERIOD, Place.UNTIL)
    if span.from_on.year < FIRST_YEAR:
        raise reader.fault(Reason.TOO_EARLY, Place.PERIOD, Place.FROM)
    people = _number(line, reader.columns.at(Place.PEOPLE))
    if people is not None and not people.is_integer():
        raise reader.fault(Reason.NO_NUMBER, Place.PEOPLE)
    found = []
    for kind, parts in reader.columns.figures.items():
        figure = Figure(
            reader.units.heads.place(unit_id, span.until_on),
            span,
            _number(line, parts.get(FIRST)),
            _number(line, parts.get(SECOND)),
            _number(line, parts.get(OUTCOME)),
            int(people) if people is not None else None,
        )
        if (figure.numerator, figure.denominator, figure.told) != (None, None, None):
            if reader.periods.get(kind, period) is not period:
                raise NotRead(Reason.SERIES_PERIOD, parts[FIRST])
            _check(kind, period, figure, parts, today=reader.today)
            found.append(ReadFigure(line.number, kind, period, figure))
    return found


def _check(
    kind: str, period: PeriodKind, figure: Figure, parts: Mapping[str, int], *, today: date
) -> None:
    try:
        check_figure(kind_in(kind), period, figure, today=today)
    except AboveAll as error:
        raise NotRead(Reason.ABOVE_ALL, parts.get(FIRST, parts.get(OUTCOME))) from error
    except Invalid as error:
        if error.key == "series.count_half":
            raise NotRead(Reason.NO_COUNT, parts.get(FIRST)) from error
        missing = FIRST if figure.numerator is None else SECOND
        raise NotRead(Reason.HALF, parts.get(missing)) from error


def _number(line: Line, at: int | None) -> float | None:
    return None if at is None else _at(at, lambda: read_number(line.cell(at)))


def _period(reader: _Reader, line: Line) -> tuple[PeriodKind, Span]:
    at = reader.columns.at(Place.PERIOD)
    if at is not None:
        cell = line.cell(at)
        found = read_period(said(cell)) or _month_of(cell)
        if found is None:
            raise NotRead(Reason.NO_PERIOD, at)
        return found
    first, last = reader.day(line, Place.FROM), reader.day(line, Place.UNTIL)
    if first is None or last is None:
        raise reader.fault(Reason.NO_DATE, Place.FROM if first is None else Place.UNTIL)
    if last < first:
        raise reader.fault(Reason.REVERSED, Place.UNTIL)
    for period in PeriodKind:
        if is_whole(period, Span(first, last)):
            return period, Span(first, last)
    raise reader.fault(Reason.OTHER_PERIOD, Place.UNTIL)


def _month_of(cell: object) -> tuple[PeriodKind, Span] | None:
    """A spreadsheet makes the first day of a month of what was typed as a month."""
    if isinstance(cell, date) and cell.day == 1:
        return read_period(f"{cell.year}-{cell.month:02}")
    return None


def _check_dates(table: Table, columns: Columns) -> None:
    """Refuse a column with the month first: of half its days nobody would see that they are wrong.

    Raises
    ------
    Invalid
        With the head of the column.
    """
    for place in (Place.FROM, Place.UNTIL):
        at = columns.at(place)
        if at is not None and is_month_first(line.cell(at) for line in table.lines):
            raise Invalid(
                "series.import_month_first",
                "Column {column} holds days with the month first, such as 12/31. Then 03/04 can "
                "mean two days. Let the system write days as 2026-12-31 or 31/12/2026.",
                column=table.columns[at],
            )


def _sorted(reader: _Reader) -> list[RowError]:
    shifted = (RowError(row, Reason.SHIFTED) for row in reader.table.shifted)
    return sorted([*reader.errors, *shifted], key=lambda error: error.row)


def by_series(found: Iterable[ReadFigure]) -> dict[tuple[str, PeriodKind], list[Figure]]:
    """Figures by kind and length of period: each is a series of its own."""
    sorted_out: dict[tuple[str, PeriodKind], list[Figure]] = {}
    for one in found:
        sorted_out.setdefault((one.kind, one.period), []).append(one.figure)
    return sorted_out
