"""Reading accidents and hours, and adding up a year."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import NotFound
from baken.actionplan.indicators.accidents.figures import (
    AccidentFigures,
    Category,
    Facts,
    Gravity,
    Kind,
    figures_of,
)
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.models import (
    Accident,
    AccidentCorrection,
    AccidentDraft,
    AccidentHours,
)
from baken.organisation.models import Unit
from baken.organisation.structure.history import UnitKind
from baken.storage.session import Session


class FormType(StrEnum):
    """The form of the annual report, which decides who has a line of its own."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The figures of one establishment, section or employer."""

    unit_id: UUID
    number: str
    name: str
    work: AccidentFigures
    commuting: AccidentFigures


@dataclass(frozen=True, slots=True)
class Correction:
    """What became known after the report of the year was drawn up."""

    id: UUID
    accident_id: UUID
    corrected_on: date
    reason: str
    before: Facts | None  # None: nobody knew of the accident by then
    told_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Hours and accidents of one kind of worker; the order of magnitude is enough."""

    category: Category
    hours: float | None
    n: int


def get_accident(session: Session, accident_id: UUID) -> Accident:
    """Return an accident of this organisation or raise `NotFound`."""
    found = session.get(Accident, accident_id)
    if found is None:
        raise NotFound("accidents.not_found", "This accident does not exist here.")
    return found


def list_accidents(session: Session, year: int) -> list[Accident]:
    """Return the accidents of a year, oldest first."""
    asked = select(Accident).where(
        Accident.happened_on >= date(year, 1, 1), Accident.happened_on <= date(year, 12, 31)
    )
    return list(session.scalars(asked.order_by(Accident.happened_on, Accident.id)))


def list_hours(session: Session, year: int) -> list[AccidentHours]:
    """Return the hours of a year, of the whole organisation and of establishments."""
    asked = select(AccidentHours).where(AccidentHours.year == year)
    return list(session.scalars(asked.order_by(AccidentHours.id)))


def list_years(session: Session) -> list[int]:
    """Return the years about which something is known, the last one first."""
    years = {*session.scalars(select(AccidentHours.year).distinct())}
    years |= {day.year for day in session.scalars(select(Accident.happened_on).distinct())}
    return sorted(years, reverse=True)


def find_draft(session: Session, year: int) -> AccidentDraft | None:
    """Return when the report of a year was drawn up; None before."""
    return session.scalars(select(AccidentDraft).where(AccidentDraft.year == year)).one_or_none()


def list_corrections(session: Session, accidents: Iterable[Accident]) -> list[Correction]:
    """Return what was corrected of these accidents after their report, oldest first."""
    known = {one.id for one in accidents}
    asked = select(AccidentCorrection).order_by(
        AccidentCorrection.corrected_on, AccidentCorrection.place
    )
    return [
        Correction(
            row.id,
            row.accident_id,
            row.corrected_on,
            row.reason,
            facts_from(row.before) if row.before else None,
            row.told_on,
            row.version,
        )
        for row in session.scalars(asked)
        if row.accident_id in known
    ]


def as_reported(
    accidents: Sequence[Accident], corrections: Iterable[Correction]
) -> tuple[Facts, ...]:
    """Return the accidents as the report of the year counts them: later facts left out."""
    first: dict[UUID, Correction] = {}
    for one in corrections:
        first.setdefault(one.accident_id, one)
    facts = []
    for accident in accidents:
        corrected = first.get(accident.id)
        if corrected is None:
            facts.append(accident.facts)
        elif corrected.before is not None:
            facts.append(corrected.before)
    return tuple(facts)


def facts_as(facts: Facts) -> dict[str, Any]:
    """The facts as JSON."""
    return {
        "happened_on": facts.happened_on.isoformat(),
        "kind": str(facts.kind),
        "gravity": str(facts.gravity),
        "unit_id": str(facts.unit_id) if facts.unit_id else None,
        "days_lost": facts.days_lost,
        "is_back": facts.is_back,
        "percent": facts.percent,
        "loss": facts.loss,
        "n": facts.n,
        "category": str(facts.category) if facts.category else None,
        "is_struck": facts.is_struck,
    }


def facts_from(said: Mapping[str, Any]) -> Facts:
    """Make the facts again from what `facts_as` wrote."""
    return Facts(
        happened_on=date.fromisoformat(said["happened_on"]),
        kind=Kind(said["kind"]),
        gravity=Gravity(said["gravity"]),
        unit_id=UUID(said["unit_id"]) if said["unit_id"] else None,
        days_lost=said["days_lost"],
        is_back=said["is_back"],
        percent=said["percent"],
        loss=said["loss"],
        n=said["n"],
        category=Category(said["category"]) if said["category"] else None,
        is_struck=said["is_struck"],
    )


def whole_hours(hours: Iterable[AccidentHours]) -> tuple[float | None, bool]:
    """Hours of the whole organisation, and whether they are an estimate.

    What was written for the whole goes before the sum of the establishments.
    """
    rows = list(hours)
    whole = [row for row in rows if row.unit_id is None]
    counted = whole or rows
    if not counted:
        return None, False
    return sum(row.hours for row in counted), any(row.is_estimate for row in counted)


def unit_lines(
    session: Session, facts: Sequence[Facts], hours: Sequence[AccidentHours], form: FormType
) -> tuple[UnitLine, ...]:
    """Return the lines of the annex with statistics.

    Form A: establishments with at least 80,000 hours. Form B: sections, the units right below the
    employer. Form C: employers. What hangs on a unit below one of them counts there.
    """
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    carries = _CARRIERS[form]
    of = {unit_id: _carrier(unit_id, units, carries) for unit_id in units}
    lines = []
    for unit in sorted(units.values(), key=lambda one: (one.number, one.id)):
        if of[unit.id] != unit.id:
            continue
        own = [one for one in facts if one.unit_id and of.get(one.unit_id) == unit.id]
        rows = [row for row in hours if row.unit_id and of.get(row.unit_id) == unit.id]
        line = _line(unit, own, rows)
        if _has_line(line, form):
            lines.append(line)
    return tuple(lines)


def category_lines(
    facts: Iterable[Facts], hours: Iterable[AccidentHours]
) -> tuple[CategoryLine, ...]:
    """Return hours and accidents at work by kind of worker."""
    counted = [one for one in facts if one.kind is Kind.WORK and not one.is_struck]
    rows = list(hours)
    return tuple(
        CategoryLine(
            category,
            sum(row.by_category.get(category, 0.0) for row in rows)
            if any(category in row.by_category for row in rows)
            else None,
            figures_of([one for one in counted if one.category is category], None).n_total,
        )
        for category in Category
    )


def _line(unit: Unit, facts: Sequence[Facts], rows: Sequence[AccidentHours]) -> UnitLine:
    hours = sum(row.hours for row in rows) if rows else None
    estimate = any(row.is_estimate for row in rows)
    return UnitLine(
        unit.id,
        unit.number,
        unit.name,
        figures_of([one for one in facts if one.kind is Kind.WORK], hours, is_estimate=estimate),
        figures_of([one for one in facts if one.kind is Kind.COMMUTING], None),
    )


def _has_line(line: UnitLine, form: FormType) -> bool:
    if form is FormType.A:
        return (line.work.hours or 0) >= lists().establishment_hours
    return line.work.hours is not None or line.work.n_total > 0 or line.commuting.n_total > 0


def _carrier(
    unit_id: UUID, units: Mapping[UUID, Unit], carries: Callable[[Unit, Unit | None], bool]
) -> UUID | None:
    """The unit on whose line something of this unit counts."""
    at: UUID | None = unit_id
    while at is not None and at in units:
        unit = units[at]
        above = units.get(unit.parent_id) if unit.parent_id else None
        if carries(unit, above):
            return at
        at = unit.parent_id
    return None


def _is_establishment(unit: Unit, _: Unit | None) -> bool:
    return unit.kind is UnitKind.ESTABLISHMENT


def _is_section(unit: Unit, above: Unit | None) -> bool:
    return unit.kind is not UnitKind.EMPLOYER and (above is None or above.kind is UnitKind.EMPLOYER)


def _is_employer(unit: Unit, _: Unit | None) -> bool:
    return unit.kind is UnitKind.EMPLOYER


_CARRIERS: Mapping[FormType, Callable[[Unit, Unit | None], bool]] = {
    FormType.A: _is_establishment,
    FormType.B: _is_section,
    FormType.C: _is_employer,
}
