import time

import pytest

from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.attacker import answers_as_group, leaks


def tree_of(**parents):
    return Tree.of([UnitNode(key, parent, None) for key, parent in parents.items()])


def department():
    return tree_of(org=None, a="org", b="org", c="org")


def attack(tree, groups, plan, k):
    published = [{cell, *tree.below(cell)} & set(groups) for cell in plan.shown]
    return leaks(groups, published, k)


def as_cells(groups):
    return {key: Cell(group.n, group.apart) for key, group in groups.items()}


def test_everything_is_shown_when_every_part_is_large_enough():
    plan = release_plan(department(), {ROOT: 10, "a": 10, "b": 11, "c": 12}, 10)
    assert plan.shown == {ROOT, "a", "b", "c"}
    assert plan.groups == ((ROOT,), ("a",), ("b",), ("c",))


def test_a_small_team_takes_a_second_one_into_hiding():
    plan = release_plan(department(), {"a": 12, "b": 10, "c": 3}, 10)
    assert plan.shown == {ROOT, "a"}
    assert plan.groups == (("b", "c"), ("a",))
    assert plan.remainders == {ROOT: ("b", "c"), "a": ("a",)}


def test_small_teams_may_hide_together():
    plan = release_plan(department(), {"a": 12, "b": 6, "c": 4}, 10)
    assert plan.shown == {ROOT, "a"}


@pytest.mark.parametrize(("n", "shown"), [(9, {ROOT, "b"}), (10, {ROOT, "a", "b", "c"})])
def test_the_threshold_itself_is_large_enough(n, shown):
    assert release_plan(department(), {"a": n, "b": 12, "c": 10}, 10).shown == shown


def test_direct_members_are_a_group_too():
    # Head and secretary: the department minus its teams would be the two of them.
    tree = tree_of(dept=None, t1="dept", t2="dept")
    groups = {
        ROOT: answers_as_group([1, 5], 1, 5),
        "t1": answers_as_group([2, 3, 4, 4, 3, 2, 3, 4], 1, 5),
        "t2": answers_as_group([4, 5, 3, 4, 4, 2], 1, 5),
    }
    assert attack(tree, groups, release_plan(tree, {ROOT: 5, "t1": 8, "t2": 6}, 5), 5)
    plan = release_plan(tree, as_cells(groups), 5)
    assert plan.shown == {ROOT, "t1"}
    assert attack(tree, groups, plan, 5) == []


def test_a_parent_minus_its_other_children_is_a_group_too():
    tree = department()
    groups = {
        "a": answers_as_group([2, 3, 4, 3, 2, 5, 4, 1, 3], 1, 5),
        "b": answers_as_group([4, 3, 5, 3, 4, 2], 1, 5),
        "c": answers_as_group([1, 5, 2, 3], 1, 5),
    }
    plan = release_plan(tree, as_cells(groups), 5)
    assert plan.shown == {ROOT, "a"}
    assert attack(tree, groups, plan, 5) == []


def test_a_group_that_answered_alike_is_hidden_with_another():
    tree = department()
    groups = {
        "a": answers_as_group([2, 3, 4, 3, 2, 5, 4, 1, 3], 1, 5),
        "b": answers_as_group([5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 1, 5),
        "c": answers_as_group([1, 3, 2, 2, 4], 1, 5),
    }
    # Hiding b alone is not enough: it is what the organisation has outside a and c.
    assert leaks(groups, [{"a", "b", "c"}, {"a"}, {"c"}], 5)
    plan = release_plan(tree, as_cells(groups), 5)
    assert plan.shown == {ROOT, "a"}
    assert plan.groups == (("b", "c"), ("a",))
    assert attack(tree, groups, plan, 5) == []


@pytest.mark.parametrize(("n", "shown"), [(19, {ROOT}), (20, {ROOT, "a", "b"})])
def test_all_but_one_alike_is_alike_below_twice_the_threshold(n, shown):
    tree = tree_of(org=None, a="org", b="org")
    plan = release_plan(tree, {"a": Cell(n, (1, n - 1)), "b": Cell(30, (15, 15))}, 10)
    assert plan.shown == shown


def test_an_organisation_that_answers_alike_shows_nothing():
    plan = release_plan(department(), {"a": Cell(30, (0,)), "b": Cell(30, (0,))}, 10)
    assert plan.shown == frozenset()
    assert plan.groups == ()
    assert plan.remainders == {}


def test_fewer_than_k_valid_answers_show_nothing():
    assert release_plan(department(), {"a": 4, "b": 5}, 10).shown == frozenset()


def test_a_unit_that_is_not_whole_is_no_cell():
    plan = release_plan(department(), {ROOT: 20, "a": 20, "b": 20}, 10, whole={"a"})
    assert plan.shown == {ROOT, "a"}
    assert plan.groups == ((ROOT, "b"), ("a",))


def test_a_unit_with_all_of_its_answers_in_one_team_is_shown_with_it():
    tree = tree_of(org=None, d="org", d1="d", d2="d", e="org")
    plan = release_plan(tree, {"d1": 15, "e": 15}, 10)
    assert plan.shown == {ROOT, "d", "d1", "e"}
    assert plan.remainders == {"d1": ("d1",), "e": ("e",)}


def test_among_equals_higher_levels_first():
    # One person outside the teams: either the department or one of the teams must go.
    tree = tree_of(org=None, d="org", d1="d", e="org", e1="e")
    plan = release_plan(tree, {"d": 3, "d1": 20, "e": 3, "e1": 20}, 10)
    assert plan.shown == {ROOT, "d", "e"}


def test_among_equals_more_people_and_then_tree_order():
    assert release_plan(department(), {ROOT: 2, "a": 20, "b": 21}, 10).shown == {ROOT, "b"}
    assert release_plan(department(), {ROOT: 2, "a": 20, "b": 20}, 10).shown == {ROOT, "a"}


def test_a_weight_can_prefer_a_cell():
    cells = {ROOT: 2, "a": 20, "b": 21}
    assert release_plan(department(), cells, 10, weights={"a": 2}).shown == {ROOT, "a"}


def test_answers_without_a_unit_are_no_group_between_units_on_their_own():
    cells = {ROOT: 12, "a": 20, "b": 21}
    assert release_plan(department(), cells, 10).groups == ((ROOT,), ("a",), ("b",))
    plan = release_plan(department(), cells, 10, root_is_loose=True)
    assert plan.groups == (("a",), ("b",))
    assert plan.remainders[ROOT] == (ROOT,)
    joined = release_plan(department(), {ROOT: 2, "a": 20, "b": 21}, 10, root_is_loose=True)
    assert joined.groups == ((ROOT, "a"), ("b",))


def test_the_top_unit_may_be_named_by_its_own_key():
    cells = {"org": 12, "a": 20}
    assert release_plan(department(), cells, 10).shown == {ROOT, "a"}


def test_a_plan_of_five_thousand_units_takes_less_than_a_second():
    nodes = [UnitNode("u0", None, None)]
    nodes += [UnitNode(f"u{place}", f"u{(place - 1) // 4}", None) for place in range(1, 5_000)]
    tree = Tree.of(nodes)
    cells = {f"u{place}": Cell(n := place * 7 % 25, (n, place % 5 and n)) for place in range(5_000)}
    start = time.process_time()
    shown = release_plan(tree, cells, 10).shown
    assert time.process_time() - start < 1
    assert 2_000 < len(shown) < 4_000
