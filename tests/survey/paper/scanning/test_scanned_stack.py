"""A stack of printed forms, filled in with a pen, scanned, looked at, sealed and opened."""

import hashlib
import io
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from numpy.random import default_rng
from PIL import Image
from sqlalchemy import func, select

from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING
from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.survey.answers import read_blocks
from baken.survey.box.models import Envelope
from baken.survey.box.statements import Standing
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.places import mark_blank
from baken.survey.paper.batches import get_batch
from baken.survey.paper.errors import (
    NotThisSheet,
    SamePerson,
    SpoolGone,
    TotalsDisagree,
)
from baken.survey.paper.first_entry import lay_aside
from baken.survey.paper.forms import Wanted, make_forms, sign_of
from baken.survey.paper.models import SpoolImage
from baken.survey.paper.progress import typed_before
from baken.survey.paper.reviewing import Said, next_doubtful, settle
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scan_reports import LeftOut, list_reports, read_report
from baken.survey.paper.scanned_boxes import list_boxes
from baken.survey.paper.scanning import apart
from baken.survey.paper.scanning.apart import read_apart
from baken.survey.paper.scanning.errors import CannotReadScan
from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.patience import Limits
from baken.survey.paper.scanning.readings import BoxCrop, BoxState, PageReading
from baken.survey.paper.scans import (
    Answer,
    answer_offer,
    layouts_to_read,
    next_offer,
    take_scan,
)
from baken.web.documents.forms.copies import Order, Printing, print_copies
from baken.web.documents.forms.drawing import Group
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from tests.survey.paper.scanning.pens import Pen, cross, draw
from tests.survey.paper.scanning.printed import Grey
from tests.survey.paper.scanning.test_scan_files import pdf
from tests.survey.paper.stacks import Stacks

DPI = 200
INK = Pen(0.5, 0.2)


@dataclass
class Press:
    """Prints the forms of a campaign and fills them in."""

    stacks: Stacks

    def __post_init__(self) -> None:
        wanted = Wanted("nl", large=False, forms={self.stacks.unit: 9})
        words = words_of(About("x"), "nl")
        made = self.stacks.write(
            make_forms, self.stacks.campaign_id, wanted, words=words, measure=measure,
            by=self.stacks.third,
        )  # fmt: skip
        self.form, self.random = made.form, default_rng(11)

    def blank(self, unit: str) -> list[Grey]:
        """The pages of an empty form of a unit, as a perfect scanner sees them."""
        sign = self.stacks.write(
            lambda session: sign_of(get_campaign(session, self.stacks.campaign_id), unit)
        )
        order = Order.ONE_SIDE
        content = print_copies(Printing(self.form, Group(sign, "Ploeg"), 1, order))
        with pypdfium2.PdfDocument(content) as document:
            return [
                np.array(page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze())
                for page in document
            ]

    def fill(self, pages: list[Grey], answers: dict[str, tuple[int, ...]]) -> list[Grey]:
        """The pages with a cross in each of these boxes."""
        filled = [page.copy() for page in pages]
        for page, printed in zip(filled, self.form.layout.pages, strict=True):
            for box in printed.boxes:
                if box.value in answers.get(box.question, ()):
                    draw(page, cross(box, INK, self.random, reach=0.38), DPI / 25.4, self.random)
        return filled


def scanned(pages: list[Grey]) -> bytes:
    """A PDF as a scanner writes it: one picture a page, drawn in a little askew, with its grain."""
    rows, columns = pages[0].shape
    tilt = cv2.getRotationMatrix2D((columns / 2, rows / 2), 0.4, 1)
    grain = default_rng(5)
    askew = [cv2.warpAffine(page, tilt, (columns, rows), borderValue=255) for page in pages]
    for page in askew:
        page[:] -= np.minimum(page, grain.integers(0, 12, page.shape, dtype=np.uint8))
    first, *others = map(Image.fromarray, askew)
    content = io.BytesIO()
    first.save(content, "PDF", resolution=DPI, save_all=True, append_images=others)
    return content.getvalue()


def start(stage: Any, n_slips: int) -> tuple[Stacks, list[str]]:
    """A campaign with so many slips of Team A exchanged, and the codes that are left."""
    stage.instrument = load_instrument("puls")
    campaign_id = stage.launch(min_group=5, background_headcounts={})
    stacks = Stacks(stage, campaign_id, stage.unit_of["Team A"])
    codes = stage.codes(campaign_id)["Team A"]
    stacks.exchange(codes[:n_slips])
    return stacks, codes[n_slips:]


