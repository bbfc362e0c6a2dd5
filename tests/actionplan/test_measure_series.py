"""A measure that is followed by a series: from a figure of a period to the next ones."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.accidents import actions as accidents
from baken.actionplan.indicators.accidents.figures import Facts, Gravity, Kind
from baken.actionplan.indicators.actions import add_series, enter_value
from baken.actionplan.indicators.cells import WHOLE
from baken.actionplan.indicators.followed import ACCIDENTS, list_followed, series_contract
from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.periods import span_of
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.actionplan.indicators.types import (
    Better,
    Reading,
    SeriesIndicator,
    Verdict,
    as_settings,
    indicator_of,
)
from baken.actionplan.measures.actions import add_measure
from baken.actionplan.measures.lifeline import StepKind, StepState, lifeline
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.rules import check_reading
from baken.actionplan.measures.verdicts import SaidSoFar, list_verdicts
from baken.actionplan.plans.editions.content import measure_content
from baken.actionplan.plans.queries import get_frame
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.session import Session

TODAY = date(2027, 3, 2)
ABSENCE = SeriesFields("absence_rate", "Afwezigheid", PeriodKind.YEAR, Better.LOWER, "", "HR")
RATE = SeriesIndicator(
    series=ACCIDENTS,
    name="Fg",
    unit="number",
    better=Better.LOWER,
    start=20,
    start_on=date(2025, 12, 31),
    low=15,
    high=26,
    target=10,
    by_on=date(2027, 12, 31),
)


def _year(
    session: Session, house: Any, series: Any, year: int, *, days: float, people: int
) -> None:
    span = span_of(PeriodKind.YEAR, date(year, 1, 1))
    figure = Figure(house.night, span, days, 365 * people, people=people)
    enter_value(session, series.id, figure, by=house.adviser, today=TODAY)


def test_each_later_period_is_read_and_judged_and_a_small_group_is_not(house: Any) -> None:
    with house.session() as session:
        series = add_series(session, ABSENCE, by=house.adviser)
        _year(session, house, series, 2024, days=1_000, people=40)
        _year(session, house, series, 2025, days=1_200, people=40)
        place = (str(series.id), str(house.night))
        (offered,) = list_followed(session)
        assert (offered.series, offered.unit_key, offered.unit) == (*place, "%")
        assert offered.last is not None
        assert offered.last.on == date(2025, 12, 31)
        how: dict[str, Any] = {"name": "Afwezigheid, nacht", "better": Better.LOWER, "target": 7,
                               "by_on": date(2026, 12, 31)}  # fmt: skip
        agreed = series_contract(session, *place, start_on=None, **how)
        assert agreed.start == pytest.approx(100 * 1_200 / (365 * 40))
        assert (agreed.low, agreed.high) == (None, None)  # counted: no interval
        for wrong in ((str(series.id), WHOLE), ("accidents", WHOLE), ("", "")):
            with pytest.raises(Invalid, match="no figure here"):
                series_contract(session, *wrong, start_on=None, **how)
        within = get_frame(session, house.annual_plan_id)
        with pytest.raises(Invalid, match="not that of the indicator"):
            invented = replace(agreed, start=agreed.start + 1)
            add_measure(session, house.measure(indicator=invented), within=within, by=house.adviser)
        made = add_measure(
            session, house.measure(indicator=agreed), within=within, by=house.adviser
        )
        assert made.indicator == agreed
        assert list_points(session, made, by=house.adviser) == []
        with pytest.raises(Invalid, match="next period"):
            check_reading(made.indicator, 3.0)
        _year(session, house, series, 2026, days=900, people=40)
        (point,) = list_points(session, made, by=house.adviser)
        assert (point.on, point.judgement.verdict) == (date(2026, 12, 31), Verdict.MOVED)
        assert point.judgement.is_reached
        _only_who_may(session, house, made)
        made.starts_on = date(2027, 1, 1)  # what was read before says nothing about it
        (early,) = list_points(session, made, by=house.adviser)
        assert (early.judgement.verdict, early.judgement.is_reached) == (Verdict.BEFORE, False)
        said = list_verdicts(session, [made], by=house.adviser, today=TODAY)
        assert said[made.id] == SaidSoFar.UNREAD
        made.starts_on = date(2026, 1, 1)

        small = add_series(session, replace(ABSENCE, name="Klein"), by=house.adviser)
        _year(session, house, small, 2025, days=100, people=40)
        few = series_contract(session, str(small.id), str(house.night), start_on=None,
                              **{**how, "target": 0.5})  # fmt: skip
        measure = add_measure(
            session, house.measure(indicator=few), within=within, by=house.adviser
        )
        _year(session, house, small, 2026, days=1, people=6)
        (hidden,) = list_points(session, measure, by=house.adviser)
        assert (hidden.reading, hidden.judgement.verdict) == (None, Verdict.HIDDEN)
        said = list_verdicts(session, [measure], by=house.adviser, today=TODAY)
        assert said[measure.id] == SaidSoFar.HIDDEN
        line = lifeline(session, measure.id, by=house.adviser, today=date(2027, 2, 1))
        (read,) = (one for one in line if one.kind is StepKind.MEASUREMENT)
        assert read.state is not StepState.DONE


def _only_who_may(session: Session, house: Any, measure: Any) -> None:
    """The head of other people learns nothing of their absence, not even that it moved."""
    elsewhere = frozenset({Grant(Role.UNIT_HEAD, house.kitchen)})
    stranger = Actor(house.head.person_id, house.organisation_id, "", elsewhere)
    for by, known in ((house.adviser, True), (house.head, True), (stranger, False)):
        said = list_verdicts(session, [measure], by=by, today=TODAY)
        assert (said.get(measure.id) == SaidSoFar.MOVED) is known
        steps = {one.kind: one for one in lifeline(session, measure.id, by=by, today=TODAY)}
        agreed = steps[StepKind.MEASUREMENT]
        assert (agreed.values["reading"] is not None) is known
    assert "start" not in measure_content(session, measure)["figure"]


def test_accidents_are_followed_from_reports_that_were_drawn_up(house: Any) -> None:
    how: dict[str, Any] = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        for year, n in ((2024, 2), (2025, 12), (2026, 5)):
            accidents.enter_hours(session, year, None, 400_000, source="HR", by_category={}, **how)
            for month in range(1, n + 1):
                facts = Facts(date(year, month, 3), Kind.WORK, Gravity.TEMPORARY, days_lost=4)
                accidents.enter_accident(session, facts, **how)
        assert list_followed(session) == []
        for year in (2024, 2025, 2026):
            accidents.draft_year(session, year, by=house.adviser, today=date(year + 1, 2, 1))
        (offered,) = list_followed(session)
        # two accidents are few: of 2024 readers see nothing, so a measure does not either
        assert [one.reading and one.reading.value for one in offered.readings] == [None, 30, 12.5]
        agreed = series_contract(
            session, ACCIDENTS, WHOLE, name="Fg", start_on=date(2025, 12, 31),
            better=Better.LOWER, target=13, by_on=date(2026, 12, 31),
        )  # fmt: skip
        assert agreed.low is not None
        within = get_frame(session, house.annual_plan_id)
        made = add_measure(
            session, house.measure(indicator=agreed), within=within, by=house.adviser
        )
        (point,) = list_points(session, made, by=house.adviser)
        # 12 accidents: 15.5 to 52.4; 5 accidents: 4.1 to 29.2. They overlap.
        assert (point.judgement.verdict, point.judgement.is_reached) == (Verdict.NOT_SHOWN, True)


numbers = st.floats(0, 100)


@given(numbers, numbers, st.sampled_from(Better))
def test_with_a_margin_nothing_moves_inside_it(value: float, width: float, better: Better) -> None:
    agreed = replace(RATE, better=better)
    assert indicator_of("series", as_settings(agreed)) == agreed
    verdict = agreed.judge(Reading(value, value - width, value + width)).verdict
    touches = value - width <= 26 and value + width >= 15
    assert (verdict is Verdict.NOT_SHOWN) == touches
    counted = replace(agreed, low=None, high=None).judge(Reading(value)).verdict
    gained = (value > 20) == (better is Better.HIGHER)
    expected = Verdict.NOT_SHOWN if value == 20 else Verdict.MOVED if gained else Verdict.WORSE
    assert counted is expected
