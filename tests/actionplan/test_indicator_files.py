"""Files of figures and of people: what is read, what is counted, and that nobody is left behind."""

import logging
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.indicators.actions import add_series, change_value
from baken.actionplan.indicators.importing.actions import (
    Asked,
    confirm_import,
    kept_columns,
    open_table,
    own_columns,
    preview_import,
)
from baken.actionplan.indicators.importing.cells import NotRead, Reason, read_day, read_number
from baken.actionplan.indicators.importing.columns import Content, columns_of, suggest
from baken.actionplan.indicators.importing.counting import Spell, count_absences, join
from baken.actionplan.indicators.importing.undoing import undo_import
from baken.actionplan.indicators.importing.writing import Name
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.models import IndicatorValue
from baken.actionplan.indicators.periods import read_period, spans_between
from baken.actionplan.indicators.queries import (
    get_series,
    list_corrections,
    list_series,
    list_values,
)
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.actionplan.indicators.types import Better
from baken.organisation.models import Headcount, Unit
from baken.organisation.permissions import Actor, Role
from baken.organisation.structure.history import UnitKind
from baken.storage.session import Database
from baken.storage.workbooks import Sheet, write_rows
from tests.conftest import Client, make_client

TODAY = date(2026, 3, 2)
CANARY = "kanarievlinder"
NAMES = {key: Name(key, f"{key} means", "payroll") for key in KINDS}
ROWS = int(os.environ.get("BAKEN_INDICATOR_ROWS", "2000"))
FIGURES = (
    "\ufeffEenheid;Periode;Personen;Ziektedagen;Kalenderdagen\r\n"
    "WZ;2025-Q1;40;252,5;3600\r\nTD;2025-Q1;12;90;1 080\r\n"
)


@pytest.fixture
def house(sqlite: Database) -> tuple[Database, Client, Mapping[str, UUID]]:
    """Three units below a whole: 40, 12 and 4 people."""
    client = make_client(sqlite)
    units = {}
    with sqlite.session(client.id) as session:
        for number, people in (("WZ", 40), ("TD", 12), ("AD", 4)):
            unit = Unit(
                number=number,
                name=f"Dienst {number}",
                kind=UnitKind.DEPARTMENT,
                from_on=date(2020, 1, 1),
            )
            session.add(unit)
            session.flush()
            session.add(Headcount(unit_id=unit.id, from_on=date(2020, 1, 1), people=people))
            units[number] = unit.id
    return sqlite, client, units


def _asked(data: str | bytes, content: Content = Content.FIGURES, **more: Any) -> Asked:
    raw = data.encode() if isinstance(data, str) else data
    table = open_table(raw)
    return Asked(content, raw, suggest(table, content, {}), **more)


def _year(data: str | bytes, content: Content) -> Asked:
    return _asked(data, content, first=date(2025, 1, 1), last=date(2025, 12, 31))


def _confirm(database: Database, by: Actor, asked: Asked, **more: Any) -> UUID:
    with database.session(by.organisation_id) as session:
        return confirm_import(session, asked, NAMES, by=by, today=TODAY, **more).id


def _figures(database: Database, client: Client) -> dict[tuple[UUID | None, date], float]:
    with database.read(client.id) as session:
        rows = session.scalars(select(IndicatorValue))
        return {(row.unit_id, row.from_on): round(row.figure, 3) for row in rows}


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12,5", 12.5), ("12.5", 12.5), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1,234.5", 1234.5),
     ("7,5 %", 7.5), ("1\u202f080", 1080.0), ("1.234.567", 1234567.0), (3, 3.0), ("", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(cell: Any, number: float | None) -> None:
    assert read_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("-3", Reason.NEGATIVE), (-3, Reason.NEGATIVE), ("1.234", Reason.AMBIGUOUS),
     ("=1+1", Reason.NO_NUMBER), ("twaalf", Reason.NO_NUMBER), ("12,3,4", Reason.NO_NUMBER),
     (True, Reason.NO_NUMBER), (date(2025, 1, 1), Reason.NO_NUMBER), (1e400, Reason.NO_NUMBER)],
)  # fmt: skip
def test_what_is_no_number_is_never_guessed(cell: Any, reason: Reason) -> None:
    with pytest.raises(NotRead) as refused:
        read_number(cell)
    assert refused.value.reason is reason


