"""The figures of every unit on one scale, as arrays in tree order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.agreement import rwg_j
from baken.analysis.methods.comparisons import hedges_g, welch
from baken.analysis.methods.lights import Light, light_of, lights
from baken.analysis.methods.means import shown_mean_interval
from baken.analysis.methods.moments import Moments, moments
from baken.analysis.methods.ranks import mann_whitney
from baken.analysis.methods.reliability import level_of
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.methods.shares import share_interval
from baken.analysis.releases.plans import ScaleTable
from baken.analysis.tallies.cells import Ints, ScaleCounts
from baken.instruments.definition import Scale
from baken.survey.disclosure.labels import within
from baken.survey.disclosure.tree import Tree

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

UNFIT_FOR_UNITS: Final = {"poor", "negative"}
"""Words of reliability with which a scale says something of the whole at best."""


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What can be said of groups by themselves: named columns, and the light of each group."""

    moments: Moments
    columns: Columns
    light: list[Light]


def describe(
    people: Ints,
    table: ScaleTable,
    scale: Scale,
    headcount: Floats,
    share_shown: NDArray[np.bool_],
) -> Described:
    """Compute mean, interval, share at risk and light of groups.

    Parameters
    ----------
    people : (n_groups, n_values) array
        Histogram of each group over `table.values`.
    table, scale
        The scores that occur, which are at risk, and the bands of the lights.
    headcount : (n_groups,) array
        NaN when unknown.
    share_shown : (n_groups,) array
        Whether the share of the group may be shown; otherwise it is NaN and the light grey.
    """
    group = moments(people, table.values)
    shown = shown_mean_interval(group, headcount)
    n_at_risk = people[:, table.risky_values].sum(axis=1)
    limits = share_interval(n_at_risk, group.n, headcount)
    hidden = ~share_shown | (group.n == 0)
    share, low, high = (
        np.where(hidden, np.nan, figure)
        for figure in (n_at_risk / np.maximum(group.n, 1), limits.low, limits.high)
    )
    return Described(
        moments=group,
        columns={
            "mean": group.mean,
            "sd": group.sd,
            "low": shown.low,
            "high": shown.high,
            "share_at_risk": share,
            "share_low": low,
            "share_high": high,
        },
        light=lights(share, low, high, orange_from=scale.green_below, red_from=scale.red_from),
    )


def is_fit_for_units(whole: Mapping[str, Any]) -> bool:
    """Whether a scale measures well enough to give single units a colour.

    `whole` are its figures for the whole organisation. Where nothing is known of its reliability,
    such as of a single question, nothing speaks against it.
    """
    return level_of(whole.get("alpha")) not in UNFIT_FOR_UNITS


def released_light(figures: Mapping[str, Any], scale: Scale) -> str:
    """Return the colour of a cell of a release, which may be older than the rule for its scale.

    Releases never change. One that was made when unwanted behaviour could be green still holds that
    word; it is not repeated, and the colour follows from the figures beside it.
    """
    light: str = figures["light"]
    if scale.is_ever_green or not light.startswith("green"):
        return light
    return light_of(
        figures["share_at_risk"],
        figures["share_low"],
        figures["share_high"],
        orange_from=scale.green_below,
        red_from=scale.red_from,
    )


def compare(table: ScaleTable, nodes: Moments, pool: Ints) -> Columns:
    """Compare every node with the rest of the organisation, which itself has none.

    The rest is everybody in the released partition outside the node. People without a unit are
    left out when they stand alone, since any of them may belong to the unit.

    Parameters
    ----------
    table : ScaleTable
        Histograms of the nodes.
    nodes : Moments
        What follows from them.
    pool : (n_values,) array
        Histogram of everybody in the released partition.
    """
    people = table.within[1:]
    others = pool[None, :] - people
    unit = Moments(nodes.n[1:], nodes.mean[1:], nodes.sd[1:])
    rest = moments(others, table.values)
    by_mean, effect = welch(unit, rest), hedges_g(unit, rest)
    by_rank = mann_whitney(people, others)
    found = {
        "diff_rest": by_mean.difference,
        "g": effect.g,
        "g_low": effect.interval.low,
        "g_high": effect.interval.high,
        "cliff": by_rank.delta,
        "p_welch": by_mean.p,
        "p_mwu": by_rank.p,
    }
    return {name: np.concatenate([[np.nan], column]) for name, column in found.items()}


def agree(counts: ScaleCounts, rule: ScoringRule, tree: Tree) -> Floats:
    """Return how much the people of every node agree, of those who answered every item."""
    complete = within(tree, counts.complete)
    squares = within(tree, np.diagonal(counts.products, axis1=1, axis2=2))
    sums = within(tree, counts.sums)
    weights, tops = np.array(rule.weights), np.array(rule.tops)
    return rwg_j(complete, sums, squares, weights, tops)
