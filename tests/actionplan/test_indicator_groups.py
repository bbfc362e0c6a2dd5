"""What readers see of indicators: no small group, and nothing from which one follows."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.actions import add_series, enter_value
from baken.actionplan.indicators.costs import Assumptions, check, costs_of
from baken.actionplan.indicators.kinds import KINDS, LEAST_COUNT, PeriodKind
from baken.actionplan.indicators.overview import absence_overview, offers, whole_year
from baken.actionplan.indicators.periods import Span, span_of, spans_between
from baken.actionplan.indicators.queries import entered_points, shown_points
from baken.actionplan.indicators.rules import Figure, SeriesFields, check_figure, check_series
from baken.actionplan.indicators.shown import LEAST_PEOPLE, Group, hidden_groups
from baken.actionplan.indicators.types import Better
from baken.actionplan.indicators.yearly import indicator_year
from baken.organisation.errors import Denied
from baken.organisation.models import Headcount, Unit
from baken.organisation.permissions import Role
from baken.organisation.structure.history import UnitKind
from baken.storage.session import Database
from tests.conftest import make_client

TODAY = date(2026, 3, 2)
RATE = SeriesFields("absence_rate", "Absence", PeriodKind.QUARTER, Better.LOWER, "", "Payroll")


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12)), min_size=1, max_size=6),
    st.integers(0, 15),
)
def test_what_is_hidden_together_is_never_small(
    units: list[tuple[int, int]], elsewhere: int
) -> None:
    """Take all that is shown off the whole: nobody is left, or no small group."""
    people = sum(n for n, _ in units) + elsewhere
    count = sum(n for _, n in units)
    whole = Group(None, None, people, count)
    members = [Group(UUID(int=at + 1), None, n, k) for at, (n, k) in enumerate(units)]
    hidden = hidden_groups([whole, *members])
    for one in members:
        if one.key not in hidden:
            assert (one.people or 0) >= LEAST_PEOPLE
            assert not 0 < (one.count or 0) < LEAST_COUNT
    if None not in hidden:
        shown = [one for one in members if one.key not in hidden]
        left = people - sum(one.people or 0 for one in shown)
        counted = count - sum(one.count or 0 for one in shown)
        assert not shown or left == 0 or left >= LEAST_PEOPLE
        assert not shown or left == 0 or not 0 < counted < LEAST_COUNT


def test_readers_see_groups_and_editors_what_they_entered(sqlite: Database) -> None:
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    begun = date(2020, 1, 1)
    with sqlite.session(client.id) as session:
        top = Unit(number="W", name="W", kind=UnitKind.EMPLOYER, from_on=begun)
        session.add(top)
        session.flush()
        units = {}
        for number, people in (("A", 50), ("B", 20), ("C", 4)):
            unit = Unit(
                number=number, name=number, kind=UnitKind.TEAM, parent_id=top.id, from_on=begun
            )
            session.add(unit)
            session.flush()
            session.add(Headcount(unit_id=unit.id, from_on=begun, people=people))
            units[number] = unit.id
        series = add_series(session, RATE, by=hr)
        for span in spans_between(PeriodKind.QUARTER, date(2025, 1, 1), date(2025, 12, 31)):
            for unit_id, days, available in (
                (None, 700, 7000), (units["A"], 500, 5000), (units["B"], 180, 1800),
                (units["C"], 20, 200),
            ):  # fmt: skip
                figure = Figure(unit_id, span, days, available)
                enter_value(session, series.id, figure, by=hr, today=TODAY)
        with pytest.raises(Invalid, match="already"):
            enter_value(session, series.id, figure, by=hr, today=TODAY)
        with pytest.raises(Denied):
            enter_value(session, series.id, figure, by=member, today=TODAY)
        seen = {one.unit_id for one in shown_points(session, [series], by=member)[series.id]
                if not one.is_hidden}  # fmt: skip
        # C is small; with B it is 24 people, so A and the whole stay
        assert seen == {None, units["A"]}
        assert len(entered_points(session, series, by=hr)) == 16
        with pytest.raises(Denied):
            entered_points(session, series, by=member)
        assert absence_overview(session, 2025, by=member)[0].figures[0] == 10
        (line,) = indicator_year(session, 2025).lines
        assert (line.figure, line.numerator) == (10, 2800)
        offered = offers(session, units["A"], whole_year(2025), by=hr)
        assert {key: (one.value, one.source) for key, one in offered.items()} == {
            "ABS": (10, "Payroll")
        }
        assert offers(session, units["B"], whole_year(2025), by=hr) == {}
        assert offers(session, units["A"], whole_year(2024), by=hr) == {}
        assert "ABS" in offers(session, top.id, whole_year(2025), by=hr)


def test_days_before_the_units_were_here_hang_together_as_the_units_do(sqlite: Database) -> None:
    """A figure of the top is that of the whole, and a team stays a part of its department."""
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    begun, span = date(2025, 6, 1), span_of(PeriodKind.QUARTER, date(2024, 1, 1))
    with sqlite.session(client.id) as session:
        above = None
        units = []
        for number in ("W", "A", "B"):
            unit = Unit(number=number, name=number, kind=UnitKind.TEAM, parent_id=above,
                        from_on=begun)  # fmt: skip
            session.add(unit)
            session.flush()
            units.append(unit.id)
            above = unit.id
        series = add_series(session, RATE, by=hr)
        # B is all of A but four people: A less B would be about them
        for place, people in zip(units, (80, 30, 26), strict=True):
            figure = Figure(place, span, 5 * people, 91 * people, people=people)
            enter_value(session, series.id, figure, by=hr, today=TODAY)
        points = shown_points(session, [series], by=member)[series.id]
        assert {one.unit_id for one in points if not one.is_hidden} == {None, units[1]}
        with pytest.raises(Invalid, match="already"):
            again = Figure(None, span, 1, 91, people=80)
            enter_value(session, series.id, again, by=hr, today=TODAY)


def test_a_quarter_does_not_tell_the_month_that_is_hidden(sqlite: Database) -> None:
    """Requests by month (6, 7, 2) and by quarter: 15 less 13 would be the two of March."""
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    months = spans_between(PeriodKind.MONTH, date(2025, 1, 1), date(2025, 3, 31))
    with sqlite.session(client.id) as session:
        fields = replace(RATE, kind="requests", name="Q")
        quarter = add_series(session, fields, by=hr)
        whole = Figure(None, span_of(PeriodKind.QUARTER, months[0].from_on), 15, people=60)
        enter_value(session, quarter.id, whole, by=hr, today=TODAY)
        assert not shown_points(session, [quarter], by=member)[quarter.id][0].is_hidden
        month = add_series(session, replace(fields, name="M", period=PeriodKind.MONTH), by=hr)
        for span, n in zip(months, (6, 7, 2), strict=True):
            enter_value(session, month.id, Figure(None, span, n, people=60), by=hr, today=TODAY)
        seen = shown_points(session, [quarter, month], by=member)
        assert [one.is_hidden for one in seen[month.id]] == [False, False, True]
        assert seen[quarter.id][0].is_hidden


def test_the_length_of_what_few_people_did_is_hidden_as_their_number_is(sqlite: Database) -> None:
    """One absence of nine days in sixty people: its mean length is that of somebody."""
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    fields = SeriesFields("absence_duration", "Length", PeriodKind.QUARTER, Better.LOWER, "", "P")
    spans = spans_between(PeriodKind.QUARTER, date(2025, 1, 1), date(2025, 12, 31))
    with sqlite.session(client.id) as session:
        series = add_series(session, fields, by=hr)
        for span, spells in zip(spans, (1, 12, 4, 5), strict=True):
            figure = Figure(None, span, 9 * spells, spells, people=60)
            enter_value(session, series.id, figure, by=hr, today=TODAY)
        points = shown_points(session, [series], by=member)[series.id]
        assert [one.is_hidden for one in sorted(points, key=lambda one: one.span)] == [
            True, False, True, False,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("spells", "rate", "short", "seen"),
    [
        (1, 100, 10, set()),  # one absence: nothing of the ten is shown
        (8, 100, 10, {"absence_rate", "absence_frequency"}),  # the long one is one person's
        # enough short ones by themselves, but with them the long one would follow from the rate
        (8, 220, 130, {"absence_rate", "absence_frequency"}),
    ],
)
def test_a_share_of_few_absent_is_hidden_in_a_group_of_ten(
    sqlite: Database, spells: int, rate: int, short: int, seen: set[str]
) -> None:
    """Ninety days in a quarter are one person's, however many people stand around."""
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    span = span_of(PeriodKind.QUARTER, date(2025, 1, 1))
    days = span.n_days
    with sqlite.session(client.id) as session:
        unit = Unit(number="A", name="A", kind=UnitKind.TEAM, from_on=date(2025, 2, 1))
        other = Unit(number="B", name="B", kind=UnitKind.TEAM, from_on=date(2025, 2, 1))
        session.add_all([unit, other])
        session.flush()
        made = []
        for kind, few, all_ in (
            ("absence_rate", (rate, 10 * days), (1_000, 60 * days)),
            ("absence_short", (short, 10 * days), (400, 60 * days)),
            ("absence_long", (rate - short, 10 * days), (600, 60 * days)),
            ("absence_frequency", (spells, 10), (40, 60)),
        ):
            fields = replace(RATE, kind=kind, name=kind)
            series = add_series(session, fields, by=hr)
            made.append(series)
            for place, sums, people in ((unit.id, few, 10), (None, all_, 60)):
                figure = Figure(place, span, *sums, people=people)
                enter_value(session, series.id, figure, by=hr, today=TODAY)
        points = shown_points(session, made, by=member)
        shown = {(row.kind, one.unit_id) for row in made for one in points[row.id]
                 if not one.is_hidden}  # fmt: skip
        assert {kind for kind, place in shown if place} == seen
        assert {kind for kind, place in shown if not place} == {row.kind for row in made}
        # a figure of which nobody knows how many stand behind it is hidden too
        alone = add_series(session, replace(RATE, kind="absence_duration", name="D"), by=hr)
        enter_value(session, alone.id, Figure(None, span, told=9, people=60), by=hr, today=TODAY)
        assert shown_points(session, [alone], by=member)[alone.id][0].is_hidden


