"""Which units lie further from the whole than their size explains, out of a release alone.

The groups are those of the released partition: a shown unit less the shown units below it. They
follow from published figures, so nothing new can leak.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from baken.analysis.methods.funnel import OUTER, Funnel, Place, funnel
from baken.analysis.methods.moments import Moments
from baken.survey.disclosure.tree import ROOT, Tree

Figures = Mapping[str, Any]

_NOBODY: Final = np.zeros(3)


@dataclass(frozen=True, slots=True)
class UnitAround:
    """One unit that is shown and has no shown unit below it; its mean in points."""

    unit: str
    n: int
    mean: float
    place: Place


@dataclass(frozen=True, slots=True)
class Around:
    """The mean of all people, the spread within groups, and the units from the furthest on."""

    whole: float
    spread: float
    units: tuple[UnitAround, ...]

    def limits(self, z: float, n: int) -> tuple[float, float]:
        """Between which means a unit of n people lies by chance, at z standard errors."""
        half = z * self.spread / float(np.sqrt(n))
        return self.whole - half, self.whole + half


def units_around(results: Figures, plan: Figures, scale: str, tree: Tree) -> Around | None:
    """Lay the units of a release around the whole on one scale.

    Returns
    -------
    Around or None
        None below five groups, without variance within them, or without a plan that says which
        groups there are.
    """
    told: Figures = plan.get("scales", {}).get(scale, {})
    shown = [key for key in tree.keys if key in set(told.get("shown", ()))]
    groups: Sequence[Sequence[str]] = told.get("groups", ())
    if ROOT not in shown or not groups:
        return None
    nearest = tree.nearest(shown)
    nodes = [nearest[group[0]] for group in groups]
    below = {
        key: [one for one in shown if one != key and tree.is_within(one, key)] for key in nodes
    }
    sums = {key: _sums(results, scale, key) for key in shown}
    left = [sums[key] - sum((sums[one] for one in _highest(below[key], tree)), _NOBODY)
            for key in nodes]  # fmt: skip
    found = funnel(_moments(np.array(left)))
    if found is None:
        return None
    return _around(found, nodes, [key for key in nodes if key != ROOT and not below[key]], left)


def _around(
    found: Funnel, nodes: Sequence[str], lowest: Sequence[str], left: Sequence[Any]
) -> Around:
    places = found.places()
    at = {key: place for place, key in enumerate(nodes)}
    lines = [
        UnitAround(key, int(left[at[key]][0]), float(left[at[key]][1] / left[at[key]][0]), place)
        for key in lowest
        if (place := places[at[key]]) is not None
    ]
    far = {line.unit: abs(float(found.distance[at[line.unit]])) for line in lines}
    first = float(found.outer.high[0] - found.whole) / OUTER * float(np.sqrt(left[0][0]))
    ordered = sorted(lines, key=lambda line: (-far[line.unit], line.unit))
    return Around(found.whole, first, tuple(ordered))


def _highest(units: Sequence[str], tree: Tree) -> list[str]:
    """Those of the units that lie in no other one of them."""
    return [one for one in units if not any(above in units for above in tree.ancestors(one))]


def _sums(results: Figures, scale: str, unit: str) -> Any:
    """Return people, sum of scores and sum of squared scores of a shown node."""
    entry = results if unit == ROOT else results["units"][unit]
    figures = entry["scales"][scale]
    n, mean, sd = figures["n"], figures["mean"], figures["sd"] or 0.0
    return np.array([n, n * mean, (n - 1) * sd**2 + n * mean**2])


def _moments(sums: Any) -> Moments:
    n = np.rint(sums[:, 0]).astype(np.int64)
    size = np.maximum(n, 1)
    mean = sums[:, 1] / size
    squares = np.maximum(sums[:, 2] - n * mean**2, 0.0)
    sd = np.sqrt(squares / np.maximum(n - 1, 1))
    return Moments(n, np.where(n > 0, mean, np.nan), np.where(n > 1, sd, np.nan))