@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_from_filled_forms_to_sealed_envelopes(stage: Any, tmp_path: Path) -> None:
    stacks, codes = start(stage, 7)
    press, keys, today = Press(stacks), stage.keys, stage.today
    batch = stacks.open(7, way=Way.SCANNED)
    empty = press.blank(stacks.unit)
    items = [item.code for item in stage.instrument.items]
    meant = [{code: (n + place) % 4 for place, code in enumerate(items)} for n in range(2)]
    del meant[0][items[3]]  # nothing crossed
    crossed: list[dict[str, tuple[int, ...]]]
    crossed = [{code: (value,) for code, value in one.items()} for one in meant]
    crossed[1][items[5]] = (0, 3)  # two crosses: a person looks
    forms = [press.fill(empty, one) for one in crossed]
    foreign = np.full_like(empty[0], 255)
    foreign[500:900, 300:1200] = 90
    other = press.blank(stage.unit_of["Team B"])
    file = tmp_path / "scan"
    file.write_bytes(scanned([*forms[0], *forms[1], *empty, foreign, *other]))

    def act(action: Any, *arguments: Any, by: Any = stacks.clerk) -> Any:
        return stacks.write(action, keys, *arguments, by=by, today=today)

    layouts = act(layouts_to_read, stacks.campaign_id, batch.id)
    with pytest.raises(SamePerson):
        act(layouts_to_read, stacks.campaign_id, batch.id, by=stacks.second)
    heard: list[tuple[int, int]] = []
    found = read_apart(file, layouts, said=lambda *told: heard.append(told))
    readings = list(found.pages)
    assert heard[-1] == (len(readings), len(readings))  # what whoever waits is told
    n = len(empty)
    # two more people answered as the first one did; reading the same pages again shows nothing
    readings += [
        replace(one, number=one.number + (4 + k) * n + 1, digest=one.digest + bytes(k + 1))
        for k in (0, 1)
        for one in readings[:n]
    ]
    meant += [meant[0]] * 2
    digest = hashlib.sha256(file.read_bytes()).digest()
    scan = act(take_scan, batch.id, digest, readings)
    report = act(
        lambda session, *rest, **named: read_report(
            session, keys, get_batch(session, stacks.campaign_id, batch.id), scan, **named
        )
    )
    assert (report.pages, report.sheets, report.backs) == (6 * n + 1, 5, 0)
    listed = partial(
        act,
        lambda session, *rest, **named: list_reports(
            session, keys, get_batch(session, stacks.campaign_id, batch.id), **named
        ),
    )
    assert listed() == ((scan, report),)
    assert listed(by=stacks.second) == ()  # the page of the stack is for more people
    assert [(one.reason, one.first, one.last) for one in report.left_out] == [
        ("foreign", 3 * n + 1, 3 * n + 1),
        ("other_unit", 3 * n + 2, 4 * n + 1),
    ]
    assert (report.of_others, report.to_mend) == (report.left_out, ())
    torn = replace(report, left_out=(LeftOut("incomplete", (1,)),))
    assert (torn.of_others, torn.to_mend) == ((), torn.left_out)
    assert (stacks.look(batch).n_sheets, stacks.place().waiting) == (5, 5)
    with pytest.raises(NotThisSheet, match="very file"):
        act(take_scan, batch.id, digest, readings)
    again = [replace(one, digest=b"") for one in readings]
    with pytest.raises(TotalsDisagree):  # the same forms, scanned again
        act(take_scan, batch.id, digest[::-1], again)
    with pytest.raises(TotalsDisagree):
        stacks.finish(batch, 6)
    for _ in range(2):  # sent again, noted once
        stacks.write(lay_aside, batch.id, seen=0, by=stacks.clerk)
    new = [replace(one, digest=one.digest[::-1]) for one in readings[:n]]
    take_what_was_offered(stacks, act, batch, new)
    meant.append(meant[0])
    assert stacks.finish(batch, 7) is BatchState.DECIDING

    with pytest.raises(Denied):
        act(next_doubtful, batch.id, by=stage.client.people[Role.DESK])
    looked = []
    while stacks.look(batch).state is BatchState.DECIDING:
        found = act(next_doubtful, batch.id, by=stacks.third)
        looked.append((found.place, found.key, found.doubt))
        said = Said(found.place, found.kind, found.key, 1 if found.key == "blank" else 3)
        if found.key != "blank":
            assert found.picture is not None
            assert found.picture.startswith(b"\x89PNG")
        for _ in range(2):  # the answer was lost: sent again, kept once
            act(settle, batch.id, said, by=stacks.third)
    assert looked == [(2, items[5], "several"), (3, "blank", "blank")]

    stacks.seal(batch)
    sealed = stacks.look(batch)
    assert (sealed.state, sealed.n_sealed, sealed.n_blank) == (BatchState.SEALED, 5, 1)
    with stage.database.read(stage.client.id) as session:
        with pytest.raises(SpoolGone):
            read_report(session, keys, sealed, scan, by=stacks.clerk, today=today)
        assert list_reports(session, keys, sealed, by=stacks.clerk, today=today) == ()
        assert typed_before(session, stacks.clerk.person_id) == 0  # so all they type is checked
    with stage.database.read(stage.client.id) as session:
        for model, rows in ((Envelope, 5), (SpoolImage, 0)):
            assert session.scalar(select(func.count()).select_from(model)) == rows
    meant[1][items[5]] = 3
    expected = [tuple(one.get(code, MISSING) for code in items) for one in meant]
    for code in codes[:1]:
        on_screen = stage.sheet(answers=expected[0])
        assert stage.submit(stacks.campaign_id, code, on_screen).standing is Standing.RECEIVED
    assert opened(stage, stacks) == sorted([*expected, expected[0]])


