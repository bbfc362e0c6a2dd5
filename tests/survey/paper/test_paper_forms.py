"""Setting a questionnaire on pages, and keeping the form of a campaign as it was printed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.instruments.definition import (
    AnswerFormat,
    Background,
    Instrument,
    Item,
    OpenQuestion,
    Scale,
    Texts,
)
from baken.instruments.library import load_instrument
from baken.instruments.sheet import NOT_APPLICABLE, PREFER_NOT
from baken.organisation.errors import Denied
from baken.storage.audit import AuditEntry
from baken.survey.campaigns.models import Campaign
from baken.survey.errors import CannotPrint, FormNotFound, InvalidTransition
from baken.survey.paper.composing.ink import Form, Words
from baken.survey.paper.composing.setting import set_form
from baken.survey.paper.composing.words import FormWords
from baken.survey.paper.errors import CannotOpenBatch
from baken.survey.paper.forms import (
    Wanted,
    find_layout,
    list_forms,
    make_forms,
    sign_of,
    unit_of,
    usual_number,
)
from baken.survey.paper.imprints import check_imprint, imprints_of
from baken.survey.paper.layout import PAGE_HEIGHT, PAGE_WIDTH, Box, Field, NotALayout
from baken.survey.paper.marks import PROOF, Mark
from baken.survey.paper.models import PaperForm

AGREE = AnswerFormat("agree", 1, 5)
HOURS = AnswerFormat("hours", 16, 75, numeric=True)
YES = AnswerFormat("yes", 0, 1)
KNOWN = AnswerFormat("known", 0, 1, unknown=True)
ELEVEN = AnswerFormat("eleven", 0, 10)

SENTENCES = ("promise", "how", "own", "ready")
WORDS = FormWords(
    **{
        name: ("Eerste zin.", "Tweede zin.") if name in SENTENCES else name
        for name in FormWords.__slots__
    }
    | {"page": "{page}/{pages}"}
)


def measured(text: str, face: str, size: float) -> float:
    """Letters of one width are enough to break lines by."""
    return len(text) * size * 0.17


def questionnaire(formats: list[AnswerFormat], text: str, label: str) -> Instrument:
    """A questionnaire with an item of each of these formats, and everything beside."""
    items = tuple(
        Item(f"q{place}", one, "scale", False, "A2", not_applicable=one is KNOWN or place % 3 == 1)
        for place, one in enumerate(formats)
    )
    labels = {
        one.key: {
            value: f"{label} {value}"
            for value in ((one.low, one.high) if one.numeric else one.values)
        }
        for one in formats
    }
    texts = Texts(
        language="nl",
        title="Titel",
        dimensions={"A2": "A2"},
        dimension_headings={"A2": "Uw werk"},
        scales={},
        short_scales={},
        scale_notes={},
        items={item.code: f"{text} {item.code}" for item in items},
        options=labels,
        backgrounds={"age": "Hoe oud bent u?"},
        bands={"age": {band: band for band in ("a", "b", "c")}},
        open_questions={"more": "Wat nog?"},
    )
    return Instrument(
        key="stage",
        version="1",
        kind="questionnaire",
        languages=("nl",),
        dimensions=("A2",),
        formats=tuple(set(formats)),
        items=items,
        scales=(Scale("scale", "A2", tuple(item.code for item in items), "risk"),),
        backgrounds=(Background("age", ("a", "b", "c")),),
        open_questions=(OpenQuestion("more", 2_000),),
        texts={"nl": texts},
        source="made for the tests",
        licence="CC0",
        fingerprint="f" * 64,
    )


def offered(instrument: Instrument) -> dict[str, list[int]]:
    """Question to the codes that can be crossed."""
    found = {}
    for item in instrument.items:
        beside = [NOT_APPLICABLE, PREFER_NOT] if item.not_applicable else [PREFER_NOT]
        found[item.code] = sorted([*range(item.format.n_values), *beside])
    for one in instrument.backgrounds:
        found[one.key] = sorted([*range(len(one.bands)), PREFER_NOT])
    return found


def overlap(one: Box | Field, other: Box | Field) -> bool:
    """Whether two places touch, with a millimetre between them."""
    (x, y, width, height), (x2, y2, width2, height2) = _edges(one), _edges(other)
    beside = x < x2 + width2 + 1 and x2 < x + width + 1
    return beside and y < y2 + height2 + 1 and y2 < y + height + 1


def _edges(place: Box | Field) -> tuple[float, float, float, float]:
    if isinstance(place, Box):
        return place.x, place.y, place.size, place.size
    return place.x, place.y, place.width, place.height


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([AGREE, HOURS, YES, KNOWN, ELEVEN]), min_size=1, max_size=14),
    st.text("abcd ", min_size=1, max_size=160),
    st.text("abcd ", max_size=40),
    st.booleans(),
)
def test_every_answer_has_one_box_in_reach_of_a_pen(
    formats: list[AnswerFormat], text: str, label: str, large: bool
):
    instrument = questionnaire(formats, text, label)
    form = set_form(instrument, "nl", WORDS, measured, large=large)
    boxes = [box for page in form.layout.pages for box in page.boxes]
    found: dict[str, list[int]] = {}
    for box in boxes:
        found.setdefault(box.question, []).append(box.value)
    assert {question: sorted(values) for question, values in found.items()} == offered(instrument)
    # In the order of the questionnaire, and nothing split over two pages.
    assert list(found) == [*(item.code for item in instrument.items), "age"]
    for page in form.layout.pages:
        places = [*page.boxes, *page.fields]
        for at, one in enumerate(places):
            x, y, width, height = _edges(one)
            assert 14 < x < x + width < PAGE_WIDTH - 14
            assert 32 < y < y + height < PAGE_HEIGHT - 14
            assert not any(overlap(one, other) for other in places[at + 1 : at + 40])
    asked = [question for page in form.layout.pages for question in page.questions]
    assert len(asked) == len(set(asked))
    assert Form.from_json(json.loads(json.dumps(form.to_json()))) == form
    smallest = min(one.size for page in form.ink for one in page if isinstance(one, Words))
    assert smallest >= (16 if large else 9)


def test_the_words_of_the_answers_stand_on_each_page():
    asked = questionnaire([AGREE] * 60, "Vraag", "eens")
    form = set_form(asked, "nl", WORDS, measured, large=False)
    assert len(form.layout.pages) > 2
    for page, ink in zip(form.layout.pages, form.ink, strict=True):
        if any(box.question.startswith("q") for box in page.boxes):
            heads = [one.text for one in ink if isinstance(one, Words) and one.align == "middle"]
            assert heads.count("eens") == heads.count("5") * 5 == 5
        assert any(one.text == f"{page.number}/{len(form.layout.pages)}" for one in ink
                   if isinstance(one, Words))  # fmt: skip


@pytest.mark.parametrize(
    "content", [None, {}, {"ink": [[["circle", 1]]], "layout": {}}, {"ink": 1}]
)
def test_what_is_no_form_is_refused(content: object):
    with pytest.raises(NotALayout):
        Form.from_json(content)


def test_a_question_taller_than_a_page_is_refused():
    with pytest.raises(CannotPrint, match="q0 does not fit"):
        set_form(questionnaire([AGREE], "woord " * 3000, "x"), "nl", WORDS, measured, large=False)


def test_a_form_is_made_once_and_found_again(stage: Any):
    stage.instrument = load_instrument("puls")
    draft = stage.create(background_headcounts={})
    running = stage.launch(background_headcounts={})
    unit = stage.unit_of["Team A"]

    def make(session: Any, campaign_id: Any, forms: dict[str, int], **more: Any) -> Any:
        wanted = Wanted(more.pop("language", "nl"), False, forms)
        by = more.pop("by", stage.client.adviser)
        words = more.pop("words", WORDS)
        return make_forms(session, campaign_id, wanted, words=words, measure=measured, by=by)

    with stage.database.session(stage.client.id) as session:
        proof = make(session, draft, {})
        assert proof.is_proof
        assert proof.form.layout.edition == PROOF
        assert [stack.forms for stack in proof.stacks] == [1]
        assert list_forms(session, draft) == ()

        first = make(session, running, {unit: 14, stage.unit_of["Team B"]: 0})
        again = make(session, running, {unit: 2}, words=replace(WORDS, title="Een andere titel"))
        # Words that change later do not move a box on forms that were handed out.
        assert again.form == first.form
        assert not first.is_proof
        edition = first.form.layout.edition
        assert edition != PROOF
        assert find_layout(session, running, edition) == first.form.layout
        assert [made.edition for made in list_forms(session, running)] == [edition]
        campaign = session.get(Campaign, running)
        (stack,) = first.stacks
        assert (stack.sign, stack.forms) == (sign_of(campaign, unit), 14)
        assert unit_of(campaign, Mark(edition, "nl", 1, stack.sign))["key"] == unit
        for sign in ("ZZZ", "abc"):
            with pytest.raises(FormNotFound):
                unit_of(campaign, Mark(edition, "nl", 1, sign))
        for campaign_id, other in ((draft, edition), (running, PROOF), (running, "ABCDEFGH")):
            with pytest.raises(FormNotFound):
                find_layout(session, campaign_id, other)
        with pytest.raises(CannotPrint):
            make(session, running, {unit: 0})
        with pytest.raises(CannotPrint):
            make(session, running, {unit: 1_501})
        with pytest.raises(CannotPrint):
            make(session, running, {unit: 1}, language="de")
        with pytest.raises(Denied):
            make(session, running, {unit: 1}, by=stage.client.administrator)
        acts = [entry for entry in session.query(AuditEntry) if "form" in entry.action]
        assert [entry.facts for entry in acts] == [
            {"forms": 1, "units": 1},
            {"forms": 14, "units": 1},
            {"forms": 2, "units": 1},
        ]
    stage.close(running)
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidTransition):
        make(session, running, {unit: 1})


def test_some_more_forms_than_people():
    assert [usual_number(people) for people in (0, 1, 12, 40, 41, 200)] == [0, 3, 14, 42, 44, 210]


def test_a_stack_with_the_imprint_of_other_forms_is_refused(stage: Any) -> None:
    stage.instrument = load_instrument("puls")
    mine = stage.launch(background_headcounts={})
    older = stage.launch(background_headcounts={})
    unit = stage.unit_of["Team A"]

    def printed(session: Any, campaign_id: Any, language: str) -> str:
        by = stage.client.adviser
        wanted = Wanted(language, False, {unit: 1})
        made = make_forms(session, campaign_id, wanted, words=WORDS, measure=measured, by=by)
        feet = {page[-1].text.partition(" · ")[2] for page in made.form.ink}
        assert feet == {made.form.imprint}  # on every page
        return made.form.imprint

    with stage.database.session(stage.client.id) as session:
        campaign = session.get(Campaign, mine)
        check_imprint(session, campaign, "nl", "")  # none was printed: nobody can compare
        dutch = printed(session, mine, "nl")
        other = printed(session, older, "nl")
        assert imprints_of(session, mine, "nl") == (dutch,)
        check_imprint(session, campaign, "nl", f" {dutch[:2].lower()} {dutch[2:]}")
        refused = {"": "missing", other: "survey", "0" * 4: "unknown"}
        for typed, why in refused.items():
            with pytest.raises(CannotOpenBatch) as caught:
                check_imprint(session, campaign, "nl", typed)
            assert caught.value.key == f"paper_entry.imprint_{why}"
        # A form that was kept by a program that printed no imprint: then it is not asked.
        row = session.get(PaperForm, (mine, "nl", False))
        row.content = {**row.content, "imprint": ""}
        session.flush()
        check_imprint(session, campaign, "nl", "")
