from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from baken.analysis.errors import (
    CellTooSmall,
    NotAnAnswerSheet,
    NotTheSameQuestions,
    UnreadableTally,
)
from baken.analysis.tallies.binary import from_bytes, to_bytes
from baken.analysis.tallies.cells import Cells
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

LABELS = st.sampled_from(["", "a", "b", "c"])
BANDS = st.sampled_from([NO_BAND, "x", "y"])
TREE = Tree.of([UnitNode("a", None, None), UnitNode("b", None, None)])


@st.composite
def people(draw: st.DrawFn, most: int = 12) -> tuple[np.ndarray, list[str], list[str]]:
    n = draw(st.integers(0, most))
    sheets = draw(arrays(np.int8, (n, 7), elements=st.integers(-3, 4)))
    labels = draw(st.lists(LABELS, min_size=n, max_size=n))
    return sheets, labels, draw(st.lists(BANDS, min_size=n, max_size=n))


def count(instrument: Instrument, case: tuple[np.ndarray, list[str], list[str]]) -> Tally:
    sheets, labels, bands = case
    return Tally.count(instrument, sheets, labels, backgrounds={"shift": bands})


def as_values(cells: Cells) -> list:
    tables = [cells.labels, cells.rows.tolist(), cells.answers.tolist()]
    for scale in cells.scales:
        used = scale.without_empty_keys()
        tables += [
            used.keys.tolist(),
            used.people.tolist(),
            used.complete.tolist(),
            used.sums.tolist(),
            used.products.tolist(),
        ]
    return tables


def crossed(tally: Tally) -> list:
    crossing = tally.crossing
    if not tally.n or crossing is None:
        return []
    scores = [entries.tolist() for entries in crossing.scores]
    return [crossing.questions, crossing.kinds, crossing.rows.tolist(), scores]


def same(one: Tally, other: Tally) -> bool:
    return (
        one.shape == other.shape
        and as_values(one.cells) == as_values(other.cells)
        and crossed(one) == crossed(other)
    )


@given(people(), people())
def test_counting_in_parts_is_counting_the_whole(
    two_scales: Instrument, one: tuple, two: tuple
) -> None:
    whole = (np.concatenate([one[0], two[0]]), one[1] + two[1], one[2] + two[2])
    assert same(count(two_scales, one) + count(two_scales, two), count(two_scales, whole))


@given(people(6), people(6), people(6))
def test_adding_knows_no_order(
    two_scales: Instrument, one: tuple, two: tuple, three: tuple
) -> None:
    a, b, c = (count(two_scales, case) for case in (one, two, three))
    assert same(a + b, b + a)
    assert same((a + b) + c, a + (b + c))


@given(people())
def test_nobody_adds_nothing(two_scales: Instrument, case: tuple) -> None:
    tally = count(two_scales, case)
    assert same(Tally.empty(two_scales) + tally, tally)


