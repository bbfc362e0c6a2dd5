"""A valid folder becomes exactly the value it describes."""

import shutil

import pytest

from baken.instruments.definition import (
    AnswerFormat,
    Background,
    CutOff,
    Item,
    OpenQuestion,
    Scale,
)
from baken.instruments.library import load_instrument


def test_the_parts_are_read_as_they_are_written(small):
    instrument = small.read()
    often = AnswerFormat("often", 1, 3)
    assert (instrument.key, instrument.version, instrument.kind) == ("small", "1", "questionnaire")
    assert instrument.languages == ("nl", "fr")
    assert instrument.dimensions == ("A2", "O")
    assert instrument.formats == (often,)
    assert instrument.items == (
        Item("P1", often, "pace", reversed=False, dimension="A2", secondary=("A1",)),
        Item("P2", often, "pace", reversed=False, dimension="A2", not_applicable=True),
        Item("P3", often, "pace", reversed=True, dimension="A2"),
        Item("J1", often, "joy", reversed=False, dimension="O"),
    )
    assert instrument.scales == (
        Scale(
            "pace",
            "A2",
            ("P1", "P2", "P3"),
            "risk",
            cutoff=CutOff(">=", 62.5, "Own."),
            min_group=15,
            source="Own.",
        ),
        Scale("joy", "O", ("J1",), "resource", source="Own."),
    )
    assert instrument.backgrounds == (Background("pattern", ("day", "night")),)
    assert instrument.open_questions == (OpenQuestion("improve", 500),)
    assert instrument.texts["fr"].options == {"often": {1: "never", 2: "sometimes", 3: "always"}}
    assert instrument.texts["nl"].bands == {"pattern": {"day": "by day", "night": "by night"}}
    assert instrument.texts["nl"].items["J1"] == "I smile."


def test_parts_are_found_by_name(small):
    instrument = small.read()
    assert instrument.scale("joy").items == ("J1",)
    assert instrument.item("P3").reversed
    assert instrument.position("J1") == 3
    assert [item.code for item in instrument.scale_items("pace")] == ["P1", "P2", "P3"]
    assert [scale.key for scale in instrument.scales_of("O")] == ["joy"]
    assert instrument.scales_of("A4") == ()


@pytest.mark.parametrize("find", ["scale", "item", "position", "scale_items"])
def test_an_unknown_name_is_a_key_error(small, find):
    with pytest.raises(KeyError, match="XYZ"):
        getattr(small.read(), find)("XYZ")


def test_lights_come_from_the_scale_else_the_instrument_else_the_defaults(small):
    assert [(s.orange_from, s.red_from) for s in small.read().scales] == [(0.10, 0.25)] * 2
    small.change("definition.toml", "[formats", "[lights]\norange_from = 0.2\n[formats")
    small.change(
        "definition.toml",
        "[scales.joy]",
        "[scales.joy]\nlights = { red_from = 0.5 }\nmin_answered = 1",
    )
    instrument = small.read()
    assert [(s.orange_from, s.red_from) for s in instrument.scales] == [(0.2, 0.25), (0.2, 0.5)]
    assert instrument.scale("joy").min_answered == 1


def test_items_of_one_scale_may_have_different_ranges(small):
    count = "[formats.count]\nlow = 0\nhigh = 99\nnumeric = true\n\n"
    small.change("definition.toml", "[scales.pace]", f"{count}[scales.pace]")
    was = 'code = "P2"\nformat = "often"'
    small.change("definition.toml", was, was.replace("often", "count"))
    for language in ("nl", "fr"):
        small.add(f"{language}.toml", "\n[options.count]\n0 = 'none'\n")
    instrument = small.read()
    assert [item.format.key for item in instrument.scale_items("pace")] == [
        "often",
        "count",
        "often",
    ]
    assert len(instrument.item("P2").format.values) == 100


def test_one_language_is_enough(small):
    small.change("definition.toml", '["nl", "fr"]', '["fr"]')
    (small.path / "nl.toml").unlink()
    assert list(small.read().texts) == ["fr"]


def test_a_new_language_is_one_file_and_its_name(small):
    text = (small.path / "nl.toml").read_text(encoding="utf-8")
    (small.path / "de.toml").write_text(text.replace('"nl"', '"de"'), encoding="utf-8")
    small.change("definition.toml", '["nl", "fr"]', '["nl", "fr", "de"]')
    assert list(small.read().texts) == ["nl", "fr", "de"]


def test_the_fingerprint_does_not_depend_on_layout(small):
    before = small.read().fingerprint
    small.add("nl.toml", "# a comment\n\n")
    small.change("definition.toml", 'key = "small"\nversion = "1"', 'version="1"\nkey = "small"')
    assert small.read().fingerprint == before
    assert len(bytes.fromhex(before)) == 32


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("nl.toml", "I hurry.", "I hasten."),
        ("definition.toml", "62.5", "62.6"),
        ("definition.toml", 'reversed = ["P3"]', "reversed = []"),
    ],
)
def test_the_fingerprint_changes_with_every_word_and_number(small, file, old, new):
    before = small.read().fingerprint
    small.change(file, old, new)
    assert small.read().fingerprint != before


def test_the_order_of_scales_is_part_of_the_fingerprint(small):
    before = small.read()
    content = (small.path / "definition.toml").read_text(encoding="utf-8")
    start, end = content.index("[scales.joy]"), content.index("[[items]]")
    joy = content[start:end]
    moved = content.replace(joy, "").replace("[scales.pace]", joy + "[scales.pace]")
    (small.path / "definition.toml").write_text(moved, encoding="utf-8")
    after = small.read()
    assert [scale.key for scale in after.scales] == ["joy", "pace"]
    assert after.fingerprint != before.fingerprint


def test_equal_folders_are_equal_values_with_equal_hashes(small, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "small"
    shutil.copytree(small.path, copy)
    one, other = small.read(), load_instrument(copy)
    assert one == other
    assert hash(one) == hash(other)


def test_a_language_says_where_the_cut_offs_come_from(small):
    assert small.read().texts["nl"].cutoff_sources == {}
    small.add("nl.toml", '[cutoff_sources]\npace = "Afgesproken."\n')
    read = small.read()
    assert read.texts["nl"].cutoff_sources == {"pace": "Afgesproken."}
    assert read.texts["fr"].cutoff_sources == {}
