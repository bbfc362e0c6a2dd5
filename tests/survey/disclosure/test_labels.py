"""All labels at once give the plan that looking at them one by one gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.labels import LabelCounts, safe_cells, within
from baken.survey.disclosure.plan import release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

TREE = Tree.of(
    UnitNode(key, parent, None)
    for key, parent in {"a": None, "b": "a", "c": "a", "d": "c", "e": "c", "f": "a"}.items()
)
VALUES = (0.0, 50.0, 100.0)
COUNTS = st.tuples(*(st.sampled_from([0, 0, 1, 2, 3, 6, 12]) for _ in VALUES))


@given(
    st.lists(COUNTS, min_size=6, max_size=6), st.integers(2, 6), st.sets(st.sampled_from("bcdef"))
)
def test_without_a_search_the_plan_is_the_same(counts, k, may_show):
    people = np.array(counts, dtype=np.int64)
    answers = Answers(dict(zip(TREE.keys, counts, strict=True)), VALUES)
    expected = release_plan(TREE, answers.cells(k), k, whole=may_show).shown
    assert safe_cells(TREE, LabelCounts.of(people, k), k, frozenset(may_show)) == expected


def test_everybody_on_a_middle_answer_is_seen():
    people = np.array([[0, 0, 0], [4, 4, 4], [0, 12, 0], [4, 4, 4], [0, 0, 0], [4, 4, 4]])
    labels = LabelCounts.of(people, 10)
    assert len(labels.apart) == 3
    assert not labels.are_safe(10)
    assert safe_cells(TREE, labels, 10, frozenset("bcdf")) == {ROOT, "b", "c", "f"}
    assert within(TREE, labels.n).tolist() == [48, 12, 24, 12, 0, 12]
