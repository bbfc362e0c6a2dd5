import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.distributions import distribution
from baken.analysis.methods.reliability import (
    alpha_if_dropped,
    covariances,
    cronbach_alpha,
    item_rest,
    level_of,
)

SHEETS = st.tuples(st.integers(2, 6), st.integers(3, 25), st.integers(0, 10**6)).map(
    lambda case: np.random.default_rng(case[2]).integers(0, 5, (case[1], case[0]))
)


def cov(answers: np.ndarray) -> np.ndarray:
    return covariances(len(answers), answers.sum(axis=0), answers.T @ answers)


@given(SHEETS)
def test_covariances_agree_with_raw_answers(answers: np.ndarray) -> None:
    assert cov(answers) == pytest.approx(np.cov(answers.T), abs=1e-12)


def test_covariances_of_huge_counts_lose_nothing() -> None:
    n = 10**9
    found = covariances(n, np.array([100 * n]), np.array([[10_000 * n + n - 1]]))
    assert found[0, 0] == 1


def test_one_person_has_no_covariance() -> None:
    with pytest.raises(ValueError, match="two complete cases"):
        covariances(1, np.array([1]), np.array([[1]]))


@given(SHEETS)
def test_alpha_agrees_with_its_definition(answers: np.ndarray) -> None:
    total = answers.sum(axis=1).var(ddof=1)
    assume(total > 0)
    n, j = answers.shape
    found = cronbach_alpha(n, cov(answers))
    alpha = j / (j - 1) * (1 - answers.var(axis=0, ddof=1).sum() / total)
    assert found.alpha == pytest.approx(alpha, abs=1e-9)
    assert found.low <= found.alpha <= found.high <= 1


def test_feldts_limits_of_a_worked_case() -> None:
    # 100 people, 5 items with variance 1 and covariance .5: alpha = 5 * .5 / 3
    found = cronbach_alpha(100, np.full((5, 5), 0.5) + 0.5 * np.eye(5))
    assert found.alpha == pytest.approx(5 / 6)
    assert found.low == pytest.approx(1 - stats.f.ppf(0.975, 99, 396) / 6)
    assert found.high == pytest.approx(1 - stats.f.ppf(0.025, 99, 396) / 6)


@given(st.lists(st.integers(0, 4), min_size=3, max_size=20), st.integers(2, 8))
def test_identical_items_give_alpha_one(column: list[int], n_items: int) -> None:
    assume(len(set(column)) > 1)
    answers = np.tile(np.array(column)[:, None], n_items)
    assert cronbach_alpha(len(answers), cov(answers)).alpha == pytest.approx(1)
    assert item_rest(cov(answers)) == pytest.approx(np.ones(n_items))


@pytest.mark.parametrize(
    ("n", "covariance"),
    [(10, [[1.0]]), (2, [[1.0, 0.5], [0.5, 1.0]]), (10, [[0.0, 0.0], [0.0, 0.0]])],
)
def test_alpha_is_not_estimable_from_too_little(n: int, covariance: list[list[float]]) -> None:
    found = cronbach_alpha(n, np.array(covariance))
    assert np.isnan([found.alpha, found.low, found.high]).all()


def test_an_item_that_is_not_reversed_makes_alpha_negative() -> None:
    answers = np.array([[0, 4], [1, 3], [2, 1], [4, 0], [3, 2]])
    assert cronbach_alpha(5, cov(answers)).alpha < 0


@given(SHEETS)
@example(np.array([[4, 0, 3, 4], [3, 4, 1, 1], [3, 2, 0, 3], [4, 4, 2, 0]]))
def test_item_rest_agrees_with_raw_answers(answers: np.ndarray) -> None:
    found = item_rest(cov(answers))
    for item, correlation in enumerate(found):
        rest = np.delete(answers, item, axis=1).sum(axis=1)
        own = answers[:, item]
        if len(set(own)) == 1 or len(set(rest)) == 1:
            assert np.isnan(correlation)
        else:
            assert correlation == pytest.approx(np.corrcoef(own, rest)[0, 1], abs=1e-9)


def test_alpha_without_an_item_is_alpha_of_the_others() -> None:
    answers = np.random.default_rng(7).integers(0, 5, (30, 4))
    found = alpha_if_dropped(cov(answers))
    for item in range(4):
        others = np.delete(answers, item, axis=1)
        assert found[item] == pytest.approx(cronbach_alpha(30, cov(others)).alpha)
    assert np.isnan(alpha_if_dropped(cov(answers[:, :2]))).all()


def test_a_distribution_is_on_the_numbers_of_the_instrument() -> None:
    found = distribution(np.array([1, 0, 2, 1]), lowest=1)
    raw = [1, 3, 3, 4]
    assert found.counts == (1, 0, 2, 1)
    assert (found.n, found.mean, found.sd) == pytest.approx((4, np.mean(raw), np.std(raw, ddof=1)))


def test_an_item_nobody_answered_has_no_mean() -> None:
    found = distribution(np.zeros(5, np.int64), lowest=0)
    assert found.n == 0
    assert np.isnan([found.mean, found.sd]).all()


@pytest.mark.parametrize(
    ("alpha", "word"),
    [
        (None, "unknown"),
        (-0.01, "negative"),
        (0.0, "poor"),
        (0.599, "poor"),
        (0.6, "orientation"),
        (0.7, "groups"),
        (0.8, "good"),
        (1.0, "good"),
    ],
)
def test_the_word_for_an_alpha_changes_at_its_limits(alpha: float | None, word: str) -> None:
    assert level_of(alpha) == word