@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_people_leaves_no_trace(
    two_scales: Instrument, case: tuple, random: object
) -> None:
    sheets, labels, bands = case
    order = list(range(len(labels)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = (sheets[order], [labels[i] for i in order], [bands[i] for i in order])
    one, other = count(two_scales, case), count(two_scales, shuffled)
    assert same(one, other)
    assert to_bytes(one, min_group=1) == to_bytes(other, min_group=1)


@given(people())
def test_a_total_is_what_one_label_would_have_counted(two_scales: Instrument, case: tuple) -> None:
    sheets, labels, _ = case
    tally = Tally.count(two_scales, sheets, labels)
    chosen = [label in ("a", "b") for label in labels]
    alone = Tally.count(two_scales, sheets[chosen], [""] * sum(chosen))
    total = tally.total(["a", "b"])
    if any(chosen):
        assert as_values(total) == as_values(alone.cells)
    else:
        assert total.rows.tolist() == [0]
    assert tally.total().rows.tolist() == [len(labels)]


@given(people())
def test_a_unit_and_the_rest_are_the_whole(two_scales: Instrument, case: tuple) -> None:
    tally = count(two_scales, case)
    rest = [label for label in tally.labels if label != "a"]
    assert as_values(tally.total(["a"]) + tally.total(rest)) == as_values(tally.total())


@given(people())
def test_relabelling_is_counting_with_other_labels(two_scales: Instrument, case: tuple) -> None:
    sheets, labels, _ = case
    merged = Tally.count(two_scales, sheets, labels).relabel(lambda label: label and "ab")
    assert same(merged, Tally.count(two_scales, sheets, [label and "ab" for label in labels]))


@given(people())
def test_bytes_come_back_as_they_were(two_scales: Instrument, case: tuple) -> None:
    tally = count(two_scales, case)
    content = to_bytes(tally, min_group=1)
    back = from_bytes(content)
    assert as_values(back.cells) == as_values(tally.cells)
    assert back.crossing is None
    assert to_bytes(back, min_group=1) == content


def test_what_one_cell_knows(two_scales: Instrument) -> None:
    sheets = np.array(
        [
            [4, 0, 4, 4, 0, 1, 2],
            [4, -1, -2, -3, 4, -1, -1],
            [0, 4, -1, -1, 2, 2, -1],
        ],
        np.int8,
    )
    cells = Tally.count(two_scales, sheets, ["a", "a", "a"]).cells
    assert cells.labels == ("a",)
    # prefer not, does not apply, missing, then answers 1 to 5 of the third item
    begin = 2 * 8
    assert cells.answers[0, begin : begin + 8].tolist() == [0, 1, 1, 0, 0, 0, 0, 1]
    pressure, support = cells.scales
    # all four at their worst (16 of 16); nothing; two of four, the reversed one turned around
    assert pressure.keys.tolist() == [[0, 2], [16, 4]]
    assert pressure.people.tolist() == [[1, 1]]
    assert (pressure.complete.tolist(), pressure.sums.tolist()) == ([1], [[4, 4, 4, 4]])
    assert support.keys.tolist() == [[3, 3], [4, 2]]
    assert support.products[0].tolist() == [[0, 0, 0], [0, 1, 2], [0, 2, 4]]


def test_people_without_a_unit_stand_apart(two_scales: Instrument, sheets: Callable) -> None:
    tally = Tally.count(two_scales, sheets(two_scales, 3, 1), ["b", "", "b"])
    assert tally.rows == {"": 1, "b": 2}
    assert tally.n == 3


def test_different_questionnaires_do_not_add(
    two_scales: Instrument, make_instrument: Callable
) -> None:
    other = make_instrument({"other": ([("X", 1, 5, False)], {})})
    with pytest.raises(NotTheSameQuestions, match="cannot be added"):
        Tally.empty(two_scales) + Tally.empty(other)


@pytest.mark.parametrize("bad", [-4, 5])
def test_an_impossible_answer_is_refused(two_scales: Instrument, bad: int) -> None:
    matrix = np.zeros((1, 7), np.int8)
    matrix[0, 3] = bad
    with pytest.raises(NotAnAnswerSheet, match="P4"):
        Tally.count(two_scales, matrix, ["a"])


@pytest.mark.parametrize("size", [(1, 6), (2, 7), (7,)])
def test_a_table_of_another_size_is_refused(two_scales: Instrument, size: tuple[int, ...]) -> None:
    with pytest.raises(NotAnAnswerSheet, match="expected"):
        Tally.count(two_scales, np.zeros(size, np.int8), ["a"])


@pytest.mark.parametrize(("n", "stored"), [(1, False), (9, False), (10, True), (11, True)])
def test_a_small_label_is_not_written(two_scales: Instrument, n: int, stored: bool) -> None:
    matrix = np.zeros((n + 12, 7), np.int8)
    tally = Tally.count(two_scales, matrix, ["a"] * n + ["b"] * 12)
    if stored:
        assert from_bytes(to_bytes(tally, min_group=10)).rows == {"a": n, "b": 12}
    else:
        with pytest.raises(CellTooSmall, match="fewer than 10"):
            to_bytes(tally, min_group=10)


@pytest.mark.parametrize(("silent", "kept"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_background_question_is_kept_whole_or_dropped(
    two_scales: Instrument, silent: int, kept: bool
) -> None:
    bands = ["x"] * 20 + ["y"] * 15 + [NO_BAND] * silent
    matrix = np.zeros((len(bands), 7), np.int8)
    tally = Tally.count(two_scales, matrix, ["a"] * len(bands), backgrounds={"shift": bands})
    chosen = tally.broken_down(two_scales, merge_labels(TREE, tally.rows, 10), 10)
    assert chosen.breakdowns is not None
    assert ((ROOT, "shift") in chosen.breakdowns.kept) is kept


def test_a_question_that_was_not_asked_of_everybody_is_dropped(two_scales: Instrument) -> None:
    matrix = np.zeros((20, 7), np.int8)
    asked = Tally.count(two_scales, matrix, ["a"] * 20, backgrounds={"shift": ["x"] * 20})
    tally = asked + Tally.count(two_scales, matrix, ["a"] * 20)
    assert tally.crossing is None
    chosen = tally.broken_down(two_scales, merge_labels(TREE, tally.rows, 10), 10).breakdowns
    assert chosen is not None
    assert (chosen.questions, chosen.kept) == ((), {})


@pytest.mark.parametrize("change", ["cut", "garbage", "newer"])
def test_damaged_bytes_are_named_as_such(two_scales: Instrument, change: str) -> None:
    content = to_bytes(Tally.empty(two_scales), min_group=10)
    damaged = {
        "cut": content[:-3],
        "garbage": b"\xc1" + content,
        "newer": content[:1] + b"\x63" + content[2:],
    }[change]
    with pytest.raises(UnreadableTally, match="damaged or were written by a newer"):
        from_bytes(damaged)


def test_large_counts_keep_their_size(two_scales: Instrument) -> None:
    matrix = np.full((300, 7), 4, np.int8)
    tally = Tally.count(two_scales, matrix, ["a"] * 300)
    for _ in range(9):
        tally += tally
    back = from_bytes(to_bytes(tally, min_group=10))
    assert back.rows == {"a": 300 * 512}
    assert back.cells.scales[0].products[0, 0, 0] == 300 * 512 * 16
