"""The pages of a scan become forms once, whatever file and whatever stack they come in."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from numpy.random import default_rng
from PIL import Image
from sqlalchemy import select

from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.models import TakenPage
from baken.survey.codes.places import mark_blank
from baken.survey.codes.secrets import NAMES, PAGES, CampaignSecrets
from baken.survey.codes.taken_pages import mark_pages
from baken.survey.errors import InvalidTransition
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.forms import sign_of
from baken.survey.paper.marks import Mark
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scan_reports import ScanReport, load_report
from baken.survey.paper.scanning.files import open_scan
from baken.survey.paper.scanning.pages import read_page
from baken.survey.paper.scanning.readings import PageReading, QuestionReading, QuestionState
from baken.survey.paper.scans import Answer, answer_offer, next_offer, take_scan
from baken.survey.paper.sealing import drop_batch
from baken.survey.paper.spool import batch_key
from tests.survey.paper.scanning.test_scan_files import pdf, saved
from tests.survey.paper.scanning.test_scanned_stack import Press, start
from tests.survey.paper.stacks import Stacks


class Scanner:
    """Scans forms of one unit: each page gives a picture of its own, again whenever it is sent."""

    def __init__(self, stacks: Stacks) -> None:
        self.stacks, self.stage = stacks, stacks.stage
        self.layout = Press(stacks).form.layout
        self.sign = stacks.write(
            lambda s: sign_of(get_campaign(s, stacks.campaign_id), stacks.unit)
        )

    def form(self, number: int) -> list[PageReading]:
        return [self._page(number, page) for page in self.layout.pages]

    def _page(self, form: int, page: Any) -> PageReading:
        questions = tuple(
            QuestionReading(one, QuestionState.ANSWERED, (form + n) % 2, ())
            for n, one in enumerate(dict.fromkeys(box.question for box in page.boxes))
        )
        mark = Mark(self.layout.edition, "nl", page.number, self.sign)
        picture = hashlib.sha256(f"{form}, page {page.number}".encode()).digest()
        return PageReading(1, mark=mark, questions=questions, digest=picture)

    def act(self, action: Any, *arguments: Any) -> Any:
        return self.stacks.write(
            action, self.stage.keys, *arguments, by=self.stacks.clerk, today=self.stage.today
        )

    def take(self, batch: PaperBatch, pages: list[PageReading]) -> tuple[Any, ScanReport]:
        """Send pages as a file; return its report."""
        numbered = [replace(one, number=place) for place, one in enumerate(pages, start=1)]
        file = hashlib.sha256(repr(numbered).encode()).digest()
        scan = self.act(take_scan, batch.id, file, numbered)
        key = batch_key(self.stage.keys, batch, today=self.stage.today)
        return scan, self.stacks.write(load_report, key, batch.id, scan.bytes)

    def forms(self, *numbers: int) -> list[PageReading]:
        return [page for number in numbers for page in self.form(number)]

    def rows(self) -> list[TakenPage]:
        with self.stage.database.read(self.stage.client.id) as session:
            return list(session.scalars(select(TakenPage)))


def test_pages_that_come_again_in_another_stack_are_named_and_never_taken_twice(
    stage: Any,
) -> None:
    stacks, _ = start(stage, 6)
    scanner = Scanner(stacks)
    first, second, third, empty = (
        stacks.open(6, way=Way.SCANNED, is_another=True) for _ in range(4)
    )
    scanner.take(first, scanner.forms(0, 1, 2, 3, 4))
    n = len(scanner.form(0))
    with pytest.raises(NotThisSheet) as again:  # the same pages, as another file in another stack
        scanner.take(second, scanner.forms(1, 2, 3, 4))
    assert (again.value.key, again.value.values["n"]) == ("paper_entry.file_read_before", 4 * n)
    assert (stacks.look(second).n_sheets, len(scanner.rows())) == (0, 5 * n)

    # some come again, two are new, one twice, and one has a page that belongs to another form
    mixed = [scanner.form(0)[0], *scanner.form(7)[1:]]
    _, report = scanner.take(second, [*scanner.forms(3, 4, 5, 6, 5), *mixed])
    assert (report.sheets, report.n_read_before) == (2, 3 * n + 1)
    assert [(one.first, one.last) for one in report.read_before] == [
        (1, 2 * n),
        (4 * n + 1, 5 * n + 1),
    ]
    assert [(one.reason, one.first) for one in report.unclear] == [("incomplete", 5 * n + 2)]
    # pages that were left out come again in their order, in whatever stack
    scanner.take(first, scanner.forms(7))

    # what is offered to a person was taken over elsewhere in the meantime
    turned = scanner.form(8)[::-1]
    turned[0], turned[1] = turned[1], turned[0]
    scan, report = scanner.take(second, turned)
    assert report.n_offers == 1
    offered = scanner.act(next_offer, stacks.look(second), scan).offer.identifier.hex()
    scanner.take(third, scanner.forms(8))
    with pytest.raises(NotThisSheet) as taken:
        scanner.act(answer_offer, second.id, Answer(scan, offered, is_one_form=True))
    assert taken.value.key == "paper_entry.offer_read_before"
    scanner.act(answer_offer, second.id, Answer(scan, offered, is_one_form=False))

    # a stack that is given up gives its pages free; one that is sealed does not
    drop_batch(stage.database, stage.keys, second.id, by=stacks.clerk)
    assert {row.stack for row in scanner.rows()} == {first.id, third.id}
    assert stacks.finish(first, 6) is BatchState.READY
    stacks.seal(first)
    assert {row.stack for row in scanner.rows()} == {None, third.id}
    _, report = scanner.take(third, scanner.forms(5, 6, 0))
    assert (report.sheets, report.n_read_before) == (2, n)
    check_what_the_rows_say(scanner)
    drop_batch(stage.database, stage.keys, third.id, by=stacks.clerk)
    check_nothing_outlives_the_opening(scanner, empty)


def check_what_the_rows_say(scanner: Scanner) -> None:
    """A mark is made with a key that the database does not hold, and rows have no order."""
    stacks = scanner.stacks
    pages = scanner.forms(*range(9))
    marks = {row.mark for row in scanner.rows()}
    plain = {one.digest[:16] for one in pages}
    unkeyed = {hashlib.sha256(one.digest).digest()[:16] for one in pages}
    assert marks.isdisjoint(plain | unkeyed)
    with scanner.stage.database.read(scanner.stage.client.id) as session:
        campaign = get_campaign(session, stacks.campaign_id)
        made = mark_pages(scanner.stage.keys, campaign, {one.digest for one in pages})
        assert marks <= set(made.values())
    assert set(TakenPage.__table__.columns.keys()) == {
        "mark", "organisation_id", "campaign_id", "stack",
    }  # fmt: skip


def check_nothing_outlives_the_opening(scanner: Scanner, empty: PaperBatch) -> None:
    stage, stacks = scanner.stage, scanner.stacks
    stacks.write(mark_blank, stacks.campaign_id, stacks.unit, stacks.place().left)
    secrets = CampaignSecrets(stage.keys, stage.client.id, stacks.campaign_id)
    assert secrets.has(PAGES)
    stage.close(stacks.campaign_id)
    stage.open(stacks.campaign_id)
    assert scanner.rows() == []
    assert not [name for name in NAMES if secrets.has(name)]
    with pytest.raises(InvalidTransition):  # a stack that was left: no new key for what is over
        scanner.take(empty, scanner.forms(5))
    assert not secrets.has(PAGES)


def grained(seed: int) -> Image.Image:
    """A small page with a stain, and a little grain in it."""
    points = np.full((234, 165), 250, np.uint8)
    points[80:120, 40:120] = default_rng(seed).integers(60, 70, (40, 80))
    return Image.fromarray(points)


def test_a_picture_is_the_same_in_whatever_file_it_comes_unless_no_scanner_made_it(
    tmp_path: Path,
) -> None:
    page, other = (grained(seed) for seed in (3, 4))
    alone, together = pdf(page), io.BytesIO()
    with pypdfium2.PdfDocument.new() as joined:
        for content in (pdf(other), alone):
            with pypdfium2.PdfDocument(content) as document:
                joined.import_pages(document)
        joined.save(together)
    with pypdfium2.PdfDocument.new() as empty:
        drawn = io.BytesIO()
        empty.new_page(595, 842)
        empty.save(drawn)

    def digests(content: bytes) -> list[bytes]:
        (tmp_path / "scan").write_bytes(content)
        return [read_page(one, {}).digest for one in open_scan(tmp_path / "scan")]

    (known,) = digests(alone)
    assert len(known) == 32
    assert digests(together.getvalue())[1] == known != digests(together.getvalue())[0]
    assert (
        digests(saved(page, "PNG")) == digests(saved(page, "TIFF")) != digests(saved(other, "PNG"))
    )
    (tmp_path / "scan").write_bytes(drawn.getvalue())
    (screen,) = open_scan(tmp_path / "scan")
    assert screen.is_drawn
    assert screen.picture is not None
    assert read_page(replace(screen, picture=np.asarray(page)), {}).digest == b""


def test_an_empty_page_that_looks_the_same_on_every_form_makes_none_a_second_one(
    stage: Any,
) -> None:
    stacks, _ = start(stage, 6)
    scanner = Scanner(stacks)
    first, second = (stacks.open(6, way=Way.SCANNED, is_another=True) for _ in range(2))

    def cleaned(*numbers: int) -> list[PageReading]:
        forms = [scanner.form(number) for number in numbers]
        for form in forms:
            form[-1] = replace(form[-1], questions=(), digest=hashlib.sha256(b"empty").digest())
        return [page for form in forms for page in form]

    _, report = scanner.take(first, cleaned(0, 1, 2))
    assert (report.sheets, report.left_out) == (3, ())
    _, report = scanner.take(second, cleaned(3, 1))
    assert report.sheets == 1
    assert report.n_read_before == len(scanner.layout.pages)
