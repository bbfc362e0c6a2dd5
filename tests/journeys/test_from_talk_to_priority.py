"""A team talks, lets its words go on, and what weighs most becomes ready for a measure."""

from collections.abc import Callable

import pytest

from baken.organisation.permissions import Role
from tests.journeys.walking import Site, Walker

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
TOLD = "Tussen elf en één komt alles samen."


def test_from_a_talk_to_a_priority_with_its_cause(
    site: Site, new_walker: Callable[[], Walker]
) -> None:
    day = site.clock.today.isoformat()
    adviser = new_walker()
    adviser.log_in(Role.PREVENTION_ADVISER)
    adviser.go("/talks/new")
    adviser.fill(title="Ploeggesprek keuken", planned_on=day, leader="Ann")
    for safeguard in adviser.page.locator('[name="safeguards"]').all():
        safeguard.check()
    adviser.send()
    talk = adviser.path
    adviser.follow("talks.hold")
    adviser.fill(n_invited="9", n_present="7")
    adviser.send()
    adviser.follow("talks.note_new")
    adviser.page.locator('[name="tone"][value="problem"]').check()
    adviser.choose(factor="A2")
    adviser.fill(text=TOLD)
    adviser.send()
    adviser.press("talks.read_back")
    adviser.follow("talks.approve")
    adviser.page.locator('[name="reach"][value="plans"]').check()
    adviser.send()

    reader = new_walker()
    reader.log_in(Role.CPBW_MEMBER)
    reader.go(talk)
    reader.reads(TOLD)

    adviser.follow("talks.to_finding")
    adviser.fill(
        statement="De middag is te vol.",
        impact_motivation="De uren kiest de organisatie zelf.",
        danger_motivation="Het treft iedereen die ’s middags werkt.",
    )
    adviser.page.locator('[name="employer_has_impact"][value="yes"]').check()
    adviser.page.locator('[name="objective_danger"][value="yes"]').check()
    adviser.send()
    adviser.reads("Ploeggesprek, aanwezig: 7")
    adviser.follow("findings.to_priority")
    adviser.fill(title="De middagpiek")
    adviser.choose(urgency="5", feasibility="4")
    adviser.send()
    adviser.follow("priorities.decide")
    adviser.page.locator('[name="after"][value="chosen"]').check()
    adviser.send()
    adviser.reads("Niemand schreef al op waarom dit zo is.")
    adviser.follow("priorities.cause_new")
    adviser.fill(whys="De lijsten veranderen na tien uur.", root="Er is geen vast uur.")
    adviser.send()
    adviser.reads(adviser.t("priorities.to_plan"))
    adviser.follow("ideas.library")
    adviser.page.locator("main a[href*='from=a1-p1']").click()
    adviser.page.wait_for_load_state()
    adviser.send()
    adviser.reads("Eerst raadplegen, dan pas veranderen")
    assert adviser.faults + reader.faults == []
