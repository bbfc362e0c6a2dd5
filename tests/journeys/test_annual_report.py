"""The annual report: begun and filled in on a phone, signed by two people, fetched."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest

from baken.actionplan.annualreport.actions import fill_in
from baken.actionplan.annualreport.queries import list_reports
from baken.actionplan.annualreport.rules import Signatory
from baken.actionplan.annualreport.signing import sign
from baken.organisation.people import get_actor
from baken.organisation.permissions import Grant, Role
from tests.actionplan.test_annual_report import filled
from tests.journeys.walking import Site, Walker, account_of

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
# Axe takes a while: with BAKEN_LOOK=all it looks at every page, else at those unlike the others.
EVERY_PAGE = os.environ.get("BAKEN_LOOK") == "all"


class Watcher(Walker):
    """Somebody who looks closely, once, at the pages that are unlike others."""

    seen: ClassVar[set[str]] = set()

    def look(self) -> None:
        end = self.page.url.rstrip("/").rpartition("/")[2]
        if EVERY_PAGE or (end in {"3", "sign"} and end not in self.seen):
            self.seen.add(end)
            super().look()


def test_a_report_from_the_first_page_to_two_signatures(
    site: Site, new_walker: Callable[[], Walker]
) -> None:
    walker = Watcher(new_walker().page, site)
    walker.page.set_viewport_size({"width": 360, "height": 740})
    walker.log_in(Role.PREVENTION_ADVISER)
    walker.go("/annual-reports/new")
    walker.send()
    report = walker.path
    walker.reads("Formulier A")
    _fill_the_rest(site)
    walker.go(f"{report}/sections/3")
    for n in range(3):
        walker.fill(**{f"measures-{n}-measure": f"Maatregel {n}"})
        walker.fill(**{f"measures-{n}-initiator": "Comité"})
    walker.fill(**{"inspections-0-what": "Lift"})  # one cell of a row is enough
    walker.page.locator("main form button.primary").click()
    walker.reads("Bewaard.")
    assert walker.page.locator('[name="inspections-0-what"]').input_value() == "Lift"
    walker.go(report)
    walker.reads("kloppen")
    walker.press("reports.make_ready")
    walker.follow("reports.sign")
    walker.press("reports.sign_as_head")

    _sign_for_the_employer(site)
    walker.go(report)
    walker.reads("Voorbeeld steering_member")
    with walker.page.expect_download() as waiting:
        walker.page.locator("main").get_by_role("link", name="DOCX").first.click()
    assert waiting.value.suggested_filename == "report-2025-1-nl.docx"
    assert walker.faults == []


def _fill_the_rest(site: Site) -> None:
    """Everything but the measures, as it was typed in other years."""
    said = filled(global_plan=False, workers=12, body="workers", hours=18_500)
    for key in ("measures", "plan"):
        del said[key]
    with site.database.session(site.organisation_id) as session:
        (report,) = list_reports(session)
        head = account_of(session, Role.PREVENTION_ADVISER)
        by = get_actor(session, head, today=site.clock.today)
        fill_in(session, report.id, said, seen=report.version, by=by, now=site.clock.now)


def _sign_for_the_employer(site: Site) -> None:
    """The other one of the two, at another screen."""
    with site.database.session(site.organisation_id) as session:
        (report,) = list_reports(session)
        member = account_of(session, Role.STEERING_MEMBER)
        person = get_actor(session, member, today=site.clock.today)
        sign(
            session,
            report.id,
            Signatory.EMPLOYER,
            seen_sha256=report.sha256,
            by=replace(person, grants=frozenset({Grant(Role.EMPLOYER)})),
            today=site.clock.today,
            now=site.clock.now,
        )
