"""What a campaign would show at some response, and which units to join before it starts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.simulation import RATES, Proposal, join, outlook, propose
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.random_trees import organisations

N_UNITS = 5_000


def tree_of(*units: tuple[str, str | None, int | None]) -> Tree:
    return Tree.of(UnitNode(key, parent, people) for key, parent, people in units)


HOUSE = tree_of(
    ("house", None, 0),
    ("care", "house", None),
    ("day", "care", 30),
    ("night", "care", 9),
    ("evening", "care", 11),
    ("kitchen", "house", 20),
)


def test_expected_answers_are_rounded_down_and_merged_as_at_the_opening():
    most = outlook(HOUSE, 60, 10)
    assert most.shown == {"care", "day", "kitchen"}
    assert most.hidden == ("night", "evening")
    assert most.visible == most.people - 20
    assert most.counted_in("day") is None
    # 4 of the night and 5 of the evening are 9: too few, so the day joins them in the department
    half = outlook(HOUSE, 50, 10)
    assert half.shown == {"care", "kitchen"}
    assert half.hidden == ("day", "night", "evening")
    assert {half.counted_in(unit) for unit in half.hidden} == {"care"}


def test_neighbours_that_are_small_alone_are_enough_together():
    assert propose(HOUSE, 50, 10) == (Proposal(("night", "evening"), None),)
    joined = join(HOUSE, propose(HOUSE, 50, 10))
    assert joined.headcount("night") == 20
    assert outlook(joined, 50, 10).shown == {"care", "day", "night", "kitchen"}
    assert outlook(joined, 50, 10).visible == outlook(joined, 50, 10).people == 70


def test_a_small_team_goes_to_the_unit_above_when_it_has_no_small_neighbour():
    house = tree_of(("h", None, 30), ("big", "h", 40), ("small", "h", 6))
    assert propose(house, 60, 10) == (Proposal(("small",), ROOT),)


def test_the_few_people_of_a_department_itself_take_its_smallest_team_along():
    house = tree_of(("h", None, 0), ("d", "h", 3), ("a", "d", 40), ("b", "d", 20), ("e", "h", 30))
    assert outlook(house, 60, 10).hidden == ("b",)
    assert propose(house, 60, 10) == (Proposal(("b",), "d"),)


def test_a_department_that_is_too_small_goes_along_as_a_whole():
    house = tree_of(
        ("h", None, 0), ("a", "h", 30), ("d", "h", 2), ("d1", "d", 4), ("d2", "d", 3), ("e", "h", 9)
    )
    assert propose(house, 60, 10) == (Proposal(("d", "e"), None),)
    assert join(house, propose(house, 60, 10)).headcount("d") == 18


def test_nothing_is_proposed_where_nothing_would_help():
    assert propose(tree_of(("h", None, 12)), 60, 10) == ()
    assert propose(tree_of(("h", None, 30), ("a", "h", 30)), 60, 10) == ()
    few = outlook(tree_of(("h", None, 0), ("a", "h", 9)), 80, 10)
    assert (few.shown, few.visible, few.hidden) == (frozenset(), 0, ("a",))
    assert few.counted_in("a") == ROOT
    with pytest.raises(DisclosureError):
        outlook(HOUSE, 101, 10)


@st.composite
def houses(draw):
    case = draw(organisations())
    nodes = (
        UnitNode(key, case.tree.parent(key), draw(st.none() | st.integers(0, 60)))
        for key in case.tree.keys
    )
    return Tree.of(nodes), draw(st.sampled_from(RATES)), case.k


@given(houses())
def test_proposals_never_make_fewer_people_visible(house):
    tree, rate, k = house
    before = outlook(tree, rate, k)
    found = propose(tree, rate, k)
    joined = join(tree, found)
    after = outlook(joined, rate, k)
    assert after.people == before.people
    assert after.visible > before.visible if found else after == outlook(joined, rate, k)
    for seen in (before, after):
        assert all(seen.merging.rows_within(unit) >= k for unit in seen.shown)
        assert seen.shown.isdisjoint(seen.hidden)
        assert {ROOT, *seen.shown} >= {seen.counted_in(unit) for unit in seen.hidden}
    named = [unit for proposal in found for unit in proposal.units]
    assert len(named) == len(set(named))
    for proposal in found:
        [above] = {tree.parent(unit) for unit in proposal.units}
        assert proposal.into in {None, above}


@given(st.lists(st.integers(0, 60), min_size=1), st.sampled_from(RATES), st.integers(5, 20))
def test_in_a_house_of_one_floor_everybody_is_shown_afterwards(teams, rate, k):
    units = [(f"t{number}", "h", people) for number, people in enumerate(teams)]
    tree = tree_of(("h", None, 0), *units)
    after = outlook(join(tree, propose(tree, rate, k)), rate, k)
    assert after.merging.too_few or after.visible == after.people


def test_thousands_of_units_take_less_than_a_second():
    units = [("u0", None, 3)]
    units += [(f"u{n}", f"u{(n - 1) // 8}", n * 7 % 23) for n in range(1, N_UNITS)]
    tree = tree_of(*units)
    start = time.process_time()
    found = propose(tree, 60, 10)
    assert time.process_time() - start < 1
    assert outlook(join(tree, found), 60, 10).visible > outlook(tree, 60, 10).visible
