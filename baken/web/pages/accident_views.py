"""What pages show of accidents: the table of the form, a line per place, and the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.accidents.figures import (
    COLUMNS,
    AccidentFigures,
    flat_days,
)
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.models import Accident
from baken.actionplan.indicators.accidents.queries import Correction, FormType, UnitLine
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.shown import Group, hidden_groups
from baken.organisation.structure.history import Tree, UnitKind
from baken.web.numerals import number
from baken.web.texts import Catalogue

COUNTED: Final = 2
"""Decimals of a rate, as on the form."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A line of the table of the form: its symbol, its columns, its sum and its rate."""

    label: str
    columns: tuple[str, ...]
    total: str
    rate_name: str
    rate: str
    margin: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One establishment, section or employer; `is_hidden` where readers see nothing of it."""

    name: str
    hours: str
    n: str
    fg: str
    weg: str
    geg: str
    commuting: str
    is_hidden: bool = False
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class AccidentRow:
    """One accident in the list of those who keep it."""

    id: UUID
    version: int
    happened_on: date
    unit: str
    kind: str
    gravity: str
    days_lost: str
    flat: str
    is_away: bool
    is_struck: bool
    n: int


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What became known after the report."""

    id: UUID
    accident_id: UUID
    version: int
    corrected_on: date
    reason: str
    told_on: date | None


def rate_rows(figures: AccidentFigures, texts: Catalogue) -> tuple[RateRow, ...]:
    """Return the three lines of the form, as its reader writes numbers."""
    language = texts.language

    def shown(value: float | None, decimals: int | None = None) -> str:
        return texts("accidents.no_rate") if value is None else number(value, language, decimals)

    fg = figures.fg
    margin = ""
    if fg is not None:
        margin = texts(
            "accidents.margin",
            low=number(fg.low, language, COUNTED),
            high=number(fg.high, language, COUNTED),
        )
    return (
        RateRow(
            texts("accidents.row_n"),
            tuple(number(figures.n[one], language) for one in COLUMNS),
            number(figures.n_total, language),
            texts("accidents.fg"),
            shown(fg.value if fg else None, COUNTED),
            margin,
        ),
        RateRow(
            texts("accidents.row_days"),
            tuple(number(figures.days_lost[one], language) for one in COLUMNS),
            number(figures.days_total, language),
            texts("accidents.weg"),
            shown(figures.weg, COUNTED),
        ),
        RateRow(
            texts("accidents.row_flat"),
            tuple(number(figures.flat_days[one], language) for one in COLUMNS),
            number(figures.flat_total, language),
            texts("accidents.geg"),
            shown(figures.geg, COUNTED),
        ),
    )


def place_rows(
    lines: Sequence[UnitLine], heads: Heads, texts: Catalogue, *, on: date, sees_all: bool
) -> tuple[PlaceRow, ...]:
    """Return a line per place; readers see no place with few people, nor one that follows."""
    groups = [Group(None, None, heads.people(None, on), None)]
    groups += [Group(one.unit_id, None, heads.people(one.unit_id, on), None) for one in lines]
    hidden = frozenset() if sees_all else hidden_groups(groups)
    return tuple(_place(one, texts, is_hidden=one.unit_id in hidden) for one in lines)


def accident_rows(
    accidents: Iterable[Accident], names: dict[UUID, str], texts: Catalogue
) -> tuple[AccidentRow, ...]:
    """Return the accidents of a year for those who keep them."""
    return tuple(
        AccidentRow(
            id=one.id,
            version=one.version,
            happened_on=one.happened_on,
            unit=names.get(one.unit_id, "") if one.unit_id else texts("accidents.whole"),
            kind=texts(f"accidents.kind_{one.kind}"),
            gravity=texts(f"accidents.short_{one.gravity}"),
            days_lost=number(one.days_lost, texts.language),
            flat=number(flat_days(one.facts), texts.language),
            is_away=not one.is_back,
            is_struck=one.is_struck,
            n=one.n,
        )
        for one in accidents
    )


def correction_rows(corrections: Iterable[Correction]) -> tuple[CorrectionRow, ...]:
    """Return what became known after the report."""
    return tuple(
        CorrectionRow(
            one.id, one.accident_id, one.version, one.corrected_on, one.reason, one.told_on
        )
        for one in corrections
    )


def form_of(text: str | None, tree: Tree) -> FormType:
    """The form that an address asks for; else A, or B where nothing is an establishment."""
    if text in set(FormType):
        return FormType(text)
    has_any = any(unit.newest.kind is UnitKind.ESTABLISHMENT for unit in tree.values())
    return FormType.A if has_any else FormType.B


def _place(line: UnitLine, texts: Catalogue, *, is_hidden: bool) -> PlaceRow:
    language, work = texts.language, line.work
    name = f"{line.name} ({line.number})"
    if is_hidden:
        return PlaceRow(name, "", "", "", "", "", "", is_hidden=True)

    def rate(value: float | None) -> str:
        return texts("accidents.no_rate") if value is None else number(value, language, COUNTED)

    return PlaceRow(
        name=name,
        hours=number(work.hours, language) if work.hours is not None else "",
        n=number(work.n_total, language),
        fg=rate(work.fg.value if work.fg else None),
        weg=rate(work.weg),
        geg=rate(work.geg),
        commuting=number(line.commuting.n_total, language),
        is_small=(work.hours or 0) < lists().few_hours,
    )
