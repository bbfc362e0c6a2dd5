"""An export reads back as it was: XLSForm, JSON, and a folder of TOML."""

import json
import tomllib
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from baken.instruments.errors import InstrumentError, InvalidInstrument
from baken.instruments.exchange.as_json import read_json, write_json
from baken.instruments.exchange.codebook import write_codebook
from baken.instruments.exchange.imported import Place, UnreadableForm, with_dimensions
from baken.instruments.exchange.reasons import REASONS
from baken.instruments.exchange.words import language_code, word
from baken.instruments.exchange.xlsform import read_xlsform
from baken.instruments.exchange.xlsform_writing import write_xlsform
from baken.instruments.library import list_instruments, load_instrument
from baken.instruments.reading import read_content
from baken.instruments.toml_text import as_toml
from baken.instruments.writing import definition_of, texts_of
from baken.storage.workbooks import list_sheets, open_rows
from baken.survey.library.files import FORMS, open_questionnaire
from baken.web.texts import LANGUAGES, catalogue
from tests.instruments.drawn import TEXT, instruments

QUESTIONNAIRES = [
    one.key
    for one in list_instruments()
    if load_instrument(one.key, one.version).kind == "questionnaire"
]


def sheets_of(instrument):
    return {
        name: [[str(cell) for cell in row] for row in rows]
        for name, rows in write_xlsform(instrument).items()
    }


def same(one, other):
    return replace(one, fingerprint="") == replace(other, fingerprint="")


@settings(max_examples=15, deadline=None)
@given(instruments())
def test_any_questionnaire_comes_back_equal_from_every_export(tables):
    definition, texts = tables
    instrument = read_content("drawn", definition, texts)
    assert len(write_codebook(instrument, "fr")["items"]) == len(instrument.items) + 1
    for imported in (
        read_xlsform(sheets_of(instrument)),
        read_json(write_json(instrument)),
    ):
        assert imported.refused == ()
        again = read_content("again", dict(imported.definition), dict(imported.texts))
        assert same(again, instrument)
        assert tomllib.loads(as_toml(imported.definition)) == imported.definition
        for own in imported.texts.values():
            assert tomllib.loads(as_toml(own)) == own


@settings(max_examples=20, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=12,
    ).map(lambda value: {"a": value, "b.c": "\x7f\n\"'"})
)
@example({"a": [1, {"b": "c", "d": None}]})
def test_any_table_is_written_so_that_toml_reads_it(table):
    assert tomllib.loads(as_toml(table)) == without_nothing(table)


def without_nothing(value):
    """What TOML can say: a key without a value is absent, an empty place in a list is a text."""
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return ["" if one is None else without_nothing(one) for one in value]
    return value


@pytest.mark.parametrize("key", ["bat-12", "puls"])
def test_a_shipped_questionnaire_goes_out_as_files_and_comes_in_again(key):
    instrument = load_instrument(key)
    for form in ("xlsform", "json"):
        imported = open_questionnaire(FORMS[form].write(instrument, "nl"))
        assert same(read_content(key, dict(imported.definition), dict(imported.texts)), instrument)


@pytest.mark.parametrize("key", ["vijf-a-kort", "copsoq-iii"])
def test_an_xlsform_is_one_that_pyxform_takes_without_a_word(key):
    content = FORMS["xlsform"].write(load_instrument(key), "nl")
    result = convert(xlsform=content, file_type=".xlsx")
    assert result.warnings == []
    for item in load_instrument(key).items:
        assert f"/{item.code}" in result.xform


def test_a_screening_travels_as_json_only():
    screening = load_instrument("knipperlichten")
    for form in ("xlsform", "codebook"):
        with pytest.raises(InstrumentError, match="Export it as JSON"):
            FORMS[form].write(screening, "nl")
    imported = read_json(FORMS["json"].write(screening, "nl"))
    assert with_dimensions(imported, {"signals": Place("A1", "risk")}) is imported
    assert same(read_content("k", dict(imported.definition), dict(imported.texts)), screening)


