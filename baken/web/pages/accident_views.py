"""What pages show of accidents: the table of the form, a line per place, and the list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.accidents.figures import (
    COLUMNS,
    AccidentFigures,
    Gravity,
    flat_days,
)
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.models import Accident
from baken.actionplan.indicators.accidents.queries import Correction, FormType, UnitLine
from baken.actionplan.indicators.accidents.shown import (
    HiddenPlaces,
    Seen,
    is_shown,
    readers_see,
)
from baken.actionplan.indicators.yearly import AccidentYear
from baken.organisation.structure.history import Tree, UnitKind
from baken.web.numerals import number
from baken.web.texts import Catalogue

COUNTED: Final = 2
"""Decimals of a rate, as on the form."""
HIDDEN: Final = "–"
ALL: Final = Seen()
FIRST_YEAR, LAST_YEAR = 2000, 2199


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


def rate_rows(figures: AccidentFigures, texts: Catalogue, seen: Seen = ALL) -> tuple[RateRow, ...]:
    """Return the three lines of the form, as its reader writes numbers."""
    language = texts.language

    def shown(value: float | None, *, is_seen: bool) -> str:
        if not is_seen:
            return HIDDEN
        return texts("accidents.no_rate") if value is None else number(value, language, COUNTED)

    def row(
        key: str, counts: Mapping[Gravity, float], rate: tuple[str, str], *, is_seen: bool
    ) -> RateRow:
        return RateRow(
            texts(f"accidents.row_{key}"),
            tuple(number(counts[one], language) if seen.columns else HIDDEN for one in COLUMNS),
            number(sum(counts.values()), language) if is_seen else HIDDEN,
            texts(f"accidents.{rate[0]}"),
            rate[1],
            _margin(figures, texts) if key == "n" and is_seen else "",
        )

    fg = figures.fg.value if figures.fg else None
    return (
        row("n", figures.n, ("fg", shown(fg, is_seen=seen.total)), is_seen=seen.total),
        row(
            "days",
            figures.days_lost,
            ("weg", shown(figures.weg, is_seen=seen.total)),
            is_seen=seen.total,
        ),
        row(
            "flat",
            figures.flat_days,
            ("geg", shown(figures.geg, is_seen=seen.flat)),
            is_seen=seen.flat,
        ),
    )


def few_counts(
    year: AccidentYear, texts: Catalogue, *, sees_all: bool
) -> tuple[tuple[str, str], ...]:
    """The counts below the table, each with its name; readers see none from one to four."""
    ways = year.commuting.n_total

    def said(n: int, of: int) -> str:
        return number(n, texts.language) if sees_all or is_shown(of) else HIDDEN

    counts = (
        ("gravity_other_cost", year.work.n_other_cost, year.work.n_other_cost),
        ("gravity_light", year.work.n_light, year.work.n_light),
        ("kind_commuting", ways, ways),
        ("commuting_days", year.commuting.days_total, ways),
    )
    return tuple((texts(f"accidents.{key}"), said(n, of)) for key, n, of in counts)


def place_rows(
    lines: Sequence[UnitLine], hidden: HiddenPlaces, texts: Catalogue, *, sees_all: bool
) -> tuple[PlaceRow, ...]:
    """Return a line per place; readers see none with few people or accidents, nor what follows."""
    return tuple(_place(one, texts, hidden, sees_all=sees_all) for one in lines)


def _margin(figures: AccidentFigures, texts: Catalogue) -> str:
    fg, language = figures.fg, texts.language
    if fg is None:
        return ""
    return texts(
        "accidents.margin",
        low=number(fg.low, language, COUNTED),
        high=number(fg.high, language, COUNTED),
    )


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


def year_of(text: str | None, years: list[int], today: date) -> int:
    """The year an address asks for; else the newest with something in it, else the last one."""
    if text and text.isascii() and text.isdecimal() and len(text) == 4:
        return min(max(int(text), FIRST_YEAR), LAST_YEAR)
    return years[0] if years else today.year - 1


def _place(line: UnitLine, texts: Catalogue, hidden: HiddenPlaces, *, sees_all: bool) -> PlaceRow:
    language, work = texts.language, line.work
    name = f"{line.name} ({line.number})"
    if not sees_all and line.unit_id in hidden.work:
        return PlaceRow(name, "", "", "", "", "", "", is_hidden=True)

    def rate(value: float | None) -> str:
        return texts("accidents.no_rate") if value is None else number(value, language, COUNTED)

    sees_way = sees_all or line.unit_id not in hidden.commuting
    return PlaceRow(
        name=name,
        hours=number(work.hours, language) if work.hours is not None else "",
        n=number(work.n_total, language),
        fg=rate(work.fg.value if work.fg else None),
        weg=rate(work.weg),
        geg=rate(work.geg) if sees_all or readers_see(work).flat else HIDDEN,
        commuting=number(line.commuting.n_total, language) if sees_way else HIDDEN,
        is_small=(work.hours or 0) < lists().few_hours,
    )
