"""Any published sums: the integer programme and the exact attacker agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure import derivation
from baken.survey.disclosure.derivation import find_leak
from baken.survey.disclosure.patterns import patterns
from baken.survey.disclosure.plan import Cell
from tests.reference.attacker import Group, leaks


@st.composite
def releases(draw):
    """A few kinds of people and sums over any of them."""
    k = draw(st.integers(2, 6))
    keys = [f"a{place}" for place in range(draw(st.integers(1, 7)))]
    people = {}
    for key in keys:
        n = draw(st.sampled_from([0, 1, k - 1, k, 2 * k]))
        apart = draw(st.sampled_from([0, 1, n // 2, n]))
        people[key] = Cell(n, (min(apart, n),))
    published = draw(st.lists(st.sets(st.sampled_from(keys)), max_size=6))
    return people, published, k


@given(releases())
def test_the_programme_finds_a_leak_when_the_attacker_finds_one(drawn):
    people, published, k = drawn
    groups = {key: Group(cell.n, cell.apart) for key, cell in people.items()}
    found, expected = find_leak(people, published, k), leaks(groups, published, k)
    assert (found is None) == (expected == [])
    if found is not None:
        assert found.keys in {leak.groups for leak in expected}


def test_six_sums_of_four_give_one_of_them():
    # ab + ac + ad - bc - bd - cd + ... : (ab + ac - bc) / 2 = a
    people = dict.fromkeys("abcd", Cell(9))
    pairs = ["ab", "ac", "bc", "cd"]
    leak = find_leak(people, pairs, 10)
    assert (leak.kind, leak.n) == ("small", 9)
    assert find_leak(people, pairs, 9) is None


def test_a_search_that_is_given_up_promises_nothing():
    people = {(a, b, c): Cell(1) for a in range(5) for b in range(5) for c in range(5)}
    published = [{key for key in people if key[side] == at} for side in range(3) for at in range(5)]
    assert find_leak(people, published, 25) is None
    assert find_leak(people, published, 26).kind == "small"
    given_up = find_leak(people, published, 25, most_nodes=0)
    assert (given_up.kind, given_up.keys) == ("undecided", frozenset())


def test_too_many_sums_promise_nothing():
    people = dict.fromkeys(range(1_001), Cell(9))
    assert find_leak(people, [{key} for key in people], 9) is None
    assert find_leak(people, [{key} for key in people], 10).kind == "undecided"


def test_people_whom_no_sum_tells_apart_are_one_group():
    people = {"a": Cell(3), "b": Cell(4), "c": Cell(0), "d": Cell(5)}
    found = patterns(people, [{"a", "b", "x"}, set(), {"c"}])
    assert found.keys == (("a", "b"),)
    assert found.cells == (Cell(7),)
    assert found.matrix.toarray().tolist() == [[1.0]]


@pytest.mark.parametrize(("apart", "kind"), [(0, "alike"), (1, None), (2, None)])
def test_twice_the_threshold_may_agree_but_for_one(apart, kind):
    people = {"a": Cell(20, (apart,)), "b": Cell(30, (15,)), "c": Cell(4, (4,))}
    found = find_leak(people, ["a", "bc"], 10)
    assert (found and found.kind) == kind


@given(releases())
def test_trying_all_ways_finds_a_leak_when_the_programme_does(drawn):
    people, published, k = drawn
    tried = find_leak(people, published, k)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(derivation, "MOST_DECIDING", -1)
        searched = find_leak(people, published, k)
    assert (tried and tried.kind) == (searched and searched.kind)


@given(releases())
def test_what_is_known_to_hide_few_is_searched_for_agreement_only(drawn):
    people, published, k = drawn
    found = find_leak(people, published, k, hides_few=True)
    if find_leak(people, published, k) is None:
        assert found is None
    assert found is None or found.kind == "alike"
