"""How much is entered twice, what differs, and which key means what."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT
from baken.survey.paper.content import (
    DOUBLE,
    NotASheet,
    Reading,
    SheetContent,
    from_bytes,
    to_bytes,
)
from baken.survey.paper.errors import WrongMoment
from baken.survey.paper.keystrokes import NotAKey, Question
from baken.survey.paper.quality import FIRST_FORMS, Comparison, compare, draw_checked
from baken.survey.paper.rules import READABLE, TRANSITIONS, BatchState, check_transition
from baken.survey.paper.sheets import sheet_of

VALUES = st.one_of(st.none(), st.integers(-4, 119))
READINGS = st.builds(Reading, VALUES, VALUES, VALUES, st.sampled_from(("", "faint")))


@given(st.integers(1, 400), st.integers(1, 120), st.integers(0, 60), st.integers(0, 9))
def test_the_first_forms_are_all_drawn_and_then_a_tenth_or_600_fields(n, fields, before, seed):
    drawn = draw_checked(n, fields, before, Random(seed))
    first = max(FIRST_FORMS - before, 0)
    assert drawn <= set(range(1, n + 1))
    assert set(range(1, min(first, n) + 1)) <= drawn
    assert len(drawn) == n or (
        len(drawn) * fields >= 600 and len(drawn) - first >= (n - first) / 10
    )


@pytest.mark.parametrize(
    ("counts", "is_above"),
    [
        (Comparison(checked=1000, first_wrong=5), False),
        (Comparison(checked=1000, first_wrong=6), True),
        (Comparison(checked=1000, second_wrong=60), False),
        (Comparison(checked=1000, identifiers_wrong=2), False),
        (Comparison(checked=1000, identifiers_wrong=3), True),
        (Comparison(), False),
    ],
)
def test_above_five_in_a_thousand_everything_is_entered_twice(counts, is_above):
    assert counts.is_above_limit is is_above


def test_both_entries_can_be_wrong_and_a_form_entered_once_counts_for_nothing():
    twice = SheetContent(
        place=1,
        unit=Reading("a", "b", "b"),
        language=Reading("nl", "nl"),
        answers={"x": Reading(1, 2, 3), "y": Reading(1, 1), "z": Reading(4, 0, 4)},
        comments={"more": Reading("typed once")},
    )
    once = SheetContent(2, Reading("a", "a"), Reading("nl", "nl"), answers={"x": Reading(1)})
    assert compare([twice, once]) == Comparison(3, 2, 1, 2, 1)


@given(st.dictionaries(st.text(max_size=8), READINGS), st.binary(max_size=40), st.text(max_size=9))
def test_a_sheet_comes_back_from_its_bytes_whose_length_says_little(answers, picture, words):
    content = SheetContent(
        place=7,
        unit=Reading("u"),
        language=Reading("nl"),
        answers=answers,
        comments={"more": Reading(words)},
        pictures={("comments", "more"): picture},
        images=(b"\1" * 16,),
        checked=True,
    )
    written = to_bytes(content)
    assert from_bytes(written) == content
    assert len(written) % 2048 == 0
    with pytest.raises(NotASheet):
        from_bytes(written[:20])


def test_two_crosses_and_what_nobody_read_are_sealed_as_no_answer():
    answers = {
        "a": Reading(DOUBLE),
        "b": Reading(None),
        "c": Reading(2, 3, 3),
        "d": Reading(NOT_APPLICABLE),
    }
    sheet = sheet_of(SheetContent(1, Reading("u"), Reading("nl"), answers=answers))
    assert sheet.answers == (MISSING, MISSING, 3, NOT_APPLICABLE)
    assert sheet.mode == "paper"


def test_a_key_means_one_answer_or_none():
    keys = (("1", 0, "never"), ("2", 1, "always"), ("*", PREFER_NOT, "no"), (",", MISSING, "-"))
    question = Question("answers", "q", 4, "?", keys)
    assert [question.value_of(key) for key in ("1", "2", "*", ",", ".")] == [0, 1, -3, -1, -1]
    for wrong in ("", "3", "12", "/", "one"):
        with pytest.raises(NotAKey):
            question.value_of(wrong)


def test_a_stack_goes_forward_and_from_its_end_nowhere():
    for state in BatchState:
        for to in TRANSITIONS[state]:
            check_transition(state, to)
            assert state in READABLE
        for to in set(BatchState) - TRANSITIONS[state]:
            with pytest.raises(WrongMoment):
                check_transition(state, to)
