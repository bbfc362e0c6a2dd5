import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.nonresponse import representativity, response_test

CLASSES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=8)


def table(classes):
    answered = np.array([n for n, _ in classes])
    return answered, answered + np.array([silent for _, silent in classes])


@given(CLASSES)
def test_it_is_the_test_on_the_whole_table(classes):
    answered, people = table(classes)
    here = people > 0
    assume(here.sum() > 1 and 0 < answered.sum() < people.sum())
    whole = np.column_stack([answered, people - answered])[here]
    other = stats.chi2_contingency(whole, correction=False)
    found = response_test(answered, people)
    assert found.statistic == pytest.approx(other.statistic, abs=1e-9)
    assert found.p == pytest.approx(other.pvalue, abs=1e-9)
    assert found.min_expected == pytest.approx(other.expected_freq.min())
    assert 0 <= found.cramers_v <= 1 + 1e-9


@given(CLASSES)
def test_chance_is_taken_off_and_nothing_more(classes):
    answered, people = table(classes)
    assume(people.sum() > 1 and answered.sum() > 0)
    found = representativity(answered, people)
    assert found.spread_adjusted <= found.spread
    assert found.indicator <= found.indicator_adjusted <= 1
    assert found.largest_bias >= 0


def test_classes_that_answered_alike_are_represented():
    found = representativity(np.array([5, 10, 20]), np.array([10, 20, 40]))
    assert (found.indicator, found.largest_bias) == (1, 0)


@pytest.mark.parametrize("answered", [[0, 0], [12, 9]])
def test_all_or_nobody_is_no_test(answered):
    found = response_test(np.array(answered), np.array([12, 9]))
    assert np.isnan(found.p)


def test_one_class_is_no_test():
    assert np.isnan(response_test(np.array([4, 0]), np.array([9, 0])).p)
    assert np.isnan(response_test(np.array([0, 0]), np.array([0, 0])).p)


def test_nobody_answered():
    assert np.isnan(representativity(np.array([0, 0]), np.array([5, 5])).indicator)


@pytest.mark.parametrize("method", [response_test, representativity])
def test_more_answers_than_people_are_refused(method):
    with pytest.raises(ValueError, match="more answers than people"):
        method(np.array([6, 1]), np.array([5, 5]))
