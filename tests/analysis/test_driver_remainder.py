"""Whoever is left out of the models is one of k, and models are shown for all that.

``BAKEN_FUZZ=300 pytest tests/analysis/test_driver_remainder.py -s`` is the long campaign.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from baken.analysis.releases.results import analyse
from baken.analysis.tallies.driver_cells import (
    DriverCells,
    about_the_same,
    count_models,
    declared_models,
)
from baken.analysis.tallies.driver_remainder import needed_draw, without
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

CASES = int(os.environ.get("BAKEN_FUZZ", "6"))
K = 10
UNITS = tuple(f"u{i}" for i in range(8))
LABELS = np.array(UNITS * 40)


@pytest.fixture(scope="module")
def asked(make_instrument: Callable) -> Instrument:
    scales = {key: ([(key.upper(), 0, 20, False)], {}) for key in ("pace", "voice", "tired", "sad")}
    made = make_instrument(scales)
    placed = [
        replace(one, dimension="O" if one.key in {"tired", "sad"} else "A1") for one in made.scales
    ]
    return replace(made, scales=tuple(placed), dimensions=("A1", "O"))


def answered(chance: np.random.Generator) -> np.ndarray:
    """All scales follow one level; a few people leave a few of them open."""
    level = chance.integers(4, 17, (len(LABELS), 1))
    sheets = np.clip(level + chance.integers(-4, 5, (len(LABELS), 4)), 0, 20).astype(np.int8)
    units = UNITS[: int(chance.integers(1, 4))]
    among = np.flatnonzero(np.isin(LABELS, units))
    for scale in range(4):
        some = chance.choice(among, int(chance.integers(0, 4)), replace=False)
        sheets[some, scale] = -1
    return sheets


def kept(
    instrument: Instrument, tally: Tally, sheets: np.ndarray, labels: np.ndarray = LABELS
) -> tuple[tuple[DriverCells, ...], int]:
    """Count as the answers of a campaign are counted: the models, and how many were drawn."""
    names, lines = np.unique(labels, return_inverse=True)
    models = declared_models(instrument)
    counted = count_models(tally.shape, models, sheets, lines, names.tolist())
    drivers = tuple(about_the_same(counted, [0, 1]))
    draw = needed_draw(tally, drivers, instrument, K)
    for label, n in (draw.shares() if draw else {}).items():
        drivers = without(drivers, tally.shape, label, sheets[label == labels], n)
    return drivers, draw.n if draw else 0


def test_a_few_who_left_a_scale_open_are_never_left_out_alone(asked: Instrument) -> None:
    tree = Tree.of([UnitNode(unit, None, 60) for unit in UNITS])
    n_drawn = n_shown = 0
    for seed in range(CASES):
        chance = np.random.default_rng(seed)
        sheets = answered(chance)
        tally = Tally.count(asked, sheets, LABELS.tolist())
        drivers, drawn = kept(asked, tally, sheets)
        complete = int((sheets >= 0).all(axis=1).sum())
        for cells in drivers:
            inside = int(cells.table[:, 0, 0].sum())
            assert inside == complete - drawn
            for scale in range(4):
                left = int((sheets[:, scale] >= 0).sum()) - inside
                assert left == 0 or left >= K
        # no order of the people changes whom the lot falls on
        order = chance.permutation(len(sheets))
        turned = [cells.table.tolist() for cells in drivers]
        again, _ = kept(asked, tally, sheets[order], LABELS[order])
        assert [cells.table.tolist() for cells in again] == turned
        report = analyse(tally, tree, asked, min_group=K, drivers=drivers)
        assert set(report.results["drivers"]) == {"tired", "sad"}
        groups = report.plan["drivers"]["tired"]
        assert sorted(unit for group in groups for unit in group) == list(UNITS)
        n_drawn += drawn > 0
        n_shown += len(groups)
    print(f"{CASES} surveys, all with models; in {n_drawn} others were left out too")
    print(f"{n_shown / CASES:.1f} groups on average, of {len(UNITS)} units")
    assert n_drawn > CASES / 2


def test_nobody_is_drawn_where_all_or_enough_are_left_out(asked: Instrument) -> None:
    sheets = answered(np.random.default_rng(1))
    sheets[sheets < 0] = 9
    assert kept(asked, Tally.count(asked, sheets, LABELS.tolist()), sheets)[1] == 0
    sheets[:30, :2] = -1
    tally = Tally.count(asked, sheets, LABELS.tolist())
    # on two scales nobody is left, on the two others thirty are
    assert kept(asked, tally, sheets)[1] == 0
    sheets[30:33, 2] = -1
    tally = Tally.count(asked, sheets, LABELS.tolist())
    assert kept(asked, tally, sheets)[1] == K - 3


def test_too_few_to_draw_from_stay_withheld(asked: Instrument) -> None:
    sheets = answered(np.random.default_rng(1))
    sheets[sheets < 0] = 9
    unit = np.flatnonzero(LABELS == "u0")
    # three of the unit are complete, and two others have a score on one scale
    sheets[unit[3:]] = -1
    sheets[unit[3:5], 2] = 9
    tally = Tally.count(asked, sheets, LABELS.tolist())
    drivers, drawn = kept(asked, tally, sheets)
    assert drawn == K
    assert int(drivers[0].table[:, 0, 0].sum()) == 7 * 40 + 3
    tree = Tree.of([UnitNode(unit, None, 60) for unit in UNITS])
    found = analyse(tally, tree, asked, min_group=K, drivers=drivers).results
    assert found["withheld"]["drivers"] == {"tired": "privacy"}
