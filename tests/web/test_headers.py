"""Every answer carries the protecting headers, errors included."""

from typing import Any

import pytest
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from baken.organisation.permissions import Role
from baken.storage.errors import BakenError
from baken.survey.disclosure.errors import TreeError
from baken.web.body import Form
from baken.web.failures import TooManyFailures
from baken.web.headers import POLICY, POLICY_WITH_FETCH, protected

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}


class Refused(BakenError):
    pass


@get("/break/{status:int}", opt={"public": True}, sync_to_thread=True)
def break_down(status: FromPath[int]) -> Response[str]:
    if status == 422:
        raise Refused("test.refused", "No.")
    if status == 429:
        raise TooManyFailures("web.too_many_failures", "Wait {seconds}.", seconds=3)
    if status == 500:
        raise RuntimeError("geheim-in-de-fout")
    if status >= 400:
        raise HTTPException(status_code=status, detail="geheim-in-de-fout")
    return Response("", status_code=status)


@post("/sent", opt={"public": True}, sync_to_thread=True)
def sent(form: NamedDependency[Form]) -> str:
    return str(len(form))


@pytest.mark.sqlite
@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_status_carries_the_headers(make_website: Any, status: int) -> None:
    answer = make_website(break_down).browser().get(f"/break/{status}")
    assert answer.status_code == (500 if status == 503 else status)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert answer.headers["content-security-policy"] == POLICY
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    assert "geheim" not in answer.text


@get("/break/tree", opt={"public": True}, sync_to_thread=True)
def break_a_tree() -> Response[str]:
    raise TreeError("disclosure.duplicate_unit", "Unit {key} is given twice.", key="K7")


@pytest.mark.sqlite
def test_a_refusal_of_disclosure_control_is_a_page_with_its_sentence(make_website: Any) -> None:
    answer = make_website(break_a_tree).browser().get("/break/tree")
    assert answer.status_code == 422
    assert "Unit K7 is given twice." in answer.text
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.sqlite
def test_pages_that_exist_and_do_not_carry_the_headers(website: Any) -> None:
    browser = website.browser()
    for path, status in (("/log-in", 200), ("/", 303), ("/nope", 404), ("/s/x/nope", 404)):
        answer = browser.get(path)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert browser.client.put("/log-in").status_code == 405
    assert browser.client.put("/log-in").headers["content-security-policy"] == POLICY


@pytest.mark.sqlite
def test_a_body_that_is_too_large_is_refused_with_a_page(make_website: Any) -> None:
    answer = make_website(sent).browser().post("/sent", {"a": "x" * 300_000})
    assert answer.status_code == 413
    assert "Dit is te groot" in answer.text
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.sqlite
def test_signed_in_pages_may_fetch_from_us(website: Any) -> None:
    answer = website.browser(Role.ADVISER).get(website.root)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == POLICY_WITH_FETCH


@pytest.mark.sqlite
def test_static_files_are_kept_for_ever_under_their_own_version(website: Any) -> None:
    browser = website.browser()
    kept = browser.get(f"{website.app.state.static_root}/built/house.css")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert browser.get("/static/another/built/house.css").headers["cache-control"] == "no-store"
    assert browser.get(f"{website.app.state.static_root}/../settings.py").status_code == 404


def test_https_adds_strict_transport_security() -> None:
    headers = dict(protected([(b"Server", b"x")], {}, is_https=True))
    assert headers[b"strict-transport-security"] == b"max-age=63072000"
    assert b"Server" not in headers
