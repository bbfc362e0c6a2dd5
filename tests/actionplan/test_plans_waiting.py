"""What waits about plans and measures, and for whom."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from baken.actionplan.consultations.organs import choose_organs
from baken.actionplan.consultations.rules import Advice, Organ, Outcome
from baken.actionplan.measures.actions import add_measure
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.measures.waiting import Spoken, next_step
from baken.actionplan.overview import get_overview
from baken.actionplan.phases import Ground, Phase, phase_of
from baken.actionplan.plans import consultations
from baken.actionplan.plans.annual_actions import reopen_annual_plan
from baken.actionplan.plans.queries import get_annual_plan, get_frame, subject_of_plan
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.talks.rules import TalkState
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.waiting import Waiting
from baken.survey.campaigns.rules import CampaignState
from baken.survey.screening.rules import SheetState

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def kinds(house: Any, by: Actor, today: date = TODAY) -> set[str]:
    return {one.kind for one in waits(house, by, today)}


def waits(house: Any, by: Actor, today: date = TODAY) -> list[Waiting]:
    now = datetime.combine(today, time(9), tzinfo=UTC)
    with house.database.read(house.organisation_id) as session:
        return list(get_overview(session, by=by, today=today, now=now).waiting)


def ask(house: Any, **changes: Any) -> Any:
    with house.session() as session:
        plan = get_annual_plan(session, house.annual_plan_id)
        question = house.question(**changes)
        return consultations.ask(
            session, subject_of_plan(plan), question, by=house.adviser, today=TODAY
        )


def advise(house: Any, asked: Any, outcome: Outcome) -> None:
    with house.session() as session:
        consultations.record_advice(
            session,
            asked.id,
            Advice(outcome=outcome, advised_on=TODAY),
            seen=asked.version,
            by=house.adviser,
            today=TODAY,
        )


def test_advice_waits_for_the_organ_that_was_asked(house: Any) -> None:
    ask(house)
    people = house.people
    for role, waiting in (
        (Role.CPBW_MEMBER, True),
        (Role.PREVENTION_ADVISER, True),
        (Role.UNION_DELEGATE, False),
        (Role.STEERING_MEMBER, False),
    ):
        found = [one for one in waits(house, people[role]) if one.kind == "advice_annual_plan"]
        assert bool(found) is waiting, role
    ((one),) = [
        one for one in waits(house, people[Role.CPBW_MEMBER]) if one.kind.startswith("advice")
    ]
    assert (one.what, one.due_on) == ("2026", date(2026, 3, 31))
    with house.session() as session:
        by = people[Role.MAIN_CONTACT]
        choose_organs(session, {Organ.UNION_DELEGATION}, seen=0, by=by)
    ask(house, organ=Organ.UNION_DELEGATION)
    assert "advice_annual_plan" in kinds(house, people[Role.UNION_DELEGATE])


def test_a_reply_waits_for_the_employer_when_the_advice_has_remarks(house: Any) -> None:
    employer = house.people[Role.EMPLOYER]
    asked = ask(house)
    assert "reply_annual_plan" not in kinds(house, employer)
    advise(house, asked, Outcome.FAVOURABLE_WITH_REMARKS)
    ((one),) = [one for one in waits(house, employer) if one.kind == "reply_annual_plan"]
    assert (one.path, one.since_on) == (f"/consultations/{asked.id}/reply", TODAY)
    assert "reply_annual_plan" not in kinds(house, house.people[Role.STEERING_MEMBER])


def test_a_plan_waits_to_be_adopted_once_the_advice_is_in(house: Any) -> None:
    steering = house.people[Role.STEERING_MEMBER]
    assert not {kind for kind in kinds(house, steering) if kind.startswith("adopt")}
    asked = ask(house)
    advise(house, asked, Outcome.FAVOURABLE)
    # the plan of the year rests on the plan of five years, which nobody advised on
    assert not {kind for kind in kinds(house, steering) if kind.startswith("adopt")}


def test_a_draft_that_was_never_sent_waits_from_a_month_before_the_date_of_the_law(
    house: Any,
) -> None:
    by = house.adviser
    (one,) = [each for each in waits(house, by) if each.kind == "send_annual_plan"]
    assert one.due_on == date(2025, 11, 1)  # 2026 has begun
    ask(house)
    assert "send_annual_plan" not in kinds(house, by)
    # A change of what was adopted is asked about, and late for nothing.
    with house.session() as session:
        house.adopt(session)
        year = get_annual_plan(session, house.annual_plan_id)
        reopen_annual_plan(session, year.id, seen=year.version, by=by)
    (one,) = [each for each in waits(house, by) if each.kind == "send_annual_plan"]
    assert one.due_on is None


def test_the_next_plans_wait_from_october_and_a_year_before_the_end(house: Any) -> None:
    with house.session() as session:
        house.adopt(session)
    by = house.adviser
    assert "draft_annual_plan" not in kinds(house, by, date(2026, 9, 30))
    for today in (date(2026, 10, 1), date(2026, 12, 1)):
        (one,) = [each for each in waits(house, by, today) if each.kind == "draft_annual_plan"]
        assert (one.what, one.due_on) == ("2027", date(2026, 11, 1))
    assert "global_plan_ends" not in kinds(house, by, date(2029, 12, 30))
    assert "global_plan_ends" in kinds(house, by, date(2029, 12, 31))


def test_a_finding_waits_until_an_objective_or_a_measure_answers_it(house: Any) -> None:
    # the finding of the house has an objective; one more has nothing
    assert "finding_unused" not in kinds(house, house.adviser)


def a_measure(**changes: Any) -> Measure:
    values = {
        "id": uuid4(),
        "title": "Roosters vooraf",
        "status": MeasureStatus.RUNNING,
        "starts_on": TODAY - 10 * DAY,
        "ends_on": TODAY + 100 * DAY,
        "indicator_kind": "own-figure",
        "indicator_settings": {
            "name": "Wissels",
            "unit": "per maand",
            "better": "lower",
            "start": 40,
            "target": 10,
            "by_on": (TODAY + 100 * DAY).isoformat(),
        },
    }
    return Measure(**(values | changes))


@pytest.mark.parametrize(
    ("measure", "spoken", "kind"),
    [
        (a_measure(), Spoken(), ""),
        (a_measure(ends_on=TODAY), Spoken(), ""),
        (a_measure(ends_on=TODAY - DAY), Spoken(), "measure_late"),
        (a_measure(status=MeasureStatus.DECIDED), Spoken(), "measure_begin"),
        (a_measure(status=MeasureStatus.DECIDED, starts_on=TODAY), Spoken(), "measure_begin"),
        (a_measure(status=MeasureStatus.PLANNED, starts_on=TODAY + DAY), Spoken(), ""),
        (a_measure(starts_on=TODAY - 89 * DAY), Spoken(), ""),
        (a_measure(starts_on=TODAY - 90 * DAY), Spoken(), "measure_silent"),
        (a_measure(starts_on=TODAY - 90 * DAY), Spoken(TODAY - DAY), ""),
    ],
)
def test_a_measure_asks_for_one_thing_at_a_time(
    measure: Measure, spoken: Spoken, kind: str
) -> None:
    found = next_step(measure, spoken, today=TODAY)
    assert (found.kind if found else "") == kind


def test_a_figure_waits_from_its_day_until_somebody_measures_it() -> None:
    measure = a_measure()
    measure.indicator_settings = {**measure.indicator_settings, "by_on": TODAY.isoformat()}
    assert next_step(measure, Spoken(), today=TODAY - DAY) is None
    for spoken, waiting in (
        (Spoken(), True),
        (Spoken(TODAY, TODAY - DAY), True),
        (Spoken(TODAY, TODAY), False),
    ):
        found = next_step(measure, spoken, today=TODAY)
        assert (found is not None and found.kind == "measure_figure") is waiting


def test_measures_wait_for_who_is_responsible_and_for_the_head_of_the_unit(house: Any) -> None:
    someone = house.people[Role.STEERING_MEMBER]
    with house.session() as session:
        add_measure(
            session,
            house.measure(responsible_id=someone.person_id, starts_on=TODAY),
            within=get_frame(session, house.annual_plan_id),
            by=house.adviser,
        )
    heads = {
        unit: Actor(
            house.head.person_id,
            house.organisation_id,
            "x",
            frozenset({Grant(Role.UNIT_HEAD, unit)}),
        )
        for unit in (house.care, house.night, house.kitchen)
    }
    assert "measure_begin" in kinds(house, someone)
    assert "measure_begin" in kinds(house, house.adviser)
    assert "measure_begin" in kinds(house, heads[house.care])
    assert "measure_begin" in kinds(house, heads[house.night])
    assert "measure_begin" not in kinds(house, heads[house.kitchen])
    assert "measure_begin" not in kinds(house, house.people[Role.EMPLOYER])


def test_new_results_wait_for_a_month_for_those_who_may_see_them(house: Any) -> None:
    for role, waiting in (
        (Role.GUEST, True),
        (Role.UNIT_HEAD, True),
        (Role.CLERK, False),
        (Role.MAIN_CONTACT, False),
        (Role.WORKS_COUNCIL_MEMBER, False),
        (Role.ADVISER, False),
    ):
        found = kinds(house, house.people[role], date(2026, 2, 19))
        assert ("new_results" in found) is waiting, role
    assert "new_results" not in kinds(house, house.people[Role.GUEST], date(2026, 2, 20))


def test_a_clerk_waits_for_nothing(house: Any) -> None:
    ask(house)
    assert waits(house, house.people[Role.CLERK]) == []


@pytest.mark.parametrize(
    ("campaigns", "plans", "phase"),
    [
        (set(), set(), Phase.EXPLORE),
        ({CampaignState.DRAFT}, set(), Phase.ASK),
        ({CampaignState.RUNNING}, {PlanState.ADOPTED}, Phase.ASK),
        ({CampaignState.CLOSED, CampaignState.SCRUBBED}, {PlanState.DRAFT}, Phase.ASK),
        ({CampaignState.BACKED_UP}, set(), Phase.UNDERSTAND),
        ({CampaignState.BACKED_UP}, {PlanState.ENDED}, Phase.UNDERSTAND),
        ({CampaignState.SCRUBBED}, {PlanState.DRAFT, PlanState.ADOPTED}, Phase.PLAN),
        ({CampaignState.SCRUBBED, CampaignState.DRAFT}, {PlanState.ADOPTED}, Phase.FOLLOW_UP),
    ],
)
def test_the_phase_is_read_from_what_there_is(
    campaigns: set[CampaignState], plans: set[PlanState], phase: Phase
) -> None:
    assert phase_of(campaigns, plans) == (phase, Ground.ANSWERS)


@pytest.mark.parametrize(
    ("talks", "sheets", "found"),
    [
        ({TalkState.PLANNED}, set(), (Phase.ASK, Ground.TALKS)),
        ({TalkState.CALLED_OFF}, set(), (Phase.EXPLORE, Ground.ANSWERS)),
        ({TalkState.HELD}, {SheetState.AGREED}, (Phase.UNDERSTAND, Ground.TALKS)),
        ({TalkState.PLANNED}, {SheetState.AGREED}, (Phase.ASK, Ground.TALKS)),
        (set(), {SheetState.AGREED, SheetState.DRAFT}, (Phase.UNDERSTAND, Ground.LIGHTS)),
        (set(), {SheetState.DRAFT}, (Phase.EXPLORE, Ground.LIGHTS)),
    ],
)
def test_talks_and_lights_alone_are_a_cycle_too(talks: Any, sheets: Any, found: Any) -> None:
    assert phase_of(set(), set(), talks=talks, sheets=sheets) == found
    with_plan = phase_of(set(), {PlanState.ADOPTED}, talks=talks, sheets=sheets)
    assert with_plan == (Phase.FOLLOW_UP, Ground.ANSWERS)
