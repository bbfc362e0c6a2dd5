"""Releases of one campaign after another, looked at as one table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.plan import release_plan
from baken.survey.disclosure.successive import Issue, find_leak_over_time
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.attacker import Group, leaks

HOUSE = Tree.of(
    [UnitNode("house", None, None), *(UnitNode(key, "house", None) for key in ("a", "b", "c"))]
)


VALUES = (0.0, 50.0, 100.0)


def spread(n):
    """Everybody in turn has one of the three answers."""
    return (n + 2) // 3, (n + 1) // 3, n // 3


def issue(shown, **counts):
    return Issue({key: spread(n) for key, n in counts.items()}, shown)


def over_time(releases, k):
    return find_leak_over_time(HOUSE, releases, VALUES, k)


ALL = frozenset(HOUSE.keys)


def test_the_same_people_again_tell_nothing_new():
    first = issue(ALL, a=20, b=20, c=20)
    assert over_time([first], 10) is None
    assert over_time([first, issue({ROOT, "a"}, a=20, b=20, c=20)], 10) is None


def test_late_answers_are_the_difference_of_two_releases():
    first = issue(ALL, a=20, b=20, c=20)
    leak = over_time([first, issue(ALL, a=23, b=20, c=20)], 10)
    assert (leak.kind, leak.keys, leak.n) == ("small", {("a", 1)}, 3)
    assert over_time([first, issue(ALL, a=30, b=20, c=20)], 10) is None


def test_enough_late_answers_in_every_shown_cell_are_not_enough():
    # The organisation gains 12 and team a 10 of them, each of them enough: the other 2 follow.
    shown = {ROOT, "a"}
    releases = [issue(shown, a=20, b=20, c=20), issue(shown, a=30, b=22, c=20)]
    assert over_time(releases, 10).keys == {("b", 1)}


def test_a_cell_hidden_before_may_be_told_by_what_is_shown_now():
    releases = [issue({ROOT, "a"}, a=20, b=20, c=6), issue({ROOT, "a", "b"}, a=20, b=20, c=20)]
    leak = over_time(releases, 10)
    assert (leak.keys, leak.n) == ({("c", 0)}, 6)


def test_three_releases_are_one_table_too():
    counts = [{"a": 20, "b": 20}, {"a": 30, "b": 20}, {"a": 30, "b": 23}]
    releases = [issue({ROOT}, **counts[0]), issue({ROOT}, **counts[1]), issue({ROOT}, **counts[2])]
    assert over_time(releases[:2], 10) is None
    assert over_time(releases, 10).keys == {("b", 2)}


def test_a_release_that_showed_nothing_counts_for_nothing():
    silent = issue((), a=3)
    assert over_time([silent], 10) is None
    assert over_time([silent, issue({ROOT}, a=20)], 10) is None


@pytest.mark.parametrize("now", [(9, 5, 5), (10, 4, 5), (30, 4, 5)])
def test_counted_answers_cannot_change(now):
    releases = [Issue({"a": (10, 5, 5)}, {ROOT}), Issue({"house": now, "a": now}, {ROOT})]
    with pytest.raises(DisclosureError, match="a had 20 answers in an earlier release"):
        over_time(releases, 10)


def test_people_of_one_mind_are_not_known_by_two_releases():
    # Early, all seven but one said 50. Later u0 is shown, with one person who said less and nobody
    # who said more: the one who said more is not in u0, so all four early ones there said 50.
    tree = Tree.of(
        [UnitNode("org", None, None), UnitNode("u0", "org", None), UnitNode("u1", "u0", None)]
    )
    early = {"org": (0, 2, 1), "u0": (0, 2, 0), "u1": (0, 2, 0)}
    late = {"org": (0, 5, 1), "u0": (0, 2, 0), "u1": (1, 5, 0)}
    releases = [Issue(early, {ROOT}), Issue(late, {ROOT, "u0"})]
    assert find_leak_over_time(tree, releases, VALUES, 3).kind == "near"


def test_late_answers_must_not_be_known_nearly_either():
    # Two of the first twelve in b, all near the end, and the reader knows how b stands later.
    early = {"a": (3, 4, 3), "b": (2, 0, 0)}
    late = {"a": (3, 4, 3), "b": (14, 0, 0)}
    releases = [Issue(early, {ROOT}), Issue(late, {ROOT, "a"})]
    assert over_time(releases, 10) is not None


@given(st.integers(2, 5), st.data())
def test_two_or_three_plans_are_judged_as_the_attacker_does(k, data):
    counts = dict.fromkeys("abc", (0, 0, 0))
    releases, late, cells = [], {}, []
    for place in range(data.draw(st.integers(1, 3))):
        for key in counts:
            more = spread(data.draw(st.sampled_from([0, 0, 1, k, 2 * k])))
            late[key, place] = Group(sum(more), (sum(more[1:]), sum(more[:2])))
            counts[key] = tuple(a + b for a, b in zip(counts[key], more, strict=True))
        plan = release_plan(HOUSE, Answers(counts, VALUES).cells(k), k)
        releases.append(Issue(dict(counts), plan.shown))
        counted = set(late)
        cells += [{key for key in counted if unit in (ROOT, key[0])} for unit in plan.shown]
    found = over_time(releases, k)
    if leaks(late, cells, k):
        assert found is not None
    else:
        assert found is None or found.kind == "near"
