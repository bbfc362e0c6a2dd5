"""Forms are printed, filled in, scanned, looked at, sealed, opened, and read as results."""

import io
import math
import os
import re
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pypdfium2
import pytest
from numpy.random import default_rng
from PIL import Image
from playwright.sync_api import Browser, expect

from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING
from baken.organisation.permissions import Actor, Grant, Role
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import spool
from baken.survey.paper.forms import Wanted, find_layout, list_forms, make_forms, sign_of
from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.marks import Mark
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState
from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.readings import (
    BoxCrop,
    BoxState,
    Doubt,
    FieldReading,
    PageReading,
    Problem,
    QuestionReading,
    QuestionState,
)
from baken.survey.paper.scans import take_scan
from baken.web.documents.forms.copies import Order, Printing, print_copies
from baken.web.documents.forms.drawing import Group
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from baken.web.pages import paper_scans
from tests.survey.paper.scanning.pens import Pen, cross, draw
from tests.survey.paper.scanning.test_scan_files import pdf, saved
from tests.web.test_campaign_pages import (
    agree_on,
    launch,
    prepare,
    version_on,
)
from tests.web.test_office_browser import check, serving, signed_in
from tests.web.test_paper_keying_browser import FORMS, exchange_all, read_results

pytestmark = pytest.mark.browser
STRIP = saved(Image.new("L", (400, 60), 210), "PNG")
# Forms that are printed, filled in and scanned; the others are as the reader of scans tells them.
REAL = int(os.environ.get("BAKEN_SCANNED_FORMS", "1"))
DPI = 200
INK = Pen(0.5, 0.2)


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
    # something is written of which there is no picture: a person types it over
    fields = tuple(FieldReading(one.question, one.question in doubts) for one in page.fields)
    mark = Mark(layout.edition, layout.language, page.number, sign)
    return PageReading(number, mark=mark, questions=questions, fields=fields, glimpse=STRIP)


def paled(page: PageReading) -> PageReading:
    """The same page on a scan that lost what was pale: a question and its fields look empty."""
    first, *others = page.questions
    lost = replace(first, state=QuestionState.DOUBTFUL, value=None, doubt=Doubt.NO_GREY)
    fields = tuple(FieldReading(one.question, False, STRIP, True) for one in page.fields)
    return replace(page, questions=(replace(lost, picture=STRIP), *others), fields=fields)


def write(website: Any, campaign_id: UUID, unit: str) -> bytes:
    """Print forms and fill some in with a pen, one with words; a PDF as a scanner makes it."""
    staffed = website.organisation
    adviser = Actor(staffed.people[Role.ADVISER], staffed.id, "x", frozenset({Grant(Role.ADVISER)}))
    wanted = Wanted("nl", large=False, forms={unit: FORMS})
    with website.database.session(staffed.id) as session:
        words = words_of(About("x"), "nl")
        made = make_forms(session, campaign_id, wanted, words=words, measure=measure, by=adviser)
        sign = sign_of(get_campaign(session, campaign_id), unit)
    content = print_copies(Printing(made.form, Group(sign, "Ploeg"), 1, Order.ONE_SIDE))
    with pypdfium2.PdfDocument(content) as document:
        blank = [
            np.array(page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze())
            for page in document
        ]
    scanned, random = [], default_rng(5)
    for form in range(REAL):
        for page, printed in zip(
            [one.copy() for one in blank], made.form.layout.pages, strict=True
        ):
            for box in printed.boxes:
                if box.value == 1:
                    draw(page, cross(box, INK, random, reach=0.38), DPI / 25.4, random)
            for room in printed.fields if form == 0 else ():
                scribble(page, room)
            scanned.append(Image.fromarray(page))
    file = io.BytesIO()
    scanned[0].save(file, "PDF", resolution=DPI, save_all=True, append_images=scanned[1:])
    return file.getvalue()


def scribble(page: Any, room: Any) -> None:
    """Write something in the room of an open question: a row of loops."""
    left, middle = room.x + 6, room.y + room.height / 2
    points = [
        (left + t / 10 + 2 * math.sin(t / 3), middle + 4 * math.cos(t / 3)) for t in range(400)
    ]
    for x, y in points:
        at = round(y * DPI / 25.4), round(x * DPI / 25.4)
        page[at[0] : at[0] + 3, at[1] : at[1] + 3] = 20


