"""Two years in a browser: a survey, its plans, what was done about it, and a survey that judges it.

The prevention adviser reads Dutch, the committee reads French. The clock moves as an argument; the
years are 2026 and 2027.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from baken.organisation.permissions import Role
from tests.journeys import planning
from tests.journeys.answering import answer_by_keyboard, answer_by_mouse
from tests.journeys.surveying import (
    answer,
    close_and_open,
    create_campaign,
    fetch_codes,
    from_results_to_finding,
    import_units,
    launch,
    release,
)
from tests.journeys.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

# How many answer, and for which share of them work and private life collide.
FIRST = {"Dagploeg": (22, 0.4), "Nachtploeg": (18, 0.8)}
SECOND = {"Dagploeg": (22, 0.4), "Nachtploeg": (18, 0.35)}


def test_from_a_first_survey_to_the_verdict_of_a_second(
    new_walker: Callable[..., Walker], tmp_path: Path
) -> None:
    walker, committee = new_walker(), new_walker("fr-BE")
    walker.log_in(Role.ADMINISTRATOR)
    import_units(walker, tmp_path)

    campaign = begin_survey(walker, "Bevraging lente", "deproef")
    codes = fetch_codes(walker, campaign)
    phone, desk = new_walker(), new_walker()
    phone.page.set_viewport_size({"width": 360, "height": 740})
    answer(
        f"{walker.site.address}/s/deproef",
        codes,
        FIRST,
        lambda *given: answer_by_mouse(phone, *given),
        lambda address, code, _fields: answer_by_keyboard(desk.page, address, code),
    )
    close_and_open(walker, campaign)
    release(walker, campaign)
    finding = from_results_to_finding(walker)

    planning.talk_about_it(walker)
    priority = planning.set_priority(walker, finding)
    plan = planning.draft_global_plan(walker, finding)
    first_year = planning.draft_annual_plan(walker)
    measure = planning.make_measure(walker, priority, finding)
    planning.ask_advice(walker, "global_plan", plan)
    planning.ask_advice(walker, "annual_plan", first_year)
    committee.log_in(Role.CPBW_MEMBER)
    assert planning.advise_on_everything(committee) == 2
    for one in (plan, first_year):
        planning.adopt(walker, one)
    planning.move_on(walker, measure, "decided", "Beslist na het advies van het comité.")
    planning.move_on(walker, measure, "running", "Het eerste rooster van zes weken hangt uit.")

    walker.site.clock.move(days=240)  # November: the year is looked back on, the next one made
    walker.log_in(Role.ADVISER)
    planning.look_back(walker, measure)
    planning.evaluate(walker, plan)
    second_year = planning.draft_annual_plan(walker, 2027)
    carried = planning.carry_over(walker, measure)
    planning.ask_advice(walker, "annual_plan", second_year)
    committee.log_in(Role.CPBW_MEMBER)
    assert planning.advise_on_everything(committee) == 1
    planning.adopt(walker, second_year)

    walker.site.clock.move(days=110)
    walker.log_in(Role.ADVISER)
    planning.move_on(walker, carried, "running", "Ook de zomer ligt nu zes weken vooraf vast.")
    again = begin_survey(walker, "Bevraging een jaar later", "deproefnog")
    answer(f"{walker.site.address}/s/deproefnog", fetch_codes(walker, again), SECOND)
    close_and_open(walker, again)
    release(walker, again)

    walker.go(carried)
    walker.reads(walker.t("measures.said_moved"))
    committee.log_in(Role.CPBW_MEMBER)
    committee.go(carried)
    committee.reads(committee.t("measures.said_moved"))
    told = planning.tell_what_was_done(walker)
    phone.go(f"{walker.site.address}{told}")
    phone.reads("De roosters hangen zes weken vooraf uit.")
    assert [fault for one in (walker, committee, phone) for fault in one.faults] == []


def begin_survey(walker: Walker, title: str, public_name: str) -> str:
    walker.log_in(Role.ADVISER)
    campaign = create_campaign(walker, title, public_name)
    launch(walker, campaign)
    return campaign
