"""A survey through the pages: units, preparation, cards with codes, answers, opening, release."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path

from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from tests.journeys.answering import answer_by_post, answers_of
from tests.journeys.planning import record_finding
from tests.journeys.walking import Walker

UNITS = """nummer;naam;hoort bij;soort;aantal
H;Huis De Proef;;werkgever;0
D;Dagploeg;H;afdeling;26
N;Nachtploeg;H;afdeling;22
"""
BANDS = ((20, 16, 12), (18, 18, 12), (24, 24))


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


def create_campaign(walker: Walker, title: str, public_name: str) -> str:
    """Begin a survey and go through the pages of its preparation, one by one."""
    today = walker.site.clock.today
    walker.go("/campaigns/new")
    walker.fill(
        title=title,
        opens_on=today.isoformat(),
        closes_on=(today + timedelta(days=14)).isoformat(),
        public_name=public_name,
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


def answer(
    address: str,
    codes: dict[str, list[str]],
    answering: Mapping[str, tuple[int, float]],
    *first: Callable[[str, str, dict[str, str]], str],
) -> None:
    """Have so many people of each unit answer: the first ones in these ways, then by form posts.

    `answering` gives for each unit how many, and the share of them who have it hard.
    """
    instrument, rng = load_instrument("vijf-a"), random.Random(3)
    ways, receipts = chain(first, repeat(answer_by_post)), set()
    for unit, (n, share) in answering.items():
        for code in codes[unit][:n]:
            receipts.add(next(ways)(address, code, answers_of(instrument, rng, share)))
    assert len(receipts) == sum(n for n, _ in answering.values())


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


def release(walker: Walker, campaign: str) -> None:
    """Release the results and read them."""
    walker.go("/results")
    walker.go(f"{campaign}/results")
    walker.page.locator('form[action$="/results"] button').click()
    walker.page.wait_for_load_state()
    follow_the_work(walker)


def from_results_to_finding(walker: Walker) -> str:
    """From the results to the page of a unit, and take one cell of it further."""
    page = walker.page
    page.locator("main").get_by_role("link", name="Nachtploeg").first.click()
    page.wait_for_url("**/results/units/*")
    walker.look()
    page.locator('main a[href*="/findings/new"][href*="scale=work_private"]').first.click()
    page.wait_for_url("**/findings/new*")
    walker.look()
    return record_finding(walker)
