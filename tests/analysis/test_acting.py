"""Units that acted beside the others: from what two publications show, and from nothing else."""

import numpy as np
import pytest

from baken.analysis.methods.comparisons import welch
from baken.analysis.methods.moments import Moments
from baken.analysis.releases.acting import effect_of_action, units_that_changed
from baken.survey.disclosure.tree import Tree, UnitNode

TREE = Tree.of(
    [UnitNode("house", None, 0), UnitNode("care", "house", 0)]
    + [UnitNode(team, "care", 30) for team in ("day", "night")]
    + [UnitNode("kitchen", "house", 30)]
)
UNITS = tuple("abcdefg")


def published(means: list[float], shrunken: list[float | None]) -> dict:
    cells = zip(UNITS, means, shrunken, strict=True)
    return {
        "units": {
            unit: {"scales": {"s": {"n": 20 + at, "mean": mean, "sd": 10.0, "shrunken": drawn}}}
            for at, (unit, mean, drawn) in enumerate(cells)
        }
    }


BEFORE = published([60, 58, 62, 50, 52, 61, 40], [58, 57, 59, 51, 52, None, 44])
AFTER = published([50, 50, 51, 49, 53, 60, 41], [None] * 7)


def test_each_unit_counts_once_and_those_that_began_alike_are_named() -> None:
    found = effect_of_action(AFTER, BEFORE, "s", UNITS, {"a", "b", "c"})
    assert found is not None
    acted, others = np.array([-10.0, -8, -11]), np.array([-1.0, 1, -1, 1])

    def side(changes: np.ndarray) -> Moments:
        return Moments(
            *(np.array([of]) for of in (len(changes), changes.mean(), changes.std(ddof=1)))
        )

    expected = welch(side(acted), side(others))
    assert found.by_unit.difference[0] == pytest.approx(acted.mean() - others.mean())
    assert found.by_unit.p[0] == pytest.approx(expected.p[0])
    assert found.at_the_start == pytest.approx(60 - 50.75)
    # e (52) lies within five points of b (57), f (61, not shrunken) of all; d and g do not
    assert found.n_alike == 2
    assert found.beside_alike is not None
    assert found.beside_alike.difference[0] == pytest.approx(acted.mean() - 0.0)
    assert np.isnan(found.beside_alike.p[0])
    assert [line.unit for line in found.units][:3] == ["c", "a", "b"]
    sizes = np.array([20, 21, 22, 23, 24, 25, 26])
    persons = np.average(acted, weights=sizes[:3]) - np.average(others, weights=sizes[3:])
    assert found.by_person.effect == pytest.approx(persons)


@pytest.mark.parametrize("acted", [set(), set(UNITS), {"elsewhere"}])
def test_nobody_on_one_side_is_no_comparison(acted: set[str]) -> None:
    assert effect_of_action(AFTER, BEFORE, "s", UNITS, acted) is None


def test_only_the_lowest_units_with_a_change_count() -> None:
    assert units_that_changed({"ALL", "care", "day", "kitchen"}, TREE) == ("day", "kitchen")
    assert units_that_changed({"care"}, TREE) == ("care",)
    assert units_that_changed(set(), TREE) == ()