def changed(sheet, old, new, rows=None):
    """The sheets of a small export with one cell changed."""
    sheets = sheets_of(load_instrument("uwes-9"))
    found = [[new if cell == old else cell for cell in row] for row in sheets[sheet]]
    assert found != sheets[sheet]
    return {**sheets, sheet: [*found, *(rows or [])]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("definition.languages", "definition.tongues"),
        ('["nl", "fr", "en", "de"]', '["../nl"]'),
        ('["nl", "fr", "en", "de"]', '["nl"'),
        ('["nl", "fr", "en", "de"]', '["\\ud800"]'),
        ('["nl", "fr", "en", "de"]', "[" * 30_000),
        ('["nl", "fr", "en", "de"]', '["nl", "fr", "en"]'),
        ('{"low": 0, "high": 6}', "6"),
        ("definition.formats.frequency", "definition.formats"),
    ],
)
def test_a_sheet_of_our_own_that_was_changed_is_refused_with_a_way_on(old, new):
    with pytest.raises(UnreadableForm, match="Remove that sheet to import the form as one of"):
        read_xlsform(changed("baken", old, new))


def test_questions_and_answers_can_be_added_to_our_own_form_only_in_the_library():
    sheets = changed(
        "survey",
        "VI1",
        "VI9",
        [["text", "", ""], ["begin_group", "baken_open_questions"], ["text", "x", "Wat nog?"]],
    )
    sheets["choices"] = [*sheets["choices"], ["bands_x", "1", "een"], ["else", "1", "een"]]
    imported = read_xlsform(sheets)
    assert [(one.where.split(" · ")[-1], one.what, one.key) for one in imported.refused] == [
        ("VI9", "select_one answers_frequency", "unknown_row"),
        ("", "text", "unknown_row"),
        ("x", "text", "unknown_row"),
    ]
    assert "VI1" not in imported.texts["nl"]["items"]


def test_a_translation_typed_into_our_own_form_is_taken():
    sheets = sheets_of(load_instrument("uwes-9"))
    sheets["survey"] = [
        [
            cell if cell != "VI1" or place == 1 else f"vraag {place}"
            for place, cell in enumerate(row)
        ]
        for row in sheets["survey"]
    ]
    imported = read_xlsform(sheets)
    assert imported.texts["nl"]["items"]["VI1"] == "vraag 2"
    assert imported.texts["de"]["items"]["VI1"] == "vraag 5"


def test_a_column_of_another_language_and_an_empty_cell_change_nothing_in_our_own_form():
    sheets = sheets_of(load_instrument("uwes-9"))
    sheets["survey"][0].append("label::Klingon")
    for row in sheets["survey"]:
        if row[1:2] == ["VI1"]:
            row[3] = " "
    imported = read_xlsform(sheets)
    assert list(imported.texts) == ["nl", "fr", "en", "de"]
    assert "VI1" not in imported.texts["fr"]["items"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"{" * 50_000,
        b'{"baken": "instrument", "form": 2, "definition": {}, "texts": {}}',
        b'{"baken": "instrument", "form": 1, "definition": [], "texts": {}}',
        b'{"baken": "instrument", "form": 1, "definition": {}, "texts": {"nl": 1}}',
        b'{"baken": "instrument", "form": 1, "definition": {}, "texts": {"../nl": {}}}',
        b'{"baken": "instrument", "form": 1, "definition": {"items": 5}, "texts": {}}',
        b'{"baken": "instrument", "form": 1, "definition": {"x": "\\ud800"}, "texts": {}}',
        b'{"form": 1}' + b" " * (10 * 1024 * 1024),
        b"\xff\xfe{}",
    ],
)
def test_json_of_something_else_is_refused_with_a_way_on(content):
    with pytest.raises(UnreadableForm, match="no questionnaire that Baken exported as JSON"):
        read_json(content)


def test_json_with_wrong_values_names_each_of_them():
    content = json.loads(write_json(load_instrument("uwes-9")))
    content["definition"] |= {"version": None, "dimensions": "O"}
    content["definition"]["items"][0]["code"] = 5
    imported = read_json(json.dumps(content).encode())
    with pytest.raises(InvalidInstrument) as caught:
        read_content("x", dict(imported.definition), dict(imported.texts))
    said = {problem.key for problem in caught.value.problems}
    assert {"version", "dimensions", "items[1].code"} <= said