def scan(website: Any, campaign_id: UUID, unit: str, batch_id: UUID, doubts: Any) -> UUID:
    """Take a scan of the rest of the stack; its first form has the doubts, its last is turned."""
    staffed, keys = website.organisation, website.app.state.key_store
    by = Actor(staffed.people[Role.CLERK], staffed.id, "x", frozenset({Grant(Role.CLERK)}))
    with website.database.session(staffed.id) as session:
        (made,) = list_forms(session, campaign_id)
        layout = find_layout(session, campaign_id, made.edition)
        sign, number = sign_of(get_campaign(session, campaign_id), unit), count(1)
        pages = [
            reading(next(number), layout, page, sign, {} if form else doubts)
            for form in range(FORMS - REAL)
            for page in layout.pages
        ]
        n = len(layout.pages)
        pages[2 * n - 1] = paled(pages[2 * n - 1])
        first, second, *rest = pages[-n:]
        turned = [replace(second, number=first.number), replace(first, number=second.number)]
        pages[-n:] = [*turned, *rest, PageReading(next(number), Problem.NO_CODE)]
        boxes = Boxes()
        boxes.add(BoxCrop(0.2, state, 0.9, STRIP) for state in BoxState)
        today = website.clock().date()
        return take_scan(session, keys, batch_id, b"1" * 32, pages, by=by, today=today, boxes=boxes)


def ask_on_paper(website: Any) -> tuple[Any, str]:
    """A survey whose people answer on paper, agreed by both sides and launched."""
    office, campaign = prepare(website)
    step = f"{campaign}/prepare/channels"
    chosen = {"version": version_on(office, step), "everywhere": "paper"}
    assert office.post(f"{step}/all", chosen).status_code == 303
    agree_on(website, campaign)  # somebody reads what others wrote: agreed anew
    assert launch(office, campaign).status_code == 303
    return office, campaign


def assert_whole_strip_on_a_phone(page: Any) -> None:
    """Both halves stand below each other, large enough to tell the boxes, and nothing moves."""
    before = page.viewport_size or {"width": 1280, "height": 720}
    page.set_viewport_size({"width": 360, "height": 720})
    halves = page.locator(".halves > div")
    upper, lower = (halves.nth(place).bounding_box() for place in range(2))
    assert lower["y"] > upper["y"]
    assert halves.first.locator("img").evaluate("image => image.clientWidth") > 1.5 * 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(before)


