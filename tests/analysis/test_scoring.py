from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.scoring import (
    ScoringRule,
    exact_sums,
    keyed_answers,
    same_scores,
    scores,
)

FIVE = ScoringRule((4,) * 5, (False,) * 5)


def score(answers: list[int | None], rule: ScoringRule) -> float:
    sheet = np.array([[-1 if answer is None else answer for answer in answers]], np.int8)
    return float(scores(*exact_sums(sheet, rule), rule)[0])


def test_half_of_the_items_is_enough() -> None:
    four = ScoringRule((4,) * 4, (False,) * 4)
    assert score([3, None, 1, None], four) == 50
    assert np.isnan(score([3, None, 1, None, None], FIVE))
    assert score([3, None, 1, 4, None], FIVE) == pytest.approx(200 / 3)
    assert np.isnan(score([None] * 5, FIVE))


def test_a_scale_may_ask_for_more_answers() -> None:
    strict = ScoringRule((4,) * 5, (False,) * 5, min_answered=0.8)
    assert strict.least_answered == 4
    assert np.isnan(score([1, 1, 1, None, None], strict))
    assert score([1, 1, 1, 1, None], strict) == 25


def test_one_item_is_needed_whatever_the_rule_says() -> None:
    assert ScoringRule((4,), (False,), min_answered=0.001).least_answered == 1


def test_a_decimal_share_is_meant_as_written() -> None:
    # 0.6 of 5 is 3; in binary floating point it would be a little more
    assert ScoringRule((4,) * 5, (False,) * 5, min_answered=0.6).least_answered == 3


def test_reversed_items_turn_around() -> None:
    assert score([0, 4], ScoringRule((4, 4), (False, True))) == 0


def test_items_of_different_ranges_weigh_the_same() -> None:
    mixed = ScoringRule((4, 10, 1), (False, False, True))
    assert mixed.step == 20
    assert mixed.weights == (5, 2, 20)
    assert score([2, 5, 0], mixed) == pytest.approx(100 * (0.5 + 0.5 + 1) / 3)
    assert keyed_answers(np.array([[2, -2, 0]], np.int8), mixed).tolist() == [[10, -1, 20]]


@given(
    st.integers(1, 8).flatmap(
        lambda j: st.tuples(
            st.lists(st.integers(1, 119), min_size=j, max_size=j),
            st.lists(st.booleans(), min_size=j, max_size=j),
            st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=j, max_size=j),
        )
    )
)
def test_the_score_is_the_mean_of_the_rescaled_items(
    case: tuple[list[int], list[bool], list[float | None]],
) -> None:
    tops, turned, levels = case
    answers = [
        None if level is None else round(level * top)
        for level, top in zip(levels, tops, strict=True)
    ]
    parts = [
        Fraction(top - answer if back else answer, top)
        for answer, top, back in zip(answers, tops, turned, strict=True)
        if answer is not None
    ]
    found = score(answers, ScoringRule(tuple(tops), tuple(turned)))
    if 2 * len(parts) < len(tops):
        assert np.isnan(found)
    else:
        assert 0 <= found <= 100
        assert found == pytest.approx(float(100 * sum(parts) / len(parts)), abs=1e-12)


def test_equal_quotients_are_one_score() -> None:
    sums = np.array([6, 4, 0, 0, 9, 8])
    answered = np.array([3, 2, 3, 4, 3, 3])
    rank, n_distinct = same_scores(sums, answered)
    assert rank.tolist() == [1, 1, 0, 0, 3, 2]
    assert n_distinct == 4


def test_no_pairs_are_no_scores() -> None:
    nothing = np.zeros(0, np.int64)
    rank, n_distinct = same_scores(nothing, nothing)
    assert (len(rank), n_distinct) == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 20)), min_size=1, max_size=40))
def test_scores_are_ranked_as_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    sums, answered = (np.array(column) for column in zip(*pairs, strict=True))
    rank, n_distinct = same_scores(sums, answered)
    exact = [Fraction(s, a) for s, a in pairs]
    order = sorted(set(exact))
    assert n_distinct == len(order)
    assert rank.tolist() == [order.index(value) for value in exact]
