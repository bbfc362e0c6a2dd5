from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from baken.analysis.releases.results import results
from baken.analysis.releases.story import Story, tell_story
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import UNWANTED_BEHAVIOUR, Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

HEADCOUNTS = {"a": 30, "b": 30, "c": 30, "d": 4, "e": 15}
TREE = Tree.of(UnitNode(unit, None, people) for unit, people in HEADCOUNTS.items())
LABELS = ["a"] * 30 + ["b"] * 30 + ["c"] * 30 + ["d"] * 4 + ["e"] * 15


@pytest.fixture(scope="module")
def told(two_scales: Instrument) -> Story:
    """Unit a is under pressure, unit b well supported, d is small and e did not answer."""
    random = np.random.default_rng(3)
    sheets = random.integers(1, 4, (len(LABELS), 7)).astype(np.int8)
    sheets[:30, [0, 2, 3]] = random.integers(3, 5, (30, 3))
    sheets[:30, 1] = random.integers(0, 2, 30)
    sheets[30:60, 4:] = random.integers(3, 5, (30, 3))
    sheets[94:] = -1
    tally = Tally.count(two_scales, sheets, LABELS)
    return tell_story(results(tally, TREE, two_scales, min_group=10), two_scales)


def test_clear_differences_are_named_by_what_they_mean(told: Story) -> None:
    assert [(fact.unit, fact.scale) for fact in told.worse if fact.scale == "pressure"] == [
        ("a", "pressure")
    ]
    assert ("b", "support") in [(fact.unit, fact.scale) for fact in told.better]
    pressed = next(fact for fact in told.worse if fact.unit == "a")
    assert pressed.difference > 0
    assert pressed.g > 0.5
    assert not pressed.is_sensitive


def test_low_support_is_worse_and_low_pressure_better(told: Story) -> None:
    assert all(fact.difference < 0 for fact in told.worse if fact.scale == "support")
    assert all(fact.difference < 0 for fact in told.better if fact.scale == "pressure")


def test_the_largest_difference_comes_first(told: Story) -> None:
    for facts in (told.worse, told.better):
        sizes = [abs(fact.g) for fact in facts]
        assert sizes == sorted(sizes, reverse=True)


def test_units_are_accounted_for(told: Story) -> None:
    assert told.n_units == 5
    # d is small and takes e along; four answers are left of them, so c is hidden beside them
    assert (told.n_merged, told.n_hidden) == (2, 1)
    assert told.n == 109


def test_comparisons_are_counted(told: Story) -> None:
    assert told.n_comparisons >= told.n_distinct >= len({*told.worse, *told.better})
    assert told.share_not_distinguishable == pytest.approx(1 - told.n_distinct / told.n_comparisons)


def test_scales_weigh_or_hold(told: Story) -> None:
    named = [fact.scale for fact in (*told.weighs, *told.holds)]
    assert sorted(named) == ["pressure", "support"]
    shares = [fact.share_at_risk for fact in told.weighs]
    assert shares == sorted(shares, reverse=True)
    assert all(fact.light.startswith("green") for fact in told.holds)


def test_too_few_answers_tell_nothing(two_scales: Instrument, sheets: Callable) -> None:
    tally = Tally.count(two_scales, sheets(two_scales, 4, 1), ["a"] * 4)
    told = tell_story(results(tally, TREE, two_scales, min_group=10), two_scales)
    assert told.n is None
    assert (told.weighs, told.holds, told.worse, told.better) == ((), (), (), ())
    assert told.share_not_distinguishable is None


def test_a_quiet_organisation_has_scales_that_hold(two_scales: Instrument) -> None:
    sheets = np.tile(np.array([1, 3, 1, 1, 3, 3, 3], np.int8), (60, 1))
    sheets[::2, 0] = 2
    sheets[:2] = np.array([4, 0, 4, 4, 0, 0, 0], np.int8)
    tally = Tally.count(two_scales, sheets, ["a"] * 30 + ["b"] * 30)
    told = tell_story(results(tally, TREE, two_scales, min_group=10), two_scales)
    assert told.weighs == ()
    assert {fact.scale for fact in told.holds} == {"pressure", "support"}


def test_unwanted_behaviour_that_few_meet_weighs_and_never_holds(two_scales: Instrument) -> None:
    pressure = replace(two_scales.scales[0], dimension=UNWANTED_BEHAVIOUR)
    instrument = replace(two_scales, scales=(pressure, two_scales.scales[1]))
    sheets = np.tile(np.array([0, 4, 0, 0, 4, 4, 4], dtype=np.int8), (400, 1))
    sheets[::20, :4] = [4, 0, 4, 4]  # one in twenty
    sheets[1::20, 4:] = 0
    tree = Tree.of([UnitNode("a", None, 200), UnitNode("b", None, 200)])
    for low, weighs in ((instrument, ["pressure"]), (two_scales, [])):
        found = results(
            Tally.count(low, sheets, ["a"] * 200 + ["b"] * 200), tree, low, min_group=10
        )
        whole = found["scales"]
        assert whole["pressure"]["share_at_risk"] == whole["support"]["share_at_risk"] == 0.05
        assert whole["support"]["light"] == "green"
        assert whole["pressure"]["light"] == ("orange" if weighs else "green")
        units = [entry["scales"]["pressure"]["light"] for entry in found["units"].values()]
        assert any(light.startswith("green") for light in units) is not bool(weighs)
        assert [fact.scale for fact in tell_story(found, low).weighs] == weighs
