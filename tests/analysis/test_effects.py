import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baken.analysis.methods.effects import clustered_effect, difference_in_differences
from baken.analysis.methods.moments import Moments


def units(n: list[int], means: list[float]) -> Moments:
    return Moments(np.array(n), np.array(means, dtype=float), np.full(len(n), 10.0))


@given(st.lists(st.floats(-20, 20), min_size=6, max_size=12), st.floats(-30, 30))
@example([0.0, 0.0, 0.0, 0.0, 0.0, 2.8e-110], 0.0)
def test_what_happens_to_everybody_is_no_effect(changes, shift):
    acted = np.arange(len(changes)) % 2 == 0
    before = difference_in_differences(np.array(changes), acted)
    after = difference_in_differences(np.array(changes) + shift, acted)
    assert after.difference[0] == pytest.approx(before.difference[0], abs=1e-9)


def test_units_without_a_change_are_left_out():
    changes = np.array([1.0, 2.0, 4.0, np.nan, -1.0, 0.0, 3.0])
    acted = np.array([True, True, True, True, False, False, False])
    found = difference_in_differences(changes, acted)
    assert found.difference[0] == pytest.approx(7 / 3 - 2 / 3)
    assert 0 < found.p[0] < 1


@pytest.mark.parametrize("n_acted", [0, 1, 2, 5, 6, 7])
def test_few_units_on_one_side_have_no_probability(n_acted):
    acted = np.arange(7) < n_acted
    found = difference_in_differences(np.arange(7.0), acted)
    assert np.isnan([found.p[0], found.interval.low[0]]).all()
    sizes = [9] * 7
    persons = clustered_effect(units(sizes, [50] * 7), units(sizes, list(range(50, 57))), acted)
    assert np.isnan([persons.p, persons.error, persons.low]).all()


def test_units_of_one_size_give_both_questions_one_answer():
    random = np.random.default_rng(5)
    before, after = random.normal(50, 8, 10), random.normal(48, 8, 10)
    acted = np.arange(10) < 4
    persons = clustered_effect(units([12] * 10, before), units([12] * 10, after), acted)
    each = difference_in_differences(after - before, acted)
    assert persons.effect == pytest.approx(each.difference[0])
    # with units of one size CR2 is Welch's test on the changes
    assert persons.error == pytest.approx(abs(each.difference[0] / each.t[0]))
    assert persons.low < persons.effect < persons.high


def test_no_effect_without_any_difference_has_no_probability():
    same = units([8] * 6, [50] * 6)
    found = clustered_effect(same, same, np.arange(6) < 3)
    assert found.effect == pytest.approx(0, abs=1e-9)
    assert np.isnan(found.p) or found.p > 0.9


def test_a_unit_that_answered_once_is_still_counted():
    before = units([10, 10, 10, 10, 10, 0], [50, 52, 49, 51, 50, np.nan])
    after = units([10] * 6, [45, 48, 44, 52, 50, 51])
    found = clustered_effect(before, after, np.arange(6) < 3)
    assert np.isfinite([found.effect, found.error, found.df]).all()
