import pytest

from baken.survey.disclosure.errors import DisclosureError, UnknownUnit
from baken.survey.disclosure.merging import merge_labels, recall_merging
from baken.survey.disclosure.tree import NO_UNIT, ROOT, Tree, UnitNode


def care(direct=0, a=24, b=20, c=5, other=30):
    return Tree.of(
        [
            UnitNode("org", None, 0),
            UnitNode("care", "org", direct),
            UnitNode("a", "care", a),
            UnitNode("b", "care", b),
            UnitNode("c", "care", c),
            UnitNode("other", "org", other),
        ]
    )


def test_a_small_team_takes_the_smallest_sibling_along_when_nobody_stands_at_the_department():
    merging = merge_labels(care(), {"a": 21, "b": 16, "c": 3, "other": 25}, 10)
    assert merging.rows == {"care": 19, "a": 21, "other": 25}
    assert merging.label_of["c"] == merging.label_of["b"] == "care"
    assert merging.label_of["a"] == "a"
    assert merging.headcount == {"care": 25, "a": 24, "other": 30, ROOT: 0}
    assert merging.whole == {"care", "a", "other"}
    assert merging.counted_in == {"b": "care", "c": "care"}
    assert merging.rows_within("care") == 40
    assert merging.headcount_within("care") == 49
    assert merging.labels_within("care") == ("care", "a")
    assert merging.headcount_of(["care", "a"]) == 49
    assert not merging.too_few


def test_direct_members_take_a_small_team_without_a_sibling():
    merging = merge_labels(care(direct=12), {"care": 10, "a": 21, "b": 16, "c": 3, "other": 25}, 10)
    assert merging.rows == {"care": 13, "a": 21, "b": 16, "other": 25}
    assert merging.counted_in == {"c": "care"}


@pytest.mark.parametrize(("n", "label"), [(9, "care"), (10, "c"), (11, "c")])
def test_a_team_stands_alone_from_k_answers_on(n, label):
    rows = {"care": 15, "a": 21, "b": 16, "c": n, "other": 25}
    assert merge_labels(care(direct=15, c=15), rows, 10).label_of["c"] == label


def test_equal_siblings_are_taken_in_tree_order():
    merging = merge_labels(care(), {"a": 16, "b": 16, "c": 3, "other": 25}, 10)
    assert merging.label_of["a"] == "care"
    assert merging.label_of["b"] == "b"


def test_without_a_large_sibling_the_department_climbs_one_level_higher():
    merging = merge_labels(care(), {"a": 2, "b": 3, "c": 1, "other": 25}, 10)
    assert merging.rows == {ROOT: 31}
    assert merging.counted_in == {"care": ROOT, "a": ROOT, "b": ROOT, "c": ROOT, "other": ROOT}
    assert merging.whole == set()


def test_a_unit_without_answers_hands_over_its_headcount_like_a_small_one():
    merging = merge_labels(care(direct=12), {"care": 11, "a": 21, "b": 16, "other": 25}, 10)
    assert merging.counted_in == {"c": "care"}
    assert merging.headcount["care"] == 17
    assert "c" not in merging.headcount


def test_people_who_did_not_answer_leave_a_department_nobody_else_stands_at():
    merging = merge_labels(care(), {"a": 21, "b": 16, "other": 25}, 10)
    assert merging.headcount == {"a": 24, "b": 20, "other": 30, ROOT: 5}
    assert merging.whole == {"a", "b", "other"}
    assert merging.counted_in == {"care": ROOT, "c": ROOT}


def test_a_department_without_people_of_its_own_stays_whole():
    merging = merge_labels(care(), {"a": 21, "b": 16, "c": 12, "other": 25}, 10)
    assert merging.whole == {"care", "a", "b", "c", "other"}
    assert merging.counted_in == {}


def test_an_unknown_headcount_without_answers_counts_as_nobody():
    merging = merge_labels(care(direct=None), {"a": 21, "b": 16, "c": 12, "other": 25}, 10)
    assert "care" in merging.whole
    assert merging.headcount_within("care") is None
    assert merging.headcount_of([ROOT, "a"]) is None


def test_the_root_takes_the_smallest_label_from_anywhere_below():
    rows = {NO_UNIT: 2, "a": 21, "b": 16, "c": 12, "other": 25}
    merging = merge_labels(care(), rows, 10)
    # No child of the root has answers of its own except `other`, so that one goes first.
    assert merging.rows == {ROOT: 27, "a": 21, "b": 16, "c": 12}
    assert not merging.root_is_loose
    tree = Tree.of(
        [
            UnitNode("d", None, 0),
            UnitNode("e", None, 0),
            UnitNode("d1", "d", 20),
            UnitNode("e1", "e", 20),
        ]
    )
    merging = merge_labels(tree, {NO_UNIT: 2, "d1": 15, "e1": 12}, 10)
    assert merging.rows == {ROOT: 14, "d1": 15}
    assert merging.whole == {"d", "d1"}
    assert merging.counted_in == {"e": ROOT, "e1": ROOT}


def test_answers_without_a_unit_are_the_roots_own_and_known_as_such():
    merging = merge_labels(care(), {NO_UNIT: 10, "a": 21, "b": 16, "c": 12, "other": 25}, 10)
    assert merging.rows[ROOT] == 10
    assert merging.root_is_loose
    assert not merge_labels(care(), {"org": 10, "a": 21}, 10).root_is_loose
    assert not merge_labels(care(), {"a": 21}, 10).root_is_loose


@pytest.mark.parametrize(("n", "too_few"), [(0, True), (9, True), (10, False)])
def test_fewer_than_k_answers_in_all(n, too_few):
    merging = merge_labels(care(), {"a": n}, 10)
    assert merging.too_few is too_few
    assert merging.whole == ({"a"} if n == 10 else set())


def test_comments_are_merged_by_the_same_answers_with_twice_the_group():
    rows = {"a": 21, "b": 16, "c": 3, "other": 25}
    assert merge_labels(care(), rows, 20).rows == {"care": 40, "other": 25}


def test_impossible_counts_are_refused():
    with pytest.raises(DisclosureError, match="Unit a has -1 answers"):
        merge_labels(care(), {"a": -1}, 10)
    with pytest.raises(UnknownUnit):
        merge_labels(care(), {"x": 1}, 10)


def test_a_merging_is_recalled_from_its_labels():
    # The root takes team x from deep below; merging once more would see a team without answers.
    tree = Tree.of(
        [
            UnitNode("org", None, 4),
            UnitNode("e", "org", 0),
            UnitNode("d", "e", 20),
            UnitNode("x", "d", 12),
        ]
    )
    merging = merge_labels(tree, {"org": 3, "d": 15, "x": 11}, 10)
    assert merging.rows == {ROOT: 14, "d": 15}
    assert merging.counted_in == {"e": ROOT, "d": ROOT, "x": ROOT}
    assert recall_merging(tree, merging.label_of, merging.rows, 10) == merging
    assert merge_labels(tree, merging.rows, 10).whole == {"e", "d"}
