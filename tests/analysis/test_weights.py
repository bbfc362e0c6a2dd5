import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.weights import (
    NotWeighable,
    effective_answers,
    post_stratified,
    raked,
    trimmed,
)

CELLS = st.lists(st.integers(1, 40), min_size=6, max_size=6)
SILENT = st.lists(st.integers(0, 40), min_size=6, max_size=6)


@given(CELLS, SILENT)
def test_every_cell_counts_for_its_people(answered, silent):
    n = np.array(answered).reshape(2, 3)
    people = n + np.array(silent).reshape(2, 3)
    found = post_stratified(n, people)
    np.testing.assert_allclose(found.weights * n, people)
    assert found.rounds == 0


@given(CELLS, SILENT)
def test_raking_brings_both_margins_about(answered, silent):
    n = np.array(answered).reshape(2, 3)
    people = n + np.array(silent).reshape(2, 3)
    found = raked(n, people.sum(axis=1), people.sum(axis=0))
    counted = found.weights * n
    np.testing.assert_allclose(counted.sum(axis=1), people.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(counted.sum(axis=0), people.sum(axis=0), rtol=1e-6)
    # raking changes no odds ratio
    ratio = found.weights[0, 0] * found.weights[1, 1] / found.weights[0, 1] / found.weights[1, 0]
    assert ratio == pytest.approx(1)


def test_an_empty_cell_is_merged_first():
    with pytest.raises(NotWeighable, match="merge it"):
        post_stratified(np.array([3, 0]), np.array([5, 2]))
    assert post_stratified(np.array([3, 0]), np.array([5, 0])).weights[1] == 0


def test_raking_fills_empty_cells_with_nobody():
    found = raked(np.array([[4, 0], [3, 5]]), np.array([6, 10]), np.array([9, 7]))
    assert found.weights[0, 1] == 0
    np.testing.assert_allclose((found.weights * [[4, 0], [3, 5]]).sum(axis=1), [6, 10], rtol=1e-6)


def test_margins_that_cannot_be_met_are_said():
    with pytest.raises(NotWeighable, match="same people"):
        raked(np.ones((2, 2), dtype=np.int64), np.array([3, 3]), np.array([3, 4]))
    with pytest.raises(NotWeighable, match="no answers"):
        raked(np.array([[1, 1], [0, 0]]), np.array([3, 3]), np.array([3, 3]))
    with pytest.raises(NotWeighable, match="No weights"):
        raked(np.array([[4, 0], [0, 5]]), np.array([10, 10]), np.array([5, 15]))


def test_no_sheet_counts_for_more_than_four_times_the_mean():
    answered = np.array([97, 3])
    cut = trimmed(np.array([1.0, 40.0]), answered)
    mean = (97 + 120) / 100
    np.testing.assert_allclose(cut, [1, 4 * mean])


@given(CELLS)
def test_equal_weights_lose_nothing(answered):
    n = np.array(answered)
    assert effective_answers(np.full(6, 2.5), n) == pytest.approx(n.sum())
    assert effective_answers(np.arange(1.0, 7.0), n) <= n.sum() + 1e-9
