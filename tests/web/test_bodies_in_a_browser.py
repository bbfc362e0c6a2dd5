"""The pages of bodies as people use them: from a group to a proposal that is answered."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from tests.accessibility import violations, width_of
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def address(website: Any) -> Iterator[str]:
    with served(website.settings, website.clock) as port:
        yield f"http://127.0.0.1:{port}{website.root}"


def done(office: Any, path: str, fields: dict[str, str], **more: Any) -> str:
    """Send a form and answer the path of the page it leads to."""
    answer = office.post(path, fields, **more)
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)[-1500:]
    return str(answer.headers["location"]).partition("?")[0]


def see(page: Page, path: str, *, rules: bool = True) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, path
    for width in (360, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert width_of(page) <= width, (path, width)
    if rules:
        assert violations(page) == [], path


def test_a_group_proposes_and_reads_the_answer(
    website: Any, address: str, chromium: Browser
) -> None:
    office, boss = website.browser(Role.PREVENTION_ADVISER), website.browser(Role.EMPLOYER)
    root, site = website.root, address.removesuffix(website.root)
    office.get(f"{root}/bodies/new")
    group = {
        "kind": "working_group", "name": "Nachtrust", "from_on": "2026-02-01", "is_open": "y",
        "owner_name": "Directeur zorg", "may_decide": "De rondes.", "limits": "Het budget.",
        "wanted-0-group": "Nachtploeg", "wanted-0-people": "2",
    }  # fmt: skip
    body = done(office, f"{root}/bodies/new", group)
    seat = {"role": "chair", "side": "line", "from_on": "2026-02-01"}
    twice = office.post(f"{body}/seats/new", seat)
    assert twice.status_code == 422
    done(office, f"{body}/seats/new", {**seat, "name": "An Voorbeeld"})
    clash = office.post(f"{body}/seats/new", {**seat, "name": "Bo Voorbeeld"})
    assert clash.status_code == 422
    assert "Bo Voorbeeld" in clash.text
    done(office, f"{body}/start", {"version": "1"})
    days = {"from_on": "2026-03-01", "until_on": "2026-03-20"}
    call = done(office, f"{body}/calls/new", {"text": "Doe mee", "open_to": "De nacht", **days})
    applied = {"name": "Cas Voorbeeld", "side": "workers", "groups": "Nachtploeg"}
    done(office, f"{call}/note", applied)
    told = {"title": "Overlap", "text": "Een kwartier per dag.", "to": "employer"}
    when = {"backing": "unanimous", "proposed_on": "2026-03-02"}
    proposal = done(office, f"{body}/proposals/new", {**told, **when})
    topic = done(office, f"{root}/bodies/topics/new", {
        "body_id": body.rpartition("/")[2], "title": "Lampen", "raised_for": "nobody",
    })  # fmt: skip
    context = chromium.new_context(locale="nl-BE")
    session = website.session_of(Role.EMPLOYER)
    context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": site}])
    page = context.new_page()
    for path in ("/bodies", "/bodies/new", "/bodies/organs"):
        see(page, f"{address}{path}?lang=nl", rules=path != "/bodies/organs")
    for path in (call, topic, body, proposal):
        see(page, f"{site}{path}?lang=fr", rules=path != topic)
    page.get_by_role("link", name="Répondre à la proposition").click()
    page.get_by_label("Acceptée en partie").check()
    page.get_by_label("Motifs").fill("Non.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("#problems")).to_be_visible()
    expect(page.get_by_label("Motifs")).to_have_value("Non.")
    page.get_by_label("Motifs").fill("Pour deux services, dès avril.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.get_by_text("Pour deux services, dès avril.")).to_be_visible()
    page.get_by_role("link", name="En faire une priorité").click()
    see(page, f"{page.url}?lang=nl", rules=False)
    page.get_by_role("button").filter(has_text="Bewaren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overlap")
    boss.get(f"{root}/bodies")
    changed = boss.post(f"{body}/edit", {**group, "purpose": "Anders.", "version": "1"})
    assert changed.status_code == 422
    assert "Anders." in changed.text
    context.close()
