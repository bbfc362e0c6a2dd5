"""Finding shipped instruments and folders."""

from pathlib import Path

import pytest

from baken.instruments import library
from baken.instruments.errors import InvalidInstrument, UnknownInstrument
from baken.instruments.exchange import lss, xlsform
from baken.instruments.exchange.draft import NOBODY_SAID
from baken.instruments.library import Shipped, list_instruments, load_instrument
from baken.instruments.origins import Line, in_language
from baken.survey.library.own_questions import OWN_SOURCE

REFERENCE = Path(__file__).parents[1] / "reference" / "instruments"


def test_the_shipped_instruments_are_listed_and_all_load():
    listed = list_instruments()
    assert Shipped("vijf-a", "1") in listed
    for one in listed:
        instrument = load_instrument(one.key, one.version)
        assert (instrument.key, instrument.version) == (one.key, one.version)


def test_where_a_questionnaire_comes_from_is_said_in_every_language():
    lines = {NOBODY_SAID, lss.SOURCE, xlsform.SOURCE, OWN_SOURCE}
    for one in list_instruments():
        shipped = load_instrument(one.key, one.version)
        lines |= {shipped.source, shipped.licence, *shipped.unconfirmed}
    for line in lines:
        said = {language: in_language(line, language) for language in ("nl", "fr", "en", "de")}
        assert {one.language for one in said.values()} == set(said)
        assert len({one.text for one in said.values()}) == 4
    written = "Made by ourselves."
    assert in_language(written, "nl") == Line(written, "")
    assert str(in_language(written, "nl")) == written


def test_a_shipped_instrument_is_read_once():
    assert load_instrument("vijf-a") is load_instrument("vijf-a", "2")


def test_the_newest_version_is_taken_by_number(small, monkeypatch):
    content = small.path / "definition.toml"
    for version in ("9", "10", "2", "10-draft"):
        folder = small.path / "house" / "small" / version
        folder.mkdir(parents=True)
        text = content.read_text(encoding="utf-8").replace(
            'version = "1"', f'version = "{version}"'
        )
        (folder / "definition.toml").write_text(text, encoding="utf-8")
        for language in ("nl", "fr"):
            (folder / f"{language}.toml").write_bytes(
                (small.path / f"{language}.toml").read_bytes()
            )
    (small.path / "house" / "small" / "notes").mkdir()
    monkeypatch.setattr(library, "SHIPPED", small.path / "house")
    assert [one.version for one in list_instruments()] == ["10-draft", "10", "9", "2"]
    assert load_instrument("small").version == "10-draft"
    assert load_instrument("small", "9").version == "9"


def test_a_folder_loads_by_path_or_by_its_name(small):
    assert load_instrument(small.path) == load_instrument(str(small.path))
    assert load_instrument(small.path, "1").key == "small"


def test_a_folder_in_another_version_is_refused(small):
    with pytest.raises(InvalidInstrument, match="this is version 1, not 2"):
        load_instrument(small.path, "2")


@pytest.mark.parametrize("version", [None, "99"])
def test_an_unknown_instrument_names_what_there_is(tmp_path, version):
    name = "vijf-a" if version else str(tmp_path)
    with pytest.raises(UnknownInstrument, match=r"Use one of .*vijf-a 1") as caught:
        load_instrument(name, version)
    assert caught.value.kind == "missing"
    assert caught.value.problems == ()


def test_without_any_shipped_instrument_the_message_still_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "SHIPPED", tmp_path)
    with pytest.raises(UnknownInstrument, match=r"Use one of \(none is installed\)"):
        load_instrument("zes-b")


def test_the_instrument_of_the_reference_data_has_its_scales():
    instrument = load_instrument(REFERENCE / "lq2002")
    described = {
        scale.key: (
            len(scale.items),
            {(item.format.low, item.format.high) for item in instrument.scale_items(scale.key)},
            scale.high_is,
            scale.cutoff.operator,
            scale.cutoff.value,
        )
        for scale in instrument.scales
    }
    assert described == {
        "LEAD": (11, {(1, 5)}, "resource", "<", 50.0),
        "TSIG": (3, {(1, 5)}, "resource", "<", 50.0),
        "HOSTILE": (5, {(0, 4)}, "risk", ">=", 50.0),
    }
    codes = [item.code for item in instrument.items]
    assert codes[0] == "LEAD01"
    assert codes[11:15] == ["TSIG01", "TSIG02", "TSIG03", "HOSTIL01"]
