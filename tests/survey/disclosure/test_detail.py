import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.detail import Detail, detail, in_classes
from baken.survey.disclosure.plan import Cell
from baken.survey.disclosure.telling import as_cells, telling_values


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (9, Detail.NOTHING),
        (10, Detail.CLASSES),
        (19, Detail.CLASSES),
        (20, Detail.EVERY_ANSWER),
    ],
)
def test_answers_are_counted_one_by_one_from_twice_the_threshold(n, expected):
    assert detail(n, 10) is expected


@pytest.mark.parametrize(
    ("counts", "classes"),
    [
        ([3, 4], (3, 4)),
        ([3, 4, 5], (3, 4, 5)),
        ([1, 2, 3, 4], (1, 5, 4)),
        ([1, 2, 3, 4, 5], (3, 3, 9)),
        ([1, 2, 3, 4, 5, 6], (3, 7, 11)),
        ([1] * 11, (4, 3, 4)),
    ],
)
def test_at_most_three_classes(counts, classes):
    assert in_classes(counts) == classes


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_classes_hold_everybody_and_mirror(counts):
    assert sum(in_classes(counts)) == sum(counts)
    assert in_classes(counts[::-1]) == in_classes(counts)[::-1]


def test_a_middle_value_is_watched_when_a_group_could_agree_on_it():
    people = np.array([[0, 6, 0, 0], [0, 3, 1, 0], [2, 3, 4, 5]])
    assert telling_values(people, 10) == (0, 1, 3)
    assert telling_values(people, 11) == (0, 3)
    assert as_cells(people, (0, 1, 3)) == (
        Cell(6, (6, 0, 6)),
        Cell(4, (4, 1, 4)),
        Cell(14, (12, 11, 9)),
    )


def test_two_answers_are_both_ends():
    assert telling_values(np.array([[3, 0], [0, 1]]), 5) == (0, 1)
