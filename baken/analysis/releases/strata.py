"""How many people the groups of a released partition stand for."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from baken.analysis.releases.plans import Groups, ScalePlan
from baken.analysis.releases.population import Population

Floats = NDArray[np.float64]


def group_headcounts(population: Population, plan: ScalePlan) -> Floats:
    """Return the headcount of every group of a scale; see `headcounts_of`."""
    keys = population.tree.keys
    shown = {key for key, is_shown in zip(keys, plan.shown, strict=True) if is_shown}
    return headcounts_of(population, plan.groups, shown)


def headcounts_of(population: Population, groups: Groups, shown: Collection[str]) -> Floats:
    """Return the headcount of every group, with that of people nobody answered for.

    Labels without answers count with the remainder they lie in. A remainder nobody answered in is
    spread over the groups below it, in proportion to their headcounts. An unknown headcount makes
    its group unknown.

    Returns
    -------
    (n_groups,) array
        People; NaN when unknown.
    """
    tree = population.tree
    region = tree.nearest(shown)
    group_at = {region[tree.keys[lines[0]]]: group for group, lines in enumerate(groups)}
    size = np.zeros(len(groups))
    homeless: dict[str, float] = {}
    for key, people in zip(tree.keys, population.own_headcount.tolist(), strict=True):
        group = group_at.get(region[key])
        if group is not None:
            size[group] += people
        elif people != 0:
            homeless[region[key]] = homeless.get(region[key], 0.0) + people
    extra = np.zeros(len(size))
    for node, people in homeless.items():
        beside = [group for key, group in group_at.items() if tree.is_within(key, node)]
        known = size[beside].sum()
        if known != 0:
            extra[beside] += people * size[beside] / known
    return size + extra
