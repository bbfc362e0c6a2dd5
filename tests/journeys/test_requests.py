"""The delegation asks for an analysis, the adviser judges it, a counsellor counts."""

import os
from collections.abc import Callable

import pytest

from baken.organisation.permissions import Role
from tests.journeys.walking import Site, Walker

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
# Axe takes a while: with BAKEN_LOOK=all it looks at every page, else at those unlike the others.
EVERY_PAGE = os.environ.get("BAKEN_LOOK") == "all"


class Watcher(Walker):
    """Somebody who looks closely at the pages that are unlike others."""

    def look(self) -> None:
        if EVERY_PAGE or "done=" in self.page.url:
            super().look()


def test_asked_judged_counted(site: Site, new_walker: Callable[[], Walker]) -> None:
    adviser, counsellor = (Watcher(new_walker().page, site) for _ in range(2))
    adviser.log_in(Role.ADVISER)
    adviser.go("/requests/new")
    adviser.page.check('input[name="asker"][value="delegation"]')
    adviser.fill(
        group_name="Nachtploeg",
        group_size="12",
        situation="Ruzie bij elke overdracht.",
        since_on="2025-10-01",
        n_asking="1",
        n_delegates="4",
    )
    adviser.page.check('input[name="priority"][value="soon"]')
    adviser.press("requests.ask_it")
    adviser.reads("De wet vraagt minstens 2 van de")
    adviser.fill(n_asking="2")
    adviser.press("requests.ask_it")
    for name in ("is_group", "is_present", "is_part"):
        adviser.page.check(f'input[name="{name}"][value="yes"]')
    adviser.fill(text="Een hele ploeg, nu, en niet iedereen.")
    adviser.press("requests.record")
    adviser.reads("De aanpak afspreken")

    counsellor.log_in(Role.CONFIDENTIAL_COUNSELLOR)
    counsellor.reads("Vul de kwartaaltabel in")
    counsellor.go("/counsellors/quarters/2025/4")
    counsellor.fill(informal_by_counsellor="7", informal_advice="7")
    counsellor.press("counsellors.save")
    counsellor.reads("2 cijfers ingevuld")
    if EVERY_PAGE:
        for path in ("/counsellors", "/vigilance", "/vigilance/contacts/new"):
            counsellor.go(path)
        for path in ("/requests", "/requests/deadlines", "/counsellors/policy-advice"):
            adviser.go(path)
    assert adviser.faults + counsellor.faults == []
