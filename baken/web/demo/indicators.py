"""Three years of indicators, accidents and headcounts of the demonstration."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from baken.actionplan.indicators.accidents import actions as accidents
from baken.actionplan.indicators.accidents.figures import Category, Facts, Gravity, Kind
from baken.actionplan.indicators.accidents.queries import get_accident, list_corrections
from baken.actionplan.indicators.actions import add_series, change_series, enter_value
from baken.actionplan.indicators.importing.actions import (
    Asked,
    confirm_import,
    open_table,
)
from baken.actionplan.indicators.importing.columns import Content, suggest
from baken.actionplan.indicators.importing.writing import Name
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.periods import span_of, spans_between
from baken.actionplan.indicators.queries import list_series
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.actionplan.indicators.types import Better
from baken.organisation.headcounts.actions import enter_headcount
from baken.organisation.headcounts.rules import Employer, Quarter
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.storage.workbooks import write_csv
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, spoken
from baken.web.texts import catalogue

HEADS: Final = (
    "Eenheid", "Periode", "Personen", "Ziektedagen", "Korte ziektedagen", "Lange ziektedagen",
    "Kalenderdagen", "Meldingen", "Dagen beëindigde meldingen", "Beëindigde meldingen", "Overuren",
    "Gewerkte uren",
)  # fmt: skip
YEARS: Final = 3
SHORT: Final = 0.38
QUARTER_DAYS: Final = (90, 91, 92, 92)


def count_everything(database: Database, house: House, days: Days) -> None:
    """Let personnel department and prevention adviser write down what they know."""
    told = read_story("indicators")
    _import_quarters(database, house, told, days)
    _enter_yearly(database, house, told, days)
    _enter_own(database, house, told["own"], days)
    _write_accidents(database, house, told, days)
    _enter_headcounts(database, house, told["headcounts"], days)


def _import_quarters(database: Database, house: House, told: Mapping[str, Any], days: Days) -> None:
    data = write_csv([HEADS, *_quarters(told, days)], delimiter=";")
    table = open_table(data)
    asked = Asked(Content.FIGURES, data, suggest(table, Content.FIGURES, {}))
    texts = catalogue(spoken())
    names = {
        key: Name(
            texts(f"series.kind_{key}"), texts(f"series.meaning_{key}"), told["source_absence"]
        )
        for key in KINDS
    }
    by = house.people[Role.HR]
    with database.session(house.id) as session:
        confirm_import(session, asked, names, by=by, today=days.today)
    with database.session(house.id) as session:
        rate = next(row for row in list_series(session) if row.kind == "absence_rate")
        fields = SeriesFields(
            rate.kind, rate.name, rate.period, rate.better, rate.definition, rate.source,
            told["target"]["absence"], date(days.today.year, 12, 31),
        )  # fmt: skip
        change_series(session, rate.id, fields, seen=rate.version, by=by)


def _quarters(told: Mapping[str, Any], days: Days) -> Iterator[list[Any]]:
    for place in range(YEARS):
        year = days.today.year - YEARS + place
        for quarter, season in enumerate(told["season"]["absence"], start=1):
            sums = [
                _sums(one, place, season, QUARTER_DAYS[quarter - 1]) for one in told["departments"]
            ]
            whole = [sum(column) for column in zip(*sums, strict=True)]
            for name, row in (("totaal", whole), *zip(_units(told), sums, strict=True)):
                yield [name, f"{year}-Q{quarter}", *row]


def _sums(one: Mapping[str, Any], place: int, season: float, n_days: int) -> list[int]:
    """People, days absent, short, long, days there were, spells, their days, overtime, hours."""
    people, hours = one["people"], one["people"] * one["hours"] // 4
    available = people * n_days
    absent = round(available * one["absence"][place] * season / 100)
    short, spells = round(absent * SHORT), round(people * one["spells"] * season / 4)
    return [
        people,
        absent,
        short,
        absent - short,
        available,
        spells,
        absent,
        spells,
        round(hours * one["overtime"] / 100),
        hours,
    ]


def _units(told: Mapping[str, Any]) -> list[str]:
    return [one["unit"] for one in told["departments"]]


def _enter_yearly(database: Database, house: House, told: Mapping[str, Any], days: Days) -> None:
    """Turnover, a year at a time, by hand."""
    texts, by = catalogue(spoken()), house.people[Role.PREVENTION_ADVISER]
    fields = SeriesFields(
        "turnover",
        texts("series.kind_turnover"),
        PeriodKind.YEAR,
        Better.LOWER,
        texts("series.meaning_turnover"),
        told["source_absence"],
    )
    with database.session(house.id) as session:
        series = add_series(session, fields, by=by)
        for place in range(YEARS):
            span = span_of(PeriodKind.YEAR, date(days.today.year - YEARS + place, 1, 1))
            rows = [
                (house.units[one["unit"]], round(one["people"] * one["left"][place] / 100),
                 one["people"])
                for one in told["departments"]
            ]  # fmt: skip
            whole = (None, sum(row[1] for row in rows), sum(row[2] for row in rows))
            for unit_id, left, people in (whole, *rows):
                figure = Figure(unit_id, span, left, people, people=people)
                enter_value(session, series.id, figure, by=by, today=days.today)


def _enter_own(database: Database, house: House, own: Mapping[str, Any], days: Days) -> None:
    by = house.people[Role.PREVENTION_ADVISER]
    fields = SeriesFields(
        "own", own["name"], PeriodKind.QUARTER, Better.LOWER, own["definition"], own["source"]
    )
    first = date(days.today.year - 2, 1, 1)
    spans = spans_between(PeriodKind.QUARTER, first, date(days.today.year - 1, 12, 31))
    with database.session(house.id) as session:
        series = add_series(session, fields, by=by)
        for span, n in zip(spans, own["counts"], strict=True):
            figure = Figure(None, span, n, people=own["people"])
            enter_value(session, series.id, figure, by=by, today=days.today)


def _write_accidents(database: Database, house: House, told: Mapping[str, Any], days: Days) -> None:
    by = house.people[Role.PREVENTION_ADVISER]
    drafted = [days.today.year - ago for ago in (3, 2)]
    with database.session(house.id) as session:
        for ago in range(YEARS, 0, -1):
            for one in told["departments"]:
                hours = one["people"] * one["hours"]
                accidents.enter_hours(
                    session,
                    days.today.year - ago,
                    house.units[one["unit"]],
                    hours,
                    source=told["source_hours"],
                    by_category={Category.BLUE: hours * 0.4, Category.WHITE: hours * 0.6},
                    by=by,
                    today=days.today,
                )
        rows = [
            accidents.enter_accident(session, _facts(one, house, days), by=by, today=days.today)
            for one in told["accidents"]
        ]
        for year in drafted:
            accidents.draft_year(session, year, by=by, today=date(year + 1, 3, 15))
        changed = next(row.id for row in rows if row.percent is not None)
    _correct(database, house, changed, told["correction"], days)


def _correct(
    database: Database, house: House, accident_id: Any, told: Mapping[str, Any], days: Days
) -> None:
    by = house.people[Role.PREVENTION_ADVISER]
    with database.session(house.id) as session:
        row = get_accident(session, accident_id)
        facts = replace(row.facts, percent=told["percent"])
        accidents.change_accident(
            session, row.id, facts, seen=row.version, reason=told["reason"], by=by, today=days.today
        )
        correction = list_corrections(session, [row])[0]
        accidents.tell_committee(
            session, correction.id, days.today, seen=correction.version, by=by, today=days.today
        )


def _facts(one: Mapping[str, Any], house: House, days: Days) -> Facts:
    month, day = one["on"].split("-")
    return Facts(
        happened_on=date(days.today.year - one["years_ago"], int(month), int(day)),
        kind=Kind.COMMUTING if one.get("road") else Kind.WORK,
        gravity=Gravity(one["gravity"]),
        unit_id=house.units[one["unit"]],
        days_lost=one.get("days", 0),
        is_back=not one.get("away", False),
        percent=one.get("percent"),
        loss=one.get("loss"),
        n=one.get("n", 1),
    )


def _enter_headcounts(
    database: Database, house: House, told: list[Mapping[str, Any]], days: Days
) -> None:
    by = house.people[Role.PREVENTION_ADVISER]
    with database.session(house.id) as session:
        for one in told:
            quarters = [
                Quarter(
                    one["full"] * n_days,
                    one["part"] * n_days,
                    one["trainee_hours"] / 4,
                    one["full"] + one["part"],
                )
                for n_days in QUARTER_DAYS
            ]
            enter_headcount(
                session,
                days.today.year - one["years_ago"],
                quarters,
                Employer(has_training=True),
                by=by,
                today=days.today,
            )
