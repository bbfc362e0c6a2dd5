import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.readings import compare_colours, compare_lights, everybodys_reading


@pytest.mark.parametrize(
    ("on", "off", "reading"), [(5, 5, True), (4, 6, False), (10, 0, True), (5, 4, None)]
)
def test_half_of_those_who_know_turn_a_light_on(on, off, reading):
    assert everybodys_reading(on, off, 10) is reading


def test_a_light_over_the_units():
    group = np.array([True, False, False, False, True, False])
    everybody = np.array([True, True, True, False, False, True])
    found = compare_lights(group, everybody)
    assert found.table == ((1, 3), (1, 1))
    assert found.agreement == pytest.approx(2 / 6)
    assert found.gap == pytest.approx(4 / 6 - 2 / 6)
    assert found.p == pytest.approx(0.625)


def test_few_units_tell_nothing():
    some = np.array([True, False, True, False])
    assert compare_lights(some, some) is None
    assert compare_colours(np.array([1, 2, 3, 1]), np.array([1, 2, 3, 1])) is None


def test_full_agreement_has_no_sign_to_test():
    same = np.array([1, 2, 3, 1, 2] * 2)
    found = compare_colours(same, same)
    assert (found.agreement, found.kappa, found.gap) == (1, 1, 0)
    assert np.isnan(found.p)


@pytest.mark.parametrize(
    ("group", "everybody"),
    [([1, 2] * 4 + [3], [1, 2] * 4 + [2]), ([1] * 12, [1, 2] * 6), ([1, 2] * 6, [2] * 12)],
)
def test_kappa_is_not_given_where_it_would_mislead(group, everybody):
    assert np.isnan(compare_colours(np.array(group), np.array(everybody)).kappa)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=5, max_size=40))
def test_changing_sides_changes_the_sign_only(pairs):
    group, everybody = (np.array(side) for side in zip(*pairs, strict=True))
    one, other = compare_colours(group, everybody), compare_colours(everybody, group)
    assert one.gap == pytest.approx(-other.gap)
    assert (one.n_worse, one.n_better) == (other.n_better, other.n_worse)
    np.testing.assert_allclose([one.kappa, one.p], [other.kappa, other.p])
    assert sum(map(sum, one.table)) == one.n_units == len(pairs)
