"""Who gets in, and what a form must bring."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar, get, post
from litestar.di import NamedDependency

from baken.organisation.models import Person
from baken.organisation.permissions import ALLOWED, Action, Actor, Role
from baken.storage.session import Session
from baken.web.app import RouteWithoutPolicy, check_policies

pytestmark = pytest.mark.sqlite
ROOT = "/o/{organisation_id:uuid}"


@get(f"{ROOT}/who", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
def who(
    actor: NamedDependency[Actor], now: NamedDependency[datetime], today: NamedDependency[date]
) -> str:
    return f"{actor.name} {today} {now.isoformat()}"


@post(f"{ROOT}/rename", opt={"action": Action.EDIT_PEOPLE}, sync_to_thread=True)
def rename(session: NamedDependency[Session], actor: NamedDependency[Actor]) -> str:
    session.get_one(Person, actor.person_id).name = "Nieuw"
    return "ok"


@post(f"{ROOT}/half", opt={"action": Action.EDIT_PEOPLE}, sync_to_thread=True)
def half(session: NamedDependency[Session], actor: NamedDependency[Actor]) -> str:
    session.get_one(Person, actor.person_id).name = "Half"
    session.flush()
    raise RuntimeError("halfway")


@get(f"{ROOT}/unsafe", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
def write_on_get(session: NamedDependency[Session], actor: NamedDependency[Actor]) -> str:
    session.get_one(Person, actor.person_id).name = "Gelezen"
    session.flush()
    return "ok"


@post("/s/answers", opt={"public": True}, sync_to_thread=True)
def answers() -> str:
    return "ok"


def name_of(website: Any, role: Role) -> str:
    with website.database.read(website.organisation.id) as session:
        return str(session.get_one(Person, website.organisation.people[role]).name)


def test_a_refusal_is_in_the_language_of_the_account_and_not_of_the_browser(website: Any) -> None:
    guest = website.browser(Role.GUEST)
    answer = guest.get(f"{website.root}/people", headers={"accept-language": "de"})
    assert answer.status_code == 403
    assert '<html lang="nl"' in answer.text


def test_nobody_is_sent_to_the_log_in_page(website: Any) -> None:
    answer = website.browser().get(website.root)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/log-in?next=%2Fo%2F{website.organisation.id}"


def test_a_form_of_nobody_gets_a_sentence_and_nothing_happens(make_website: Any) -> None:
    website = make_website(rename)
    answer = website.browser().post(f"{website.root}/rename")
    assert answer.status_code == 401
    assert "niet meer aangemeld" in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_allows(make_website: Any, role: Role) -> None:
    website = make_website(who)
    answer = website.browser(role).get(f"{website.root}/who")
    allowed = role in ALLOWED[Action.SEE_CAMPAIGNS]
    assert answer.status_code == (200 if allowed else 403)
    if allowed:
        assert answer.text == f"Persoon {role} 2026-03-02 2026-03-02T09:00:00+00:00"


def test_another_organisation_does_not_exist(website: Any) -> None:
    other = website.add_organisation("Geheime naam")
    browser = website.browser(Role.ADVISER)
    theirs, none = browser.get(f"/o/{other.id}"), browser.get(f"/o/{uuid4()}")
    assert theirs.status_code == none.status_code == 404
    assert theirs.text.replace(str(other.id), "") == none.text.replace(
        none.url.path.removeprefix("/o/"), ""
    )
    assert "Geheime naam" not in theirs.text


def test_a_change_is_committed_when_the_handler_returns(make_website: Any) -> None:
    website = make_website(rename)
    assert website.browser(Role.ADMINISTRATOR).post(f"{website.root}/rename").status_code == 201
    assert name_of(website, Role.ADMINISTRATOR) == "Nieuw"


def test_a_change_is_undone_when_the_handler_fails(make_website: Any) -> None:
    website = make_website(half, rename)
    browser = website.browser(Role.ADMINISTRATOR)
    failed = browser.post(f"{website.root}/half")
    assert failed.status_code == 500
    assert "Deze wijziging is niet bewaard" in failed.text
    assert name_of(website, Role.ADMINISTRATOR) == "Persoon administrator"
    assert browser.post(f"{website.root}/rename").status_code == 201  # the writer's turn came back


def test_a_get_cannot_write(make_website: Any) -> None:
    website = make_website(write_on_get)
    failed = website.browser(Role.ADVISER).get(f"{website.root}/unsafe")
    assert failed.status_code == 500
    assert "Deze pagina kon niet getoond worden. Er is niets veranderd" in failed.text
    assert name_of(website, Role.ADVISER) == "Persoon adviser"


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("of-somebody-else", {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
        (None, {"Origin": "https://elsewhere.example"}),
    ],
)
def test_a_foreign_form_changes_nothing(
    make_website: Any, token: str | None, headers: dict[str, str]
) -> None:
    website = make_website(rename)
    browser = website.browser(Role.ADMINISTRATOR)
    if token is not None:
        browser.token = token
    answer = browser.post(f"{website.root}/rename", headers=headers)
    assert answer.status_code == 403
    assert name_of(website, Role.ADMINISTRATOR) == "Persoon administrator"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8000"}],
)
def test_our_own_form_passes(make_website: Any, headers: dict[str, str]) -> None:
    website = make_website(rename)
    browser = website.browser(Role.ADMINISTRATOR)
    assert browser.post(f"{website.root}/rename", headers=headers).status_code == 201


def test_the_token_may_come_as_a_header(make_website: Any) -> None:
    website = make_website(rename)
    browser = website.browser(Role.ADMINISTRATOR)
    token, browser.token = browser.token, ""
    answer = browser.post(f"{website.root}/rename", headers={"X-CSRF": token})
    assert answer.status_code == 201


def test_people_who_answer_need_no_token_but_come_from_our_page(make_website: Any) -> None:
    browser = make_website(answers).browser()
    answer = browser.post("/s/answers")
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers
    foreign = browser.post("/s/answers", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert "set-cookie" not in foreign.headers
    assert "Aanmelden" not in foreign.text


def test_another_name_for_this_machine_is_not_us(website: Any) -> None:
    answer = website.browser().get("/log-in", headers={"Host": "evil.example"})
    assert answer.status_code == 404


def test_every_changing_route_of_the_house_asks_for_the_token(website: Any) -> None:
    browser = website.browser(Role.ADMINISTRATOR)
    browser.token = ""
    paths = 0
    for route in website.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.opt.get("public") or not handler.http_methods & {"POST", "PUT", "DELETE"}:
                continue
            values: dict[str, Any] = {
                name: {date: date(2026, 1, 1), int: 2026}.get(kind.type) or uuid4()
                for name, kind in route.path_parameters.items()
            }
            values["organisation_id"] = website.organisation.id
            path = route.path_format.format(**values)
            assert browser.post(path).status_code == 403, path
            paths += 1
    assert paths >= 1


@pytest.mark.parametrize(
    ("path", "opt"),
    [
        ("/open", {}),
        ("/open", {"public": False}),
        ("/open", {"action": Action.EDIT_PLANS}),
        (f"{ROOT}/open", {"action": "anything"}),
        (f"{ROOT}/open", {"action": Action.EDIT_PLANS, "public": True}),
    ],
)
def test_a_route_without_policy_is_found(path: str, opt: dict[str, Any]) -> None:
    @get(path, opt=opt, sync_to_thread=True)
    def forgotten() -> str:
        return "data"

    with pytest.raises(RouteWithoutPolicy, match="names no action"):
        check_policies(Litestar([forgotten], openapi_config=None))


def test_a_route_without_policy_stops_the_start(make_website: Any) -> None:
    @get("/open", sync_to_thread=True)
    def forgotten() -> str:
        return "data"

    with pytest.raises(RouteWithoutPolicy, match="names no action"):
        make_website(forgotten)
