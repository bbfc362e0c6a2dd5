"""What is written by hand: sealed as a picture, read after the opening, typed over, gone."""

import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING
from baken.organisation.errors import Denied
from baken.storage.audit import AuditEntry
from baken.storage.session import Database
from baken.survey.box.expiry import delete_expired
from baken.survey.box.models import Envelope
from baken.survey.box.sheet import HANDWRITING_BYTES
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.places import mark_blank
from baken.survey.comments import list_comments, type_over
from baken.survey.disclosure.tree import ROOT
from baken.survey.errors import InvalidSheet, TypedOverBefore
from baken.survey.paper.forms import sign_of
from baken.survey.paper.marks import Mark
from baken.survey.paper.models import SpoolImage
from baken.survey.paper.reviewing import Said, next_doubtful, settle
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scanning.readings import (
    Doubt,
    FieldReading,
    PageReading,
    QuestionReading,
    QuestionState,
)
from baken.survey.paper.scans import take_scan
from tests.survey.paper.scanning.test_scanned_stack import Press
from tests.survey.paper.stacks import Stacks
from tests.survey.paper.test_paper_entry import bytes_on_disk

FORMS = 6


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One engine is enough here: the way through is walked on both."""
    return sqlite


def picture(tone: int) -> bytes:
    """A small picture in black and white that is unlike the others."""
    drawn = Image.new("1", (60, 20), 1)
    drawn.paste(0, (tone, 2, tone + 5, 18))
    content = io.BytesIO()
    drawn.save(content, "PNG")
    return content.getvalue()


def launch(stage: Any, *, types_handwriting: bool) -> Stacks:
    stage.instrument = load_instrument("vijf-a", "1")
    campaign_id = stage.launch(
        min_group=5,
        background_headcounts={
            one.key: dict.fromkeys(one.bands, 60) for one in stage.instrument.backgrounds
        },
        channels={stage.unit_of["Team A"]: ["paper"]},
        types_handwriting=types_handwriting,
    )
    stacks = Stacks(stage, campaign_id, stage.unit_of["Team A"])
    stacks.exchange(stage.codes(campaign_id)["Team A"][:FORMS])
    return stacks


def scan(
    stacks: Stacks,
    written: dict[int, bytes | None],
    *,
    forms: int = FORMS,
    doubtful: frozenset[int] = frozenset(),
    pale: frozenset[int] = frozenset(),
    blank: frozenset[int] = frozenset(),
) -> Any:
    """Take a scan of so many forms of a stack of all.

    `written` says on which forms something is written, and with which picture; of the `doubtful`
    ones no question can be read. Of the `pale` ones the scan has lost what was pale: their first
    question and their fields look empty, and of those that are `blank` too, everything does.
    """
    press = Press(stacks)
    layout = press.form.layout
    sign = stacks.write(lambda s: sign_of(get_campaign(s, stacks.campaign_id), stacks.unit))
    pages = []
    for form in range(forms):
        for page in layout.pages:
            questions = tuple(
                QuestionReading(one, QuestionState.DOUBTFUL, None, (), doubt=Doubt.FRAME)
                if form in doubtful
                else QuestionReading(one, QuestionState.DOUBTFUL, None, (), doubt=Doubt.NO_GREY)
                if form in blank or (form in pale and page.number == n + 1 == 1)
                else QuestionReading(one, QuestionState.ANSWERED, (form + n) % 2, ())
                for n, one in enumerate(dict.fromkeys(box.question for box in page.boxes))
            )
            fields = tuple(
                FieldReading(one.question, form in written, written.get(form), form in pale)
                for one in page.fields
            )
            mark = Mark(layout.edition, "nl", page.number, sign)
            pages.append(PageReading(len(pages) + 1, mark=mark, questions=questions, fields=fields))
    batch = stacks.open(FORMS, way=Way.SCANNED)
    digest = hashlib.sha256(b"a file").digest()
    stage = stacks.stage
    stacks.write(take_scan, stage.keys, batch.id, digest, pages, by=stacks.clerk, today=stage.today)
    return batch


def type_what_is_asked(stacks: Stacks, batch: Any, text: str) -> list[tuple[int, str]]:
    """Answer everything that a person is asked about a stack; return place and doubt of each."""
    stage, asked = stacks.stage, []
    while stacks.look(batch).state is BatchState.DECIDING:
        found = stacks.write(
            next_doubtful, stage.keys, batch.id, by=stacks.third, today=stage.today
        )
        asked.append((found.place, found.doubt))
        said = Said(found.place, found.kind, found.key, text)
        stacks.write(settle, stage.keys, batch.id, said, by=stacks.third, today=stage.today)
    return asked


def envelopes(stacks: Stacks) -> tuple[int, set[int]]:
    """How many envelopes there are, and which sizes they have."""
    with stacks.stage.database.read(stacks.stage.client.id) as session:
        sizes = list(session.scalars(select(func.length(Envelope.box))))
    return len(sizes), set(sizes)


def test_a_picture_is_sealed_unseen_and_typed_over_after_the_opening(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=False)
    pictures = {0: picture(3), 2: picture(20)}
    too_large = b"\x89PNG\r\n\x1a\n" + b"x" * HANDWRITING_BYTES
    # of two more there is a picture that does not fit, and none at all: a person types them over
    batch = scan(stacks, {**pictures, 3: too_large, 4: None})
    stacks.finish(batch, FORMS)
    assert type_what_is_asked(stacks, batch, "overgetypt") == [(4, "ink"), (5, "ink")]
    stacks.seal(batch)
    # somebody who answers on a screen leaves an envelope of the very same size
    code = stage.codes(stacks.campaign_id)["Team B"][0]
    answers = (0, *[MISSING] * (len(stage.instrument.items) - 1))
    backgrounds = (MISSING,) * len(stage.instrument.backgrounds)
    sheet = stage.sheet(answers=answers, backgrounds=backgrounds)
    with pytest.raises(InvalidSheet):  # nobody puts a picture in by the screen
        stage.submit(stacks.campaign_id, code, replace(sheet, pictures=(picture(1),)))
    stage.submit(stacks.campaign_id, code, sheet)
    n, sizes = envelopes(stacks)
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, stacks.campaign_id)
        assert (n, sizes) == (FORMS + 1, {campaign.box_size})
        assert HANDWRITING_BYTES < campaign.box_size < HANDWRITING_BYTES + 4096
        assert session.scalar(select(func.count()).select_from(SpoolImage)) == 0
    for one in pictures.values():
        assert one not in bytes_on_disk(stage)

    stage.close(stacks.campaign_id)
    stage.open(stacks.campaign_id)
    reader = stage.client.adviser
    found = stacks.write(list_comments, stage.keys, stacks.campaign_id, by=reader)
    seen = [one for one in found if one.picture]
    assert {one.picture for one in seen} == set(pictures.values())
    # fewer than twice the smallest group answered on paper: a picture says no unit
    assert {one.label for one in seen} == {ROOT}
    assert sorted(one.text for one in found) == ["", "", "overgetypt", "overgetypt"]

    def save(text: dict[bytes, str], by: Any = reader) -> int:
        return stacks.write(type_over, stage.keys, stacks.campaign_id, text, by=by)

    with pytest.raises(Denied):
        save({seen[0].id: "x"}, by=stacks.clerk)
    assert save({seen[0].id: " meer handen ", seen[1].id: "  "}) == 1
    for again in ({seen[0].id: "iets anders"}, {b"0" * 16: "vreemd", seen[1].id: "x"}):
        with pytest.raises(TypedOverBefore):
            save(again)
    left = stacks.write(list_comments, stage.keys, stacks.campaign_id, by=reader)
    assert sorted((one.text, one.picture) for one in left if one.text != "overgetypt") == [
        ("", seen[1].picture),
        ("meer handen", b""),
    ]
    with stage.database.read(stage.client.id) as session:
        acts = list(session.scalars(select(AuditEntry.action)))
    assert acts.count("campaign.handwriting_typed") == 1
    # a page that was left open past the day on which comments go
    delete_expired(
        stage.database,
        stage.keys,
        organisation_id=stage.client.id,
        today=stage.today + timedelta(days=400),
    )
    with pytest.raises(TypedOverBefore):
        save({seen[1].id: "te laat"})


def test_where_it_was_agreed_handwriting_is_typed_over_at_once(stage: Any) -> None:
    stacks = launch(stage, types_handwriting=True)
    batch = scan(stacks, {1: picture(9)})
    stacks.finish(batch, FORMS)
    assert type_what_is_asked(stacks, batch, "te druk") == [(2, "ink")]
    stacks.seal(batch)
    with stage.database.read(stage.client.id) as session:
        size = get_campaign(session, stacks.campaign_id).box_size
    assert envelopes(stacks) == (FORMS, {size})
    assert size is not None
    assert size < HANDWRITING_BYTES
    stacks.write(mark_blank, stacks.campaign_id, stacks.unit, stacks.place().left)
    stage.close(stacks.campaign_id)
    stage.open(stacks.campaign_id)
    by = stage.client.adviser
    found = stacks.write(list_comments, stage.keys, stacks.campaign_id, by=by)
    assert [(one.text, one.picture) for one in found] == [("te druk", b"")]
