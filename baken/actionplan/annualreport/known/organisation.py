"""Section 1 and the annexes of units, from the organisation as it stood at the end of the year."""

from collections.abc import Iterable, Sequence
from datetime import date
from string import ascii_uppercase
from typing import Any, Final

from sqlalchemy import select

from baken.actionplan.annualreport.answers import Given
from baken.actionplan.annualreport.law import Law
from baken.actionplan.indicators.yearly import FormType
from baken.organisation.headcounts.queries import YearHeadcount
from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.roles import holds_on
from baken.organisation.structure.history import UnitKind
from baken.organisation.units import UnitRow, list_below, list_units
from baken.storage.session import Session

UNITS: Final = "/units"
PEOPLE: Final = "/people"
HEADCOUNTS: Final = "/headcount"

_ROMAN: Final = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def known_organisation(
    session: Session,
    form: FormType,
    *,
    counted: YearHeadcount | None,
    law: Law,
    today: date,
    year: int,
) -> dict[str, Given]:
    """Return what is known of employers, service and units."""
    last = min(date(year, 12, 31), today)
    units = list_units(session, on=last)
    found = {**_employer(session, units), **_head(session, today)}
    if counted is not None:
        workers = Given(round(counted.working.legal, 2), "headcount", HEADCOUNTS)
        found |= {"workers": workers, "workers_all": workers}
    return {**found, **_units(units, form, law)}


def _employer(session: Session, units: Sequence[UnitRow]) -> dict[str, Given]:
    organisation = session.get_one(Organisation, session.organisation_id)
    found = {"name": Given(organisation.name, "organisation", "/organisation")}
    employer = next((unit for unit in units if unit.kind is UnitKind.EMPLOYER), None)
    if employer is not None:
        found["address"] = Given(employer.address, "units", UNITS)
        found["activity"] = Given(employer.activity, "units", UNITS)
    return found


def _head(session: Session, today: date) -> dict[str, Given]:
    """The prevention adviser of the internal service; of several the one longest in the task."""
    asked = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.PREVENTION_ADVISER, *holds_on(today))
        .order_by(RoleGrant.from_on, Person.name, Person.id)
    )
    head = session.scalars(asked.limit(1)).first()
    if head is None:
        return {}
    return {
        "head": Given(head.name, "people", PEOPLE),
        "head_function": Given(head.task, "people", PEOPLE),
    }


def _units(units: Sequence[UnitRow], form: FormType, law: Law) -> dict[str, Given]:
    employers = [unit for unit in units if unit.kind is UnitKind.EMPLOYER]
    letters = {unit.id: _letter(place) for place, unit in enumerate(employers)}
    places = [unit for unit in units if unit.kind is UnitKind.ESTABLISHMENT]
    large = [unit for unit in places if (unit.total or 0) >= law.establishment_from]
    sections = _sections(units)
    found: dict[str, Any] = {
        "employers": [{"name": one.name, "place": _municipality(one.address)} for one in employers],
        "annex_employers": [_employer_row(one, letters[one.id]) for one in employers],
        "annex_units": [
            _unit_row(one, n, _letter_of(one, units, letters)) for n, one in enumerate(large, 1)
        ],
        "annex_sections": [
            _section_row(one, n, units, large, _letter_of(one, units, letters))
            for n, one in enumerate(sections, 1)
        ],
    }
    if form is FormType.B:
        found["sections_number"] = len(sections)
    return {key: Given(value, "units", UNITS) for key, value in found.items() if value}


def _sections(units: Iterable[UnitRow]) -> list[UnitRow]:
    """The units right below an employer."""
    rows = list(units)
    kinds = {unit.id: unit.kind for unit in rows}
    return [
        unit
        for unit in rows
        if unit.kind is not UnitKind.EMPLOYER
        and (unit.parent_id is None or kinds.get(unit.parent_id) is UnitKind.EMPLOYER)
    ]


def _employer_row(unit: UnitRow, letter: str) -> dict[str, Any]:
    return {
        "letter": letter,
        "name": unit.name,
        "address": unit.address,
        "activity": unit.activity,
        "workers": unit.total,
        "director": "",
    }


def _unit_row(unit: UnitRow, number: int, letter: str) -> dict[str, Any]:
    return {
        "number": str(number),
        "letter": letter,
        "name": unit.name,
        "address": unit.address,
        "workers": unit.total,
        "activity": unit.activity,
        "contact": "",
    }


def _section_row(
    unit: UnitRow, number: int, units: Sequence[UnitRow], listed: Sequence[UnitRow], letter: str
) -> dict[str, Any]:
    below = list_below(units, unit.id)
    numbers = [str(n) for n, one in enumerate(listed, 1) if one.id in below]
    return {
        "number": roman(number),
        "letters": letter,
        "units": ", ".join(numbers) or unit.name,
        "adviser": "",
        "training": "",
        "chair": "",
        "meetings": None,
    }


def _letter_of(unit: UnitRow, units: Sequence[UnitRow], letters: dict[Any, str]) -> str:
    """The letter of the employer above a unit."""
    by_id = {one.id: one for one in units}
    at: UnitRow | None = unit
    while at is not None:
        if at.id in letters:
            return letters[at.id]
        at = by_id.get(at.parent_id) if at.parent_id else None
    return ""


def _letter(place: int) -> str:
    """A to Z, then AA, AB and so on."""
    first, second = divmod(place, len(ascii_uppercase))
    before = ascii_uppercase[first - 1] if first else ""
    return before + ascii_uppercase[second]


def _municipality(address: str) -> str:
    """What stands behind the last comma, without the postal code."""
    last = address.rpartition(",")[2].strip()
    code, _, name = last.partition(" ")
    return name if code.isdigit() and name else last


def roman(number: int) -> str:
    """A number in Roman figures, up to 89: sections are told from establishments by them."""
    found = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        found += sign * times
    return found
