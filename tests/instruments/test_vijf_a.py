"""The first own instrument keeps its promises to respondents and readers."""

import itertools
import re

import pytest

from baken.instruments.definition import DIMENSIONS
from baken.instruments.library import load_instrument

INSTRUMENT = load_instrument("vijf-a", "1")
LANGUAGES = ("nl", "fr")
SENSITIVE = {"unwanted_inside", "unwanted_third_parties", "exhaustion"}

# Words that deny. An item without any can be answered with "never" or "disagree" without
# becoming a double negation.
DENYING = {
    "nl": "niet geen nooit nergens niemand niets zonder zelden noch nauwelijks amper",
    "fr": "ne n pas non sans jamais aucun aucune rien ni guère rarement",
}


def words(text):
    return re.findall(r"[^\W_]+", text.lower())


def spoken_words(text):
    """Words as a reader counts them: "l’heure" is one."""
    return text.replace("(", " ").split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_are_short_single_sentences(language):
    for code, text in INSTRUMENT.texts[language].items.items():
        assert len(spoken_words(text)) <= 20, code
        assert len(re.findall(r"[.!?]", text)) == 1, code
        assert text.endswith("."), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_denies(language):
    denying = set(DENYING[language].split())
    for code, text in INSTRUMENT.texts[language].items.items():
        assert not denying & set(words(text)), code


@pytest.mark.parametrize(
    ("language", "person"),
    [
        ("nl", r"\b(ik|mij|mijn|mijzelf|wij|onze|ons|hier)\b"),
        ("fr", r"\b(je|j|m|me|moi|mon|ma|mes|nous|notre|nos|ici)\b"),
    ],
)
def test_items_speak_in_the_first_person(language, person):
    formal = re.compile(r"\b(u|uw|vous|votre|vos)\b")
    for code, text in INSTRUMENT.texts[language].items.items():
        lowered = text.lower()
        assert not formal.search(lowered), code
        if INSTRUMENT.item(code).scale != "emotional_load":
            assert re.search(person, lowered) or "verdeeld" in lowered, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_with_answers_of_frequency_hold_no_frequency(language):
    labels = INSTRUMENT.texts[language].options["frequency"].values()
    for item in INSTRUMENT.items:
        assert not set(labels) & set(words(INSTRUMENT.texts[language].items[item.code]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_items_are_the_same(language):
    texts = list(INSTRUMENT.texts[language].items.values())
    assert len(set(texts)) == len(texts)


def test_the_size_is_bearable_and_scales_are_long_enough():
    assert 60 <= len(INSTRUMENT.items) <= 70
    assert 16 <= len(INSTRUMENT.scales) <= 20
    assert min(len(scale.items) for scale in INSTRUMENT.scales) >= 3
    assert len(INSTRUMENT.backgrounds) == 3
    assert len(INSTRUMENT.open_questions) == 1


def test_every_dimension_is_asked_in_the_order_of_the_law():
    assert INSTRUMENT.dimensions == DIMENSIONS
    asked = [dimension for dimension, _ in itertools.groupby(i.dimension for i in INSTRUMENT.items)]
    assert asked == list(DIMENSIONS)


def test_items_of_a_scale_stand_together_with_one_answer_format():
    grouped = [scale for scale, _ in itertools.groupby(item.scale for item in INSTRUMENT.items)]
    assert grouped == [scale.key for scale in INSTRUMENT.scales]
    for scale in INSTRUMENT.scales:
        assert len({item.format.key for item in INSTRUMENT.scale_items(scale.key)}) == 1


def test_demands_and_resources_are_both_there():
    directions = [scale.high_is for scale in INSTRUMENT.scales if scale.dimension[0] == "A"]
    assert directions.count("risk") >= 4
    assert directions.count("resource") >= 4


def test_several_scales_turn_an_item_but_none_turns_most():
    turned = [
        sum(item.reversed for item in INSTRUMENT.scale_items(s.key)) for s in INSTRUMENT.scales
    ]
    assert sum(count > 0 for count in turned) >= 5
    assert max(turned) == 1


def test_both_languages_offer_the_same_answers_of_five_options():
    for answer_format in INSTRUMENT.formats:
        for language in LANGUAGES:
            labels = INSTRUMENT.texts[language].options[answer_format.key]
            assert list(labels) == list(answer_format.values)
            assert len(set(labels.values())) == 5


def test_sensitive_scales_need_a_larger_group():
    assert {s.key: s.min_group for s in INSTRUMENT.scales if s.min_group} == dict.fromkeys(
        SENSITIVE, 15
    )


def test_every_cut_off_names_itself_a_provisional_default():
    for scale in INSTRUMENT.scales:
        assert "provisional; to be replaced by reference data" in scale.cutoff.source


@pytest.mark.parametrize("key", ["unwanted_inside", "unwanted_third_parties"])
def test_one_event_of_unwanted_behaviour_is_at_risk_and_none_is_not(key):
    scale = INSTRUMENT.scale(key)
    highest = sum(item.format.high - item.format.low for item in INSTRUMENT.scale_items(key))
    assert scale.cutoff.operator == ">="
    assert 0 < scale.cutoff.value <= 100 * 1 / highest


@pytest.mark.parametrize(
    ("language", "terms", "surroundings"),
    [
        ("nl", "Arbeidsvoorwaarden", "Arbeidsomstandigheden"),
        ("fr", "Conditions de travail", "Conditions de vie au travail"),
    ],
)
def test_the_false_friends_stand_in_the_right_place(language, terms, surroundings):
    dimensions = INSTRUMENT.texts[language].dimensions
    assert (dimensions["A3"], dimensions["A4"]) == (terms, surroundings)


@pytest.mark.parametrize(
    ("language", "opening"),
    [("nl", "Een hoge score betekent "), ("fr", "Un score élevé signifie ")],
)
def test_the_note_of_a_scale_says_what_high_means(language, opening):
    for key, note in INSTRUMENT.texts[language].scale_notes.items():
        assert note.startswith(opening), key
        assert note.count(".") == 1, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_column_heads_tell_scales_apart(language):
    heads = INSTRUMENT.texts[language].short_scales.values()
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_are_typographic(language):
    texts = INSTRUMENT.texts[language]
    for group in (texts.items, texts.scales, texts.scale_notes, texts.dimension_headings):
        assert "'" not in " ".join(group.values())