def test_days_and_periods_have_the_day_first() -> None:
    assert read_day("31/03/2026") == read_day("2026-03-31") == read_day("31.3.2026")
    for cell, reason in (("12/31/2025", Reason.DATE_ORDER), ("30-02-2025", Reason.NO_DATE),
                         ("soon", Reason.NO_DATE), ("01/01/1900", Reason.NO_DATE)):  # fmt: skip
        with pytest.raises(NotRead) as refused:
            read_day(cell)
        assert refused.value.reason is reason
    year = spans_between(PeriodKind.YEAR, date(2024, 1, 1), date(2024, 12, 31))[0]
    assert read_period("2024") == (PeriodKind.YEAR, year)
    assert year.n_days == 366
    assert read_period("K1 2025") == read_period("2025-Q1") == read_period("2025T1")
    assert read_period("2024-02") == read_period("02/2024")
    assert read_period("2025-13") is None


def test_a_file_of_figures_is_mapped_kept_replaced_and_taken_back(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, units = house
    by, start = client.people[Role.HR], date(2025, 1, 1)
    _confirm(database, by, _asked(FIGURES))
    assert _figures(database, client) == {
        (units["WZ"], start): round(100 * 252.5 / 3600, 3),
        (units["TD"], start): round(100 * 90 / 1080, 3),
    }
    with database.read(client.id) as session:
        kept = kept_columns(session, Content.FIGURES)
        table = open_table(FIGURES.encode())
        assert suggest(table, Content.FIGURES, kept) == suggest(table, Content.FIGURES, {})
    again = _confirm(database, by, _asked(FIGURES.replace("252,5", "360")))
    assert _figures(database, client)[units["WZ"], start] == 10
    with database.session(client.id) as session:
        row = session.scalars(
            select(IndicatorValue).where(IndicatorValue.unit_id == units["TD"])
        ).one()
        figure = Figure(units["TD"], spans_between(PeriodKind.QUARTER, start, start)[0], 54, 1080)
        how: dict[str, Any] = {"seen": row.version, "by": by, "today": TODAY}
        with pytest.raises(Invalid, match="why"):
            change_value(session, row.id, figure, reason=" ", **how)
        change_value(session, row.id, figure, reason="Two weeks were missing.", **how)
        kept = list_corrections(session, get_series(session, row.series_id), by=by)
        assert [(one.numerator, one.reason) for one in kept] == [(90, "Two weeks were missing.")]
    with database.session(client.id) as session:
        undo_import(session, again, by=by, today=TODAY)
    assert _figures(database, client) == {
        (units["WZ"], start): round(100 * 252.5 / 3600, 3),
        (units["TD"], start): 5,  # somebody changed it since: it stays
    }
    with database.session(client.id) as session, pytest.raises(InvalidTransition):
        undo_import(session, again, by=by, today=TODAY)


def test_what_a_file_began_goes_with_it_unless_something_else_was_put_in(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, _ = house
    by = client.people[Role.HR]
    first = _confirm(database, by, _asked(FIGURES))
    second = _confirm(database, by, _asked(FIGURES.replace("2025-Q1", "2025-Q2")))

    def left(taken_back: UUID, in_use: frozenset[str] = frozenset()) -> list[str]:
        with database.session(client.id) as session:
            undo_import(session, taken_back, in_use=in_use, by=by, today=TODAY)
            return [str(row.id) for row in list_series(session)]

    assert len(left(first)) == 1  # the figures of the second file stand in it
    assert left(second) == []
    again = _confirm(database, by, _asked(FIGURES))
    with database.session(client.id) as session:
        followed = frozenset(str(row.id) for row in list_series(session))
    assert left(again, followed) == [*followed]  # a measure follows it


def test_what_is_counted_by_itself_comes_out_of_a_file_by_its_name(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, units = house
    by = client.people[Role.HR]
    fields = SeriesFields("own", "Urgent changes", PeriodKind.QUARTER, Better.LOWER, "All.", "Us")
    with database.session(client.id) as session:
        series = add_series(session, fields, by=by).id
    data = "Unit;Period;urgent changes\r\nWZ;2025-Q1;17\r\nTD;2025-03;4\r\n"
    table = open_table(data.encode())
    with database.session(client.id) as session:
        chosen = suggest(table, Content.FIGURES, {}, own_columns(session))
        asked = replace(_asked(data), chosen=chosen)
        preview = preview_import(session, asked, by=by, today=TODAY)
        assert [(one.row, one.reason) for one in preview.errors] == [(3, Reason.SERIES_PERIOD)]
        confirm_import(session, asked, NAMES, leaves_out=True, by=by, today=TODAY)
        rows = list_values(session, [series])
        assert [(row.unit_id, row.figure) for row in rows] == [(units["WZ"], 17)]
        with pytest.raises(Invalid):  # a series of somebody else, or of nobody, is no column
            columns_of(table, Content.FIGURES, {**chosen, 2: f"own/{client.id}:first"}, [])


def test_bad_rows_are_named_by_number_and_never_quoted(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, _ = house
    by = client.people[Role.HR]
    head = FIGURES.removeprefix("\ufeff").split("\r\n", maxsplit=1)[0]
    unit, period, people, days, available = (
        f"{letter}: {name}" for letter, name in zip("ABCDE", head.split(";"), strict=True)
    )
    rows = [
        "WZ;2025-Q1;40;252,5;3600",
        f"{CANARY};2025-Q1;40;1;2",
        "WZ;2025-Q1;40;1;2",
        "WZ;2025-Q2;40;-1;2",
        "WZ;2025-Q3;40;3000;2000",
        "WZ;2026-Q2;40;1;2",
        "WZ;volgend jaar;40;1;2",
        "WZ;2025-Q4;40;=1+1;2",
        "WZ;2024-Q4;40;1;",
        "WZ;2024-Q3;40;1;2;3;4",
        "WZ;2024-Q2;12,5;1;2",
        "WZ;2024-Q1;40;1;99999999999",
        "WZ;1999-Q1;40;1;2",
    ]
    data = "\n".join([head, *rows]).encode("cp1252", "ignore")
    asked = _asked(data)
    with database.read(client.id) as session:
        preview = preview_import(session, asked, by=by, today=TODAY)
    assert [(error.row, error.column, error.reason) for error in preview.errors] == [
        (3, unit, Reason.UNIT_UNKNOWN), (4, unit, Reason.TWICE), (5, days, Reason.NEGATIVE),
        (6, days, Reason.ABOVE_ALL), (7, period, Reason.AHEAD), (8, period, Reason.NO_PERIOD),
        (9, days, Reason.NO_NUMBER), (10, available, Reason.HALF), (11, "", Reason.SHIFTED),
        (12, people, Reason.NO_NUMBER), (13, available, Reason.TOO_LARGE),
        (14, period, Reason.TOO_EARLY),
    ]  # fmt: skip
    assert CANARY not in repr(preview.errors)
    with pytest.raises(Invalid, match="12 rows are not taken"):
        _confirm(database, by, asked)
    _confirm(database, by, asked, leaves_out=True)
    assert len(_figures(database, client)) == 1


def test_columns_that_cannot_be_told_apart_are_refused() -> None:
    twice = open_table(b"Eenheid;Dagen;dagen\nWZ;1;2\n")
    with pytest.raises(Invalid, match="More than one column"):
        columns_of(twice, Content.FIGURES, {0: "unit"})
    table = open_table(FIGURES.encode())
    nameless = open_table(f"{CANARY};20457;2025-03-04;2025-03-06\nWZ;1;2025-03-04;\n".encode())
    with pytest.raises(Invalid, match="Column B has a number or a day"):  # else it would be kept
        columns_of(nameless, Content.ABSENCES, {0: "unit", 1: "person", 2: "from", 3: "until"})
    for chosen, key in (
        ({1: "period"}, "import_no_figure"),
        ({1: "period", 3: "absence_rate:first", 4: "absence_rate:second"}, "import_no_unit"),
        ({0: "unit", 3: "absence_rate:first"}, "import_no_period"),
        ({0: "unit", 1: "period", 3: "absence_rate:first"}, "import_half"),
        ({0: "unit", 1: "unit"}, "import_same_twice"),
    ):
        with pytest.raises(Invalid) as refused:
            columns_of(table, Content.FIGURES, chosen)
        assert refused.value.key in {f"series.{key}", "series.import_no_unit"}


def test_a_month_before_the_day_stops_the_whole_file(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, _ = house
    data = "unit;from;until\nWZ;03/04/2025;05/04/2025\nWZ;12/31/2025;12/31/2025\n"
    with (
        database.read(client.id) as session,
        pytest.raises(Invalid, match="month first"),
    ):
        asked = _year(data, Content.ABSENCES)
        preview_import(session, asked, by=client.people[Role.HR], today=TODAY)


def test_spells_are_joined_cut_at_the_edge_and_counted_where_they_belong() -> None:
    unit = UUID(int=1)
    spans = spans_between(PeriodKind.MONTH, date(2025, 1, 1), date(2025, 3, 31))
    spells = [
        Spell(unit, date(2024, 12, 20), date(2025, 1, 10), "a"),  # began before: 10 days
        Spell(unit, date(2025, 1, 11), date(2025, 2, 28), "a"),  # goes on: one spell of 71 days
        Spell(unit, date(2025, 2, 5), date(2025, 2, 6), "b"),
        Spell(unit, date(2025, 3, 30), None, "c"),  # still lasts
    ]
    assert join(spells)[1] == 1
    found = count_absences(
        spells, spans, PeriodKind.MONTH,
        above=lambda unit, on: (unit,), people=lambda unit, on: 20, units=[unit],
        without={},
    )  # fmt: skip
    sums = {
        (one.kind, one.figure.span.from_on.month): one.figure.numerator
        for one in found.figures
        if one.figure.unit_id == unit
    }
    assert [sums["absence_rate", month] for month in (1, 2, 3)] == [31, 30, 2]
    assert [sums["absence_short", month] for month in (1, 2, 3)] == [0, 2, 2]
    assert [sums["absence_frequency", month] for month in (1, 2, 3)] == [0, 1, 1]
    assert sums["absence_duration", 2] == 71 + 2
    assert ("absence_duration", 3) not in sums


def test_of_people_nothing_stays_behind(
    house: tuple[Database, Client, Mapping[str, UUID]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    database, client, units = house
    by = client.people[Role.HR]
    head = "Naam;Stamnummer;Afdeling;Begindatum;Einddatum;Reden\n"
    rows = [
        f"Imke {CANARY}{n};{CANARY}-{n};{unit};{n % 27 + 1:02}/03/2025;28/03/2025;{CANARY} ziek\n"
        for unit, many in (("WZ", 9), ("TD", 3), ("AD", 2))
        for n in range(many)
    ]
    rows.append(f"{CANARY};{CANARY};{CANARY};x;y;z\n")
    rows.append(f"{CANARY};{CANARY};WZ;28/03/2025;01/03/2025;z\n")
    rows.append(f"{CANARY};{CANARY};WZ;{CANARY};;z\n")
    with database.read(client.id) as session:
        asked = _year(head + "".join(rows), Content.ABSENCES)
        refused = preview_import(session, asked, by=by, today=TODAY).errors
    assert [(one.row, one.column, one.reason) for one in refused] == [
        (16, "C: Afdeling", Reason.UNIT_UNKNOWN), (17, "E: Einddatum", Reason.REVERSED),
        (18, "D: Begindatum", Reason.NO_DATE),
    ]  # fmt: skip
    _confirm(database, by, _year(head + "".join(rows), Content.ABSENCES), leaves_out=True)
    staff = "Naam;Eenheid;In dienst;Uit dienst\n" + "".join(
        f"{CANARY}{n};WZ;01/01/2019;{'15/06/2025' if n < 6 else ''}\n" for n in range(40)
    )
    _confirm(database, by, _year(staff, Content.STAFF))
    with database.read(client.id) as session:
        rows_ = session.scalars(select(IndicatorValue)).all()
    assert rows_
    assert units["AD"] not in {row.unit_id for row in rows_}  # 4 people: no sums of them either
    left = sum(row.numerator or 0 for row in rows_ if row.figure and row.denominator == 37)
    assert left == 6  # of the unit; of the whole nothing is known while others have no line
    files = Path(str(database.engine.url.database)).parent.rglob("*")
    held = b"".join(path.read_bytes() for path in files if path.is_file())
    assert b"Dienst WZ" in held
    assert CANARY.encode() not in held
    assert CANARY not in caplog.text


def test_the_only_unit_at_the_top_is_the_whole_organisation(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, units = house
    by = client.people[Role.HR]
    with database.session(client.id) as session:
        top = Unit(number="TOP", name="Huis", kind=UnitKind.EMPLOYER, from_on=date(2020, 1, 1))
        session.add(top)
        session.flush()
        for unit in session.scalars(select(Unit).where(Unit.id.in_(list(units.values())))):
            unit.parent_id = top.id
    rows = "unit;from;until\nWZ;03/02/2025;05/02/2025\nTOP;03/02/2025;05/02/2025\n"
    _confirm(database, by, _year(rows, Content.ABSENCES))
    with database.read(client.id) as session:
        rates = session.scalars(select(IndicatorValue).where(IndicatorValue.numerator == 6)).all()
        # a unit without a line has no figure, and the whole has none either
        assert {row.unit_id for row in session.scalars(select(IndicatorValue))} == {units["WZ"]}
        assert {row.unit_id for row in rates} == set()
        preview = preview_import(session, _year(rows, Content.ABSENCES), by=by, today=TODAY)
        assert preview.count is not None
        assert preview.count.missing == {units["TD"], units["AD"]}
    # unless somebody says that nobody was absent there: then it is nought, not nothing
    _confirm(database, by, replace(_year(rows, Content.ABSENCES), is_complete=True))
    with database.read(client.id) as session:
        rates = session.scalars(select(IndicatorValue).where(IndicatorValue.numerator == 6)).all()
        none_away = select(IndicatorValue).where(IndicatorValue.unit_id == units["TD"])
        assert {row.figure for row in session.scalars(none_away)} == {0}
        assert top.id not in {row.unit_id for row in session.scalars(select(IndicatorValue))}
    assert {row.unit_id for row in rates} == {None}
    _confirm(database, by, _asked(FIGURES.replace("TD;2025-Q1", "TOP;2025-Q1")))
    assert _figures(database, client)[None, date(2025, 1, 1)] is not None
    twice = _asked(FIGURES + "TOP;2025-Q1;52;1;10\r\ntotaal;2025-Q1;52;1;10\r\n")
    with database.read(client.id) as session:
        errors = preview_import(session, twice, by=by, today=TODAY).errors
    assert [(one.row, one.reason) for one in errors] == [(5, Reason.TWICE)]


def test_a_large_file_is_counted_in_seconds(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, _ = house
    rng = random.Random(1)
    lines = ["unit,from,until,person"]
    for n in range(ROWS):
        first = date(2025, 1, 1) + timedelta(days=rng.randrange(360))
        last = first + timedelta(days=rng.randrange(4))
        lines.append(f"WZ,{first},{last},{n}")
    with database.session(client.id) as session:
        row = session.scalars(select(Headcount).where(Headcount.people == 40)).one()
        row.people = 200_000
    data = "\n".join(lines)
    by = client.people[Role.HR]
    with database.read(client.id) as session:
        asked = replace(_year(data, Content.ABSENCES), is_complete=True)
        preview = preview_import(session, asked, by=by, today=TODAY)
    rates = preview.figures["absence_frequency", PeriodKind.MONTH]
    assert sum(one.numerator or 0 for one in rates if one.unit_id is None) == ROWS


def test_a_workbook_is_read_and_a_formula_never_computed_is_refused(
    house: tuple[Database, Client, Mapping[str, UUID]],
) -> None:
    database, client, units = house
    rows = [["Eenheid", "Maand", "Verzuim %"], ["Dienst WZ", date(2025, 1, 1), 7.5]]
    _confirm(database, client.people[Role.ADVISER], _asked(write_rows([Sheet("1", rows)])))
    assert _figures(database, client) == {(units["WZ"], date(2025, 1, 1)): 7.5}
    with pytest.raises(Invalid, match="nothing below"):
        open_table(b"Eenheid;Maand\n")