def take_what_was_offered(stacks: Stacks, act: Any, batch: Any, form: list[PageReading]) -> None:
    """A form whose pages lie out of order: taken once somebody has said that it is one."""
    turned = [form[1], form[0], *form[2:]]
    pages = [replace(one, number=place) for place, one in enumerate(turned, start=1)]
    boxes = Boxes()
    boxes.add([BoxCrop(0.2, BoxState.MARKED, 0.9, b"x")])
    answers = []
    for digest, is_one_form in ((b"2" * 32, False), (b"3" * 32, True)):
        scan = act(partial(take_scan, boxes=boxes), batch.id, digest, pages)
        seen = act(next_offer, stacks.look(batch), scan)
        assert (seen.offer.places, seen.left) == ((2, 1, *range(3, len(form) + 1)), 1)
        assert all(picture.startswith(b"\xff\xd8\xff") for picture in seen.pictures)
        answers.append(Answer(scan, seen.offer.identifier.hex(), is_one_form))
        for _ in range(2):  # sent again, it counts once
            report = act(answer_offer, batch.id, answers[-1])
        left = () if is_one_form else tuple(range(1, len(form) + 1))
        assert (report.sheets, report.n_offers) == (is_one_form, 0)
        assert tuple(place for one in report.left_out for place in one.places) == left
    assert (stacks.look(batch).n_sheets, stacks.look(batch).n_aside) == (6, 1)
    (row,) = act(list_boxes, stacks.look(batch), by=stacks.third)
    assert (row.state, row.count, len(row.boxes)) == (BoxState.MARKED, 2, 2)


def opened(stage: Any, stacks: Stacks) -> list[tuple[int, ...]]:
    """What is found in the envelopes after the opening."""
    stacks.write(mark_blank, stacks.campaign_id, stacks.unit, stacks.place().left)
    stage.close(stacks.campaign_id)
    stage.open(stacks.campaign_id)
    with stage.database.read(stage.client.id) as session:
        blocks = list(read_blocks(session, stage.keys, stacks.campaign_id))
    return sorted(tuple(map(int, row)) for block in blocks for row in block.items)


def test_what_takes_too_long_or_holds_too_much_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scan"
    file.write_bytes(pdf(*[Image.new("L", (165, 234), 250)] * 3))
    with pytest.raises(CannotReadScan) as long:
        read_apart(file, {}, most_pages=2)
    with pytest.raises(CannotReadScan) as slow:
        read_apart(file, {}, limits=Limits(silence=0))
    assert (long.value.key, slow.value.key) == ("scanning.too_long", "scanning.too_slow")
    written = np.full((234, 165), 250, np.uint8)
    cv2.putText(written, "nota", (20, 100), cv2.FONT_HERSHEY_SIMPLEX, 1, 30, 3)
    file.write_bytes(pdf(Image.fromarray(written)))
    monkeypatch.setattr(apart, "MOST_PICTURES", 100)
    with pytest.raises(CannotReadScan) as doubtful:
        read_apart(file, {})
    assert doubtful.value.key == "scanning.too_doubtful"
