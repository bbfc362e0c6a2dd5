"""Paper beside screen: what the comparison may not depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.modes import mode_difference

SCORES = st.lists(st.floats(0, 100).map(lambda one: round(one, 1)), min_size=2, max_size=9)
UNIT = st.tuples(SCORES, SCORES)


def moments(units):
    return np.array(
        [
            [[len(one), sum(one), sum(x * x for x in one)] for one in map(np.array, unit)]
            for unit in units
        ],
        float,
    )


@given(st.lists(UNIT, min_size=1, max_size=4), st.floats(-20, 20), SCORES)
def test_units_that_differ_and_units_of_one_mode_change_nothing(units, shift, alone):
    found = mode_difference(moments(units))
    moved = [([x + shift for x in s], [x + shift for x in p]) for s, p in units]
    if found is None:
        return
    others = [mode_difference(moments(moved)), mode_difference(moments([*units, ([], alone)]))]
    turned = mode_difference(moments([(p, s) for s, p in units]))
    for one in (*others, turned):
        assert one is not None
    for one in others:
        assert one.effect == pytest.approx(found.effect, abs=0.11)
        assert one.least == found.least
    assert turned.effect == pytest.approx(-found.effect, abs=0.11)


def test_a_known_difference_and_nothing_to_compare():
    screen, paper = [40.0, 50.0, 60.0] * 40, [45.0, 55.0, 65.0] * 40
    found = mode_difference(moments([(screen, paper)]))
    # 5 points on a deviation of 8.2: 0.61, with 1.97 sqrt(1 / 60 + 0.61^2 / 476) on either side
    assert (found.effect, found.low, found.high, found.least) == (0.6, 0.3, 0.9, 120)
    assert found.is_notable
    assert not mode_difference(moments([(screen, screen)])).is_notable
    assert mode_difference(moments([(screen, []), ([], paper)])) is None
    assert mode_difference(moments([([5.0] * 9, [5.0] * 9)])) is None


def test_few_people_leave_a_wider_interval_than_many_would():
    # ten and ten, 12 points on a deviation of 14.9: 0.8, and 2.10 sqrt(1 / 5 + 0.8^2 / 36) is 0.98
    spread = [30.0, 40.0, 50.0, 60.0, 70.0] * 2
    found = mode_difference(moments([(spread, [x + 12 for x in spread])]))
    assert (found.effect, found.low, found.high) == (0.8, -0.2, 1.8)
    assert not found.is_notable