@pytest.mark.parametrize(
    ("part", "value"),
    [("languages", "nl"), ("scales", {"a": 1}), ("scales", []), ("items", {}), ("items", [1])],
)
def test_json_that_has_no_tables_where_tables_are_is_refused(part, value):
    content = json.loads(write_json(load_instrument("uwes-9")))
    content["definition"][part] = value
    with pytest.raises(UnreadableForm, match="no questionnaire that Baken exported as JSON"):
        read_json(json.dumps(content).encode())


@pytest.mark.parametrize("value", [1, {"VI1": 1}, {"a": {"b": {"c": "d"}}}])
def test_json_that_has_no_texts_where_texts_are_is_refused(value):
    content = json.loads(write_json(load_instrument("uwes-9")))
    content["texts"]["nl"]["items"] = value
    with pytest.raises(UnreadableForm, match="no questionnaire that Baken exported as JSON"):
        read_json(json.dumps(content).encode())


def rows_of(sheet):
    head, *rows = sheet
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_codebook_says_of_each_item_and_scale_how_it_counts():
    book = write_codebook(load_instrument("bat-12"), "fr")
    items = {row["item"]: row for row in rows_of(book["items"])}
    assert next(iter(items["EX1"])) == "item"
    assert list(items["EX1"])[1] == "text fr"
    assert (items["EX1"]["scale"], items["EX1"]["in_totals"]) == (
        "exhaustion",
        "total, total_severe",
    )
    scales = {row["scale"]: row for row in rows_of(book["scales"])}
    total = scales["total"]
    assert (total["cutoff_operator"], total["cutoff_0_100"], total["cutoff_own"]) == (
        ">=",
        38.5,
        2.54,
    )
    assert (total["own_low"], total["own_high"], total["is_total"]) == (1, 5, "yes")
    assert scales["exhaustion"]["cutoff_0_100"] == ""
    assert [row["on_a_sheet"] for row in rows_of(book["missing"])] == [-1, -2, -3]
    about = {row["what"]: row["value"] for row in rows_of(book["about"])}
    assert about["structure_only"] == "yes"


def test_the_codebook_lists_answers_reversals_background_and_open_questions():
    instrument = load_instrument("vijf-a")
    book = write_codebook(instrument, "nl")
    items = {row["item"]: row for row in rows_of(book["items"])}
    turned = [item.code for item in instrument.items if item.reversed]
    assert [code for code, row in items.items() if row["item_direction"] == "reversed"] == turned
    first = instrument.items[0]
    labels = instrument.texts["nl"].options[first.format.key]
    assert items[first.code]["values_and_labels"].startswith(f"{first.format.low} = ")
    assert all(label in items[first.code]["values_and_labels"] for label in labels.values())
    kinds = {row["kind"] for row in rows_of(book["questions"])}
    assert kinds == {"background", "open"}
    content = FORMS["codebook"].write(instrument, "nl")
    assert list_sheets(content) == tuple(book)
    assert len(open_rows(content, sheet="items")) == len(instrument.items) + 1


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Nederlands (nl)", "nl"),
        ("nl-informal", "nl"),
        ("de-easy", "de-easy"),
        ("Eenvoudig Nederlands (nl_Easy)", "nl-easy"),
        ("pt-BR", "pt"),
        ("Dutch", "nl"),
        ("Schwyzerdütsch (gsw)", "gsw"),
        ("Klingon", ""),
        ("", ""),
    ],
)
def test_languages_go_by_many_names(written, code):
    assert language_code(written) == code


def test_words_of_our_own_exist_in_the_languages_of_the_screens():
    for language in LANGUAGES:
        names = ("yes", "no", "less", "same", "more", "risk", "resource", "A1", "B", "O")
        assert all(word(language, name) for name in names)
        assert {key: bool(catalogue(language)(f"exchange.{key}")) for key in REASONS} == (
            dict.fromkeys(REASONS, True)
        )
    assert catalogue("en")("exchange.repeat") == REASONS["repeat"]
    assert word("tlh", "yes") == ""


@pytest.mark.parametrize("key", QUESTIONNAIRES)
def test_what_is_written_of_an_instrument_reads_back(key):
    instrument = load_instrument(key)
    assert same(read_content(key, definition_of(instrument), texts_of(instrument)), instrument)
