"""What holds for every route of the house, those included that somebody adds later."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from baken.organisation.permissions import ALLOWED, Role
from baken.web.headers import POLICY, POLICY_WITH_FETCH, may_fetch
from tests.demonstration import NOW
from tests.web.hardening.conftest import Town, Visitor, mail_of
from tests.web.hardening.fuzzing import IS_CAMPAIGN
from tests.web.hardening.walking_routes import Map, Route, checksum

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://elders.example"},
    {"origin": "http://127.0.0.1:8001"},
    {"origin": "http://127.0.0.1:8000.elders.example"},
)
# Answered by the table of addresses, before any page of ours: nothing there reads who asks.
STRANGE_PATHS = (
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/%2e%2e/settings.py",
    "/static/x/..%2f..%2fsettings.py",
    "/o/%00",
    "/s/%00",
    "/s/%ff%fe",
    "/s/" + "x" * 30_000,
    "/" + "/".join("a" * 3_000),
    "//elders.example/%2e%2e",
    "/o/not-a-uuid/units",
    "/o/00000000-0000-0000-0000-000000000000/units",
    "/s/..;/log-in",
    "/log-in;x=1",
    "/s/%0d%0aset-cookie:%20a=b",
    "/log-in?next=//elders.example",
    "/log-in?next=%0d%0aset-cookie:a=b&lang=%00&lang=../../nl",
)


def unprotected(answer: Any, opt: dict[str, Any]) -> list[str]:
    """What the headers of an answer lack."""
    got = answer.headers
    lacking = [name for name, value in HEADERS.items() if got.get(name) != value]
    policy = POLICY_WITH_FETCH if may_fetch(opt) else POLICY
    if got.get("content-security-policy") != policy:
        lacking.append(f"policy: {got.get('content-security-policy')}")
    is_file = opt.get("static") and answer.status_code == 200
    if not is_file and got.get("cache-control") != "no-store":
        lacking.append("cache-control")
    if "server" in got or "x-powered-by" in got:
        lacking.append("names itself")
    return lacking


def answers(
    address: str, town: Town, route: Route, nobody: Visitor, all_roles: Visitor
) -> Iterator[Any]:
    """One answer for every way in which a route can end."""
    sent = {"csrf": all_roles.csrf}
    if not route.changes:
        yield all_roles.request(route.method, address)
    yield nobody.request(route.method, address)
    if IS_CAMPAIGN or len(address) % 5 == 0:  # answered before it is known which page is meant
        yield nobody.request(route.method, address, headers={"host": "elders.example"})
        yield nobody.request("TRACE", address)
    if route.changes:
        yield all_roles.request(route.method, address, data=sent | {"version": "none"})
        yield all_roles.request(route.method, address, headers=FOREIGN[0])
        yield all_roles.request(route.method, address, content=b"{}", headers=FORM | {"a": "b"})
    if route.is_of_organisation:
        elsewhere = address.replace(str(town.organisation_id), str(uuid4()))
        yield all_roles.request(route.method, elsewhere, data=sent if route.changes else None)


def test_every_answer_of_every_route_carries_the_headers(town: Town, chart: Map) -> None:
    faults, statuses = [], set()
    nobody, all_roles = town.visitor(), town.powerful()
    for route in chart.routes:
        if "log-out" in route.path or route.path.startswith("/account"):
            all_roles = town.powerful()  # whose session may have ended there
        for answer in answers(chart.address_of(route), town, route, nobody, all_roles):
            statuses.add(answer.status_code)
            # an address that nobody has, or a method that it has not, comes from no route
            opt = {} if answer.status_code in {404, 405} else dict(route.opt)
            lacking = unprotected(answer, opt)
            if lacking and unprotected(answer, dict(route.opt)):
                faults.append(f"{route} {answer.status_code}: {lacking}")
            if answer.status_code >= 500:
                faults.append(f"{route} {answer.status_code}")
    assert faults == []
    assert {200, 303, 401, 403, 404, 405, 422} <= statuses


def test_every_route_breaks_with_the_headers_and_without_a_word_of_what_broke(
    town: Town, chart: Map
) -> None:
    visitor = town.powerful()
    addresses = {route: chart.address_of(route) for route in chart.routes}
    kept, town.app.state.database = town.app.state.database, "kanarie-in-de-fout"
    door, town.app.state.front_door = town.app.state.front_door, "kanarie-in-de-fout"
    try:
        broken = {
            route: visitor.request(
                route.method, address, data={"csrf": visitor.csrf} if route.changes else None
            )
            for route, address in addresses.items()
        }
    finally:
        town.app.state.database, town.app.state.front_door = kept, door
    faults = [
        f"{route} {answer.status_code} {unprotected(answer, dict(route.opt))}"
        for route, answer in broken.items()
        if unprotected(answer, dict(route.opt))
        or "kanarie" in answer.text
        or "raceback" in answer.text
    ]
    assert faults == []
    signed_in = [answer.status_code for route, answer in broken.items() if not route.is_public]
    assert set(signed_in) == {500}


def test_a_form_without_our_token_or_with_a_foreign_one_is_refused(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    other = town.visitor(mail_of(Role.ADVISER))
    before = checksum(town.folder)
    passed = []
    for route in chart.routes:
        if route.changes and not route.is_public:
            address = chart.address_of(route)
            for token in ("", "x", other.csrf, visitor.csrf[:-1], visitor.csrf + "\0"):
                status = visitor.request(route.method, address, data={"csrf": token}).status_code
                if status != 403:
                    passed.append(f"{route} {token!r}: {status}")
    assert passed == []
    assert checksum(town.folder) == before


def test_what_another_site_started_is_refused_on_every_route(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    before = checksum(town.folder)
    passed = []
    for route in chart.routes:
        if route.changes:
            address = chart.address_of(route)
            for headers in FOREIGN:
                answer = visitor.request(
                    route.method, address, data={"csrf": visitor.csrf}, headers=headers
                )
                if answer.status_code != 403:
                    passed.append(f"{route} {headers}: {answer.status_code}")
    assert passed == []
    assert any(route.is_of_respondents for route in chart.routes if route.changes)
    assert checksum(town.folder) == before


def test_looking_changes_nothing(town: Town, chart: Map) -> None:
    """Whoever holds every role opens everything; each role by itself a part, in a campaign all."""
    looked_at = [route for route in chart.routes if not route.changes]
    who = [(town.visitor(), 1), (town.powerful(), 1)]
    who += [(town.visitor(mail_of(role)), 1 if IS_CAMPAIGN else 12) for role in Role]
    before = checksum(town.folder)
    for turn, (visitor, step) in enumerate(who):
        for route in looked_at[turn % step :: step]:
            for address in chart.addresses.get(str(route), [chart.address_of(route)])[
                : 2 if IS_CAMPAIGN else 1
            ]:
                answer = visitor.request(route.method, address)
                assert answer.status_code < 500, f"{route}: {answer.status_code}"
        assert visitor.request("HEAD", town.root).status_code == 405
    assert checksum(town.folder) == before


def test_people_who_answer_get_no_cookie_anywhere(town: Town, chart: Map) -> None:
    visitor = town.visitor()
    for route in chart.routes:
        if route.is_of_respondents:
            answer = visitor.request(route.method, chart.address_of(route))
            assert "set-cookie" not in answer.headers, str(route)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(town: Town, chart: Map) -> None:
    visitor, seen = town.visitor(), 0
    for route in chart.routes:
        for line in visitor.request(route.method, chart.address_of(route)).headers.get_list(
            "set-cookie"
        ):
            seen += 1
            said = {part.strip().lower() for part in line.split(";")[1:]}
            assert {"httponly", "samesite=lax", "path=/"} <= said, f"{route}: {line}"
            assert not any(part.startswith("domain") for part in said)
    assert seen > 0


def test_a_body_beyond_the_limit_is_refused(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    before = checksum(town.folder)
    body = b"csrf=" + visitor.csrf.encode() + b"&a=" + b"x" * (257 * 1024)
    let_in = []
    for route in chart.routes:
        if route.changes:
            answer = visitor.request(
                route.method, chart.address_of(route), content=body, headers=FORM
            )
            is_upload = answer.status_code == 422  # files may be larger: here one is lacking
            if answer.status_code != 413 and not is_upload:
                let_in.append(f"{route}: {answer.status_code}")
    assert let_in == []
    assert checksum(town.folder) == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{" * 5_000, "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"<a>" * 5_000, "application/xml"),
        (b"csrf=%ff%fe&a=%80", "application/x-www-form-urlencoded"),
        ("csrf=é".encode("latin-1"), "application/x-www-form-urlencoded; charset=latin-1"),
        (b"a=1", "application/x-www-form-urlencoded; charset=no-such-thing"),
        (b"&".join(b"a=%d" % n for n in range(20_000)), "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data; boundary=" + "x" * 500),
        (b"x", "multipart/form-data"),
        (b"\0" * 1_000, "text/plain"),
        (b"a=1", "\\x00; ;;=;"),
        (b"\xff\xfea\0=\x001\0", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_strange_bodies_are_refused(town: Town, chart: Map, content: bytes, kind: str) -> None:
    visitor = town.powerful()
    before = checksum(town.folder)
    faults = []
    changing = [route for route in chart.routes if route.changes]
    for route in changing if IS_CAMPAIGN else changing[len(kind) % 4 :: 4]:
        if route.changes:
            answer = visitor.request(
                route.method,
                chart.address_of(route),
                content=content,
                headers={"content-type": kind, "x-csrf": visitor.csrf},
            )
            if not 400 <= answer.status_code < 500 and not _says_nothing_new(route, answer):
                faults.append(f"{route}: {answer.status_code}")
    assert faults == []
    if kind != "application/x-www-form-urlencoded; charset=no-such-thing":
        assert checksum(town.folder) == before


def _says_nothing_new(route: Route, answer: Any) -> bool:
    """A readable form with fields that no page has does what the button without fields does."""
    return answer.status_code in {200, 303} and answer.request.content == b"a=1"


@pytest.mark.parametrize("path", STRANGE_PATHS, ids=range(len(STRANGE_PATHS)))
def test_strange_paths_are_refused(town: Town, path: str) -> None:
    for visitor in (town.visitor(), town.powerful()):
        answer = visitor.get(path)
        assert answer.status_code < 500
        assert not {*unprotected(answer, {})} & {*HEADERS, "cache-control"}
        assert "a=b" not in answer.headers.get("set-cookie", "")
        place = urlsplit(answer.headers.get("location", "/"))
        assert place.netloc in {"", "127.0.0.1:8000"}
        assert "elders.example" not in answer.text or "next=" in path
        assert "root:" not in answer.text


def test_only_methods_that_exist_are_answered(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    methods = {route.path: set() for route in chart.routes}
    for route in chart.routes:
        methods[route.path].add(route.method)
    before = checksum(town.folder)
    for route in chart.routes:
        others = sorted({"PUT", "PATCH", "DELETE", "POST", "GET", "PROPFIND"} - methods[route.path])
        for method in others if IS_CAMPAIGN else others[len(route.path) % 3 :: 3]:
            answer = visitor.request(method, chart.address_of(route))
            assert answer.status_code == 405, f"{method} {route.path}: {answer.status_code}"
    assert checksum(town.folder) == before


def test_the_roles_of_the_walk_are_those_of_the_house() -> None:
    assert {role for roles in ALLOWED.values() for role in roles} <= {*Role}
    assert NOW.tzinfo is not None
