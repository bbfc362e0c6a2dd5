"""Figures about the people who answered every item, of a scale that more people have a score on."""

from collections.abc import Callable

import numpy as np
import pytest

from baken.analysis.releases.results import results
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

K = 10
FLAT = Tree.of([UnitNode("a", None, 30), UnitNode("b", None, 30), UnitNode("c", None, 30)])


def with_alike(instrument: Instrument, sheets: Callable, differ: int, answer: int) -> np.ndarray:
    """Sixty sheets; in the first twenty, 12 support scales are complete and all but some alike."""
    answers = sheets(instrument, 60, 50, 0.0)
    answers[:12, 4:] = answer
    answers[:differ, 4:] = [1, 2, 3]
    answers[12:20, 4] = -1
    return answers


@pytest.mark.parametrize("answer", [0, 4])
@pytest.mark.parametrize(("differ", "shown"), [(0, False), (1, False), (2, True)])
def test_agreement_at_one_end_is_hidden(
    two_scales: Instrument, sheets: Callable, differ: int, shown: bool, answer: int
) -> None:
    answers = with_alike(two_scales, sheets, differ, answer)
    labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    unit = results(Tally.count(two_scales, answers, labels), FLAT, two_scales, min_group=K)[
        "units"
    ]["a"]
    figures = unit["scales"]["support"]
    assert (figures["n"], figures["mean"] is not None) == (20, True)
    assert (figures["rwg"] is not None) is shown
    if not shown:
        assert unit["withheld"]["figures"]["support"]["rwg"] == "privacy"
    assert unit["scales"]["pressure"]["rwg"] is not None


@pytest.mark.parametrize(("differ", "shown"), [(0, False), (1, False), (2, True)])
def test_reliability_at_one_end_is_hidden(
    two_scales: Instrument, sheets: Callable, differ: int, shown: bool
) -> None:
    answers = with_alike(two_scales, sheets, differ, 0)[:20]
    tally = Tally.count(two_scales, answers, ["a"] * 20)
    figures = results(tally, FLAT, two_scales, min_group=K)["scales"]["support"]
    assert figures["n"] == 20
    assert [figures[name] is not None for name in ("alpha", "alpha_low", "alpha_high")] == [
        shown
    ] * 3


@pytest.mark.parametrize(
    ("in_part", "shown"), [(0, True), (1, False), (K - 1, False), (K, True), (K + 1, True)]
)
def test_items_are_hidden_when_a_few_skipped_one(
    two_scales: Instrument, sheets: Callable, in_part: int, shown: bool
) -> None:
    # The sum of the items is the sum of the scores of all who answered every item: what is left
    # over would belong to the few who did not.
    answers = sheets(two_scales, 60, 50, 0.0)
    answers[:in_part, 4] = -1
    tally = Tally.count(two_scales, answers, ["a"] * 20 + ["b"] * 20 + ["c"] * 20)
    found = results(tally, FLAT, two_scales, min_group=K)
    items = found["scales"]["support"]["items"]
    assert {item["mean"] is not None for item in items.values()} == {shown}
    hidden = set(items) & set(found["withheld"].get("items", {}))
    assert (hidden == set(items)) is not shown
    assert found["scales"]["support"]["mean"] is not None
