import numpy as np
import pytest

from baken.analysis.methods.agreement import average_deviation, r_star_wg
from baken.analysis.methods.funnel import Place, funnel
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.shrinkage import (
    closed_form,
    present_means,
    reml,
    shrunken_means,
)


def units(n: list[int], means: list[float], sd: float = 10.0) -> Moments:
    spread = np.where(np.array(n) > 1, sd, np.nan)
    return Moments(np.array(n), np.array(means, dtype=float), spread)


def test_limits_widen_as_units_become_small():
    found = funnel(units([100, 64, 25, 16, 9, 0], [50, 50, 50, 50, 50, np.nan]))
    widths = found.outer.high[:5] - found.outer.low[:5]
    assert list(widths) == sorted(widths)
    assert found.places()[5] is None


def test_where_units_lie():
    error = 10 / np.sqrt(25)
    means = [50.0, 50 + 2.5 * error, 50 - 2.5 * error, 50 + 4 * error, 50 - 4 * error]
    found = funnel(units([25] * 5, means))
    assert found.whole == pytest.approx(50)
    assert found.places() == (
        Place.INSIDE,
        Place.KEEP_AN_EYE,
        Place.KEEP_AN_EYE,
        Place.SPECIAL_ATTENTION,
        Place.SPECIAL_ATTENTION,
    )


def test_few_units_or_no_spread_make_no_funnel():
    assert funnel(units([20] * 4, [40, 50, 60, 55])) is None
    assert funnel(units([20] * 5, [40, 50, 60, 55, 52], sd=0.0)) is None


def test_both_ways_to_shrink_agree_for_units_of_one_size():
    groups = units([20] * 8, [40, 44, 48, 50, 52, 53, 60, 61])
    one, other = reml(groups), closed_form(groups)
    assert one.tau2 == pytest.approx(other.tau2, rel=1e-6)
    assert one.sigma2 == pytest.approx(other.sigma2, rel=1e-6)


def test_units_that_differ_by_chance_only_all_stand_at_the_mean():
    groups = units([10, 20, 30], [50.0, 50.1, 49.9])
    found = closed_form(groups)
    assert found.tau2 == 0
    np.testing.assert_allclose(shrunken_means(groups, found), found.mean)


def test_no_spread_within_units_leaves_nothing_to_shrink_by():
    assert np.isnan(closed_form(units([5, 5], [40, 60], sd=0.0)).tau2)


def test_whoever_is_there_and_silent_is_guessed_from_the_others():
    groups = units([10, 10, 10, 0], [40, 40, 40, np.nan])
    shrunken = np.array([50.0, 50.0, 50.0, 50.0])
    found = present_means(groups, np.array([10.0, 20.0, 5.0, 8.0]), shrunken)
    np.testing.assert_allclose(found, [40, 45, np.nan, np.nan])


def test_agreement_that_does_not_grow_with_the_items():
    n, ones = np.array([4, 1]), np.ones(1, dtype=np.int64)
    split = r_star_wg(n, np.array([[8], [2]]), np.array([[32], [4]]), ones, ones * 4)
    assert split[0] == pytest.approx(1 - (16 / 3) / 2)  # two at either end: less than by chance
    assert np.isnan(split[1])


def test_how_far_answers_lie_apart():
    counts = np.array([[[2, 0, 0, 0, 2], [0, 0, 3, 1, 0]], [[0, 4, 0, 0, 0], [4, 0, 0, 0, 0]]])
    around_mean = average_deviation(counts)
    around_median = average_deviation(counts, "median")
    assert around_mean[0] == pytest.approx((2 + 0.375) / 2)
    assert around_median[0] == pytest.approx((2 + 0.25) / 2)
    assert around_mean[1] == around_median[1] == 0


@pytest.mark.parametrize("around", ["mean", "median"])
def test_an_item_that_nobody_answered_has_no_deviation(around):
    assert np.isnan(average_deviation(np.zeros((1, 2, 5), dtype=np.int64), around))[0]
