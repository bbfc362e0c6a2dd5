"""The pages of a scanned stack: a file that is refused, and doubts settled with the keyboard."""

from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING
from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import spool
from baken.survey.paper.forms import find_layout, list_forms, sign_of
from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.marks import Mark
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.scanning.readings import (
    Doubt,
    FieldReading,
    PageReading,
    Problem,
    QuestionReading,
    QuestionState,
)
from baken.survey.paper.scans import take_scan
from tests.survey.paper.scanning.test_scan_files import pdf, saved
from tests.web.test_campaign_pages import launch, prepare
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_paper_keying_browser import FORMS, exchange_all, print_forms

pytestmark = pytest.mark.browser
STRIP = saved(Image.new("L", (400, 60), 210), "PNG")


def reading(number: int, layout: Layout, page: Page, sign: str, doubts: dict[str, Any]) -> Any:
    """What the reader of scans says of a page: the first box everywhere, but for these doubts."""
    questions = tuple(
        QuestionReading(
            question,
            QuestionState.DOUBTFUL if question in doubts else QuestionState.ANSWERED,
            None if question in doubts else 0,
            (),
            doubt=doubts.get(question, (None, None))[0],
            guess=doubts.get(question, (None, None))[1],
            picture=STRIP if question in doubts else None,
        )
        for question in dict.fromkeys(box.question for box in page.boxes)
    )
    fields = tuple(FieldReading(one.question, one.question in doubts, STRIP) for one in page.fields)
    mark = Mark(layout.edition, layout.language, page.number, sign)
    return PageReading(number, mark=mark, questions=questions, fields=fields)


def scan(website: Any, campaign_id: UUID, unit: str, batch_id: UUID, doubts: Any) -> None:
    """Take a scan of the whole stack; the first form has the doubts."""
    staffed, keys = website.organisation, website.app.state.key_store
    by = Actor(staffed.people[Role.CLERK], staffed.id, "x", frozenset({Grant(Role.CLERK)}))
    with website.database.session(staffed.id) as session:
        (made,) = list_forms(session, campaign_id)
        layout = find_layout(session, campaign_id, made.edition)
        sign, number = sign_of(get_campaign(session, campaign_id), unit), count(1)
        pages = [
            reading(next(number), layout, page, sign, {} if form else doubts)
            for form in range(FORMS)
            for page in layout.pages
        ]
        pages.append(PageReading(next(number), Problem.NO_CODE))
        today = website.clock().date()
        take_scan(session, keys, batch_id, b"1" * 32, pages, by=by, today=today)


def test_a_scanned_stack_from_the_file_to_the_envelopes(chromium: Browser, website: Any) -> None:
    office, campaign = prepare(website)
    launch(office, campaign)
    campaign_id = UUID(campaign.rpartition("/")[2])
    unit = exchange_all(website, campaign_id)
    clerk, new = website.browser(Role.CLERK), f"{campaign}/paper/batches/new"
    fields = {"unit": unit, "spoken": "nl", "counted": str(FORMS), "is_scanned": "y"}
    clerk.get(new)
    batch = clerk.post(new, fields).headers["location"].removesuffix("/scan")
    batch_id = UUID(batch.rpartition("/")[2])
    assert clerk.get(f"{batch}/key").headers["location"] == batch
    here = f"{batch}/scan"
    clerk.get(here)

    def send(content: bytes | None, token: str = clerk.token) -> Any:
        files = {"file": ("scan.pdf", content)} if content is not None else None
        return clerk.client.post(here, data={"csrf": token}, files=files, follow_redirects=False)

    locked = pdf(Image.new("L", (165, 234), 250), password="geheim")
    blank = pdf(Image.new("L", (165, 234), 255))
    assert "geen formulier gedrukt" in send(blank).text
    print_forms(website, campaign_id, unit)
    for content, sentence in (
        (None, "Kies eerst het bestand"),
        (b"", "leeg"),
        (b"no scan at all", "PDF, TIFF, JPEG"),
        (locked, "wachtwoord"),
    ):
        refused = send(content)
        assert (refused.status_code, sentence in refused.text) == (422, True), sentence
    assert send(blank, "x").status_code == 403
    other = website.browser(Role.DESK)
    assert other.client.post(here, data={"csrf": other.token}).status_code == 403
    taken = send(blank)
    report = clerk.get(taken.headers["location"]).text
    assert "Lege achterkanten" in report

    instrument = load_instrument("vijf-a", "1")
    unclear, several = instrument.items[7].code, instrument.items[20].code
    written = instrument.open_questions[0].key
    doubts = {
        unclear: (Doubt.UNCLEAR, 1),
        several: (Doubt.SEVERAL, None),
        written: (None, None),
    }
    complaints: list[str] = []
    with serving(website) as address:
        page = signed_in(chromium, website, address, Role.CLERK, complaints)
        page.goto(f"{address}{here}?lang=fr")
        check(page, "paper-scan-fr", rules=True)
        scan(website, campaign_id, unit, batch_id, doubts)
        page.goto(f"{address}{batch}?lang=nl")
        page.fill("input[name=counted]", str(FORMS))
        page.keyboard.press("Enter")
        page.wait_for_url("**done_finished**")
        assert clerk.get(f"{batch}/review").status_code == 403

        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        page.goto(f"{address}{batch}?lang=nl")
        check(page, "paper-scan-deciding-nl", rules=True)
        page.goto(f"{address}{batch}/review?lang=nl")
        expect(page.locator("#value")).to_be_focused()
        expect(page.locator(".heading")).to_contain_text("3 vragen")
        check(page, "paper-review-nl", rules=True)
        page.keyboard.press("Enter")  # nothing to accept: there is no guess
        expect(page.locator("main")).to_contain_text("geen van de antwoorden")
        page.keyboard.type(",")
        page.keyboard.press("Enter")
        expect(page.locator(".heading")).to_contain_text("2 vragen")
        expect(page.locator("#guess")).to_contain_text("Het lijkt: 2")
        check(page, "paper-review-guess-nl", rules=False)
        page.keyboard.press("Enter")
        expect(page.locator(".heading")).to_contain_text("1 vraag")
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.type("Meer volk in de nacht")
        check(page, "paper-review-written-nl", rules=True)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**done_reviewed**")
    with website.database.session(website.organisation.id) as session:
        kept = session.get_one(PaperBatch, batch_id)
        assert kept.state is BatchState.READY
        key = spool.key_for_sealing(website.app.state.key_store, kept)
        first = next(iter(spool.read_sheets(session, key, batch_id).values()))
        assert first.answers[unclear].value == 1
        assert first.answers[several].value == MISSING
        assert first.comments[written].value == "Meer volk in de nacht"
    adviser = website.browser(Role.ADVISER)
    adviser.get(batch)
    assert "done_sealed" in adviser.post(f"{batch}/seal").headers["location"]
    assert adviser.get(f"{batch}/review").status_code == 303
    assert not list(Path("/tmp").glob("baken-file-*"))
    assert [one for one in complaints if "422" not in one] == []
