"""Did units that acted change more than the others? From two publications, and nothing else.

Only units that both publications show have a change, so nothing new can leak.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.comparisons import Welch
from baken.analysis.methods.effects import (
    ClusteredEffect,
    clustered_effect,
    difference_in_differences,
)
from baken.analysis.methods.moments import Moments
from baken.survey.disclosure.tree import Tree

NEAR_AT_THE_START: Final = 5.0
"""Points between the shrunken means of two units before, within which they stood alike."""

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit in both publications, in points."""

    unit: str
    before: float
    after: float
    acted: bool

    @property
    def difference(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True, eq=False)
class ActionEffect:
    """Change of the units that acted, less that of the others.

    Attributes
    ----------
    units : tuple of UnitChange
        The largest fall first.
    by_unit : Welch
        One number per unit: the answer. No test below three units on either side.
    by_person : ClusteredEffect
        The same asked of persons, as a check.
    at_the_start : float
        By how much the units that acted stood higher before.
    n_alike : int
        Of the others, how many stood within `NEAR_AT_THE_START` of a unit that acted.
    beside_alike : Welch or None
        `by_unit` beside these alone; None when they are none, or all.
    """

    units: tuple[UnitChange, ...]
    by_unit: Welch
    by_person: ClusteredEffect
    at_the_start: float
    n_alike: int
    beside_alike: Welch | None


def units_that_changed(changes: Collection[str], tree: Tree) -> tuple[str, ...]:
    """Return the lowest units of which a change is known: nobody is in two of them."""
    return tuple(
        unit
        for unit in tree.units
        if unit in changes and not any(below in changes for below in tree.below(unit))
    )


def effect_of_action(
    found: Figures, previous: Figures, scale: str, units: Sequence[str], acted: Collection[str]
) -> ActionEffect | None:
    """Compare the changes of units that acted with those of the others.

    Parameters
    ----------
    found, previous : dict
        Contents of `results.json`, the newer and the older one.
    units : sequence of str
        What `units_that_changed` found for this scale.
    acted : collection of str
        Those of them that acted.

    Returns
    -------
    ActionEffect or None
        None when there is nobody on either side.
    """
    sides = np.array([unit in acted for unit in units], dtype=bool)
    if not sides.any() or sides.all():
        return None
    before, after = (_moments(results, scale, units) for results in (previous, found))
    changes = after.mean - before.mean
    alike = _alike(previous, scale, units, sides)
    beside = None
    if (alike & ~sides).any() and not alike.all():
        beside = difference_in_differences(changes[alike], sides[alike])
    lines = [
        UnitChange(unit, float(before.mean[place]), float(after.mean[place]), bool(sides[place]))
        for place, unit in enumerate(units)
    ]
    return ActionEffect(
        units=tuple(sorted(lines, key=lambda line: (line.difference, line.unit))),
        by_unit=difference_in_differences(changes, sides),
        by_person=clustered_effect(before, after, sides),
        at_the_start=float(before.mean[sides].mean() - before.mean[~sides].mean()),
        n_alike=int((alike & ~sides).sum()),
        beside_alike=beside,
    )


def _moments(results: Figures, scale: str, units: Sequence[str]) -> Moments:
    cells = [results["units"][unit]["scales"][scale] for unit in units]
    return Moments(
        np.array([cell["n"] for cell in cells], dtype=np.int64),
        np.array([cell["mean"] for cell in cells], dtype=float),
        np.array([np.nan if cell["sd"] is None else cell["sd"] for cell in cells], dtype=float),
    )


def _alike(
    previous: Figures, scale: str, units: Sequence[str], sides: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which units acted, or stood near one that did; shrunken means, so that chance counts less."""
    cells = [previous["units"][unit]["scales"][scale] for unit in units]
    stood = np.array(
        [cell["mean"] if cell["shrunken"] is None else cell["shrunken"] for cell in cells]
    )
    apart = np.abs(stood[:, None] - stood[sides][None, :]).min(axis=1)
    alike: NDArray[np.bool_] = sides | (apart <= NEAR_AT_THE_START)
    return alike
