import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.means import (
    finite_population_factor,
    mean_bounds,
    mean_interval,
    shown_mean_interval,
)
from baken.analysis.methods.moments import Moments, moments
from baken.analysis.methods.totals import weighted_mean

UNKNOWN = np.nan
SCORES = st.lists(st.sampled_from([0.0, 12.5, 25.0, 50.0, 75.0, 100.0]), max_size=30)


def group(*values: float) -> Moments:
    levels = np.unique(np.array([0.0, *values]))
    people = np.array([[values.count(level) for level in levels]])
    return moments(people, levels)


def shown(values: list[float], headcount: float) -> tuple[float, float]:
    found = shown_mean_interval(group(*values), np.array([headcount]))
    return float(found.low[0]), float(found.high[0])


@given(SCORES)
def test_moments_agree_with_raw_values(values: list[float]) -> None:
    found = group(*values)
    assert found.n[0] == len(values)
    if values:
        assert found.mean[0] == pytest.approx(np.mean(values))
    else:
        assert np.isnan(found.mean[0])
    if len(values) > 1:
        assert found.sd[0] == pytest.approx(np.std(values, ddof=1))
    else:
        assert np.isnan(found.sd[0])


def test_equal_answers_have_exactly_no_spread() -> None:
    found = group(*[100 / 3] * 7)
    assert (found.mean[0], found.sd[0]) == (100 / 3, 0)


def test_nobody_has_no_mean_and_no_interval() -> None:
    found = group()
    assert found.n[0] == 0
    low, high = shown([], 7)
    assert np.isnan(low)
    assert np.isnan(high)


def test_one_answer_has_bounds_but_no_interval() -> None:
    bounds = mean_bounds(group(60.0), np.array([7.0]))
    assert bounds.low[0] == pytest.approx(60 / 7)
    assert bounds.high[0] == pytest.approx(660 / 7)
    assert all(np.isnan(limit) for limit in shown([60.0], 7))


def test_two_answers_are_cut_off_by_arithmetic() -> None:
    raw = mean_interval(group(40.0, 60.0), np.array([3.0]))
    assert raw.low[0] == pytest.approx(-23.3593072480896)
    assert raw.high[0] == pytest.approx(123.35930724809)
    assert shown([40.0, 60.0], 3) == pytest.approx((100 / 3, 200 / 3))


def test_a_complete_unit_has_no_margin() -> None:
    assert shown([40.0, 60.0, 80.0], 3) == pytest.approx((60, 60))


def test_more_answers_than_people_claim_no_completeness() -> None:
    low, high = shown([40.0, 60.0, 80.0, 20.0], 3)
    assert (low, high) == pytest.approx((8.91479486478958, 91.0852051352104))


@pytest.mark.parametrize("headcount", [0.0, UNKNOWN])
def test_an_unknown_headcount_means_no_correction(headcount: float) -> None:
    assert shown([40.0, 60.0, 80.0, 20.0], headcount) == pytest.approx(
        (8.91479486478958, 91.0852051352104)
    )


def test_equal_answers_show_the_bounds() -> None:
    assert shown([75.0] * 6, 9) == pytest.approx((50, 250 / 3))


def test_equal_answers_of_everybody_are_a_fact() -> None:
    assert shown([75.0] * 6, 6) == (75, 75)


def test_equal_answers_with_unknown_headcount_say_nothing_about_the_others() -> None:
    assert shown([75.0] * 6, UNKNOWN) == (0, 100)


@given(SCORES.filter(lambda values: len(set(values)) > 1), st.integers(0, 30))
def test_without_correction_it_is_the_student_interval(values: list[float], more: int) -> None:
    n, headcount = len(values), len(values) + more
    raw = stats.t.interval(0.95, n - 1, np.mean(values), stats.sem(values))
    found = mean_interval(group(*values), np.array([UNKNOWN]))
    assert (found.low[0], found.high[0]) == pytest.approx(raw)
    narrow = mean_interval(group(*values), np.array([float(headcount)]))
    factor = np.sqrt(1 - n / headcount)
    assert narrow.high[0] - narrow.low[0] == pytest.approx(factor * (raw[1] - raw[0]), abs=1e-9)


@given(SCORES.filter(lambda values: len(values) > 1), st.integers(0, 30))
def test_limits_stay_within_what_is_possible(values: list[float], more: int) -> None:
    headcount = np.array([float(len(values) + more)])
    bounds = mean_bounds(group(*values), headcount)
    low, high = shown(values, headcount[0])
    mean = np.mean(values)
    slack = 1e-9
    assert bounds.low[0] - slack <= low <= mean + slack
    assert mean - slack <= high <= bounds.high[0] + slack


def test_the_factor_falls_from_one_to_nothing() -> None:
    n = np.array([0, 1, 5, 10, 11])
    found = finite_population_factor(n, np.full(5, 10.0))
    assert found.tolist() == pytest.approx([1, 0.9, 0.5, 0, 1])


def test_the_mean_of_all_staff_weighs_groups_by_headcount() -> None:
    levels = np.array([0.0, 50.0, 100.0])
    groups = moments(np.array([[2, 4, 2], [0, 4, 4]]), levels)
    headcount = np.array([10.0, 30.0])
    found = weighted_mean(groups, headcount)
    assert found.mean == pytest.approx((10 * 50 + 30 * 75) / 40)
    variance = sum(
        (size / 40) ** 2 * (1 - 8 / size) * sd**2 / 8
        for size, sd in zip(headcount, groups.sd, strict=True)
    )
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    assert (found.low, found.high) == pytest.approx((found.mean - half, found.mean + half))


def test_everybody_answered_everywhere_is_the_plain_mean_without_margin() -> None:
    levels = np.array([0.0, 100.0])
    people = np.array([[1, 2], [4, 0]])
    found = weighted_mean(moments(people, levels), np.array([3.0, 4.0]))
    assert (found.low, found.mean, found.high) == pytest.approx((200 / 7,) * 3)


@pytest.mark.parametrize("headcount", [[], [5.0, UNKNOWN], [5.0, 0.0]])
def test_without_every_headcount_there_is_no_weighted_mean(headcount: list[float]) -> None:
    people = np.ones((len(headcount), 2), np.int64)
    found = weighted_mean(moments(people, np.array([0.0, 100.0])), np.array(headcount))
    assert np.isnan([found.mean, found.low, found.high]).all()


def test_one_answer_in_a_group_leaves_the_mean_without_limits() -> None:
    found = weighted_mean(
        moments(np.array([[1, 0], [2, 2]]), np.array([0.0, 100.0])), np.array([3.0, 5.0])
    )
    assert found.mean == pytest.approx(250 / 8)
    assert np.isnan(found.low)
    assert np.isnan(found.high)
