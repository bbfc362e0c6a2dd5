"""Units between the lines of chance, out of published figures alone."""

from typing import Any

import numpy as np
import pytest

from baken.analysis.methods.funnel import INNER, OUTER, Place
from baken.analysis.releases.around import units_around
from baken.analysis.releases.results import analyse
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.survey.disclosure.tree import Tree, UnitNode

INSTRUMENT = load_instrument("vijf-a", "2")
SCALE = "autonomy"


def released(sizes: dict[str, int], moved: str = "") -> tuple[Tree, Any]:
    """Units of a department, some loose people, and one unit that answers otherwise."""
    nodes = [UnitNode("dept", None, 15), *(UnitNode(key, "dept", n) for key, n in sizes.items())]
    tree = Tree.of([UnitNode("house", None, 12), *(
        UnitNode(node.key, node.parent or "house", node.headcount) for node in nodes)])  # fmt: skip
    rng = np.random.default_rng(1)
    labels = ["house"] * 12 + ["dept"] * 15 + [key for key, n in sizes.items() for _ in range(n)]
    tops = np.array([item.format.high - item.format.low for item in INSTRUMENT.items])
    level = np.array([0.9 if label == moved else 0.5 for label in labels])[:, None]
    drawn = np.rint(rng.normal(level, 0.2, (len(labels), len(tops))) * tops)
    sheets = np.clip(drawn, 0, tops).astype(np.int8)
    for place, item in enumerate(INSTRUMENT.items):
        if item.reversed:
            sheets[:, place] = tops[place] - sheets[:, place]
    return tree, analyse(Tally.count(INSTRUMENT, sheets, labels), tree, INSTRUMENT, min_group=10)


def test_the_lines_are_those_of_the_groups_that_the_release_tells() -> None:
    sizes = {"a": 40, "b": 35, "c": 30, "d": 25, "e": 20, "small": 12}
    tree, report = released(sizes, moved="small")
    found = units_around(report.results, report.plan, SCALE, tree)
    assert found is not None
    assert {one.unit: one.n for one in found.units} == sizes  # neither the department nor its rest
    assert found.units[0].unit == "small"
    assert found.units[0].place is Place.SPECIAL_ATTENTION
    assert {one.place for one in found.units[2:]} <= {Place.INSIDE, Place.KEEP_AN_EYE}
    whole = report.results["scales"][SCALE]
    assert found.whole == pytest.approx(whole["mean"])
    low, high = found.limits(OUTER, found.units[0].n)
    assert not low <= found.units[0].mean <= high
    inner = found.limits(INNER, 40)
    assert low < inner[0] < found.whole < inner[1] < high


def test_too_few_groups_or_a_hidden_whole_have_no_lines() -> None:
    tree, report = released({"a": 40, "b": 35})
    assert units_around(report.results, report.plan, SCALE, tree) is None
    assert units_around(report.results, {}, SCALE, tree) is None
