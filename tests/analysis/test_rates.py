import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.rates import (
    absence_frequency,
    absence_percent,
    error_rate,
    errors_unseen,
    fields_to_check,
    flat_rate_days,
    frequency_rate,
    hours_of_full_time,
    mean_duration,
    severity_rate,
    turnover_percent,
)


@given(st.integers(0, 60), st.floats(1_000, 1e7))
def test_the_limits_are_where_the_accidents_become_unlikely(accidents, hours):
    found = frequency_rate(accidents, hours)
    expected = [limit * hours / 1e6 for limit in (found.low, found.high)]
    assert stats.poisson.cdf(accidents, expected[1]) == pytest.approx(0.025, abs=1e-6)
    if accidents:
        assert stats.poisson.sf(accidents - 1, expected[0]) == pytest.approx(0.025, abs=1e-6)
    assert found.low <= found.value <= found.high


def test_no_accident_in_few_hours_still_allows_many():
    assert frequency_rate(0, 21_000).high == pytest.approx(175.66, abs=0.01)


def test_what_cannot_be_divided_has_no_rate():
    assert frequency_rate(2, 0) is None
    assert severity_rate(12, 0) is None
    assert absence_percent(3, 0) is None
    assert absence_frequency(3, 0) is None
    assert mean_duration(0, 0) is None
    assert turnover_percent(1, 0, 0) is None
    assert error_rate(0, 0) is None


def test_days_at_a_flat_rate():
    assert flat_rate_days(17, 0) == 1_275
    assert flat_rate_days(0, 2) == 15_000


@given(st.integers(0, 50), st.integers(0, 500))
def test_errors_lie_between_their_limits(wrong, right):
    if wrong + right:
        found = error_rate(wrong, wrong + right)
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert (found.low == 0) == (wrong == 0)
        assert (found.high == 1) == (right == 0)


@given(st.floats(0.0005, 0.5))
def test_so_many_fields_without_an_error_are_enough_and_no_fewer(rate):
    n = fields_to_check(rate)
    assert (1 - rate) ** n <= 0.05 + 1e-9
    assert (1 - rate) ** (n - 1) > 0.05 - 1e-9


def test_no_error_at_all_can_never_be_shown():
    with pytest.raises(ValueError, match="no error at all"):
        fields_to_check(0)


def test_days_lost_per_thousand_hours_and_the_rest():
    assert severity_rate(143, 185_000) == pytest.approx(0.77297, abs=1e-5)
    assert hours_of_full_time(10) == pytest.approx(17_404)


def test_errors_that_both_made_alike():
    assert errors_unseen(10_000, 0.002, 0.001, 5) == pytest.approx(0.005)
