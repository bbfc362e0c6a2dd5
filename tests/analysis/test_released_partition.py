"""Figures between units know the shown units and the remainders, never a hidden unit by itself."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from baken.analysis.methods.moments import moments
from baken.analysis.methods.shrinkage import reml, shrunken_means
from baken.analysis.releases.plans import scale_table
from baken.analysis.releases.results import analyse
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

UNITS = ("a", "b", "c", "d")
FLAT = Tree.of(UnitNode(unit, None, 30) for unit in UNITS)


@pytest.fixture(scope="module")
def survey(two_scales: Instrument, sheets: Callable) -> tuple[Tally, dict, dict]:
    """Seven people of the first unit have a score on support, so it is hidden with another."""
    answers = sheets(two_scales, 60, 60, 0.0)
    # units differ, otherwise every mean would be drawn all the way
    answers[15:30, 4:] //= 2
    answers[45:, 4:] = np.minimum(answers[45:, 4:] + 1, 4)
    answers[:8, 4:] = -1
    tally = Tally.count(two_scales, answers, np.repeat(UNITS, 15))
    found = analyse(tally, FLAT, two_scales, min_group=10)
    return tally, found.results, found.plan


def test_hidden_units_are_in_no_family_of_tests(survey: tuple) -> None:
    _, found, _ = survey
    cells = [cell for unit in found["units"].values() for cell in unit["scales"].values()]
    for test in ("welch", "mwu"):
        p = [cell[f"p_{test}"] for cell in cells if cell["p_" + test] is not None]
        q = [cell[f"q_{test}"] for cell in cells if cell["q_" + test] is not None]
        assert len(p) == 6
        assert q == pytest.approx(stats.false_discovery_control(p))


def test_means_are_drawn_by_the_released_groups(survey: tuple, two_scales: Instrument) -> None:
    tally, found, plan = survey
    shape, scale = tally.shape.scales[1], two_scales.scales[1]
    table = scale_table(tally.cells.scales[1], shape.rule, scale)
    lines = {label: line for line, label in enumerate(tally.labels)}
    groups = plan["scales"]["support"]["groups"]
    assert sorted(map(len, groups)) == [1, 1, 2]
    people = np.stack([table.own[[lines[unit] for unit in group]].sum(axis=0) for group in groups])
    expected = shrunken_means(moments(table.own, table.values), reml(moments(people, table.values)))
    assert len(set(expected)) == len(UNITS)
    for unit in plan["scales"]["support"]["shown"][1:]:
        drawn = found["units"][unit]["scales"]["support"]["shrunken"]
        assert drawn == pytest.approx(expected[lines[unit]])