@pytest.mark.parametrize(
    ("people", "rate", "is_seen"),
    [(10, 90, False), (19, 90, False), (20, 90, True), (10, 361, True), (10, 0, True)],
)
def test_days_alone_are_those_of_few_in_the_smallest_groups(
    sqlite: Database, people: int, rate: int, *, is_seen: bool
) -> None:
    """Ninety days that somebody typed: one person of ten all quarter, and nobody said how many."""
    client = make_client(sqlite)
    hr, member = client.people[Role.HR], client.people[Role.CPBW_MEMBER]
    span = span_of(PeriodKind.QUARTER, date(2025, 1, 1))
    with sqlite.session(client.id) as session:
        series = add_series(session, replace(RATE, kind="absence_rate"), by=hr)
        figure = Figure(None, span, rate, people * span.n_days, people=people)
        enter_value(session, series.id, figure, by=hr, today=TODAY)
        point = shown_points(session, [series], by=member)[series.id][0]
        assert point.is_hidden is not is_seen


@pytest.mark.parametrize(
    ("span", "numbers", "key"),
    [
        (span_of(PeriodKind.QUARTER, TODAY), (1, 2), "period_ahead"),
        (Span(date(2025, 1, 1), date(2025, 2, 28)), (1, 2), "period_odd"),
        (Span(date(2025, 3, 1), date(2025, 1, 1)), (1, 2), "period_reversed"),
        (span_of(PeriodKind.QUARTER, date(2025, 1, 1)), (-1, 2), "number_odd"),
        (span_of(PeriodKind.QUARTER, date(2025, 1, 1)), (3, 2), "above_all"),
        (span_of(PeriodKind.QUARTER, date(2025, 1, 1)), (3, 0), "sum_missing"),
        (span_of(PeriodKind.QUARTER, date(2025, 1, 1)), (None, 3), "number_missing"),
        (span_of(PeriodKind.QUARTER, date(2025, 1, 1)), (1, 2, 9), "both_told"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    sqlite: Database, span: Span, numbers: tuple[float | None, ...], key: str
) -> None:
    client = make_client(sqlite)
    by = client.people[Role.HR]
    with sqlite.session(client.id) as session:
        series = add_series(session, RATE, by=by)
        with pytest.raises(Invalid) as refused:
            enter_value(session, series.id, Figure(None, span, *numbers), by=by, today=TODAY)
    assert refused.value.key == f"series.{key}"


def test_requests_are_counted_in_whole_numbers() -> None:
    def figure(n: float) -> Figure:
        return Figure(None, span_of(PeriodKind.QUARTER, date(2025, 1, 1)), n)

    check_figure(KINDS["requests"], PeriodKind.QUARTER, figure(3), today=TODAY)
    with pytest.raises(Invalid) as refused:
        check_figure(KINDS["requests"], PeriodKind.QUARTER, figure(3.5), today=TODAY)
    assert refused.value.key == "series.count_half"


@pytest.mark.parametrize(
    ("kind", "key"), [("overtime", "series.above_all_hours"), ("absence_long", "series.above_all")]
)
def test_a_part_is_not_larger_than_the_whole_and_turnover_can_be(kind: str, key: str) -> None:
    span = span_of(PeriodKind.QUARTER, date(2025, 1, 1))
    for figure in (Figure(None, span, 13, 12), Figure(None, span, told=100.5)):
        with pytest.raises(Invalid) as refused:
            check_figure(KINDS[kind], PeriodKind.QUARTER, figure, today=TODAY)
        assert refused.value.key == key
        check_figure(KINDS["turnover"], PeriodKind.QUARTER, figure, today=TODAY)
    check_figure(KINDS[kind], PeriodKind.QUARTER, Figure(None, span, 12, 12), today=TODAY)


def test_a_target_of_absence_lies_at_all_days_at_most() -> None:
    aimed = replace(RATE, target=100.0, target_on=date(2027, 1, 1))
    check_series(aimed)
    with pytest.raises(Invalid) as refused:
        check_series(replace(aimed, target=100.5))
    assert refused.value.key == "series.target_above_all"


def test_costs_follow_from_the_assumptions() -> None:
    found = costs_of(1_000, 10, Assumptions(36_500, 50, 40, 150, 25))
    assert (found.a_day, found.paid, found.replaced, found.leaving) == (100, 50_000, 60_000, 91_250)
    assert found.absence == 110_000
    assert costs_of(None, None, Assumptions()).absence is None
    # a line that is hidden would follow from the total
    assert costs_of(1_000, None, Assumptions()).total is None
    assert found.total == 110_000 + 91_250
    for odd in (Assumptions(yearly_cost=-1), Assumptions(paid_share=101)):
        with pytest.raises(Invalid):
            check(odd)
