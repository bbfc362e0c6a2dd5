"""Accidents: the figures of the form, what may be written down, and what comes after the report."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.indicators.accidents import actions, rules
from baken.actionplan.indicators.accidents.figures import (
    Facts,
    Gravity,
    Kind,
    figures_of,
    flat_days,
)
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.rules import check_facts
from baken.actionplan.indicators.yearly import FormType, accident_year
from baken.organisation.models import Unit
from baken.organisation.permissions import Role
from baken.organisation.structure.history import UnitKind
from baken.storage.audit import list_entries
from baken.storage.session import Database
from tests.conftest import make_client

TODAY = date(2026, 3, 2)
TEMPORARY = Facts(date(2025, 5, 5), Kind.WORK, Gravity.TEMPORARY, days_lost=20)
PERMANENT = replace(TEMPORARY, gravity=Gravity.PERMANENT, percent=15.0)


def test_the_worked_examples_of_the_form() -> None:
    assert flat_days(PERMANENT) == 1_125
    later = replace(PERMANENT, happened_on=date(2025, 12, 10), days_lost=28 + 14, percent=3.0)
    assert (later.days_lost, flat_days(later)) == (42, 225)
    six = [replace(TEMPORARY, days_lost=n) for n in (20, 20, 20, 10, 8)]  # and 42 make 120
    found = figures_of([*six, later], 180_000)
    assert (found.n_total, found.days_total, found.flat_total) == (6, 120, 225)
    assert found.fg is not None
    assert round(found.fg.value, 2) == 33.33
    assert round(found.weg or 0, 2) == 0.67
    assert round(found.geg or 0, 2) == 1.92
    assert found.fg.low < found.fg.value < found.fg.high


def test_the_table_has_the_22_rows_of_the_decree() -> None:
    days = [lists().losses[row].days for row in range(1, 23)]
    assert len(lists().losses) == 22
    assert days == [
        7500, 7500, 5450, 4900, 4450, 1700, 825, 1875, 2700, 3200, 2475,
        3100, 3850, 4050, 6000, 4875, 3750, 500, 2800, 7500, 1500, 6000,
    ]  # fmt: skip
    assert flat_days(replace(PERMANENT, percent=None, loss=7)) == 825
    assert flat_days(replace(PERMANENT, loss=7)) == 1_125  # a percentage goes before the table
    assert flat_days(replace(TEMPORARY, gravity=Gravity.FATAL, days_lost=0)) == 7_500


def test_no_accident_in_few_hours_still_allows_a_high_rate() -> None:
    none = figures_of([], 21_000)
    assert none.fg is not None
    assert (none.fg.value, round(none.fg.high)) == (0, 176)
    assert none.is_small
    assert figures_of([TEMPORARY], None).fg is None


def test_each_accident_counts_once_and_light_ones_apart() -> None:
    light = replace(TEMPORARY, gravity=Gravity.LIGHT, days_lost=0, n=12)
    cost = replace(TEMPORARY, gravity=Gravity.OTHER_COST, days_lost=0, n=2)
    struck = replace(TEMPORARY, is_struck=True)
    away = replace(TEMPORARY, is_back=False)
    found = figures_of([PERMANENT, light, cost, struck, away], 100_000)
    assert dict(found.n) == {Gravity.FATAL: 0, Gravity.PERMANENT: 1, Gravity.TEMPORARY: 1}
    assert (found.n_light, found.n_other_cost, found.n_not_back) == (12, 2, 1)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"happened_on": date(2026, 3, 3)}, "day_odd"),
        ({"days_lost": -1}, "days_odd"),
        ({"days_lost": 0}, "no_day_lost"),
        ({"days_lost": 400}, "days_ahead"),
        ({"n": 2}, "one_by_one"),
        ({"n": 0}, "number_odd"),
        ({"gravity": Gravity.LIGHT}, "days_without_incapacity"),
        ({"gravity": Gravity.LIGHT, "days_lost": 0, "is_back": False}, "back_odd"),
        ({"gravity": Gravity.PERMANENT}, "disability_missing"),
        ({"gravity": Gravity.PERMANENT, "percent": 101.0}, "percent_odd"),
        ({"gravity": Gravity.PERMANENT, "loss": 1}, "loss_odd"),
        ({"percent": 3.0}, "disability_odd"),
    ],
)
def test_facts_that_cannot_be_are_refused(changes: dict[str, Any], key: str) -> None:
    check_facts(TEMPORARY, today=TODAY)
    with pytest.raises(Invalid) as refused:
        check_facts(replace(TEMPORARY, **changes), today=TODAY)
    assert refused.value.key == f"accidents.{key}"


def test_what_is_known_before_the_report_counts_and_what_comes_later_goes_to_the_committee(
    sqlite: Database,
) -> None:
    client = make_client(sqlite)
    by = client.people[Role.PREVENTION_ADVISER]
    first = Facts(
        date(2025, 12, 10), Kind.WORK, Gravity.PERMANENT, days_lost=28, is_back=False, percent=6.0
    )
    with sqlite.session(client.id) as session:
        row = actions.enter_accident(session, first, by=by, today=date(2025, 12, 30))
        with pytest.raises(InvalidTransition, match="is not over"):
            actions.draft_year(session, 2025, by=by, today=date(2025, 12, 31))
        with pytest.raises(Invalid, match="are missing"):
            actions.draft_year(session, 2025, by=by, today=TODAY)
        actions.enter_hours(session, 2025, None, 180_000, by=by, today=TODAY)
        assert accident_year(session, 2025).work.n_not_back == 1
        # 15 January: 14 days more, and 3 per cent
        known = replace(first, days_lost=42, is_back=True, percent=3.0)
        actions.change_accident(session, row.id, known, seen=row.version, by=by, today=TODAY)
        actions.draft_year(session, 2025, by=by, today=TODAY)
        later = date(2026, 5, 1)
        worse = replace(known, percent=5.0)
        with pytest.raises(Invalid, match="became known"):
            actions.change_accident(session, row.id, worse, seen=row.version, by=by, today=later)
        with pytest.raises(InvalidTransition, match="stay as they are"):
            actions.enter_hours(session, 2025, None, 1, seen=1, by=by, today=later)
        actions.change_accident(
            session, row.id, worse, seen=row.version, reason="5 %", by=by, today=later
        )
        found = actions.enter_accident(session, TEMPORARY, reason="forgotten", by=by, today=later)
        actions.strike_accident(
            session, found.id, seen=found.version, reason="none", by=by, today=later
        )
        year = accident_year(session, 2025)
        assert (year.work.n_total, year.work.days_total, year.work.flat_total) == (1, 42, 225)
        assert [one.reason for one in year.corrections] == ["5 %", "forgotten", "none"]
        told = year.corrections[0]
        actions.tell_committee(session, told.id, later, seen=told.version, by=by, today=later)
        assert accident_year(session, 2025).corrections[0].told_on == later
        with pytest.raises(InvalidTransition, match="was corrected"):
            actions.reopen_year(session, 2025, is_signed=False, by=by)
        entries = [one.action for one in list_entries(session, limit=20)]
    assert entries.count("accident.changed") == 2


def test_a_change_into_the_likeness_of_another_is_asked_about(sqlite: Database) -> None:
    client = make_client(sqlite)
    by = client.people[Role.PREVENTION_ADVISER]
    with sqlite.session(client.id) as session:
        how: dict[str, Any] = {"by": by, "today": TODAY}
        actions.enter_accident(session, TEMPORARY, **how)
        other = replace(TEMPORARY, happened_on=TEMPORARY.happened_on + timedelta(days=1))
        row = actions.enter_accident(session, other, **how)
        with pytest.raises(Invalid) as caught:
            actions.change_accident(session, row.id, TEMPORARY, seen=row.version, **how)
        assert caught.value.key == rules.LOOKS_SAME
        actions.change_accident(
            session, row.id, TEMPORARY, seen=row.version, is_another=True, **how
        )
        # what was called another one is not asked about at each change
        longer = replace(TEMPORARY, days_lost=TEMPORARY.days_lost + 1)
        actions.change_accident(session, row.id, longer, seen=row.version, **how)
        assert accident_year(session, TEMPORARY.happened_on.year).work.n_total == 2


def test_lines_follow_the_form_and_commuting_stays_apart(sqlite: Database) -> None:
    client = make_client(sqlite)
    by, begun = client.people[Role.HR], date(2020, 1, 1)
    with sqlite.session(client.id) as session:
        top = Unit(number="1", name="Employer", kind=UnitKind.EMPLOYER, from_on=begun)
        session.add(top)
        session.flush()
        large, small = (
            Unit(number=number, name=number, kind=UnitKind.ESTABLISHMENT, parent_id=top.id,
                 from_on=begun)
            for number in ("2", "3")
        )  # fmt: skip
        session.add_all([large, small])
        session.flush()
        team = Unit(number="4", name="4", kind=UnitKind.TEAM, parent_id=large.id, from_on=begun)
        session.add(team)
        session.flush()
        for unit, hours in ((large, 80_000), (small, 79_999)):
            actions.enter_hours(session, 2025, unit.id, hours, by=by, today=TODAY)
        for unit, kind in ((team, Kind.WORK), (small, Kind.WORK), (large, Kind.COMMUTING)):
            facts = replace(TEMPORARY, unit_id=unit.id, kind=kind)
            actions.enter_accident(session, facts, by=by, today=TODAY)
        a, b, c = (accident_year(session, 2025, form) for form in FormType)
    assert [(line.name, line.work.n_total, line.commuting.n_total) for line in a.by_unit] == [
        ("2", 1, 1)
    ]
    assert [(line.name, line.work.n_total) for line in b.by_unit] == [("2", 1), ("3", 1)]
    assert [(line.name, line.work.n_total, line.work.hours) for line in c.by_unit] == [
        ("Employer", 2, 159_999)
    ]
    assert (a.work.hours, a.work.n_total, a.commuting.n_total) == (159_999, 2, 1)
