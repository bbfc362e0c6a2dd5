"""Periods of plans and their states."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.consultations.rules import Asked, ConsultationKind, Organ, Outcome
from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition
from baken.actionplan.plans.periods import (
    check_service_year,
    check_years_inside,
    global_plan_end,
    service_year_end,
)
from baken.actionplan.plans.rules import (
    Activity,
    AnnualPlanFields,
    GlobalPlanFields,
    ObjectiveFields,
    PlanState,
    RoleRow,
    check_annual_plan,
    check_can_adopt,
    check_can_reopen,
    check_choice,
    check_framework,
    check_global_plan,
    check_may_ask,
    check_may_change,
    check_not_ended,
    check_objective,
    check_silence,
    check_transition,
)

FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
TODAY = date(2026, 3, 2)
PLAN = GlobalPlanFields(title="GPP", from_on=FIRST)
ADVISED = Asked(
    organ=Organ.CPBW,
    kind=ConsultationKind.ADVICE,
    asked_on=date(2025, 10, 1),
    due_on=date(2025, 11, 15),
    outcome=Outcome.FAVOURABLE,
)
ALLOWED = {
    ("draft", "advised"),
    ("draft", "adopted"),
    ("advised", "adopted"),
    ("advised", "draft"),
    ("adopted", "draft"),
    ("adopted", "ended"),
}


def refusal(check, *arguments, **named):
    with pytest.raises(ActionPlanError) as refused:
        check(*arguments, **named)
    return refused.value.key.removeprefix("actionplan.")


@pytest.mark.parametrize("after", list(PlanState))
@pytest.mark.parametrize("before", list(PlanState))
def test_a_plan_moves_only_along_these_ways(before, after):
    if (before, after) in ALLOWED:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            check_transition(before, after)


@pytest.mark.parametrize("asked", [[], [ADVISED]])
@pytest.mark.parametrize("state", list(PlanState))
def test_a_plan_is_adopted_after_advice_and_from_the_making_only(state, asked):
    if state in {PlanState.DRAFT, PlanState.ADVISED} and asked:
        check_can_adopt(state, asked, today=TODAY)
    else:
        with pytest.raises(InvalidTransition):
            check_can_adopt(state, asked, today=TODAY)


def test_the_states_in_which_text_and_questions_are_possible():
    assert refusal(check_may_change, PlanState.ADOPTED) == "plan_settled"
    assert refusal(check_may_change, PlanState.ENDED) == "plan_ended"
    assert refusal(check_may_ask, PlanState.ADOPTED) == "advice_comes_before"
    assert refusal(check_not_ended, PlanState.ENDED) == "global_plan_ended"
    assert refusal(check_framework, PlanState.ADVISED) == "global_plan_first"
    for state in (PlanState.DRAFT, PlanState.ADVISED, PlanState.ENDED):
        assert refusal(check_can_reopen, state) == "not_adopted"
    for state in (PlanState.DRAFT, PlanState.ADVISED):
        check_may_change(state)
        check_may_ask(state)
        check_not_ended(state)
    check_framework(PlanState.ADOPTED)
    check_can_reopen(PlanState.ADOPTED)


def test_on_silence_a_year_starts_on_its_first_day_and_not_earlier():
    starts_on = date(2026, 1, 1)
    silent = [replace(ADVISED, outcome=None)]
    for asked in (silent, [replace(ADVISED, outcome=Outcome.NONE_GIVEN)]):
        key = refusal(check_silence, asked, starts_on=starts_on, today=date(2025, 12, 31))
        assert key == "silence_until_year"
        check_silence(asked, starts_on=starts_on, today=starts_on)
    check_silence([ADVISED], starts_on=starts_on, today=date(2025, 12, 1))


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_day_after_a_period_has_the_same_date_years_on(first):
    after_five = global_plan_end(first) + timedelta(days=1)
    after_one = service_year_end(first) + timedelta(days=1)
    assert (after_five.year, after_one.year) == (first.year + 5, first.year + 1)
    if (first.month, first.day) != (2, 29):
        assert (after_five.month, after_five.day) == (first.month, first.day)
        assert (after_one.month, after_one.day) == (first.month, first.day)


def test_periods_that_start_on_a_leap_day_end_in_february():
    assert service_year_end(date(2028, 2, 29)) == date(2029, 2, 28)
    assert global_plan_end(date(2024, 2, 29)) == date(2029, 2, 28)
    assert service_year_end(date(2027, 2, 28)) == date(2028, 2, 27)
    assert service_year_end(date(2027, 3, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "until_on", [FIRST, date(2025, 12, 31), date(2031, 1, 1), date(2035, 12, 31)]
)
def test_a_global_plan_lasts_five_years_at_most(until_on):
    assert refusal(check_global_plan, replace(PLAN, until_on=until_on)) == "global_plan_period"


@pytest.mark.parametrize("until_on", [None, date(2026, 1, 2), LAST])
def test_a_shorter_global_plan_passes(until_on):
    check_global_plan(replace(PLAN, until_on=until_on))


ACTIVITY = Activity(what="Werkgroep", owner="Planning", from_on=FIRST, until_on=LAST)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        (replace(PLAN, title=" "), "title_missing"),
        (replace(PLAN, title="x" * 201), "title_too_long"),
        (replace(PLAN, adaptation="x" * 20_001), "text_too_long"),
        (replace(PLAN, criteria=("a\0b",)), "text_unreadable"),
        (replace(PLAN, roles=(RoleRow(who="", tasks="Alles"),)), "role_without_person"),
        (replace(PLAN, activities=(replace(ACTIVITY, owner=""),)), "activity_incomplete"),
        (
            replace(PLAN, activities=(replace(ACTIVITY, until_on=date(2031, 1, 1)),)),
            "activity_outside_plan",
        ),
        (
            replace(PLAN, activities=(replace(ACTIVITY, from_on=LAST, until_on=FIRST),)),
            "activity_outside_plan",
        ),
    ],
)
def test_a_global_plan_that_does_not_hold_is_refused(fields, key):
    assert refusal(check_global_plan, fields) == key


def test_a_full_global_plan_passes():
    check_global_plan(
        replace(PLAN, activities=(ACTIVITY,), roles=(RoleRow(who="Directie"),), title="x" * 200)
    )


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        (ObjectiveFields(statement=" "), "objective_missing"),
        (ObjectiveFields(statement="Rust", targets={2025: "35 %"}), "target_outside_plan"),
        (ObjectiveFields(statement="Rust", targets={2031: "35 %"}), "target_outside_plan"),
    ],
)
def test_an_objective_that_does_not_hold_is_refused(fields, key):
    assert refusal(check_objective, fields, from_on=FIRST, until_on=LAST) == key


def test_an_objective_for_years_of_its_plan_passes():
    fields = ObjectiveFields(statement="Rust", targets={2026: "45 %", 2030: "35 %"})
    check_objective(fields, from_on=FIRST, until_on=LAST)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "key"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), "service_year_length"),
        (date(2026, 1, 1), date(2027, 1, 1), "service_year_length"),
        (date(2025, 12, 31), date(2026, 6, 1), "year_outside_global_plan"),
        (date(2030, 7, 1), date(2031, 6, 30), "year_outside_global_plan"),
        (date(2027, 12, 31), date(2028, 6, 1), "years_overlap"),
    ],
)
def test_a_service_year_that_does_not_fit_is_refused(starts_on, ends_on, key):
    others = [(date(2027, 1, 1), date(2027, 12, 31))]
    with pytest.raises(Invalid) as refused:
        check_service_year(starts_on, ends_on, from_on=FIRST, until_on=LAST, others=others)
    assert refused.value.key == f"actionplan.{key}"


def test_years_that_follow_each_other_pass():
    others = [(date(2027, 1, 1), date(2027, 12, 31))]
    for year in (2026, 2028):
        check_service_year(
            date(year, 1, 1), date(year, 12, 31), from_on=FIRST, until_on=LAST, others=others
        )


def test_a_global_plan_keeps_the_years_it_has():
    years = [(date(2026, 1, 1), date(2026, 12, 31))]
    check_years_inside(FIRST, LAST, years=years)
    assert refusal(check_years_inside, date(2026, 2, 1), LAST, years=years) == "year_would_fall_out"


def test_a_year_chooses_from_its_own_plan_and_keeps_what_has_measures():
    one, other, strange = uuid4(), uuid4(), uuid4()
    check_choice([one], possible={one, other}, used={one})
    assert refusal(check_choice, [strange], possible={one}, used=set()) == "objective_of_other_plan"
    assert refusal(check_choice, [other], possible={one, other}, used={one}) == "objective_in_use"


def test_an_annual_plan_without_texts_passes_and_one_with_endless_text_does_not():
    check_annual_plan(AnnualPlanFields())
    endless = AnnualPlanFields(accidents="x" * 20_001)
    assert refusal(check_annual_plan, endless) == "text_too_long"
