"""The texts of every shipped instrument, rule by rule, and what each rule would catch."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from baken.instruments.library import SHIPPED, list_instruments, load_instrument
from baken.instruments.versions import TREND
from tests.instruments.item_rules import (
    direction,
    false_friends,
    familiar,
    faults,
    missing_evidence,
    rows_of,
    wrong_terms,
)

CAREFUL_SECONDS = 10
"""What a slow and careful reader needs for one question; the promise page says it so too."""

GENDERED_IN_1 = {f"gender: fr SUP{number}" for number in (1, 2, 3, 4)}
"""Version 1 says “mon responsable”; it never changes any more, version 2 says it otherwise."""

PAGES = Path(__file__).parents[2] / "docs" / "reference"
EVERY = [load_instrument(one.key, one.version) for one in list_instruments()]
USABLE = [one for one in EVERY if one.is_usable]
QUESTIONNAIRES = [
    one for one in USABLE if one.kind == "questionnaire" and one is load_instrument(one.key)
]
"""The newest of each; what a light of a screening looks at stands in its own texts."""

FULL, SHORT, PULSE = (load_instrument(key) for key in ("vijf-a", "vijf-a-kort", "puls"))


def name(instrument):
    return f"{instrument.key} {instrument.version}"


def page_of(instrument):
    return (PAGES / f"{instrument.key}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("instrument", USABLE, ids=name)
def test_the_texts_keep_every_rule(instrument):
    known = GENDERED_IN_1 if name(instrument) == "vijf-a 1" else set()
    assert set(faults(instrument)) == known


@pytest.mark.parametrize("instrument", EVERY, ids=name)
def test_names_are_those_of_the_law_also_where_questions_are_missing(instrument):
    assert wrong_terms(instrument) + false_friends(instrument) + familiar(instrument) == []


@pytest.mark.parametrize("instrument", QUESTIONNAIRES, ids=name)
def test_every_item_stands_in_a_table_of_evidence(instrument):
    assert missing_evidence(instrument, page_of(instrument)) == []


@pytest.mark.parametrize("instrument", QUESTIONNAIRES, ids=name)
def test_four_languages_are_there(instrument):
    assert instrument.languages == ("nl", "fr", "en", "de")
    for texts in instrument.texts.values():
        assert len(set(texts.items.values())) == len(instrument.items)
        assert len(set(texts.short_scales.values())) == len(instrument.scales)


def spoilt(language, part, key, text):
    """The full questionnaire with one text written over."""
    texts = FULL.texts[language]
    written = {**getattr(texts, part), key: text}
    return replace(FULL, texts={**FULL.texts, language: replace(texts, **{part: written})})


@pytest.mark.parametrize(
    ("language", "part", "key", "text", "fault"),
    [
        ("nl", "items", "WLD1", "Ik " + "heb heel " * 9 + "veel werk.", "length: nl WLD1"),
        ("en", "items", "WLD3", "I do not get my work done.", "denial: en WLD3"),
        ("nl", "items", "WLD3", "Ik krijg mijn werk niet af.", "denial: nl WLD3"),
        ("fr", "items", "WLD3", "Je n’ai jamais fini mon travail.", "denial: fr WLD3"),
        ("de", "items", "WLD3", "Ich werde nicht fertig.", "denial: de WLD3"),
        ("en", "items", "CLR2", "I don’t know what comes first.", "denial: en CLR2"),
        ("nl", "open_questions", "improve", "Schrijf nooit geen namen op?", "denial: nl improve"),
        ("fr", "scale_notes", "autonomy", "Pas sans raison.", "denial: fr autonomy"),
        ("fr", "items", "UBI1", "Ces 6 derniers mois, on a été violent.", "marks: UBI1"),
        ("de", "items", "UBT1", "In den letzten 12 Monaten (Kundschaft).", "marks: UBT1"),
        ("en", "items", "ENG2", "Does my work interest me?", "marks: ENG2"),
        ("fr", "dimensions", "A4", "Conditions de travail", "term: fr A4"),
        ("en", "dimensions", "A3", "Living conditions at work", "term: en A3"),
        ("nl", "dimensions", "A3", "Arbeidsomstandigheden", "term: nl A3"),
        ("de", "dimensions", "A5", "Arbeitsverhältnisse", "term: de A5"),
        ("de", "scales", "colleagues", "Arbeitsverhältnisse", "false friend: de colleagues"),
        ("nl", "scales", "environment", "Levensomstandigheden", "false friend: nl environment"),
        ("fr", "scales", "environment", "Circonstances de travail", "false friend: fr environment"),
        ("en", "items", "UBI2", "In the last 12 months I was mobbed.", "false friend: en UBI2"),
        ("nl", "items", "ENG2", "Vind je het werk boeiend.", "familiar: nl ENG2"),
        ("fr", "items", "ENG2", "Tes tâches, tu les aimes.", "familiar: fr ENG2"),
        ("de", "items", "ENG2", "Interessiert dich die Arbeit.", "familiar: de ENG2"),
        ("fr", "items", "EXH2", "Je suis fatigué au début.", "gender: fr EXH2"),
        ("de", "items", "SUP1", "Mein Vorgesetzter hat Zeit.", "gender: de SUP1"),
        ("en", "items", "SUP1", "My supervisor has time when he can.", "gender: en SUP1"),
        ("nl", "items", "SUP1", "Hij heeft tijd voor mij.", "gender: nl SUP1"),
    ],
)
def test_each_rule_finds_what_it_is_for(language, part, key, text, fault):
    assert fault in faults(spoilt(language, part, key, text))


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        ("toujours souvent parfois rarement jamais", "frequency differs between languages"),
        ("jamais rarement parfois rarement toujours", "fr frequency"),
        ("jamais rarement souvent parfois toujours", "frequency differs between languages"),
    ],
)
def test_answers_that_run_otherwise_in_one_language_are_found(labels, fault):
    written = dict(enumerate(labels.split(), start=1))
    assert f"options: {fault}" in faults(spoilt("fr", "options", "frequency", written))


def test_answers_from_good_to_bad_in_every_language_are_found():
    turned = FULL
    for language, texts in FULL.texts.items():
        labels = texts.options["frequency"]
        written = dict(zip(labels, reversed(labels.values()), strict=True))
        options = {**texts.options, "frequency": written}
        turned = replace(turned, texts={**turned.texts, language: replace(texts, options=options)})
    assert faults(turned) == ["options: frequency runs the wrong way"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| WLD3 |", "| WLD9 |"),
        ("| A2.7 | risk, turned |", "| A2.7 | risk |"),
        ("| A2.7 | risk, turned |", "| A3.7 | risk, turned |"),
        ("I get my work done within my working hours.", "I get my work done."),
    ],
)
def test_a_table_of_evidence_that_is_wrong_is_found(old, new):
    page = page_of(FULL)
    assert page.count(old) == 1
    assert "evidence: WLD3" in missing_evidence(FULL, page.replace(old, new))


@pytest.mark.parametrize("instrument", [SHORT, PULSE], ids=name)
def test_an_item_of_the_full_form_is_the_same_everywhere(instrument):
    for item in instrument.items:
        if item.code == "REC1":
            continue
        full = FULL.item(item.code)
        assert replace(item, scale=full.scale) == full
        assert direction(instrument, item) == direction(FULL, full)
        for language, texts in instrument.texts.items():
            own, other = texts.options[item.format.key], FULL.texts[language].options
            assert texts.items[item.code] == FULL.texts[language].items[item.code]
            assert own == other[item.format.key]


def test_the_short_form_covers_every_dimension_on_scales_of_the_full_one():
    assert 22 <= len(SHORT.items) <= 28
    assert SHORT.dimensions == FULL.dimensions
    for scale in SHORT.scales:
        assert 2 <= len(scale.items) <= 3
        full = FULL.scale(scale.key)
        assert (scale.cutoff, scale.min_group) == (full.cutoff, full.min_group)
        assert not any(item.reversed for item in SHORT.scale_items(scale.key))


def test_the_pulse_is_a_recommendation_and_fifteen_points_in_under_four_minutes():
    first, *points = PULSE.items
    assert list(first.format.values) == list(range(11))
    assert first.dimension == PULSE.dimensions[0] == "O"
    assert len(points) == len({point.scale for point in points}) == 15
    assert len(PULSE.items) * CAREFUL_SECONDS < 4 * 60
    assert PULSE.open_questions == PULSE.backgrounds == ()
    assert {PULSE.scale(point.scale).dimension for point in points} == {
        "A1",
        "A2",
        "A3",
        "A4",
        "A5",
    }
    assert not {scale.key for scale in PULSE.scales} & {scale.key for scale in FULL.scales}


def test_scales_with_a_trend_kept_the_meaning_of_all_their_items():
    (said,) = tomllib.loads((SHIPPED / "vijf-a" / TREND).read_text(encoding="utf-8"))["same"]
    earlier = load_instrument("vijf-a", said["older"])
    against = {code: row["Against version 1"] for code, row in rows_of(page_of(FULL)).items()}
    assert set(against.values()) == {"same words", "same meaning", "new meaning"}
    for scale in FULL.scales:
        kept = all(against[code] != "new meaning" for code in scale.items)
        assert (scale.key in said["scales"]) == kept, scale.key
    for item in FULL.items:
        old = earlier.item(item.code)
        assert (old.format, old.scale, old.reversed) == (item.format, item.scale, item.reversed)
        same = all(
            earlier.texts[language].items[item.code] == FULL.texts[language].items[item.code]
            for language in earlier.languages
        )
        assert (against[item.code] == "same words") == same, item.code
    assert [replace(one, source="") for one in earlier.scales] == [
        replace(one, source="") for one in FULL.scales
    ]
