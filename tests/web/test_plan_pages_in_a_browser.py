"""The pages of plans as people see them: every page passes axe, in three widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served
from tests.web.test_plan_pages import FINDING, House, house

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
__all__ = ["house"]


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.site.settings, house.site.clock) as port:
        yield f"http://127.0.0.1:{port}"


def paths_of(house: House) -> list[str]:
    """One address of every page, with something on it."""
    plan, year, objective = house.year()
    measure = house.done(f"{year}/measures/new", house.measure(objective))
    house.advise("annual_plan", year)
    note = {"text": "Geteld.", "value": "30", "version": house.version(f"{measure}/note")}
    house.done(f"{measure}/note", note)
    fields = {"title": "Hele organisatie", "kind": "a_priori", "started_on": "2026-02-01"}
    analysis = house.done("/analyses/new", fields)
    analysis_id = analysis.rpartition("/")[2]
    house.done(house.cell(), FINDING | {"risk_analysis_id": analysis_id})
    house.done(f"{plan}/analyses", {"analysis": analysis_id})
    assert FINDING["impact_motivation"] in house.go(plan)
    ask = f"/consultations/new?about=global_plan&id={plan.rpartition('/')[2]}"
    return [
        *(f"/{name}" for name in ("analyses", "findings", "plans", "annual-plans")),
        *("/consultations", "/follow-up", "/plans/new", "/annual-plans/new", ask),
        *(house.cell(), plan, f"{plan}/edit", f"{plan}/objectives/new", year, f"{year}/edit"),
        *(f"{year}/measures/new", measure, f"{measure}/edit", f"{measure}/note"),
        *(analysis, f"{analysis}/edit"),
    ]


@pytest.mark.parametrize(("width", "language"), [(360, "fr"), (1400, "nl")])
def test_every_page_is_usable(
    house: House, address: str, chromium: Browser, width: int, language: str
) -> None:
    faults: list[Any] = []
    context = chromium.new_context(viewport={"width": width, "height": 900})
    session = house.site.session_of(Role.PREVENTION_ADVISER)
    context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in paths_of(house):
        mark = "&" if "?" in path else "?"
        answer = page.goto(f"{address}{house.site.root}{path}{mark}lang={language}")
        assert answer is not None
        assert answer.ok, path
        faults.extend((path, found) for found in violations(page))
        wide = width_of(page)
        if wide > width:
            faults.append((path, wide))
    context.close()
    assert faults == []
