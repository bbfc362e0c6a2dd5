"""Hidden groups that do not follow exactly, but nearly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.survey.disclosure.bounds import narrow_bounds
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.patterns import small_sets
from baken.survey.disclosure.plan import Cell

SCORES = st.sampled_from([0, 0, 0, 10, 50, 100])


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(SCORES, min_size=1, max_size=9), st.lists(SCORES, min_size=10, max_size=12))
def test_two_sums_with_one_small_group_in_both(mine, theirs):
    """Published: a with b, and a with c, who answered the other way round."""
    n, others = len(mine), len(theirs)
    people = {"a": Cell(n), "b": Cell(others), "c": Cell(others)}
    totals = {"a": sum(mine), "b": sum(theirs), "c": 100 * others - sum(theirs)}
    sums = [totals["a"] + totals["b"], totals["a"] + totals["c"]]
    limits = [(max(0, one - 100 * others), min(100 * n, one)) for one in sums]
    least, most = max(low for low, _ in limits), min(high for _, high in limits)
    wanted = min(25 * n, *((high - low) / 2 for low, high in limits))
    found = narrow_bounds(people, totals, ["ab", "ac"], 10)
    assert (found is None) == (most - least >= wanted)
    if found is not None:
        assert (found.keys, found.n) == ({"a"}, n)
        assert (found.low, found.high) == pytest.approx((least / n, most / n), abs=1e-6)


CROSSED = {"am": Cell(5), "aw": Cell(15), "bm": Cell(15), "bw": Cell(5)}
PARTS = [{"am", "aw"}, {"bm", "bw"}, {"am", "bm"}, {"aw", "bw"}]


def test_crossed_parts_leave_the_small_pairs_open():
    totals = {"am": 250, "aw": 750, "bm": 750, "bw": 250}
    assert narrow_bounds(CROSSED, totals, PARTS, 10) is None


def test_a_low_and_a_high_sum_close_them():
    # Unit a has 130 points in all, so its five men have 26 on average at most. All men have 1600,
    # and the fifteen of unit b 1500 at most: 20 at least.
    totals = {"am": 110, "aw": 20, "bm": 1490, "bw": 250}
    found = narrow_bounds(CROSSED, totals, PARTS, 10)
    assert found.keys == {"am"}
    assert (found.low, found.high) == pytest.approx((20, 26), abs=1e-6)
    assert narrow_bounds(CROSSED, totals, PARTS, 10, least_width=0.05) is None


def test_what_one_cell_tells_by_itself_is_not_held_against_the_others():
    # The five men of unit a are known within 12 points by the figure of the unit.
    people = CROSSED | {"bw": Cell(15)}
    totals = {"am": 60, "aw": 0, "bm": 750, "bw": 750}
    assert narrow_bounds(people, totals, PARTS, 10) is None


def test_pairs_of_hidden_groups_are_looked_at_too():
    people = {"a": Cell(2), "b": Cell(2), "c": Cell(30), "d": Cell(30)}
    totals = {"a": 100, "b": 100, "c": 1500, "d": 1500}
    # a + b follows; alone each of them stays open.
    found = narrow_bounds(people, totals, ["abc", "c", "ad"], 10)
    assert found.keys == {"a", "b"}
    assert found.n == 4


def test_a_group_that_stands_still_at_first_gets_a_programme_of_its_own():
    people = {"a": Cell(2), "b": Cell(2), "c": Cell(3), "d": Cell(30), "e": Cell(30)}
    totals = {"a": 100, "b": 100, "c": 300, "d": 1500, "e": 1500}
    assert narrow_bounds(people, totals, ["bcde", "ade", "abd"], 10) is None


def test_sets_that_grow_too_many_are_left_at_single_groups():
    n = np.full(150, 2)
    assert [sets.shape for sets in small_sets(n, 10)] == [(150, 1)]
    assert [len(sets) for sets in small_sets(n[:5], 10)] == [5, 10, 10, 5]
    assert list(small_sets(n, 2)) == []


def test_shares_are_bounded_on_their_own_range():
    totals = {"am": 1, "aw": 0, "bm": 15, "bw": 2}
    found = narrow_bounds(CROSSED, totals, PARTS, 10, high=1.0)
    assert (found.low, found.high) == pytest.approx((0.2, 0.2), abs=1e-6)


def test_sums_that_their_people_cannot_have_are_refused():
    with pytest.raises(DisclosureError, match="5 people cannot have 501"):
        narrow_bounds(CROSSED, {"am": 501, "aw": 0, "bm": 0, "bw": 0}, PARTS, 10)
