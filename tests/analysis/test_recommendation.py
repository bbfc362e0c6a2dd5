import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.means import shown_mean_interval
from baken.analysis.methods.moments import moments
from baken.analysis.methods.recommendation import recommendation

ANSWERS = st.lists(st.integers(0, 30), min_size=11, max_size=11)


def score(answers: list[int], headcount: float = np.nan):
    return recommendation(np.array([answers]), np.array([headcount]))


@given(ANSWERS, st.integers(0, 400))
def test_it_is_the_mean_of_100_0_and_minus_100(answers, silent):
    n = sum(answers)
    found = score(answers, n + silent)
    thirds = np.array([[sum(answers[:7]), sum(answers[7:9]), sum(answers[9:])]])
    halved = moments(thirds, np.array([0.0, 50.0, 100.0]))
    limits = shown_mean_interval(halved, np.array([float(n + silent)]))
    assert found.n[0] == n
    np.testing.assert_allclose(found.score, 2 * halved.mean - 100, atol=1e-9)
    np.testing.assert_allclose(found.shown.low, 2 * limits.low - 100, atol=1e-9)
    np.testing.assert_allclose(found.shown.high, 2 * limits.high - 100, atol=1e-9)


@pytest.mark.parametrize(
    ("answer", "share"),
    [(6, "against"), (7, "neutral"), (8, "neutral"), (9, "recommending"), (10, "recommending")],
)
def test_where_the_three_groups_begin(answer, share):
    found = score([5 if given_ == answer else 0 for given_ in range(11)])
    assert getattr(found, share)[0] == 1
    assert found.against[0] + found.neutral[0] + found.recommending[0] == 1


def test_nobody_answered():
    found = score([0] * 11, 12.0)
    assert np.isnan([found.score[0], found.sd[0], found.against[0]]).all()


def test_another_range_of_answers_is_refused():
    with pytest.raises(ValueError, match="0 to 10"):
        recommendation(np.ones((1, 10), dtype=np.int64), np.array([20.0]))
