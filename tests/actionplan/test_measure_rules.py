"""What a measure must hold, and which way it may go."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import ActionPlanError, Denied, InvalidTransition
from baken.actionplan.findings.models import Finding
from baken.actionplan.indicators.cells import Cell
from baken.actionplan.indicators.types import Better, Figure, OwnFigure, ScaleIndicator
from baken.actionplan.measures.contracts import check_contract, scale_contract
from baken.actionplan.measures.people import check_decider, check_may_decide, check_own_unit
from baken.actionplan.measures.rules import (
    MeasureFields,
    MeasureStatus,
    PlanFrame,
    PlanWarning,
    check_fields,
    check_may_add,
    check_may_change,
    check_note,
    check_reading,
    check_same_contract,
    check_transition,
    days_overdue,
    list_warnings,
)
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.organisation.permissions import Actor, Grant, Role

OBJECTIVE, UNIT, ABOVE = uuid4(), uuid4(), uuid4()
FRAME = PlanFrame(
    annual_plan_id=uuid4(),
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    may_add=True,
    may_change=True,
    is_adopted=True,
    edition_to_advise=1,
    objective_ids=frozenset({OBJECTIVE}),
)
OWN = OwnFigure(
    name="Late wissels",
    unit="per maand",
    better=Better.LOWER,
    start=40,
    target=10,
    by_on=date(2026, 12, 31),
)
FIELDS = MeasureFields(
    objective_id=OBJECTIVE,
    title="Roosters zes weken vooraf",
    responsible_name="Hoofd planning",
    prevention_level=PreventionLevel.PRIMARY,
    scope=Scope.COLLECTIVE,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    indicator=OWN,
)
WAYS = {
    ("planned", "decided"),
    ("planned", "stopped"),
    ("decided", "running"),
    ("decided", "stopped"),
    ("running", "done"),
    ("running", "stopped"),
    ("done", "running"),
    ("stopped", "planned"),
}
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def refusal(check, *arguments, **named):
    with pytest.raises(ActionPlanError) as refused:
        check(*arguments, **named)
    return refused.value.key.removeprefix("actionplan.")


def actor(*grants):
    return Actor(uuid4(), uuid4(), "Iemand", frozenset(grants))


def finding(**changes):
    cell = Cell(
        n=22,
        mean=61.5,
        low=56,
        high=67,
        share_at_risk=0.52,
        share_low=0.41,
        share_high=0.6,
        light="red",
        diff_rest=9,
        g=None,
        g_low=None,
        g_high=None,
        q_welch=None,
    )
    return Finding(
        release_id=uuid4(),
        scale="rosters",
        unit_key="night",
        figures=replace(cell, **changes).as_figures(),
    )


@pytest.mark.parametrize("after", list(MeasureStatus))
@pytest.mark.parametrize("before", list(MeasureStatus))
def test_a_measure_moves_only_along_these_ways(before, after):
    if (before, after) in WAYS:
        check_transition(before, after, reason="Omdat", frame=FRAME)
    else:
        with pytest.raises(InvalidTransition):
            check_transition(before, after, reason="Omdat", frame=FRAME)


@pytest.mark.parametrize(("before", "after"), sorted(WAYS))
def test_closing_and_taking_up_again_need_a_reason(before, after):
    before, after = MeasureStatus(before), MeasureStatus(after)
    if {before, after} & {"done", "stopped"}:
        key = refusal(check_transition, before, after, reason=" ", frame=FRAME)
        assert key == "reason_missing"
    else:
        check_transition(before, after, reason="", frame=FRAME)


def test_nothing_starts_before_its_plan_is_adopted():
    frame = replace(FRAME, is_adopted=False)
    ways = (MeasureStatus.DECIDED, MeasureStatus.RUNNING)
    assert refusal(check_transition, *ways, reason="", frame=frame) == "plan_not_adopted"


@given(days, days)
def test_a_measure_lies_inside_the_year_of_its_plan(starts_on, ends_on):
    fields = replace(
        FIELDS,
        starts_on=starts_on,
        ends_on=ends_on,
        indicator=replace(OWN, by_on=date(2028, 1, 1)),
    )
    if ends_on < starts_on:
        assert refusal(check_fields, fields, FRAME) == "ends_before_start"
    elif starts_on.year == ends_on.year == 2026:
        check_fields(fields, FRAME)
    else:
        assert refusal(check_fields, fields, FRAME) == "outside_plan"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": ""}, "title_missing"),
        ({"method": "a\0b"}, "text_unreadable"),
        ({"responsible_name": " "}, "responsible_missing"),
        ({"decider_name": "x" * 201}, "name_too_long"),
        ({"is_reported": True}, "initiator_missing"),
        ({"objective_id": UNIT}, "objective_not_chosen"),
        ({"domains": ()}, "domain_missing"),
        ({"starts_on": date(2025, 12, 31)}, "outside_plan"),
        ({"ends_on": date(2027, 1, 1)}, "outside_plan"),
        ({"indicator": replace(OWN, target=41)}, "indicator_wrong_way"),
        ({"indicator": replace(OWN, by_on=date(2025, 12, 31))}, "indicator_before_start"),
    ],
)
def test_a_measure_that_does_not_hold_is_refused(changes, key):
    assert refusal(check_fields, replace(FIELDS, **changes), FRAME) == key


def test_a_measure_of_one_day_with_an_initiator_passes():
    check_fields(
        replace(FIELDS, ends_on=FIELDS.starts_on, is_reported=True, initiator="CPBW"), FRAME
    )


def test_where_measures_may_be_added_and_changed():
    check_may_add(FRAME)
    assert refusal(check_may_add, replace(FRAME, may_add=False)) == "plan_settled"
    closed = replace(FRAME, may_change=False)
    assert refusal(check_may_change, MeasureStatus.RUNNING, closed) == "annual_plan_closed"
    for status in (MeasureStatus.DONE, MeasureStatus.STOPPED):
        assert refusal(check_may_change, status, FRAME) == "measure_ended"
    for status in (MeasureStatus.PLANNED, MeasureStatus.DECIDED, MeasureStatus.RUNNING):
        check_may_change(status, FRAME)


def test_an_agreed_figure_stays_once_the_measure_is_decided():
    easier = replace(OWN, target=35)
    check_same_contract(OWN, easier, MeasureStatus.PLANNED)
    check_same_contract(OWN, OWN, MeasureStatus.RUNNING)
    assert refusal(check_same_contract, OWN, easier, MeasureStatus.DECIDED) == "contract_agreed"


def test_a_decision_needs_a_decider():
    assert refusal(check_decider, " ") == "decider_missing"
    check_decider("Directie")


@pytest.mark.parametrize(("before", "after"), sorted(WAYS))
def test_a_head_of_unit_follows_up_but_does_not_decide(before, after):
    before, after = MeasureStatus(before), MeasureStatus(after)
    head, steering = actor(Grant(Role.UNIT_HEAD, UNIT)), actor(Grant(Role.STEERING_MEMBER))
    check_may_decide(steering, before, after)
    if (before, after) in {("decided", "running"), ("running", "done")}:
        check_may_decide(head, before, after)
    else:
        assert refusal(check_may_decide, head, before, after) == "cannot_decide"


@pytest.mark.parametrize(
    ("grant", "units", "may"),
    [
        (Grant(Role.UNIT_HEAD, UNIT), {UNIT, ABOVE}, True),
        (Grant(Role.UNIT_HEAD, ABOVE), {UNIT, ABOVE}, True),
        (Grant(Role.UNIT_HEAD, UNIT), {ABOVE}, False),
        (Grant(Role.UNIT_HEAD, UNIT), set(), False),
        (Grant(Role.UNIT_HEAD), {UNIT}, False),
        (Grant(Role.STEERING_MEMBER), set(), True),
        (Grant(Role.STEERING_MEMBER, UNIT), {UNIT}, True),
        (Grant(Role.STEERING_MEMBER, UNIT), set(), False),
        (Grant(Role.CPBW_MEMBER), {UNIT}, False),
        (Grant(Role.ADMINISTRATOR, UNIT), {UNIT}, False),
    ],
)
def test_who_follows_up_a_measure_of_which_unit(grant, units, may):
    if may:
        check_own_unit(actor(grant), frozenset(units))
    else:
        with pytest.raises(Denied):
            check_own_unit(actor(grant), frozenset(units))


def test_a_note_says_something():
    assert refusal(check_note, " ", has_status=False, has_value=False) == "note_empty"
    check_note("", has_status=True, has_value=False)
    check_note("", has_status=False, has_value=True)
    check_note("Loopt", has_status=False, has_value=False)


def test_only_an_own_figure_is_noted_by_hand():
    scale = scale_contract(
        finding(), figure=Figure.MEAN, better=Better.LOWER, target=50, by_on=date(2027, 1, 1)
    )
    check_reading(OWN, 12.5)
    check_reading(scale, None)
    assert refusal(check_reading, scale, 12.5) == "reading_from_release"
    assert refusal(check_reading, OWN, float("nan")) == "reading_no_number"


@pytest.mark.parametrize(
    ("measures", "warnings"),
    [
        ([], ()),
        ([("primary", "collective")], ()),
        ([("primary", "individual"), ("tertiary", "collective")], ()),
        ([("secondary", "collective")], (PlanWarning.NO_PRIMARY,)),
        ([("primary", "individual")], (PlanWarning.NO_COLLECTIVE,)),
        (
            [("tertiary", "individual")] * 2,
            (PlanWarning.NO_PRIMARY, PlanWarning.NO_COLLECTIVE),
        ),
    ],
)
def test_a_plan_is_warned_about_what_it_lacks(measures, warnings):
    pairs = [(PreventionLevel(level), Scope(scope)) for level, scope in measures]
    assert list_warnings(pairs) == warnings


@pytest.mark.parametrize(
    ("status", "today", "days"),
    [
        (MeasureStatus.RUNNING, date(2026, 6, 1), 0),
        (MeasureStatus.RUNNING, date(2026, 6, 22), 21),
        (MeasureStatus.PLANNED, date(2026, 6, 2), 1),
        (MeasureStatus.DONE, date(2026, 6, 22), 0),
        (MeasureStatus.STOPPED, date(2026, 6, 22), 0),
    ],
)
def test_days_past_the_end_are_counted_until_it_is_over(status, today, days):
    assert days_overdue(status, date(2026, 6, 1), today=today) == days


def test_a_contract_starts_from_the_figures_of_its_finding():
    share = scale_contract(
        finding(),
        figure=Figure.SHARE_AT_RISK,
        better=Better.LOWER,
        target=35,
        by_on=date(2027, 4, 1),
    )
    assert share == ScaleIndicator(
        scale="rosters",
        figure=Figure.SHARE_AT_RISK,
        unit_key="night",
        better=Better.LOWER,
        start=52,
        low=41,
        high=60,
        target=35,
        by_on=date(2027, 4, 1),
    )
    check_contract(share, finding())
    check_contract(OWN, None)


@pytest.mark.parametrize(
    "changes", [{"start": 60}, {"low": 50}, {"scale": "support"}, {"unit_key": "ALL"}]
)
def test_a_contract_with_another_start_than_its_finding_is_refused(changes):
    share = scale_contract(
        finding(),
        figure=Figure.SHARE_AT_RISK,
        better=Better.LOWER,
        target=35,
        by_on=date(2027, 4, 1),
    )
    changed = replace(share, **changes)
    assert refusal(check_contract, changed, finding()) == "contract_not_from_finding"


def test_a_contract_on_a_scale_needs_a_finding_and_a_share_goes_down():
    by_on = date(2027, 4, 1)
    up = scale_contract(
        finding(), figure=Figure.SHARE_AT_RISK, better=Better.HIGHER, target=60, by_on=by_on
    )
    assert refusal(check_contract, up, finding()) == "share_is_better_lower"
    assert refusal(check_contract, up, None) == "scale_needs_finding"
