"""Which scales hang together with an outcome: figures of whole models, never of single units.

People complete in a model are fewer than those with a score, so a model has a plan of its own. What
is computed between groups is computed on its released partition, made of units that are shown on
every scale of the model. How many people were complete is not said: beside the numbers per scale it
would tell how many were not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.drivers import (
    MAX_FACTORS,
    MIN_EXPLAINED,
    PENALTIES,
    Correlations,
    Products,
    general_dominance,
    may_be_shown,
    overall,
    relative_weights,
    ridge,
    too_alike,
    weight_intervals,
    within_groups,
)
from baken.analysis.releases.numbers import Reason, number
from baken.analysis.releases.plans import Groups, LabelCounts, partition, safe_cells
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.driver_cells import DriverCells
from baken.survey.disclosure.tree import ROOT

DRIVER_FIGURES = ("weight", "share", "low", "high", "within", "dominance", "ridge")
MODEL_FIGURES = ("explained", "explained_within", "same_order", "alike")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drivers:
    """What a release says about drivers.

    Attributes
    ----------
    figures : dict
        Outcome to factor to `DRIVER_FIGURES`.
    models : dict
        Outcome to `MODEL_FIGURES`.
    withheld : dict
        Outcome to the reason why there is no model.
    plan : dict
        Outcome to the released partition, as keys of the tree.
    """

    figures: dict[str, dict[str, dict[str, Any]]]
    models: dict[str, dict[str, Any]]
    withheld: dict[str, Reason]
    plan: dict[str, list[list[str]]]


def driver_figures(
    population: Population, counted: Sequence[DriverCells], reports: Sequence[ScaleReport]
) -> Drivers:
    """Return the figures of every model that may be shown and is worth showing."""
    found = Drivers({}, {}, {}, {})
    by_scale = {report.scale.key: report for report in reports}
    for cells in counted:
        outcome, factors = cells.model.outcome, cells.model.factors
        laid_out = _laid_out(population, cells)
        groups = _groups(population, laid_out, [by_scale[key] for key in cells.model.scales])
        if groups is None:
            found.withheld[outcome] = "privacy"
            continue
        whole = overall([_products(laid_out.table.sum(axis=0))])
        if whole is None or not may_be_shown(whole):
            found.withheld[outcome] = _reason(whole)
            continue
        parts = [_products(laid_out.table[list(lines)].sum(axis=0)) for lines in groups]
        found.figures[outcome] = dict(zip(factors, _factors(whole, parts), strict=True))
        found.models[outcome] = _model(whole, parts, factors)
        keys = population.tree.keys
        found.plan[outcome] = [[keys[line] for line in lines] for lines in groups]
    return found


def _laid_out(population: Population, cells: DriverCells) -> DriverCells:
    tree, merging = population.tree, population.merging
    label_of: Mapping[str, str] = merging.label_of if merging else {key: key for key in tree.keys}
    return cells.placed(tree.keys, lambda label: label_of[tree.key_of(label)])


def _groups(
    population: Population, cells: DriverCells, reports: Sequence[ScaleReport]
) -> Groups | None:
    """Return the partition that figures between groups are computed on; None: nothing is shown."""
    n = cells.table[:, 0, 0].astype(np.int64)
    tree = population.tree
    shown_by_all = np.logical_and.reduce([report.plan.shown for report in reports])
    if population.merging is None:
        return partition(population, n, frozenset(tree.keys))
    may_show = frozenset(key for key, on in zip(tree.keys, shown_by_all, strict=True) if on)
    k = max(report.plan.k for report in reports)
    shown = safe_cells(tree, LabelCounts(n, _apart(cells, n)), k, may_show - {ROOT})
    return partition(population, n, shown) if ROOT in shown & may_show else None


def _apart(cells: DriverCells, n: Ints) -> tuple[Ints, ...]:
    """Per scale, at least how many people are not at the lowest and not at the highest score.

    Nobody adds more to a sum than the highest score, so it takes so many to reach it.
    """
    tops = np.array(cells.tops, dtype=np.float64)
    sums = cells.table[:, 0, 1:]
    not_lowest = np.ceil(sums / tops - 1e-9).astype(np.int64)
    not_highest = np.ceil(n[:, None] - sums / tops - 1e-9).astype(np.int64)
    return tuple(np.concatenate([not_lowest, not_highest], axis=1).T)


def _products(table: Floats) -> Products:
    return Products(int(table[0, 0]), table[0, 1:], table[1:, 1:])


def _reason(found: Correlations | None) -> Reason:
    if found is None:
        return "not_estimable"
    return "weak" if found.explained < MIN_EXPLAINED else "too_few"


def _factors(whole: Correlations, parts: list[Products]) -> Iterator[dict[str, Any]]:
    weights = relative_weights(whole)
    limits = weight_intervals(parts)
    inside = within_groups(parts) if parts else None
    within = relative_weights(inside) if inside else np.full(len(weights), np.nan)
    dominance = _dominance(whole)
    coefficients = np.stack([ridge(whole, penalty) for penalty in PENALTIES], axis=1)
    for place, weight in enumerate(weights):
        yield {
            "weight": number(weight),
            "share": number(weight / whole.explained),
            "low": number(limits.low[place]) if limits else None,
            "high": number(limits.high[place]) if limits else None,
            "within": number(within[place]),
            "dominance": number(dominance[place]),
            "ridge": [number(one) for one in coefficients[place]],
        }


def _dominance(whole: Correlations) -> Floats:
    n_factors = len(whole.outcome)
    if n_factors > MAX_FACTORS:
        return np.full(n_factors, np.nan)
    return general_dominance(whole)


def _model(whole: Correlations, parts: list[Products], factors: tuple[str, ...]) -> dict[str, Any]:
    inside = within_groups(parts) if parts else None
    weights, dominance = relative_weights(whole), _dominance(whole)
    known = not np.isnan(dominance).any()
    same_order = bool((np.argsort(weights) == np.argsort(dominance)).all())
    return {
        "explained": number(whole.explained),
        "explained_within": number(inside.explained) if inside else None,
        "same_order": same_order if known else None,
        "alike": [[factors[one], factors[other]] for one, other in too_alike(whole)],
    }
