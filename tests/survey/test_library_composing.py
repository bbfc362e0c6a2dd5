"""Own versions as values: parts, own questions, texts, and what can be asked of them."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.exchange.imported import UNSET
from baken.instruments.exchange.words import word
from baken.instruments.library import load_instrument
from baken.instruments.writing import definition_of, texts_of
from baken.storage.errors import BakenError
from baken.survey.library.assembling import assemble, empty_scales, trim, unset_scales
from baken.survey.library.composing import (
    ScaleSetting,
    add_language,
    check_left_out,
    check_size,
    check_totals,
    fresh,
    parts_of,
    remove_language,
    set_scales,
    write_texts,
)
from baken.survey.library.content import Content, content_from, flat, nested
from baken.survey.library.errors import InvalidVersion
from baken.survey.library.limits import (
    MAX_CONTENT,
    MAX_OPEN_QUESTIONS,
    MAX_OWN_QUESTIONS,
    MAX_SCALES,
    MAX_TEXT,
)
from baken.survey.library.own_questions import (
    NewQuestion,
    NewScale,
    add_format,
    add_open_question,
    add_question,
    own_questions,
    remove_open_question,
    remove_question,
)
from baken.survey.library.slots import complete_languages, missing_in, slots_of
from baken.survey.library.text_files import read_text_file, write_text_table

WHOLE = load_instrument("vijf-a", "1")
# A few scales are enough to compose with; each example reads a whole questionnaire.
BASE = fresh(
    trim(
        Content(definition_of(WHOLE), texts_of(WHOLE)),
        [f"scales.{scale.key}" for scale in WHOLE.scales[4:]],
    ),
    "vijf-a",
    "own-1",
)
SHIPPED = assemble(BASE.as_text(), ())
FORMAT = SHIPPED.formats[0].key
TOPIC = NewScale("A3", "risk", {"nl": "Ons rooster", "fr": "Notre horaire"})
SCALES = [f"scales.{scale.key}" for scale in SHIPPED.scales]
LARGE = Content(BASE.definition, {**BASE.texts, "nl": {"items": {"x": "x" * MAX_CONTENT}}})
CUT = next(scale for scale in SHIPPED.scales if scale.cutoff and scale.high_is == "risk")


def with_scales(number: int) -> Content:
    scale = {"dimension": "O", "high_is": "risk", "items": []}
    scales = {f"s{place}": scale for place in range(number)}
    return Content({**BASE.definition, "scales": scales}, BASE.texts)


def question(words: str = "Vraag?", scale: str | NewScale = TOPIC) -> NewQuestion:
    return NewQuestion({"nl": words, "fr": words}, FORMAT, scale)


def read(content: Content, *left_out: str):
    return assemble(content.as_text(), left_out)


def test_a_copy_asks_the_same_under_its_own_name() -> None:
    copy = read(fresh(Content(definition_of(WHOLE), texts_of(WHOLE)), "vijf-a", "own-1"))
    assert (copy.key, copy.version) == ("vijf-a", "own-1")
    assert copy.items == WHOLE.items
    assert copy.scales == WHOLE.scales
    assert copy.texts == WHOLE.texts
    assert copy.fingerprint != WHOLE.fingerprint


@given(st.sets(st.sampled_from(SCALES), max_size=len(SCALES) - 1))
def test_what_is_left_out_goes_whole_and_comes_back_whole(left_out: set[str]) -> None:
    asked = read(BASE, *sorted(left_out))
    kept = [scale for scale in SHIPPED.scales if f"scales.{scale.key}" not in left_out]
    assert list(asked.scales) == kept
    codes = {code for scale in kept for code in scale.items}
    assert [item.code for item in asked.items] == [
        item.code for item in SHIPPED.items if item.code in codes
    ]
    assert asked.languages == SHIPPED.languages
    assert set(asked.texts["nl"].items) == codes
    assert read(BASE).fingerprint == read(content_from(BASE.as_text())).fingerprint


@given(st.text(max_size=60), st.sampled_from(["nl", "fr"]))
def test_every_text_that_is_written_is_found_again(text: str, language: str) -> None:
    written = write_texts(BASE, {language: {"title": text}})
    cleaned = re.sub(" +", " ", "".join(" " if c <= " " or c == "\x7f" else c for c in text))
    cleaned = cleaned.strip(" ")
    assert flat(written.texts[language]).get("title", "").strip() == cleaned.strip()
    is_complete = language in complete_languages(written)
    assert is_complete == bool(cleaned.strip())
    assert (language in read(written).languages) == is_complete


@given(st.lists(st.sampled_from(["topic", "open", "remove", "open_remove"]), max_size=12))
def test_however_it_is_composed_it_can_be_read(steps: list[str]) -> None:
    content = BASE
    for step in steps:
        own = own_questions(content)
        asked = [one["key"] for one in content.definition["open_questions"]]
        mine = [key for key in asked if key.startswith("own_open_")]
        if step == "topic" and len(own) < MAX_OWN_QUESTIONS:
            content = add_question(content, question())
        elif step == "open" and len(asked) < MAX_OPEN_QUESTIONS:
            content = add_open_question(content, {"nl": "Wat?", "fr": "Quoi ?"}, 500)
        elif step == "remove" and own:
            content = remove_question(content, own[0])
        elif step == "open_remove" and mine:
            content = remove_open_question(content, mine[0])
    found = read(content)
    assert found.is_usable
    assert found.languages == ("nl", "fr")
    own = set(own_questions(content))
    assert [item.code for item in found.items if item.code not in own] == [
        item.code for item in SHIPPED.items
    ]
    before = {scale.key: scale for scale in SHIPPED.scales}
    assert all(scale == before.get(scale.key, scale) for scale in found.scales)
    heads = list(found.texts["nl"].short_scales.values())
    assert len(heads) == len(set(heads))


def test_own_questions_share_a_topic_and_their_names_are_never_lent() -> None:
    one = add_question(BASE, question())
    two = add_question(one, question("Nog?", "own_scale_1_1"))
    assert own_questions(two) == ("own_1_1", "own_1_2")
    assert read(two).scale("own_scale_1_1").items == ("own_1_1", "own_1_2")
    later = fresh(remove_question(two, "own_1_2"), "vijf-a", "own-2")
    assert own_questions(add_question(later, question("Anders?", "own_scale_1_1"))) == (
        "own_1_1",
        "own_2_1",
    )
    turned = NewQuestion({"nl": "Om?"}, FORMAT, "own_scale_1_1", reversed=True, not_applicable=True)
    assert read(add_question(one, turned)).languages == ("nl",)
    heads = flat(one.texts["nl"])["short_scales.own_scale_1_1"], flat(one.texts["fr"])
    assert (heads[0], heads[1]["short_scales.own_scale_1_1"]) == ("Ons rooster", "Notre")
    assert read(remove_question(one, "own_1_1")).texts == SHIPPED.texts


def test_ten_of_each_is_the_most() -> None:
    content = add_question(BASE, question())
    for _ in range(MAX_OWN_QUESTIONS - 1):
        content = add_question(content, question("Nog?", "own_scale_1_1"))
    with pytest.raises(InvalidVersion, match="10 own questions"):
        add_question(content, question())
    for _ in range(MAX_OPEN_QUESTIONS - len(SHIPPED.open_questions)):
        content = add_open_question(content, {"nl": "Wat?"}, 2000)
    with pytest.raises(InvalidVersion, match="10 open questions"):
        add_open_question(content, {"nl": "Wat?"}, 2000)
    for _ in range(MAX_OWN_QUESTIONS):
        content = add_format(content, 0, 3)
    with pytest.raises(InvalidVersion, match="own rows"):
        add_format(content, 0, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda: add_question(BASE, question(scale="pace")),
        lambda: add_question(BASE, NewQuestion({"nl": "?"}, "no-format", TOPIC)),
        lambda: add_question(BASE, question(scale=NewScale("Z9", "risk", {}))),
        lambda: remove_question(BASE, SHIPPED.items[0].code),
        lambda: remove_open_question(BASE, SHIPPED.open_questions[0].key),
        lambda: add_open_question(BASE, {}, 7),
        lambda: add_format(BASE, 3, 3),
        lambda: add_format(BASE, 0, 11),
        lambda: add_language(BASE, "nl"),
        lambda: add_language(BASE, "<b>"),
        lambda: remove_language(BASE, "de"),
        lambda: remove_language(remove_language(BASE, "fr"), "nl"),
        lambda: write_texts(BASE, {"de": {"title": "Neu"}}),
        lambda: write_texts(BASE, {"nl": {"title": "x" * (MAX_TEXT + 1)}}),
        lambda: check_left_out(BASE, SCALES),
        lambda: check_left_out(BASE, ["scales.nothing"]),
        lambda: set_scales(BASE, {"nothing": ScaleSetting("A1", "risk", ())}),
        lambda: check_size(write_texts(LARGE, {"nl": {"title": "x"}})),
        lambda: check_size(with_scales(MAX_SCALES + 1)),
    ],
)
def test_what_makes_no_questionnaire_is_refused(change) -> None:
    with pytest.raises(InvalidVersion):
        change()


def test_a_new_language_lacks_every_text_and_is_not_offered() -> None:
    more = add_language(BASE, "de")
    assert len(missing_in(more, "de")) == len(slots_of(more))
    assert read(more).languages == ("nl", "fr")
    assert read(more).texts == SHIPPED.texts
    head = write_texts(BASE, {"nl": {"short_scales.workload": "veel te lange naam"}})
    assert [slot.path for slot in missing_in(head, "nl")] == ["short_scales.workload"]


def test_nothing_complete_is_a_structure_with_stand_ins() -> None:
    neither = write_texts(BASE, {"nl": {"title": ""}, "fr": {"title": ""}})
    found = read(neither)
    assert not found.is_usable
    assert found.texts["nl"].title == "title"
    assert found.items == SHIPPED.items


def test_a_structure_takes_questions_in_scales_that_have_none() -> None:
    shipped = load_instrument("woccq", "1")
    content = fresh(Content(definition_of(shipped), texts_of(shipped)), "woccq", "own-1")
    first, *rest = empty_scales(content, ())
    content = add_format(content, 1, 4)
    content = add_question(content, NewQuestion({"nl": "Vraag?"}, "own_format_1_1", first))
    labels = {f"options.own_format_1_1.{value}": f"label {value}" for value in range(1, 5)}
    done = write_texts(content, {"nl": labels})
    assert not read(content).is_usable
    found = read(done)
    assert found.is_usable
    assert found.languages == ("nl",)
    assert [scale.key for scale in found.scales] == [first]
    assert set(empty_scales(done, ())) == set(rest)


def test_an_imported_scale_is_asked_once_its_author_says_what_it_is_about() -> None:
    definition = json.loads(json.dumps(BASE.definition))
    key = SHIPPED.scales[0].key
    definition["scales"][key]["dimension"] = UNSET
    content = Content(definition, BASE.texts)
    assert unset_scales(content, ()) == (key,)
    assert unset_scales(content, (f"scales.{key}",)) == ()
    assert not read(content).is_usable
    assert read(content, f"scales.{key}").is_usable
    code = SHIPPED.scales[0].items[0]
    settings = ScaleSetting("O", "resource", (code, "not-mine"), keeps_cutoff=False)
    told = set_scales(content, {key: settings})
    scale = read(told).scale(key)
    assert (scale.dimension, scale.high_is) == ("O", "resource")
    assert told.definition["scales"][key]["reversed"] == [code]
    assert flat(told.texts["nl"])["dimensions.O"]


def test_a_cut_off_does_not_outlive_the_direction_it_was_made_for() -> None:
    """Turned round it would call the wrong people at risk: it goes knowingly, or nothing turns."""
    came = tuple(item.code for item in SHIPPED.scale_items(CUT.key) if item.reversed)
    other = tuple(code for code in CUT.items if code not in came)
    usual = write_texts(BASE, {"nl": {f"scale_notes.{CUT.key}": word("nl", "risk")}})
    for high_is, turned in (("resource", came), ("risk", other), ("resource", other)):
        asked = ScaleSetting("A2", high_is, turned)
        with pytest.raises(InvalidVersion, match="untick the cut-off"):
            set_scales(usual, {CUT.key: asked})
        found = set_scales(usual, {CUT.key: replace(asked, keeps_cutoff=False)})
        scale = read(found).scale(CUT.key)
        assert (scale.cutoff, scale.high_is) == (None, high_is)
        assert f"cutoff_sources.{CUT.key}" not in flat(found.texts["nl"])
        assert flat(found.texts["nl"])[f"scale_notes.{CUT.key}"] == word("nl", high_is)
        # what the organisation wrote itself stays
        assert flat(found.texts["fr"]) | {f"cutoff_sources.{CUT.key}": ""} == {
            **flat(usual.texts["fr"]),
            f"cutoff_sources.{CUT.key}": "",
        }
    kept = set_scales(usual, {CUT.key: ScaleSetting("A2", "risk", came)})
    assert read(kept).scale(CUT.key).cutoff == CUT.cutoff


def test_a_scale_is_not_turned_against_the_total_it_counts_in() -> None:
    shipped = load_instrument("bat-12", "1")
    content = Content(definition_of(shipped), texts_of(shipped))
    totals = [f"scales.{scale.key}" for scale in shipped.scales if scale.is_total]
    part = next(scale for scale in shipped.scales if not scale.is_total)
    other = "resource" if part.high_is == "risk" else "risk"
    turned = set_scales(content, {part.key: ScaleSetting(part.dimension, other, (), False)})
    with pytest.raises(InvalidVersion, match="points the other way"):
        check_totals(turned, ())
    check_totals(turned, totals)
    check_totals(content, ())


def test_a_total_is_asked_when_all_its_parts_are() -> None:
    shipped = load_instrument("bat-12", "1")
    content = Content(definition_of(shipped), texts_of(shipped))
    total = next(scale for scale in shipped.scales if scale.is_total)
    part = next(scale for scale in shipped.scales if not scale.is_total)
    assert total.key in trim(content, ()).definition["scales"]
    assert total.key not in trim(content, (f"scales.{part.key}",)).definition["scales"]


def test_texts_go_out_as_a_table_and_come_back() -> None:
    table = write_text_table(BASE)
    back = read_text_file(table, BASE)
    assert back.unknown == ()
    assert write_texts(BASE, back.texts).texts == BASE.texts
    assert back.n_texts == 2 * len(slots_of(BASE))
    toml = b'language = "nl"\ntitle = "Titel"\n[items]\nX1 = "Nergens"\n'
    assert read_text_file(toml, BASE).texts == {"nl": {"title": "Titel"}}
    assert read_text_file(toml, BASE).unknown == ("items.X1",)
    nested_json = json.dumps({"texts": BASE.texts}).encode()
    assert read_text_file(nested_json, BASE).texts == back.texts
    assert read_text_file(json.dumps(BASE.texts).encode(), BASE).texts == back.texts


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[{}]",
        b'{"nl": 3}',
        b'{"nl": {"items": {"a": {"b": {"c": "d"}}}}}',
        b'{"nl": {"items": [1]}}',
        b'{"<i>": {"title": "x"}}',
        b"text;nl;nl\n",
        b"text;Nederlands\ntitle;x\n",
        b"title\n",
        b'text;nl\n"open',
        b"x" * 2_000_001,
        b"PK\x03\x04 nonsense",
        b"a = " + b"9" * 5_000,
        b'{"nl": {"title": "x", "items": {"\\ud800": "x"}}}',
    ],
)
def test_a_file_without_texts_is_refused_in_words(file: bytes) -> None:
    with pytest.raises(BakenError):
        found = read_text_file(file, BASE)
        if not found.texts:
            raise InvalidVersion("survey.texts_none", "none")


@given(st.dictionaries(st.sampled_from([s.path for s in slots_of(BASE)]), st.text(min_size=1)))
def test_flat_and_nested_are_each_others_way_back(by_path: dict[str, str]) -> None:
    spoken = {path: text for path, text in by_path.items() if text.strip()}
    assert {k: v for k, v in flat(nested("nl", by_path)).items() if v} == spoken


def test_parts_are_scales_backgrounds_and_open_questions() -> None:
    parts = parts_of(BASE)
    assert set(SCALES) < set(parts)
    assert check_left_out(BASE, [SCALES[2], SCALES[0]]) == [SCALES[0], SCALES[2]]
