"""Every difference between two versions is told in words, in every language, without a code."""

import re
from dataclasses import replace

import pytest

from baken.instruments.definition import Background, CutOff, DriverModel, Instrument, Scale
from baken.instruments.library import load_instrument
from baken.instruments.writing import definition_of, texts_of
from baken.survey.library.content import Content, flat
from baken.survey.library.own_questions import NewQuestion, NewScale, add_question
from baken.survey.library.queries import Source
from baken.survey.library.slots import slots_of
from baken.web.pages.library_changes import change_groups
from baken.web.pages.library_words import Words, slot_label, version_name
from baken.web.texts import LANGUAGES

OLD = load_instrument("vijf-a", "2")
CONTENT = Content(definition_of(OLD), texts_of(OLD))
FIRST, SECOND, THIRD, *REST = OLD.items
KEYS = {path.rpartition(".")[2] for path in flat(CONTENT.texts["nl"])}
# What cannot be a word of a sentence as well.
CODES = {key for key in KEYS if "_" in key or re.fullmatch(r"[A-Z]+[0-9]+", key)}


def with_totals(scales: tuple[Scale, ...], *codes: str) -> tuple[Scale, ...]:
    return (*scales, Scale("all", "O", codes, "risk", is_total=True))


def changed() -> Instrument:
    """Another version, in which everything that can differ does."""
    scale, turned, *scales = OLD.scales
    cutoff = CutOff("<", 12.5, "A handbook.")
    other = "resource" if scale.high_is == "risk" else "risk"
    answers, *formats = OLD.formats
    background, *backgrounds = OLD.backgrounds
    return replace(
        OLD,
        source="Another source.",
        licence="Another licence.",
        scales=with_totals(
            (
                replace(
                    scale,
                    dimension="B",
                    high_is=other,
                    cutoff=cutoff,
                    min_answered=0.75,
                    min_group=30,
                    orange_from=0.2,
                ),
                replace(turned, is_total=True),
                *scales,
            ),
            FIRST.code,
            THIRD.code,
        ),
        formats=(replace(answers, high=answers.high + 1, numeric=True, unknown=True), *formats),
        items=(
            SECOND,
            replace(
                FIRST,
                scale=OLD.scales[2].key,
                reversed=not FIRST.reversed,
                not_applicable=not FIRST.not_applicable,
                secondary=("A4", "O"),
            ),
            THIRD,
            *REST,
        ),
        backgrounds=(Background(background.key, background.bands[:2]), *backgrounds),
        open_questions=tuple(replace(one, max_bytes=4000) for one in OLD.open_questions),
    )


def models(*places: int) -> tuple[DriverModel, ...]:
    """One outcome whose factors differ, and one of its own for each place."""
    keys = [scale.key for scale in OLD.scales]
    own = (DriverModel(keys[place], tuple(keys[5:8])) for place in places)
    return (DriverModel("exhaustion", tuple(keys[6 + len(places) : 9])), *own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_difference_is_a_sentence_without_codes(language: str) -> None:
    texts = {
        one: {**CONTENT.texts[one], "scales": {**flat_scales(one), "all": "Σ"}}
        for one in CONTENT.texts
    }
    content = Content(CONTENT.definition, texts)
    scales = with_totals(OLD.scales, FIRST.code, SECOND.code)
    old = Source(content, (), replace(OLD, scales=scales, models=models(0, 1)))
    new = Source(
        content, (), replace(changed(), models=models(2), recommendation=OLD.scales[4].key)
    )
    groups = change_groups(old, new, language)
    told = [line.sentence for group in groups for line in group.lines]
    # 3 of the whole, 2 of other questions, 8 of scales, 1 of a total, 4 of items, 3 of answers,
    # 4 of models and 1 of the recommendation
    assert len(told) == 26
    assert len(set(told)) == len(told)
    for sentence in told:
        assert not {*re.findall(r"[A-Za-z0-9_]+", sentence)} & CODES, sentence
        assert "{" not in sentence


def flat_scales(language: str) -> dict[str, str]:
    return dict(CONTENT.texts[language]["scales"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_called_by_its_code(language: str) -> None:
    asked = NewQuestion(
        {"nl": "Hoe lang?"}, OLD.formats[0].key, NewScale("A3", "risk", {"nl": "Duur"})
    )
    own = add_question(Content({**CONTENT.definition, "version": "own-1"}, CONTENT.texts), asked)
    words = Words(own, language)
    labels = [slot_label(slot, words) for slot in slots_of(own)]
    assert len(labels) == len(set(labels))
    for label in labels:
        assert not {*re.findall(r"[A-Za-z0-9_]+", label)} & CODES, label
        assert "own_" not in label
    assert version_name("own-3", language) != version_name("3", language)
    assert "own-" not in version_name("own-3", language)
