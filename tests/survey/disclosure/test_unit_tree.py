import pytest

from baken.survey.disclosure.errors import TreeError, UnknownUnit
from baken.survey.disclosure.tree import NO_UNIT, ROOT, Tree, UnitNode


def test_a_single_top_is_the_organisation_and_keeps_its_own_key_as_a_second_name():
    tree = Tree.of(
        [UnitNode("org", None, 3, "De Linde"), UnitNode("care", "org", 8), UnitNode("a", "care", 5)]
    )
    assert tree.keys == (ROOT, "care", "a")
    assert tree.units == ("care", "a")
    assert tree.root_key == "org"
    assert tree.key_of("org") == tree.key_of(NO_UNIT) == tree.key_of(ROOT) == ROOT
    assert tree.key_of("a") == "a"
    assert tree.name(ROOT) == "De Linde"
    assert tree.name("care") == "care"
    assert tree.headcount(ROOT) == 3
    assert tree.headcount_with_below(ROOT) == 16
    assert tree.headcount_with_below("care") == 13
    assert tree.ancestors("a") == ("care", ROOT)
    assert tree.parent("care") == ROOT
    assert tree.parent(ROOT) is None


def test_a_top_without_a_name_is_called_by_its_own_key():
    assert Tree.of([UnitNode("org", None, 3), UnitNode("a", "org", 2)]).name(ROOT) == "org"


def test_several_tops_hang_under_an_implied_root_without_people():
    tree = Tree.of([UnitNode("a", None, 5), UnitNode("b", None, None), UnitNode("c", "a", 2)])
    assert tree.keys == (ROOT, "a", "c", "b")
    assert tree.root_key is None
    assert tree.name(ROOT) == ROOT
    assert tree.children(ROOT) == ("a", "b")
    assert tree.headcount(ROOT) == 0
    assert tree.headcount_with_below("a") == 7
    assert tree.headcount_with_below(ROOT) is None


def test_below_and_within():
    tree = Tree.of(
        [
            UnitNode("a", None, 1),
            UnitNode("b", None, 1),
            UnitNode("a2", "a", 1),
            UnitNode("a1", "a", 1),
        ]
    )
    assert tree.below("a") == ("a2", "a1")
    assert tree.below("b") == ()
    assert tree.is_within("a1", "a")
    assert tree.is_within("a", "a")
    assert not tree.is_within("a", "a1")
    assert not tree.is_within("b", "a")
    assert tree.sizes == (5, 3, 1, 1, 1)
    assert tree.nearest({"a", "a1"}) == {ROOT: ROOT, "a": "a", "a2": "a", "a1": "a1", "b": ROOT}


def test_membership_knows_every_name_a_row_may_carry():
    implied = Tree.of([UnitNode("a", None, 1), UnitNode("b", None, 1)])
    single = Tree.of([UnitNode("org", None, 1)])
    assert "a" in implied
    assert NO_UNIT in implied
    assert ROOT in implied
    assert None not in implied
    assert "org" in single
    assert "z" not in single
    with pytest.raises(UnknownUnit, match="There is no unit z"):
        single.key_of("z")


def test_the_single_top_may_be_called_all():
    tree = Tree.of([UnitNode(ROOT, None, 4), UnitNode("a", ROOT, 6)])
    assert tree.units == ("a",)
    assert tree.headcount_with_below(ROOT) == 10


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([], "There are no units"),
        ([UnitNode("", None, 1)], "no name to be found by"),
        ([UnitNode("a", None, 1), UnitNode("a", None, 2)], "Unit a is given twice"),
        ([UnitNode("a", None, -1)], "Unit a has headcount -1"),
        ([UnitNode("a", "x", 1)], "Unit a lies under x, which is not one of the units"),
        ([UnitNode("a", "a", 1)], "in a circle: a"),
        (
            [
                UnitNode("o", None, 1),
                UnitNode("d", "b", 1),
                UnitNode("b", "c", 1),
                UnitNode("c", "b", 1),
            ],
            "in a circle: b, c",
        ),
        ([UnitNode("a", None, 1), UnitNode(ROOT, None, 1)], "ALL is the name of the whole"),
        ([UnitNode("a", None, 1), UnitNode(ROOT, "a", 1)], "ALL is the name of the whole"),
    ],
)
def test_what_is_not_a_tree_is_named(nodes, message):
    with pytest.raises(TreeError, match=message) as error:
        Tree.of(nodes)
    assert error.value.key.startswith("disclosure.")