def test_from_the_printed_form_by_the_scanner_to_the_results(
    chromium: Browser, website: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # What other programs of this machine leave in the common folder is not ours to count.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    office, campaign = ask_on_paper(website)
    campaign_id = UUID(campaign.rpartition("/")[2])
    unit = exchange_all(website, campaign_id)
    clerk, new = website.browser(Role.CLERK), f"{campaign}/paper/batches/new"
    fields = {"unit": unit, "spoken": "nl", "counted": str(FORMS), "is_scanned": "y"}
    clerk.get(new)
    batch = clerk.post(new, fields).headers["location"].removesuffix("/scan")
    batch_id = UUID(batch.rpartition("/")[2])
    here = f"{batch}/scan"
    clerk.get(here)

    def send(content: bytes | None, token: str = clerk.token) -> Any:
        files = {"file": ("scan.pdf", content)} if content is not None else None
        return clerk.client.post(here, data={"csrf": token}, files=files, follow_redirects=False)

    locked = pdf(Image.new("L", (165, 234), 250), password="geheim")
    assert "geen formulier gedrukt" in send(pdf(Image.new("L", (165, 234), 255))).text
    forms = write(website, campaign_id, unit)
    for content, sentence in (
        (None, "Kies eerst het bestand"),
        (b"", "leeg"),
        (b"no scan at all", "PDF, TIFF, JPEG"),
        (locked, "wachtwoord"),
    ):
        refused = send(content)
        assert (refused.status_code, sentence in refused.text) == (422, True), sentence
    assert send(forms, "x").status_code == 403
    other = website.browser(Role.DESK)
    assert other.client.post(here, data={"csrf": other.token}).status_code == 403
    taken = send(forms)
    report = clerk.get(taken.headers["location"]).text
    assert "Lege achterkanten" in report
    # whoever lost that page sends the file again: it is not read a second time
    again = send(forms).headers["location"]
    assert again.partition("?")[0] == taken.headers["location"]
    assert "Lege achterkanten" in clerk.get(again).text
    # and finds it on the page of the stack, where nobody else does
    assert f'href="{again.partition("?")[0]}"' in clerk.get(batch).text
    assert "/scan/" not in website.browser(Role.ADVISER).get(batch).text
    assert clerk.get(f"{here}/progress").text == ""
    monkeypatch.setitem(paper_scans._SO_FAR, batch_id, (12, 300))
    assert clerk.get(f"{here}/progress").text.startswith("Gelezen bladzijden: 12 van 300.")
    assert website.browser(Role.ADVISER).get(f"{here}/progress").status_code == 403

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
        scan_id = scan(website, campaign_id, unit, batch_id, doubts)
        page.goto(f"{address}{here}/{scan_id}?lang=nl")
        check(page, "paper-scan-report-nl", rules=True)
        page.get_by_role("link", name="Bekijk wat bij elkaar kan horen").click()
        expect(page.get_by_role("button", name="Ja, één formulier")).to_be_focused()
        check(page, "paper-scan-together-nl", rules=True)
        page.keyboard.press("Enter")
        page.wait_for_url("**done_together**")
        page.goto(f"{address}{batch}?lang=nl")
        page.fill("input[name=counted]", str(FORMS))
        page.keyboard.press("Enter")
        page.wait_for_url("**done_finished**")
        assert clerk.get(f"{batch}/review").status_code == 403

        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        page.goto(f"{address}{batch}/boxes?lang=fr")
        check(page, "paper-boxes-fr", rules=True)
        page.goto(f"{address}{batch}/review?lang=nl")
        expect(page.locator("#value")).to_be_focused()
        expect(page.locator(".heading")).to_contain_text("5 vragen")
        check(page, "paper-review-nl", rules=True)
        assert_whole_strip_on_a_phone(page)
        page.keyboard.press("Enter")  # nothing to accept: there is no guess
        expect(page.locator("main")).to_contain_text("geen van de antwoorden")
        page.keyboard.type(",")
        page.keyboard.press("Enter")
        expect(page.locator(".heading")).to_contain_text("4 vragen")
        expect(page.locator("#guess")).to_contain_text("Het lijkt: 2")
        page.keyboard.press("Enter")
        expect(page.locator(".heading")).to_contain_text("3 vragen")
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.type("Meer volk in de nacht")
        check(page, "paper-review-written-nl", rules=False)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review/unseen")  # what the scan cannot show: all of it at once
        expect(page.locator(".heading")).to_contain_text("2 vragen")
        expect(page.get_by_label("Hier staat iets geschreven")).to_have_count(1)
        check(page, "paper-unseen-nl", rules=True)
        expect(
            page.get_by_role("region", name=re.compile("Deze plaats.*verbeteren"))
        ).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**done_reviewed**")
        with website.database.session(website.organisation.id) as session:
            kept = session.get_one(PaperBatch, batch_id)
            assert kept.state is BatchState.READY
            key = spool.key_for_sealing(website.app.state.key_store, kept)
            first, *others = spool.read_sheets(session, key, batch_id).values()
            doubted = others[REAL - 1]
            assert set(first.written) == {written}
            assert {first.answers[one.code].value for one in instrument.items} == {1}
            assert doubted.answers[unclear].value == 1
            assert doubted.answers[several].value == MISSING
        adviser = website.browser(Role.ADVISER)
        adviser.get(batch)
        assert "done_sealed" in adviser.post(f"{batch}/seal").headers["location"]
        assert adviser.get(f"{batch}/review").status_code == 303
        assert not list(tmp_path.glob("baken-file-*"))

        read_results(office, website, campaign)
        page = signed_in(chromium, website, address, Role.ADVISER, complaints)
        page.goto(f"{address}{campaign}/results?lang=nl")
        expect(page.locator("h1")).to_be_visible()
        assert "10 " in page.inner_text("main")
        page.goto(f"{address}{campaign}/paper/batches?lang=nl")
        assert "alleen totalen" in page.inner_text("main")
        page.goto(f"{address}{campaign}/comments?lang=nl")
        page.get_by_role("button", name="Lees de opmerkingen").press("Enter")
        shown = page.get_by_role("img", name="Handgeschreven opmerking 1 van 1")
        expect(shown).to_be_visible()
        assert "Meer volk in de nacht" in page.inner_text("main")
        check(page, "comments-handwriting-nl", rules=True)
        page.get_by_label("Wat er staat").fill("Een rij lussen")
        page.get_by_role("button", name="Bewaar wat u overtypte").press("Enter")
        page.wait_for_url("**done_handwriting**")
        page.get_by_role("button", name="Lees de opmerkingen").press("Enter")
        expect(page.locator("main")).to_contain_text("Een rij lussen")
        assert page.locator("main img").count() == 0
    assert [one for one in complaints if "422" not in one] == []
