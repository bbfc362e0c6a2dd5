"""What the pages of figures say: months by their name, units below those that are shown."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.models import IndicatorSeries
from baken.actionplan.indicators.periods import span_of
from baken.actionplan.indicators.queries import Point
from baken.actionplan.indicators.types import Better, SeriesIndicator
from baken.organisation.structure.history import Description, UnitKind, begun, in_order
from baken.organisation.units import UnitRow
from baken.survey.box.importing.files import Column
from baken.web.pages.accident_forms import HoursForm
from baken.web.pages.fields import option
from baken.web.pages.indicator_import_views import said_column
from baken.web.pages.indicator_overviews import nested
from baken.web.pages.indicator_views import point_rows, said_period
from baken.web.pages.measure_figures import amounts_apart
from baken.web.texts import catalogue


def test_a_month_is_said_by_its_name() -> None:
    for period, said in ((PeriodKind.MONTH, "mrt 2025"), (PeriodKind.YEAR, "2025")):
        span = span_of(period, date(2025, 3, 1))
        assert said_period(span, period, catalogue("nl")) == said


def test_no_name_stands_in_below_a_unit_that_is_not_shown() -> None:
    house, care, ward, kitchen, cook = (_unit(depth) for depth in (0, 1, 2, 1, 2))
    units = (house, care, ward, kitchen, cook)
    found = nested(units, {care.id, ward.id, cook.id})
    assert list(found) == [(care, 0), (ward, 1), (cook, 0)]


def test_the_form_of_hours_names_its_place() -> None:
    one = uuid4()
    for unit_id, name in (("", "Hele organisatie"), (str(one), "Keuken")):
        form = HoursForm.blank("nl", {"year": 2025, "unit_id": unit_id})
        form.unit_id.choices = [option("", "Hele organisatie"), option(str(one), "– – Keuken")]
        assert form.place == name


def test_figures_of_a_period_stand_in_the_order_of_the_organisation() -> None:
    """Identifiers are random, the order is not: what is new first."""
    house, kitchen, ward = (
        begun(
            uuid4(), Description(date(2020, 1, 1), None, UnitKind.TEAM, number, number), position=at
        )
        for number, at in (("huis", 0), ("keuken", 1), ("zaal", 0))
    )
    ward = replace(ward, descriptions=(replace(ward.newest, parent_id=house.id),))
    units = {one.id: one for one in (kitchen, ward, house)}
    names = {one.id: one.newest.name for one in in_order(units)}
    series = IndicatorSeries(kind="own", period=PeriodKind.YEAR)
    points = [
        Point(uuid4(), 1, unit, span_of(PeriodKind.YEAR, day), 1, 1, None, 9, day, is_imported=True)
        for day in (date(2024, 1, 1), date(2025, 1, 1))
        for unit in (*units, None)
    ]
    rows = point_rows(series, points, names, catalogue("nl"))
    assert [row.when for row in rows] == ["2025"] * 4 + ["2024"] * 4
    assert [row.unit for row in rows] == ["Hele organisatie", "huis", "zaal", "keuken"] * 2


def test_a_column_is_named_as_its_language_writes_a_colon() -> None:
    unit, bare = Column(0, "eenheid"), Column(27, "")
    assert [said_column(unit, catalogue(one)) for one in ("nl", "fr")] == [
        "A: eenheid",
        "A\u00a0: eenheid",
    ]
    assert said_column(bare, catalogue("fr")) == "AB"


def test_what_moved_never_reads_as_the_same_figure() -> None:
    day = date(2025, 1, 1)
    rate = SeriesIndicator(
        series="absence", unit_key="ALL", name="Verzuim", unit="%", better=Better.LOWER,
        start=3.14, start_on=day, target=3, by_on=day,
    )  # fmt: skip
    assert amounts_apart(3.14, 3.11, rate, "nl") == ("3,14\u00a0%", "3,11\u00a0%")
    assert amounts_apart(3.14, 2.9, rate, "nl") == ("3,1\u00a0%", "2,9\u00a0%")
    assert amounts_apart(3.14, 3.14, rate, "nl") == ("3,1\u00a0%", "3,1\u00a0%")


def _unit(depth: int) -> UnitRow:
    key = uuid4()
    return UnitRow(key, 1, None, UnitKind.TEAM, "1", "Naam", "", "", None, None, depth)
