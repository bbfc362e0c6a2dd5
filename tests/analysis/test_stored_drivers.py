"""Models of drivers as whole numbers, and as bytes beside the tally."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from baken.analysis.errors import CellTooSmall, UnreadableTally
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.releases.results import analyse
from baken.analysis.tallies.binary import counts_from_bytes, from_bytes, to_bytes
from baken.analysis.tallies.driver_cells import (
    AT_ONCE,
    MOST_STEPS,
    DriverModel,
    Grid,
    about_the_same,
    count_models,
)
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

MODELS = (DriverModel("tired", ("long",)), DriverModel("bored", ("long",)))


@pytest.fixture(scope="module")
def asked(make_instrument: Callable) -> Instrument:
    """A scale of twenty questions, and two outcomes."""
    return make_instrument(
        {
            "long": ([(f"L{i}", 0, 4, False) for i in range(20)], {}),
            "tired": ([("T1", 0, 4, False)], {}),
            "bored": ([("B1", 0, 4, False)], {}),
        }
    )


def sheets(n: int) -> np.ndarray:
    chance = np.random.default_rng(7)
    found = chance.integers(0, 5, (n, 22)).astype(np.int8)
    found[chance.random((n, 22)) < 0.1] = -1
    return found


@pytest.mark.parametrize(
    ("n_items", "top", "is_rounded"),
    [(4, 48, False), (12, 110_880, False), (13, MOST_STEPS, True), (40, MOST_STEPS, True)],
)
def test_scores_are_whole_numbers_whose_products_never_grow_too_large(
    n_items: int, top: int, is_rounded: bool
) -> None:
    rule = ScoringRule(tops=(4,) * n_items, reversed_items=(False,) * n_items)
    grid = Grid.of(rule)
    assert (grid.top, grid.is_rounded) == (top, is_rounded)
    # of a million people in all, and of those whose products are made at once
    assert grid.top**2 * 10**6 < 2**63
    assert grid.top**2 * AT_ONCE <= 2**53
    answered = np.arange(rule.least_answered, n_items + 1)
    for sums in (0 * answered, 4 * answered // 3, 4 * answered):
        placed = grid.placed(sums, answered, rule)
        off = placed / grid.top - sums / (4 * answered)
        assert (placed == np.rint(placed)).all()
        assert np.abs(100 * off).max() < (0.0002 if is_rounded else 1e-12)
        assert ((placed == 0) == (sums == 0)).all()
        assert ((placed == grid.top) == (sums == 4 * answered)).all()


def test_a_long_scale_is_counted_the_same_in_any_parts(
    asked: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape, answers = Shape.of(asked), sheets(600)
    lines = np.arange(600) % 3

    def counted(rows: slice) -> tuple:
        return count_models(shape, MODELS, answers[rows], lines[rows], ["a", "b", "c"])

    whole = counted(slice(None))
    parts = [counted(slice(start, None, 4)) for start in (2, 0, 3, 1)]
    monkeypatch.setattr("baken.analysis.tallies.driver_cells.AT_ONCE", 7)
    for at, cells in enumerate(whole):
        first, *others = (part[at] for part in parts)
        assert first.with_all(others).table.tolist() == cells.table.tolist()
        assert counted(slice(None))[at].table.tolist() == cells.table.tolist()
        assert cells.table.dtype == np.int64


def test_models_are_stored_with_one_line_for_each_label(asked: Instrument) -> None:
    answers, labels = sheets(90), np.array(["a", "b", "c"] * 30)
    tally = Tally.count(asked, answers, labels.tolist())
    names, lines = np.unique(labels, return_inverse=True)
    counted = count_models(Shape.of(asked), MODELS, answers, lines, names.tolist())
    # apart by outcome some lines are about a few: such counts are not written
    assert any(0 < n < 10 for n in counted[0].table[:, 0, 0].tolist())
    with pytest.raises(CellTooSmall):
        to_bytes(tally, min_group=10, drivers=counted)
    kept = tuple(about_the_same(counted, [0, 1]))
    content = to_bytes(tally, min_group=10, drivers=kept)
    back = counts_from_bytes(content)
    assert to_bytes(back.tally, min_group=10, drivers=back.drivers) == content
    both = (answers[:, :20] >= 0).sum(axis=1) >= 10
    both &= (answers[:, 20:] >= 0).all(axis=1)
    expected = [int(both[labels == name].sum()) for name in names]
    for one, stored in zip(kept, back.drivers, strict=True):
        assert (stored.model, stored.grids, stored.labels) == (one.model, one.grids, one.labels)
        assert stored.table.tolist() == one.table.tolist()
        assert stored.table[:, 0, 0].tolist() == expected
        assert stored.with_outcomes([0, 1]).labels == ("a", "b", "c")
    elsewhere = Tally.count(asked, answers[:30], ["d"] * 30)
    with pytest.raises(CellTooSmall):
        to_bytes(elsewhere, min_group=10, drivers=kept)


def test_an_outcome_that_cannot_be_shown_takes_nobody_from_the_others(asked: Instrument) -> None:
    answers = sheets(60)
    answers[:, 21] = -1
    counted = count_models(Shape.of(asked), MODELS, answers, np.zeros(60, np.intp), ["a"])
    first, second = about_the_same(counted, [0])
    assert first.table[0, 0, 0] > 30
    assert first.with_outcomes([0]).table.tolist() == first.table.tolist()
    assert (second.labels, len(second.table)) == ((), 0)


def test_bytes_of_before_hold_no_models_and_are_still_read(asked: Instrument) -> None:
    tally = Tally.count(asked, sheets(30), ["a"] * 30)
    written = msgspec.msgpack.decode(to_bytes(tally, min_group=10))
    assert written[0] == 2
    before = msgspec.msgpack.encode([1, *written[1:-1]])
    assert counts_from_bytes(before).drivers == ()
    assert to_bytes(from_bytes(before), min_group=10) == to_bytes(tally, min_group=10)


def test_a_model_of_a_scale_that_is_not_there_is_named_as_damage(asked: Instrument) -> None:
    tally = Tally.count(asked, sheets(30), ["a"] * 30)
    counted = count_models(tally.shape, MODELS, sheets(30), np.zeros(30, dtype=np.intp), ["a"])
    (one,) = about_the_same(counted[:1], [0])
    strange = replace(one, model=DriverModel("gone", ("long",)))
    content = to_bytes(tally, min_group=10, drivers=[strange])
    with pytest.raises(UnreadableTally):
        counts_from_bytes(content)


@pytest.mark.parametrize("answer", [0, 4, 2])
def test_rounding_a_long_scale_does_not_hide_that_all_others_say_one_thing(
    asked: Instrument, answer: int
) -> None:
    placed = [
        replace(one, dimension="A1" if one.key == "long" else "O") for one in asked.scales[:2]
    ]
    instrument = replace(asked, scales=tuple(placed), items=asked.items[:21])
    chance = np.random.default_rng(3)
    level = chance.integers(0, 5, (400, 1))
    answers = np.clip(level + chance.integers(-1, 2, (400, 21)), 0, 4).astype(np.int8)
    answers[chance.random((400, 21)) < 0.05] = -1
    answers[:375, 20] = level[:375, 0]
    # these twenty-five have a score on the long scale and none on the outcome
    answers[375:] = -1
    answers[375:, :10] = answer
    if answer == 2:
        answers[375::2, 0] = 0
    counted = count_models(
        Shape.of(instrument), MODELS[:1], answers, np.zeros(400, dtype=np.intp), ["a"]
    )
    found = analyse(
        Tally.count(instrument, answers, ["a"] * 400),
        Tree.of([UnitNode("a", None, 500)]),
        instrument,
        min_group=10,
        drivers=counted,
    ).results
    assert counted[0].grids[1].is_rounded
    assert found["withheld"].get("drivers") == (None if answer == 2 else {"tired": "privacy"})
