"""When a risk analysis holds together, and when it may be closed."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.analyses.programme import check_turn
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Feedback,
    Manifestation,
    check_can_close,
    check_feedback,
    check_fields,
    check_open,
    missing_to_close,
)
from baken.actionplan.errors import ActionPlanError, InvalidTransition
from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.rules import FindingFields, may_see_figures
from baken.actionplan.findings.rules import check_fields as check_finding
from baken.actionplan.requests.dates import add_years
from baken.organisation.permissions import Actor, Grant, Role

TODAY = date(2026, 3, 2)
COVERED = dict.fromkeys(Dimension, Coverage(evaluated=True))
SHOWN = dict.fromkeys(Manifestation, Coverage(evaluated=True))
TOLD = Feedback(date(2026, 2, 20), "Een uur per ploeg.", "De preventieadviseur")
ANALYSIS = AnalysisFields(
    title="Risicoanalyse 2026",
    kind=AnalysisKind.A_PRIORI,
    level=AnalysisLevel.ORGANISATION,
    participation="Bevraging en twee teamgesprekken.",
    papa_involved=True,
    coverage=COVERED,
    manifestations=SHOWN,
    started_on=date(2026, 1, 5),
)
FINDING = FindingFields(
    factor=Factor.A3,
    statement="Roosters wegen.",
    employer_has_impact=True,
    impact_motivation="Hij maakt ze.",
    objective_danger=False,
    danger_motivation="Nog onduidelijk.",
)


def refusal(check, *arguments, **named):
    with pytest.raises(ActionPlanError) as refused:
        check(*arguments, **named)
    return refused.value.key.removeprefix("actionplan.")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": " "}, "title_missing"),
        ({"method": "\0"}, "text_unreadable"),
        ({"kind": AnalysisKind.SPECIFIC}, "specific_needs_group"),
        ({"level": AnalysisLevel.GROUP}, "group_missing"),
        ({"next_review_on": date(2026, 1, 5)}, "review_before_start"),
    ],
)
def test_an_analysis_that_does_not_hold_is_refused(changes, key):
    assert refusal(check_fields, replace(ANALYSIS, **changes)) == key


def test_an_analysis_of_one_group_passes():
    check_fields(
        replace(
            ANALYSIS,
            kind=AnalysisKind.SPECIFIC,
            level=AnalysisLevel.GROUP,
            unit_id=uuid4(),
            next_review_on=date(2026, 1, 6),
        )
    )


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"started_on": date(2026, 3, 3)}, "analysis_not_started"),
        ({"participation": " "}, "participation_missing"),
        ({"participation": "", "campaign_id": uuid4()}, "participation_missing"),
        ({"papa_involved": False}, "papa_reason_missing"),
        ({"papa_involved": False, "papa_is_internal": True}, "analyses.internal_adviser_always"),
        (
            {"papa_involved": False, "papa_reason": "Klein.", "kind": AnalysisKind.SPECIFIC},
            "analyses.anonymous_way_missing",
        ),
        ({"manifestations": {}}, "analyses.manifestations_left"),
    ],
)
def test_an_analysis_that_says_too_little_stays_open(changes, key):
    assert refusal(check_can_close, replace(ANALYSIS, **changes), TOLD, today=TODAY) == key


@pytest.mark.parametrize("left_out", list(Dimension))
def test_every_a_is_evaluated_or_explained(left_out):
    absent = {key: value for key, value in COVERED.items() if key != left_out}
    for coverage in (absent, COVERED | {left_out: Coverage(evaluated=False, reason=" ")}):
        with pytest.raises(InvalidTransition, match=left_out.value):
            check_can_close(replace(ANALYSIS, coverage=coverage), TOLD, today=TODAY)
    explained = COVERED | {left_out: Coverage(evaluated=False, reason="Vorig jaar bekeken.")}
    check_can_close(replace(ANALYSIS, coverage=explained), TOLD, today=TODAY)


def test_without_feedback_to_the_workers_it_stays_open():
    assert refusal(check_can_close, ANALYSIS, None, today=TODAY) == "analyses.feedback_missing"
    for changes, key in (
        ({"how": " "}, "feedback_how_missing"),
        ({"by": ""}, "feedback_by_missing"),
        ({"given_on": date(2026, 3, 3)}, "feedback_ahead"),
        ({"given_on": date(2026, 1, 4)}, "feedback_before_start"),
    ):
        told = replace(TOLD, **changes)
        said = refusal(check_feedback, told, started_on=ANALYSIS.started_on, today=TODAY)
        assert said == f"analyses.{key}"
    check_feedback(TOLD, started_on=ANALYSIS.started_on, today=TODAY)


def test_a_complete_analysis_closes_and_stays_closed():
    check_can_close(ANALYSIS, TOLD, today=TODAY)
    explained = replace(ANALYSIS, papa_involved=False, papa_reason="Eenvoudige situatie.")
    check_can_close(explained, TOLD, today=TODAY)
    check_open(None)
    assert refusal(check_open, TODAY) == "analysis_closed"


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 9))
def test_years_later_is_the_same_day_or_the_day_before_the_leap_day(day, years):
    later = add_years(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (2, 28)}


def test_a_leap_day_comes_back_as_the_28th():
    assert add_years(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert add_years(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize("name", ["statement", "impact_motivation", "danger_motivation"])
def test_a_finding_says_what_and_twice_why(name):
    check_finding(FINDING)
    assert refusal(check_finding, replace(FINDING, **{name: " "})) == f"{name}_missing"


def test_who_sees_the_figures_behind_a_finding():
    unit, above, other = uuid4(), uuid4(), uuid4()

    def may(role, own):
        by = Actor(uuid4(), uuid4(), "Iemand", frozenset({Grant(role, own)}))
        return may_see_figures(by, frozenset({unit, above}))

    assert may(Role.CPBW_MEMBER, None)
    assert may(Role.UNIT_HEAD, unit)
    assert may(Role.UNIT_HEAD, above)
    assert not may(Role.UNIT_HEAD, other)
    assert not may(Role.UNIT_HEAD, None)
    head = Actor(uuid4(), uuid4(), "Hoofd", frozenset({Grant(Role.UNIT_HEAD, other)}))
    assert may_see_figures(head, frozenset())


def test_everything_that_is_missing_is_told_at_once():
    bare = replace(ANALYSIS, participation=" ", papa_involved=False, coverage={}, manifestations={})
    told = [one.key for one in missing_to_close(bare, None, today=TODAY)]
    assert told == [
        "actionplan.participation_missing",
        "actionplan.papa_reason_missing",
        *["actionplan.dimension_not_covered"] * len(Dimension),
        "analyses.manifestations_left",
        "analyses.feedback_missing",
    ]
    assert not list(missing_to_close(ANALYSIS, TOLD, today=TODAY))


@pytest.mark.parametrize(
    ("year", "key"),
    [
        (2025, "analyses.turn_before_start"),
        (2026, None),
        (2036, None),
        (2037, "analyses.turn_year"),
    ],
)
def test_no_department_has_its_turn_before_the_analysis_starts(year, key):
    told = {"has_turn": False, "started_on": date(2026, 3, 1), "today": date(2026, 4, 1)}
    everywhere = AnalysisLevel.ORGANISATION
    if key is None:
        check_turn(year, "", level=everywhere, **told)
        return
    assert refusal(check_turn, year, "", level=everywhere, **told) == key
