"""Malformed input on every form: no status 500, no hang, nothing changed by what is refused."""

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from litestar.datastructures import State

from baken.web.pages.attempts import Attempts
from tests.web.hardening.conftest import Town, Visitor
from tests.web.hardening.fuzzing import CASES, IS_CAMPAIGN, PARTS, Case, Stopwatch, Watch, cases
from tests.web.hardening.walking_routes import Map, Route

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
LONGEST = 5.0
MOST_MEMORY = 100.0


def is_door(route: Route) -> bool:
    """Whether strangers, or people who are half inside, can send something there."""
    return route.changes and not route.is_of_organisation and not route.is_of_respondents


def takes_files(chart: Map, route: Route) -> bool:
    """Whether a form with a place for a file leads there."""
    return any(form.files for form in chart.forms.get(str(route), ()))


def come_in(town: Town, route: Route) -> Visitor:
    if route.is_public:
        return town.stranger()
    return town.half() if route.opt.get("half") else town.powerful()


def forgive(state: State) -> None:
    """Forget the failures so far: the budget is tested elsewhere and would hide what is behind."""
    attempts: Attempts = state.attempts
    for budget in fields(attempts):
        getattr(attempts, budget.name)._failures.clear()


def fuzz(town: Town, chart: Map, route: Route, n: int) -> Counter[int]:
    """Send `n` malformed forms to a route; answers how often each status came."""
    address = chart.address_of(route)
    known = chart.forms.get(str(route))
    fields = known[0].fields if known else (("csrf", ""), ("code", "1"), ("token", "x"))
    places = sorted(known[0].files) if known else ()
    watch, statuses = Watch(town.folder), Counter[int]()
    stopwatch = Stopwatch()
    visitors = [come_in(town, route)]

    @settings(
        max_examples=n, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        derandomize=not IS_CAMPAIGN,
    )  # fmt: skip
    @given(case=cases(fields, places))
    def send(case: Case) -> None:
        visitor = visitors[-1]
        sent = [(name, visitor.csrf if name == "csrf" else value) for name, value in case.fields]
        before = watch.versions()
        with stopwatch:
            answer = post(visitor, address, sent, case)
        if stopwatch.last > LONGEST:  # others use this machine too: what hangs, hangs again
            with stopwatch:
                post(visitor, address, sent, case)
            assert stopwatch.last < LONGEST
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, answer.status_code
        if answer.status_code >= 400:
            assert watch.versions() == before, f"{answer.status_code} changed something"
        elif not route.is_public:
            visitors[:] = [come_in(town, route)]
        forgive(town.app.state)

    try:
        send()
        assert watch.grown() < MOST_MEMORY
    finally:
        watch.close()
    return statuses


def check(town: Town, chart: Map, routes: list[Route], n: int) -> None:
    """Send `n` malformed forms to each route and note every fault."""
    faults = []
    for route in routes:
        if PARTS and not any(part in route.path for part in PARTS):
            continue
        try:
            statuses = fuzz(town, chart, route, n)
        except AssertionError as error:
            faults.append(f"{route}: {str(error)[:300]}")
        else:
            print(route, dict(statuses))
    assert faults == []


def post(visitor: Visitor, address: str, fields: list[tuple[str, str]], case: Case) -> Any:
    by_name: dict[str, list[str]] = {}
    for name, value in fields:
        by_name.setdefault(name, []).append(value)
    kept = visitor.cookies
    visitor.cookies = type(kept)(kept)
    for name, value in case.cookies.items():
        visitor.cookies.set(name, value)
    try:
        return visitor.request(
            "POST", address, data=by_name, files=case.files or None,
            params=case.query or None, headers=dict(case.headers),
        )  # fmt: skip
    finally:
        visitor.cookies = kept


def test_doors_for_strangers_stand_up_to_malformed_forms(town: Town, chart: Map) -> None:
    doors = [route for route in chart.routes if is_door(route)]
    assert "POST /log-in" in map(str, doors)
    check(town, chart, doors, CASES)


def test_uploads_stand_up_to_malformed_files(town: Town, chart: Map) -> None:
    uploads = [route for route in chart.routes if route.changes and takes_files(chart, route)]
    paths = {route.path.partition("{organisation_id}/")[2] for route in uploads}
    assert {"units/import", "library/import", "campaigns/import/columns"} <= paths
    check(town, chart, uploads, CASES)


def test_every_other_form_stands_up_to_malformed_input(town: Town, chart: Map) -> None:
    others = [
        route
        for route in chart.routes
        if route.changes and not is_door(route) and not takes_files(chart, route)
    ]
    check(town, chart, others, max(2, CASES // 10))


def test_strange_queries_headers_and_cookies_are_read_without_harm(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    watch = Watch(town.folder)
    pages = [route for route in chart.routes if not route.changes]

    @settings(
        max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        derandomize=not IS_CAMPAIGN,
    )  # fmt: skip
    @given(case=cases((("lang", "nl"), ("next", "/"), ("page", "1"), ("done", "x"))))
    def look(case: Case) -> None:
        before = watch.versions()
        for route in pages[len(case.fields) % 7 :: 7]:
            visitor.cookies.set("baken_language", "nl")
            answer = visitor.request(
                "GET", chart.address_of(route), params=list(case.fields), headers=dict(case.headers)
            )
            assert answer.status_code < 500, f"{route}: {answer.status_code}"
        assert watch.versions() == before

    look()
    watch.close()
