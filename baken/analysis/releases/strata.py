"""How many people the groups of a released partition stand for."""

import numpy as np
from numpy.typing import NDArray

from baken.analysis.releases.plans import ScalePlan
from baken.analysis.releases.population import Population
from baken.survey.disclosure.tree import Tree

Floats = NDArray[np.float64]


def group_headcounts(population: Population, plan: ScalePlan) -> Floats:
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
    place = {key: line for line, key in enumerate(tree.keys)}
    shown = {key for key, is_shown in zip(tree.keys, plan.shown, strict=True) if is_shown}
    region = {key: _nearest(tree, shown, key) for key in tree.keys}
    group_at = {region[tree.keys[lines[0]]]: group for group, lines in enumerate(plan.groups)}
    size = np.zeros(len(plan.groups))
    homeless: dict[str, float] = {}
    for key in tree.keys:
        people = float(population.own_headcount[place[key]])
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


def _nearest(tree: Tree, shown: set[str], key: str) -> str:
    above = (key, *tree.ancestors(key))
    return next((node for node in above if node in shown), above[-1])
