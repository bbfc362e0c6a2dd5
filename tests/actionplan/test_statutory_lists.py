"""What the law lists, written down here once more from its text and held against the program.

None of these lists is read from a file of the program: somebody who changes one there changes what
the law asks, and is stopped here. Sources stand with each list.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.analyses import rules as analyses
from baken.actionplan.analyses.rules import AnalysisFields, AnalysisKind, AnalysisLevel, Coverage
from baken.actionplan.consultations.deadlines import draft_deadline
from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition
from baken.actionplan.plans.evaluations import rules as evaluations
from baken.actionplan.plans.evaluations.rules import EvaluationFields
from baken.actionplan.plans.periods import (
    check_service_year,
    global_plan_end,
    service_year_end,
)
from baken.actionplan.plans.readiness import check_readiness, is_ready
from baken.actionplan.prevention import Domain, PreventionLevel, Scope

TEXT = "Uitgewerkt."

# Codex, art. I.2-8: eight elements of the plan over five years, and what of our plan holds each.
GPP = {
    "GPP-1 results of identifying dangers and evaluating risks": ("analyses",),
    "GPP-2 prevention measures to be taken": ("intended_measures",),
    "GPP-3 priority objectives": ("objectives",),
    "GPP-4 activities and assignments to reach them": ("activities",),
    "GPP-5 organisational means": ("means_organisational",),
    "GPP-5 material means": ("means_material",),
    "GPP-5 financial means": ("means_financial",),
    "GPP-6 tasks, obligations and means of all persons involved": ("roles",),
    "GPP-7 how the plan is adapted when circumstances change": ("adaptation",),
    "GPP-8 criteria for evaluating the policy": ("criteria",),
}
# Codex, art. I.2-9: four elements of the plan of a year, the last in four parts.
JAP = {
    "JAP-1 priority objectives of the coming service year": ("objectives",),
    "JAP-2 means and methods": ("means_and_methods",),
    "JAP-3 tasks, obligations and means of all persons involved": ("roles",),
    "JAP-4a changes because of changed circumstances": ("changed_circumstances",),
    "JAP-4b changes because of accidents and incidents": ("accidents",),
    "JAP-4c changes because of the annual report": ("annual_report",),
    "JAP-4d changes because of advice of the committee": ("committee_advice",),
}
# Codex, art. I.3-6, paragraph 2: what the yearly evaluation takes account of.
EVALUATION = (
    "situation_requests",  # EV-1 requests for an analysis of a specific work situation
    "formal_requests",  # EV-2 requests for a formal psychosocial intervention
    "physician",  # EV-3 elements reported by the occupational physician
    "recurring",  # EV-4 conclusions from incidents that recur, handled informally
    "register",  # EV-5 the register of facts by third parties
    "annual_report",  # EV-6 figures of the annual report
)
# Act of 4 August 1996, art. 32/1, and the explanation to it: five areas; codex I.3-1: six ways in
# which the risks show.
FIVE_A = {"A1", "A2", "A3", "A4", "A5"}
SHOWS = {"stress", "burn_out", "conflict", "violence", "bullying", "unwanted_sexual"}
# Act of 4 August 1996, art. 4: seven domains.
DOMAINS = 7
# Codex, art. I.2-7: remove the danger, prevent harm, limit harm; collective before individual.
LEVELS = ("primary", "secondary", "tertiary")
# Codex, art. I.2-10: the draft reaches the committee at the latest on the first day of the second
# month before the service year; (first day of the year, last day for the draft).
DEADLINES = [
    (date(2027, 1, 1), date(2026, 11, 1)),
    (date(2025, 1, 1), date(2024, 11, 1)),  # 2024 was a leap year
    (date(2027, 2, 1), date(2026, 12, 1)),
    (date(2027, 3, 1), date(2027, 1, 1)),
    (date(2028, 4, 1), date(2028, 2, 1)),
    (date(2027, 7, 1), date(2027, 5, 1)),
    (date(2027, 9, 1), date(2027, 7, 1)),
    (date(2028, 2, 29), date(2027, 12, 1)),
    (date(2027, 8, 31), date(2027, 6, 1)),
]


def a_measure(**changes: str) -> dict[str, Any]:
    """What the brochure asks of a scenario: method, who answers, who decides, who does, means."""
    names = ("method", "responsible", "decider", "who_does_what", "means_organisational",
             "means_material", "means_financial", "strategy")  # fmt: skip
    return {"title": "Roosters", **dict.fromkeys(names, TEXT), **changes}


def a_plan(names: Iterable[tuple[str, ...]], kind: str) -> dict[str, Any]:
    content: dict[str, Any] = {name: TEXT for part in names for name in part}
    objective = {"statement": "Rust", "targets": {"2026": "Minder"}, "measures": [a_measure()]}
    content |= {"kind": kind, "variant_kind": "gpp", "objectives": [objective]}
    return content | {name: [TEXT] for name in ("analyses", "roles") if name in content}


@pytest.mark.parametrize(("law", "kind"), [(GPP, "gpp"), (JAP, "year")])
def test_a_plan_is_ready_with_every_element_of_the_law_and_not_without_one(
    law: dict[str, tuple[str, ...]], kind: str
) -> None:
    whole = a_plan(law.values(), kind)
    assert is_ready(check_readiness(whole))
    for element, names in law.items():
        for name in names:
            empty = {**whole, name: type(whole[name])()}
            checks = check_readiness(empty)
            assert not is_ready(checks), element
            lacking = [one for one in checks if not one.is_met and one.element.is_law]
            assert {one.element.article == "I.2-8" for one in lacking} == {kind == "gpp"}, element


def test_the_parts_of_a_scenario_are_asked_of_each_measure_and_hold_no_plan_back() -> None:
    whole = a_plan(JAP.values(), "year")
    for name in ("method", "responsible", "decider", "who_does_what"):
        objective = {**whole["objectives"][0], "measures": [a_measure(**{name: ""})]}
        checks = check_readiness({**whole, "objectives": [objective]})
        assert [one.rows for one in checks if not one.is_met] == [("Roosters",)], name
        assert is_ready(checks)


def test_an_evaluation_weighs_each_of_the_six_inputs_with_whom_it_must() -> None:
    assert tuple(one.value for one in evaluations.Input) == EVALUATION
    full = EvaluationFields(
        inputs={evaluations.Input(name): TEXT for name in EVALUATION},
        conclusions={},
        participants="Lijn en diensten",
        papa_involved=True,
        papa_reason="",
    )
    evaluations.check_can_close(full, objective_ids=())
    for name in EVALUATION:
        left = {**full.inputs, evaluations.Input(name): " "}
        with pytest.raises(Invalid):
            evaluations.check_can_close(replace(full, inputs=left), objective_ids=())
    # Social Penal Code: an evaluation without the adviser is punished.
    alone = replace(full, papa_involved=False)
    with pytest.raises(Invalid):
        evaluations.check_can_close(alone, objective_ids=())
    evaluations.check_can_close(replace(alone, papa_reason=TEXT), objective_ids=())


def test_an_analysis_covers_the_five_areas_and_the_six_ways_or_says_why_not() -> None:
    assert {one.value for one in analyses.Dimension} == FIVE_A
    assert {one.value for one in analyses.Manifestation} == SHOWS
    reasoned = Coverage(evaluated=False, reason=TEXT)
    full = AnalysisFields(
        title="Analyse", kind=AnalysisKind.A_PRIORI, level=AnalysisLevel.ORGANISATION,
        started_on=date(2026, 1, 5), participation="Gesprekken", papa_involved=True,
        coverage={one: Coverage(evaluated=True) for one in analyses.Dimension},
        manifestations=dict.fromkeys(analyses.Manifestation, reasoned),
    )  # fmt: skip
    told = analyses.Feedback(given_on=date(2026, 2, 1), how=TEXT, by="Hoofd")
    day = date(2026, 3, 2)
    analyses.check_can_close(full, told, today=day)
    for dimension in analyses.Dimension:
        left = {one: c for one, c in full.coverage.items() if one != dimension}
        with pytest.raises(InvalidTransition):
            analyses.check_can_close(replace(full, coverage=left), told, today=day)
    for way in analyses.Manifestation:
        seen = {one: c for one, c in full.manifestations.items() if one != way}
        with pytest.raises(InvalidTransition):
            analyses.check_can_close(replace(full, manifestations=seen), told, today=day)
    # Codex, art. I.3-1: workers take part; the internal adviser always, an external one where it
    # is complex, and otherwise with a reason; feedback to the workers.
    without = (
        (replace(full, participation=" "), told),
        (replace(full, papa_involved=False), told),
        (replace(full, papa_involved=False, papa_is_internal=True, papa_reason=TEXT), told),
        (full, None),
    )
    for fields, feedback in without:
        with pytest.raises(ActionPlanError):
            analyses.check_can_close(fields, feedback, today=day)
    outside = replace(full, papa_involved=False, papa_reason="Niet complex.")
    analyses.check_can_close(outside, told, today=day)


def test_domains_and_levels_are_those_of_the_law() -> None:
    assert len(Domain) == DOMAINS
    assert tuple(one.value for one in PreventionLevel) == LEVELS
    assert [one.value for one in Scope] == ["collective", "individual"]


@pytest.mark.parametrize(("starts_on", "last"), DEADLINES)
def test_the_draft_of_a_year_goes_to_the_committee_by_the_day_of_the_law(
    starts_on: date, last: date
) -> None:
    assert draft_deadline(starts_on) == last


@given(st.dates(date(2020, 1, 1), date(2120, 12, 31)))
def test_a_year_and_five_years_fit_each_other_from_any_day(starts_on: date) -> None:
    """A term is whole years, a leap day or not; five service years fill the five-year plan."""
    end = global_plan_end(starts_on)
    assert timedelta(days=1824) <= end - starts_on <= timedelta(days=1826)
    years: list[tuple[date, date]] = []
    first = starts_on
    for _ in range(5):
        last = min(service_year_end(first), end)
        check_service_year(first, last, from_on=starts_on, until_on=end, others=years)
        years.append((first, last))
        first = last + timedelta(days=1)
    assert abs((end - years[-1][1]).days) <= 1
    deadline = draft_deadline(starts_on)
    assert deadline.day == 1
    assert 31 <= (starts_on - deadline).days <= 92
