"""Paper beside screen may tell nothing about few people, whatever else is shown."""

from types import SimpleNamespace

import numpy as np
import pytest

from baken.analysis.methods.modes import ModeDifference
from baken.analysis.releases.modes import modes_to_tell
from baken.analysis.tallies.breakdowns import Breakdowns, choose_breakdowns
from baken.analysis.tallies.crossing import Crossing
from baken.analysis.tallies.modes import compare_modes
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import NO_BAND
from baken.instruments.library import load_instrument
from baken.survey.answers import MODE_COLUMN
from baken.survey.box.sheet import MODES
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.tree import Tree, UnitNode

INSTRUMENT = load_instrument("vijf-a")
BANDS = ("office", "kitchen")
K = 10
"""Some themes of this questionnaire ask for 15."""


def compared(groups, *, answers=None, bands=()):
    """Compare groups of (unit, mode, band, people); all of a group in one band."""
    rows = [one[:3] for one in groups for _ in range(one[3])]
    units = [unit for unit, *_ in rows]
    names = sorted(set(units))
    tree = Tree.of([UnitNode(name, None, units.count(name), name) for name in names])
    tops = np.array([one.format.high - one.format.low for one in INSTRUMENT.items])
    # every third person the same, so that modes and bands have the same spread and no ends
    level = np.array([(1 + n % 3) / 4 for n in range(len(rows))]) if answers is None else answers
    items = np.rint(np.array(level)[:, None] * tops).astype(np.int8)
    backgrounds = {MODE_COLUMN: (np.array([MODES.index(mode) for _, mode, _ in rows]), MODES)}
    if bands:
        backgrounds["work"] = (
            np.array([bands.index(band) for _, _, band in rows]),
            (*bands, NO_BAND),
        )
    lines = np.array([names.index(unit) for unit in units])
    everybody = Crossing.count(Shape.of(INSTRUMENT), items, lines, names, backgrounds)
    merging = merge_labels(tree, {name: units.count(name) for name in names}, K)
    asked = tuple(name for name in everybody.questions if name != MODE_COLUMN)
    kept = Breakdowns(K, (), {}, {})
    if asked:
        kept = choose_breakdowns(everybody.about(asked), INSTRUMENT, merging, K)
        assert kept.kept, "the bands are shown: otherwise there is nothing to be held against"
    return dict(compare_modes(everybody, INSTRUMENT, merging, kept))


def test_one_colleague_on_the_other_side_of_each_of_two_units_tells_nothing():
    # ten on paper and ten on a screen in all, but the figure is one person's answer less another's
    found = [
        ("A", "paper", "", 9),
        ("A", "screen", "", 1),
        ("B", "paper", "", 1),
        ("B", "screen", "", 9),
    ]
    assert compared(found) == {}
    # beside a unit that used both ways the two count for nothing
    both = [("C", "paper", "", 12), ("C", "screen", "", 12)]
    alone, beside = compared(both), compared([*both, *found])
    assert alone
    assert {key: one.least for key, one in beside.items()} == dict.fromkeys(alone, 12)


def test_a_mode_in_which_everybody_agrees_tells_nothing():
    groups = [("A", "paper", "", 15), ("A", "screen", "", 15)]
    apart = [0.25, 0.5, 0.75] * 5
    assert compared(groups, answers=[*apart, *apart])
    assert compared(groups, answers=[*[0.0] * 15, *apart]) == {}
    assert compared(groups, answers=[*[0.5] * 14, 0.75, *apart]) == {}


def test_a_unit_that_is_not_shown_by_itself_counts_for_nothing():
    strict = {one.key for one in INSTRUMENT.scales if one.min_group == 15}
    both = [("A", "paper", "", 20), ("A", "screen", "", 20)]
    assert strict <= set(compared(both))
    # twelve others are too few for these themes, so that A would tell of them
    told = set(compared([*both, ("B", "screen", "", 12)]))
    assert told
    assert not told & strict


def test_a_smallest_group_that_was_raised_since_takes_the_comparison_away():
    counts = SimpleNamespace(
        modes=(("workload", ModeDifference(0.4, 0.2, 0.6, 30)),),
        tally=SimpleNamespace(breakdowns=Breakdowns(K, (), {}, {})),
    )
    results = {"scales": {"workload": {"mean": 50.0}}}
    assert set(modes_to_tell(counts, results, K)) == {"modes"}
    assert modes_to_tell(counts, results, K + 1) == {}
    assert modes_to_tell(counts, {"scales": {"workload": {"mean": None}}}, K) == {}


@pytest.mark.parametrize(("n_apart", "is_told"), [(15, True), (1, False)])
def test_a_mode_that_is_nearly_a_band_tells_nothing(n_apart, is_told):
    # all kitchens but `n_apart` people are on paper; the others of the office are on a screen
    groups = [
        ("A", "paper", "kitchen", 24),
        ("A", "screen", "kitchen", n_apart),
        ("A", "screen", "office", 30),
    ]
    assert bool(compared(groups, bands=BANDS)) is is_told
    assert compared(groups)
