"""Structures: instruments of others without their texts, and the numbers they count in."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.errors import InvalidInstrument
from baken.instruments.library import list_instruments, load_instrument
from baken.instruments.metric import Metric, metric_of
from baken.instruments.writing import complete, definition_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "structures.md"

STRUCTURES = [
    one.key for one in list_instruments() if not load_instrument(one.key, one.version).is_usable
]

STRUCTURE = 'version = "1"\nstructure_only = true'


def without(text, *heads):
    """A file of texts without these tables."""
    for head in heads:
        text = re.sub(rf"\[{head}\]\n(?:[^\[\n]*\n)*?(?=\n?\[|\Z)", "", text)
    return text


@pytest.fixture
def bare(small):
    """The small instrument as a structure: questions and answers have no texts."""
    small.change("definition.toml", 'version = "1"', STRUCTURE)
    for language in ("nl", "fr"):
        path = small.path / f"{language}.toml"
        text = without(path.read_text(encoding="utf-8"), "items", r"options\.often")
        path.write_text(text, encoding="utf-8")
    return small


def test_the_structures_are_those_of_which_no_text_may_be_shipped():
    assert [
        *("bat-12", "bat-23", "copsoq-iii", "fod-2023", "hse-indicator-tool"),
        *("uwes-9", "vow-qft", "woccq"),
    ] == STRUCTURES


@pytest.mark.parametrize("key", STRUCTURES)
def test_a_shipped_structure_holds_no_text_of_a_question_or_answer(key):
    structure = load_instrument(key)
    assert structure.languages == ("nl", "fr", "en", "de")
    for texts in structure.texts.values():
        assert texts.items == {item.code: item.code for item in structure.items}
        for answers in structure.formats:
            assert texts.options[answers.key] == {value: str(value) for value in answers.values}
    assert structure.unconfirmed
    assert "texts" in structure.licence.lower() or "licence" in structure.licence.lower()


@pytest.mark.parametrize("key", STRUCTURES)
def test_the_page_of_structures_lists_every_scale_as_it_is(key):
    structure = load_instrument(key)
    page = PAGE.read_text(encoding="utf-8").partition(f"## `{key}`")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    assert [row[:6] for row in rows] == [
        [
            f"`{scale.key}`",
            scale.dimension,
            scale.high_is,
            " ".join(scale.items) if len(scale.items) <= 8 else f"{len(scale.items)} items",
            cut_off(structure, scale),
            ", ".join(scale.unconfirmed),
        ]
        for scale in structure.scales
    ]
    for sentence in structure.unconfirmed:
        assert f"- {sentence}" in page


def cut_off(structure, scale):
    if scale.cutoff is None:
        return ""
    mean = metric_of(structure, scale.key).mean(scale.cutoff.value)
    return f"{scale.cutoff.operator} {mean:.4g} ({scale.cutoff.value:g})"


def test_bat_counts_from_1_to_5_and_begins_where_its_sources_say():
    for key, cuts in (("bat-12", (2.54, 2.96)), ("bat-23", (2.59, 3.02))):
        bat = load_instrument(key)
        totals = [scale for scale in bat.scales if scale.is_total]
        assert all(scale.items == tuple(item.code for item in bat.items) for scale in totals)
        assert metric_of(bat, "total") == Metric(1, 5)
        assert [scale.cutoff.value for scale in totals] == [Metric(1, 5).score(cut) for cut in cuts]
        assert {scale.min_group for scale in bat.scales} == {15}
    assert [len(load_instrument("bat-23").scale(key).items) for key in BAT] == [8, 5, 5, 5]


BAT = ("exhaustion", "mental_distance", "cognitive_impairment", "emotional_impairment")


def test_the_hse_tool_has_its_35_items_in_order_with_two_scales_reversed():
    hse = load_instrument("hse-indicator-tool")
    assert [item.code for item in hse.items] == [f"Q{number}" for number in range(1, 36)]
    turned = {item.code for item in hse.items if item.reversed}
    assert turned == {*hse.scale("demands").items, *hse.scale("relationships").items}
    assert [item.format.key for item in hse.items].count("frequency") == 23


def test_copsoq_has_33_28_and_46_items_with_known_places():
    levels = [item.code.partition("_")[2][0] for item in load_instrument("copsoq-iii").items]
    assert [levels.count(level) for level in "CML"] == [33, 28, 46]


@given(st.integers(-5, 5), st.integers(1, 10), st.floats(0, 100))
def test_a_score_is_a_mean_on_the_numbers_of_the_answers(low, width, score):
    metric = Metric(low, low + width)
    assert low - 1e-9 <= metric.mean(score) <= low + width + 1e-9
    assert metric.score(metric.mean(score)) == pytest.approx(score, abs=1e-9)


def test_a_written_mean_counts_as_it_is_written():
    assert Metric(1, 5).score(2.59) == 39.75
    assert Metric(0, 6).mean(50) == 3
    assert Metric(1, 5).deviation(25) == 1


def test_a_scale_of_mixed_answers_has_no_numbers_of_its_own(small):
    small.change(
        "definition.toml", "[scales.pace]", "[formats.f]\nlow = 0\nhigh = 9\n\n[scales.pace]"
    )
    small.change("definition.toml", 'code = "P1"\nformat = "often"', 'code = "P1"\nformat = "f"')
    labels = "\n".join(f'{value} = "x"' for value in range(10))
    for file in ("nl.toml", "fr.toml"):
        small.change(file, "[options.often]", f"[options.f]\n{labels}\n\n[options.often]")
    assert metric_of(small.read(), "pace") is None
    small.change("definition.toml", "value = 62.5,", "value = 2.5, on_answers = true,")
    assert small.problems() == [
        "definition.toml, scales.pace.cutoff.on_answers: the items of this scale do not share one "
        "range. Write the value on 0-100 and take on_answers away."
    ]


def test_a_cut_off_may_be_written_on_the_numbers_of_the_answers(small):
    small.change("definition.toml", "value = 62.5,", "value = 2.25, on_answers = true,")
    assert small.read().scale("pace").cutoff.value == 62.5


@pytest.mark.parametrize("value", ["inf", "nan", "-2", "9"])
def test_a_cut_off_that_no_answer_reaches_is_named(small, value):
    small.change("definition.toml", "value = 62.5,", f"value = {value}, on_answers = true,")
    assert "lies outside 0-100" in small.problems()[0]


TOTAL = '[scales.all]\ndimension = "O"\nhigh_is = "{}"\nitems = ["P1", "J1"]\ntotal = true\n'


def with_total(small, high_is):
    small.change(
        "definition.toml", "[[items]]", f'{TOTAL.format(high_is)}source = "Own."\n\n[[items]]'
    )
    for file in ("nl.toml", "fr.toml"):
        for section in ("[scales]", "[short_scales]", "[scale_notes]"):
            small.change(file, section, f'{section}\nall = "All"')
    return small


def test_a_total_takes_items_without_claiming_them(small):
    small.change("definition.toml", 'high_is = "resource"', 'high_is = "risk"')
    instrument = with_total(small, "risk").read()
    assert [item.code for item in instrument.scale_items("all")] == ["P1", "J1"]
    assert (instrument.item("P1").scale, instrument.item("J1").scale) == ("pace", "joy")
    assert instrument.scale("all").is_total


def test_a_total_over_scales_that_point_apart_is_refused(small):
    assert with_total(small, "risk").problems() == [
        "definition.toml, scales.all.high_is: scale joy, of which it takes items, says "
        "“resource”. Let both say the same, or leave these items out of the total."
    ]


def test_a_structure_reads_with_codes_and_numbers_for_its_texts(bare):
    structure = bare.read()
    assert not structure.is_usable
    assert structure.texts["nl"].items["P1"] == "P1"
    assert structure.texts["nl"].options["often"] == {1: "1", 2: "2", 3: "3"}
    assert structure.texts["nl"].scales["pace"] == "Pace"


def test_a_structure_may_leave_items_answers_and_formats_to_its_owner(bare):
    text = (bare.path / "definition.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[\[items\]\]\n(?:[a-z_]+ = .*\n)+\n", "", text)
    text = re.sub(r"items = .*\n|reversed = .*\n|\[formats\.often\]\nlow = 1\nhigh = 3\n", "", text)
    (bare.path / "definition.toml").write_text(text, encoding="utf-8")
    structure = bare.read()
    assert structure.items == ()
    assert [scale.items for scale in structure.scales] == [(), ()]
    assert metric_of(structure, "pace") is None
    with pytest.raises(InvalidInstrument) as caught:
        complete(structure, {})
    keys = [problem.key for problem in caught.value.problems if problem.file == "definition.toml"]
    assert keys == ["formats", "items", "scales.pace.items", "scales.joy.items"]


def test_a_part_that_no_scale_has_cannot_be_unconfirmed(small):
    small.change("definition.toml", "min_group = 15", 'min_group = 15\nunconfirmed = ["colour"]')
    assert small.problems() == [
        "definition.toml, scales.pace.unconfirmed: “colour” is no part of a scale. "
        "Use items, format, reversed, direction, dimension, cutoff."
    ]


OFTEN = {"1": "nooit", "2": "soms", "3": "altijd"}
ITEMS = {"P1": "Ik haast me.", "P2": "Ik ren.", "P3": "Ik rust.", "J1": "Ik lach."}


def test_a_structure_is_completed_with_somebodys_own_texts_in_some_languages(bare):
    structure = bare.read()
    texts = {"nl": {"items": ITEMS, "options": {"often": OFTEN}, "title": "Van ons"}}
    complete_one = complete(structure, texts, version="1-ours")
    assert complete_one.is_usable
    assert (complete_one.languages, complete_one.version) == (("nl",), "1-ours")
    assert complete_one.texts["nl"].items == ITEMS
    assert complete_one.texts["nl"].title == "Van ons"
    assert complete_one.texts["nl"].scales == structure.texts["nl"].scales
    assert "structure_only" not in definition_of(complete_one)


def test_what_is_missing_from_a_structure_is_named_text_by_text(bare):
    structure = bare.read()
    with pytest.raises(InvalidInstrument) as caught:
        complete(structure, {"nl": {"items": ITEMS, "options": {"often": {"1": "nooit"}}}})
    assert [str(problem) for problem in caught.value.problems] == [
        "nl.toml, options.often.2: the label of this answer is missing. Write it.",
        "nl.toml, options.often.3: the label of this answer is missing. Write it.",
    ]
    with pytest.raises(InvalidInstrument) as caught:
        complete(structure, {"it": {"title": "Uno"}})
    assert "it.toml, items.P1: the text is missing. Write it." in map(str, caught.value.problems)


def test_texts_that_the_owner_wrote_already_stay_in_the_structure(bare):
    bare.add("nl.toml", '\n[items]\nP1 = "Ik haast me."\n\n[options.often]\n1 = "nooit"\n')
    structure = bare.read()
    assert structure.texts["nl"].items["P1"] == "Ik haast me."
    assert structure.texts["nl"].options["often"] == {1: "nooit", 2: "2", 3: "3"}
    with pytest.raises(InvalidInstrument) as caught:
        complete(structure, {})
    named = [str(problem) for problem in caught.value.problems if problem.file == "nl.toml"]
    assert named[0] == "nl.toml, items.P2: the text is missing. Write it."
    assert not any("often.1" in sentence for sentence in named)
