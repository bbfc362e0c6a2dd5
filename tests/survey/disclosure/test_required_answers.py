import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.required import Precision, margin, precision, required_answers


@pytest.mark.parametrize(
    ("n", "headcount", "points"), [(60, 100, 8.0), (6, 8, 12.5), (12, 40, 24.0), (350, 1000, 4.2)]
)
def test_margin(n, headcount, points):
    assert round(margin(n, headcount), 1) == points


def test_margin_at_the_ends():
    assert margin(0, 12) == 50
    assert margin(0, 1) == 50
    assert margin(12, 12) == margin(13, 12) == margin(1, 1) == 0


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (5, Precision.PRECISE),
        (5.1, Precision.USABLE),
        (10, Precision.USABLE),
        (10.1, Precision.ROUGH),
        (20, Precision.ROUGH),
        (20.1, Precision.NOT_ON_ITS_OWN),
    ],
)
def test_words_for_a_margin(points, word):
    assert precision(points) is word


@pytest.mark.parametrize(
    ("headcount", "needed"), [(8, 7), (15, 12), (40, 29), (100, 50), (1000, 88), (1, 1)]
)
def test_answers_needed_for_ten_points(headcount, needed):
    assert required_answers(headcount) == needed


@given(st.integers(1, 5000), st.floats(1, 50))
def test_the_needed_number_is_enough_and_one_fewer_is_not(headcount, points):
    needed = required_answers(headcount, points)
    assert margin(needed, headcount) <= points + 1e-6
    if needed > 0:
        assert margin(needed - 1, headcount) > points - 1e-6


def test_impossible_questions_are_refused():
    with pytest.raises(DisclosureError, match="headcount of 1 or more"):
        margin(3, 0)
    with pytest.raises(DisclosureError, match="given: -1 answers of 5"):
        margin(-1, 5)
    for points in (0, 50.1):
        with pytest.raises(DisclosureError, match="cannot be asked for"):
            required_answers(10, points)
