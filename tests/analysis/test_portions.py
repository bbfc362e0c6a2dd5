"""Answers counted in portions, here and by other processes: the counts are the same bytes."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.analysis.errors import CountingStopped, NotAnAnswerSheet
from baken.analysis.tallies import portions
from baken.analysis.tallies.binary import to_bytes
from baken.analysis.tallies.driver_cells import DriverModel
from baken.analysis.tallies.portions import Portion, count_portions, processes_for
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.tree import Tree, UnitNode

MODEL = DriverModel("support", ("pressure",))
LABELS = ("a", "b", "", "a")  # one stands there twice
BANDS = ("x", "y")
TREE = Tree.of([UnitNode("a", None, None), UnitNode("b", None, None)])


def portion(sheets: np.ndarray, start: int = 0) -> Portion:
    rows = np.arange(start, start + len(sheets))
    return Portion(sheets, rows % 4, LABELS, {"shift": ((rows // 4) % 2, BANDS)})


def whole(instrument: Instrument, sheets: np.ndarray) -> Tally:
    rows = range(len(sheets))
    labels = [LABELS[row % 4] for row in rows]
    bands = [BANDS[(row // 4) % 2] for row in rows]
    return Tally.count(instrument, sheets, labels, backgrounds={"shift": bands})


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 8), st.integers(2, 5))
def test_portions_of_any_size_add_up_to_the_same_bytes(
    two_scales: Instrument, sheets: Callable, sizes: list[int], enough: int, at_once: int
) -> None:
    answers = sheets(two_scales, sum(sizes), 1)
    starts = np.cumsum([0, *sizes])
    given_in = [portion(answers[begin:end], begin) for begin, end in pairwise(starts.tolist())]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portions, "ENOUGH", enough)
        patch.setattr(portions, "AT_ONCE", at_once)
        found = count_portions(two_scales, given_in, models=(MODEL,))
    expected, kept = whole(two_scales, answers), []
    assert to_bytes(found.tally, min_group=1) == to_bytes(expected, min_group=1)
    for tally in (found.tally, expected):
        merging = merge_labels(TREE, tally.rows, 5)
        bare = replace(two_scales, scales=())  # what is kept hangs on numbers of people alone
        safe = tally.broken_down(bare, merging, 5)
        assert safe.breakdowns is not None
        kept.append({at: one.cells.rows.tolist() for at, one in safe.breakdowns.kept.items()})
    assert kept[0] == kept[1]
    (drivers,) = found.drivers
    assert drivers.table[:, 0, 0].sum() <= len(answers)


def test_other_processes_count_the_same_bytes_and_a_dead_one_is_no_hang(
    two_scales: Instrument, sheets: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "ENOUGH", 400)
    answers = sheets(two_scales, 2_000, 2)
    parts = [portion(answers[at : at + 400], at) for at in range(0, 2_000, 400)]

    def with_a_death() -> Iterator[Portion]:
        yield from parts[:2]
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        yield from parts[2:]

    found = count_portions(two_scales, parts, processes=2, models=(MODEL,))
    alone = count_portions(two_scales, parts, models=(MODEL,))
    assert to_bytes(found.tally, min_group=1) == to_bytes(alone.tally, min_group=1)
    assert found.drivers[0].table.tolist() == alone.drivers[0].table.tolist()
    with pytest.raises(CountingStopped, match="ended before it was done"):
        count_portions(two_scales, with_a_death(), processes=2)
    assert multiprocessing.active_children() == []


def test_an_impossible_answer_is_refused_before_it_goes_to_another_process(
    two_scales: Instrument, sheets: Callable
) -> None:
    answers = sheets(two_scales, 8, 3)
    answers[5, 2] = 9
    with pytest.raises(NotAnAnswerSheet, match="P3"):
        count_portions(two_scales, [portion(answers)], processes=2)


def test_only_large_files_are_shared_and_daemons_count_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert [processes_for(n) for n in (1_999_999, 2_000_000)] == [1, 2]
    monkeypatch.setattr(multiprocessing.current_process(), "_config", {"daemon": True})
    assert processes_for(10**7) == 1
