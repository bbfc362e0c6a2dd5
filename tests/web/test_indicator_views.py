"""What the pages of figures say: months by their name, units below those that are shown."""

from datetime import date
from uuid import uuid4

from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.periods import span_of
from baken.organisation.structure.history import UnitKind
from baken.organisation.units import UnitRow
from baken.web.pages.accident_forms import HoursForm
from baken.web.pages.fields import option
from baken.web.pages.indicator_overviews import nested
from baken.web.pages.indicator_views import said_period
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


def _unit(depth: int) -> UnitRow:
    key = uuid4()
    return UnitRow(key, 1, None, UnitKind.TEAM, "1", "Naam", "", "", None, None, depth)
