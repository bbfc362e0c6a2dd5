"""One whole cycle in a browser, in Dutch: from a list of units to a measure that is under way."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from tests.journeys.answering import (
    answer_by_keyboard,
    answer_by_mouse,
    answer_by_post,
    answers_of,
)
from tests.journeys.planning import (
    add_measure,
    adopt,
    advise_on_everything,
    ask_advice,
    draft_annual_plan,
    draft_global_plan,
    move_on,
    record_finding,
)
from tests.journeys.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

UNITS = """nummer;naam;hoort bij;soort;aantal
H;Huis De Proef;;werkgever;0
D;Dagploeg;H;afdeling;26
N;Nachtploeg;H;afdeling;22
"""
# How many answer, and for which share of them work and private life collide.
ANSWERING = {"Dagploeg": (22, 0.4), "Nachtploeg": (18, 0.65)}
BANDS = ((20, 16, 12), (18, 18, 12), (24, 24))


def test_from_units_to_a_measure_under_way(
    new_walker: Callable[[], Walker], tmp_path: Path
) -> None:
    walker = new_walker()
    walker.log_in(Role.ADMINISTRATOR)
    import_units(walker, tmp_path)
    walker.log_in(Role.ADVISER)
    campaign = create_campaign(walker)
    launch(walker, campaign)
    codes = fetch_codes(walker, campaign)
    answering = respondents(walker, new_walker, codes)
    close_and_open(walker, campaign)
    finding = from_results_to_finding(walker, campaign)
    plan = draft_global_plan(walker, finding)
    year = draft_annual_plan(walker)
    measure = add_measure(walker, year, finding)
    ask_advice(walker, "global_plan", plan)
    ask_advice(walker, "annual_plan", year)
    walker.log_in(Role.CPBW_MEMBER)
    assert advise_on_everything(walker) == 2
    walker.log_in(Role.ADVISER)
    adopt(walker, plan)
    adopt(walker, year)
    move_on(walker, measure, "decided", "Beslist na het advies van het comité.")
    move_on(walker, measure, "running", "Het eerste rooster van zes weken hangt uit.")
    assert [fault for one in (walker, *answering) for fault in one.faults] == []


def import_units(walker: Walker, folder: Path) -> None:
    file = folder / "eenheden.csv"
    file.write_text(UNITS, encoding="utf-8")
    walker.go("/units")
    walker.go("/units/import")
    walker.page.locator('input[type="file"]').set_input_files(file)
    walker.press("units.look")
    walker.reads("Nachtploeg")
    walker.press("units.confirm")
    walker.reads(walker.t("units.done_imported"))


def create_campaign(walker: Walker) -> str:
    """Begin a survey and go through the pages of its preparation, one by one."""
    today = walker.site.clock.today
    walker.go("/campaigns/new")
    walker.fill(
        title="Bevraging lente",
        opens_on=today.isoformat(),
        closes_on=(today + timedelta(days=14)).isoformat(),
        public_name="deproef",
    )
    walker.press("preparation.begin")
    walker.reads(walker.t("campaigns.done_added"))
    walker.fill(
        adviser_name="Voorbeeld adviseur, externe dienst",
        key_holder="Dit programma",
        contact="Voorbeeld preventieadviseur, toestel 12",
    )
    for _ in ("promise", "charter", "questionnaire"):  # the charter as it is offered
        walker.press("preparation.save")
        walker.reads(walker.t("preparation.done_saved"))
    return walker.page.url.partition(walker.site.root)[2].partition("/prepare/")[0]


def launch(walker: Walker, campaign: str) -> None:
    """See whom it would show, say who stands behind the answers, agree, and start."""
    walker.go(f"{campaign}/prepare/reach")
    walker.go(f"{campaign}/prepare/background")
    for question, bands in enumerate(BANDS):
        for band, people in enumerate(bands):
            walker.fill(**{f"band_{question}_{band}": str(people)})
    walker.press("preparation.save")
    for step in ("channels", "invitation"):
        walker.go(f"{campaign}/prepare/{step}")
    walker.go(f"{campaign}/prepare/agreement")
    walker.fill(
        agreed_on=walker.site.clock.today.isoformat(),
        employer="Voorbeeld directeur",
        workers="Voorbeeld afgevaardigde",
    )
    walker.press("preparation.agree")
    walker.reads(walker.t("preparation.done_agreed"))
    walker.go(f"{campaign}/launch")
    walker.press("campaigns.launch")
    walker.reads(walker.t("campaigns.done_launched"))


def fetch_codes(walker: Walker, campaign: str) -> dict[str, list[str]]:
    """Print the cards, then take the list."""
    walker.go(f"{campaign}/codes")
    walker.press("codes.print")
    walker.go(f"{campaign}/codes")
    with walker.page.expect_download() as download:
        walker.page.get_by_role("button", name=walker.t("codes.download")).click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    found: dict[str, list[str]] = {}
    for unit, code in re.findall(r"^([^,\r\n]+),([^,\r\n]+),\r?$", text, re.MULTILINE):
        found.setdefault(unit, []).append(code)
    assert {unit: len(codes) for unit, codes in found.items()} == {"Dagploeg": 26, "Nachtploeg": 22}
    return found


def respondents(
    walker: Walker, new_walker: Callable[[], Walker], codes: dict[str, list[str]]
) -> list[Walker]:
    """40 people answer: on a phone, with a keyboard alone, the others by the same form posts."""
    instrument, rng = load_instrument("vijf-a"), random.Random(3)
    address = f"{walker.site.address}/s/deproef"
    phone, desk = new_walker(), new_walker()
    phone.page.set_viewport_size({"width": 360, "height": 740})

    def by_keyboard(address: str, code: str, _fields: dict[str, str]) -> str:
        return answer_by_keyboard(desk.page, address, code)

    ways = chain((partial(answer_by_mouse, phone), by_keyboard), repeat(answer_by_post))
    receipts = []
    for unit, (n, share) in ANSWERING.items():
        for code in codes[unit][:n]:
            fields = answers_of(instrument, rng, share)
            receipts.append(next(ways)(address, code, fields))
    assert len(set(receipts)) == 40
    return [phone]


def close_and_open(walker: Walker, campaign: str) -> None:
    walker.site.clock.move(days=15)
    walker.log_in(Role.ADVISER)
    walker.go(campaign)
    walker.go(f"{campaign}/close")
    walker.press("campaigns.close")
    walker.go(f"{campaign}/open")
    walker.press("campaigns.open")
    follow_the_work(walker)


def follow_the_work(walker: Walker) -> None:
    """The page of the job comes by itself to what is done, and leads to the result."""
    walker.reads(walker.t("tags.job_waiting"))
    assert walker.site.work_off() == 1
    step = walker.page.get_by_role("link", name=walker.t("jobs.see_result"))
    step.wait_for()
    walker.look()
    step.click()
    walker.page.wait_for_load_state()
    walker.look()


def from_results_to_finding(walker: Walker, campaign: str) -> str:
    """Release the results, read them, open the page of a unit, and take one cell further."""
    page = walker.page
    walker.go("/results")
    walker.go(f"{campaign}/results")
    page.locator('form[action$="/results"] button').click()
    page.wait_for_load_state()
    follow_the_work(walker)
    page.locator("main").get_by_role("link", name="Nachtploeg").first.click()
    page.wait_for_url("**/results/units/*")
    walker.look()
    page.locator('main a[href*="/findings/new"][href*="scale=work_private"]').first.click()
    page.wait_for_url("**/findings/new*")
    walker.look()
    return record_finding(walker)
