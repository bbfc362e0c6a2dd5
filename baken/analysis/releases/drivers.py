"""Which scales hang together with an outcome: figures of whole models, never of single units.

People complete in the models are fewer than those with a score, so models have a plan of their own.
What is computed between groups is computed on its released partition, made of units that are shown
on every scale and where nobody, or k people, have a score on a scale and are not complete. How many
people were complete is not said: beside the numbers per scale it would tell how many were not.
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
from baken.analysis.releases.plans import Groups, partition
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.driver_cells import DriverCells
from baken.survey.disclosure.labels import LabelCounts, safe_cells, within
from baken.survey.disclosure.tree import ROOT

DRIVER_FIGURES = ("weight", "share", "low", "high", "within", "dominance", "direction")
MODEL_FIGURES = ("explained", "explained_within", "same_order", "alike")

SMALLEST_TOLD = 0.05
"""Part of what is explained below which the direction of a factor is not told."""

DIGITS = 3
"""Of a figure that is protected. Coefficients are not printed: three of them give the number of
people in a model."""

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
    asked : list
        Outcomes that are shown at all: the people of every model are complete on them.
    """

    figures: dict[str, dict[str, dict[str, Any]]]
    models: dict[str, dict[str, Any]]
    withheld: dict[str, Reason]
    plan: dict[str, list[list[str]]]
    asked: list[str]


def driver_figures(
    population: Population, counted: Sequence[DriverCells], reports: Sequence[ScaleReport]
) -> Drivers:
    """Return the figures of every model that may be shown and is worth showing.

    All are about the same people, complete on the factors and on every outcome that is shown at
    all, and computed on one partition.
    """
    by_scale = {report.scale.key: report for report in reports}
    asked = [at for at, cells in enumerate(counted) if by_scale[cells.model.outcome].plan.shown[0]]
    models = [_Model.of(population, counted[at].with_outcomes(asked), by_scale) for at in asked]
    found = Drivers({}, {}, {}, {}, [model.cells.model.outcome for model in models])
    told, groups = _told(population, models)
    told = _as_before(population, told, groups, found.asked)
    unsaid: Reason = "privacy" if population.merging else "not_estimable"
    for outcome in (cells.model.outcome for cells in counted):
        if outcome not in told:
            found.withheld[outcome] = unsaid
    for outcome, model in told.items():
        table, factors = model.cells.table, model.cells.model.factors
        whole = overall([_products(table.sum(axis=0))])
        if whole is None or not may_be_shown(whole):
            found.withheld[outcome] = _reason(whole)
            continue
        if any(outcome not in plan.get("drivers", told) for plan in population.earlier):
            found.withheld[outcome] = "privacy"  # what was withheld once stays so
            continue
        parts = [_products(table[list(lines)].sum(axis=0)) for lines in groups]
        digits = DIGITS if population.merging else None
        dominance = _dominance(whole)
        figures = (_rounded(one, digits) for one in _factors(whole, parts, dominance))
        found.figures[outcome] = dict(zip(factors, figures, strict=True))
        found.models[outcome] = _rounded(_model(whole, parts, factors, dominance), digits)
        keys = population.tree.keys
        found.plan[outcome] = [[keys[line] for line in lines] for lines in groups]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """A model laid out in tree order, and the reports of its scales in the order of its table."""

    cells: DriverCells
    reports: Sequence[ScaleReport]

    @classmethod
    def of(
        cls, population: Population, cells: DriverCells, by_scale: Mapping[str, ScaleReport]
    ) -> "_Model":
        tree, merging = population.tree, population.merging
        label_of: Mapping[str, str] = (
            merging.label_of if merging else {key: key for key in tree.keys}
        )
        laid_out = cells.placed(tree.keys, lambda label: label_of[tree.key_of(label)])
        return cls(laid_out, [by_scale[key] for key in cells.model.scales])

    @property
    def n(self) -> Ints:
        """People complete, per label."""
        complete: Ints = self.cells.table[:, 0, 0]
        return complete

    @property
    def k(self) -> int:
        return max(report.plan.k for report in self.reports)


def _told(population: Population, models: list[_Model]) -> tuple[dict[str, _Model], Groups]:
    """Return the models that may be shown, by outcome, and the partition they are computed on."""
    told = {model.cells.model.outcome: model for model in models}
    tree = population.tree
    if population.merging is None or not models:
        shown = frozenset(tree.keys)
        return told, partition(population, models[0].n, shown) if models else ()
    cells = {outcome: _without_a_few_left(population, model) for outcome, model in told.items()}
    told = {outcome: model for outcome, model in told.items() if ROOT in cells[outcome]}
    if not told:
        return {}, ()
    n, k = models[0].n, max(model.k for model in told.values())
    apart = tuple(others for model in told.values() for others in _apart(model.cells, n))
    may_show = frozenset.intersection(*(cells[outcome] for outcome in told))
    shown = safe_cells(tree, LabelCounts(n, apart), k, may_show - {ROOT})
    return (told, partition(population, n, shown)) if ROOT in shown else ({}, ())


def _as_before(
    population: Population, told: dict[str, _Model], groups: Groups, asked: list[str]
) -> dict[str, _Model]:
    """Return the models that may stand beside those of every earlier release.

    About other people, or on a partition that cuts through an earlier group, the figures of both
    releases together would be about the few in between.
    """
    keys = population.tree.keys
    now = [{keys[line] for line in lines} for lines in groups]
    for plan in population.earlier:
        if "drivers" not in plan:
            continue
        before: Mapping[str, list[list[str]]] = plan["drivers"]
        told = {
            outcome: model
            for outcome, model in told.items()
            if plan.get("driver_outcomes") == asked
            and all(any(set(group) <= held for held in now) for group in before.get(outcome, ()))
        }
    return told


def _without_a_few_left(population: Population, model: _Model) -> frozenset[str]:
    """Return the cells that every scale shows and that leave nobody, or k people, out of the model.

    The figures of a scale are about everybody with a score on it. Beside those of a model they
    would tell what the few said who have a score on the scale and are not in the model.
    """
    tree = population.tree
    on_all = np.logical_and.reduce([report.plan.shown for report in model.reports])
    may_show = frozenset(key for key, on in zip(tree.keys, on_all, strict=True) if on)
    for place, report in enumerate(model.reports):
        n = report.table.n_own - model.n
        here = report.table.own @ report.table.values / 100
        grid = model.cells.grids[place]
        left = here - model.cells.table[:, 0, 1 + place] / grid.top
        # what rounding may have added: the few must not look like more than they are
        off = 0.5 / grid.top * model.n if grid.is_rounded else 0.0
        # nobody adds more to a sum than one highest score
        apart = (_at_least(left - off), _at_least(n - left - off))
        nobody = frozenset(
            key for key, few in zip(tree.keys, within(tree, n), strict=True) if few == 0
        )
        safe = safe_cells(tree, LabelCounts(n, apart), model.k, may_show - {ROOT})
        may_show &= safe | nobody
    return may_show


def _at_least(people: Floats) -> Ints:
    return np.maximum(0, np.ceil(people - 1e-6)).astype(np.int64)


def _apart(cells: DriverCells, n: Ints) -> tuple[Ints, ...]:
    """Per scale, at least how many people are not at the lowest and not at the highest score."""
    sums = cells.table[:, 0, 1:] / np.array([grid.top for grid in cells.grids], dtype=np.float64)
    return tuple(np.concatenate([_at_least(sums), _at_least(n[:, None] - sums)], axis=1).T)


def _rounded(figures: dict[str, Any], digits: int | None) -> dict[str, Any]:
    """Return figures as they are printed; all their digits would tell how many people there are."""
    return {
        name: round(value, digits) + 0.0 if digits and isinstance(value, float) else value
        for name, value in figures.items()
    }


def _products(table: Ints) -> Products:
    people = table.astype(np.float64)
    return Products(int(table[0, 0]), people[0, 1:], people[1:, 1:])


def _reason(found: Correlations | None) -> Reason:
    if found is None:
        return "not_estimable"
    return "weak" if found.explained < MIN_EXPLAINED else "too_few"


def _factors(
    whole: Correlations, parts: list[Products], dominance: Floats
) -> Iterator[dict[str, Any]]:
    weights = relative_weights(whole)
    limits = weight_intervals(parts)
    inside = within_groups(parts) if parts else None
    within = relative_weights(inside) if inside else np.full(len(weights), np.nan)
    coefficients = np.stack([ridge(whole, penalty) for penalty in PENALTIES], axis=1)
    for place, weight in enumerate(weights):
        yield {
            "weight": number(weight),
            "share": number(weight / whole.explained),
            "low": number(limits.low[place]) if limits else None,
            "high": number(limits.high[place]) if limits else None,
            "within": number(within[place]),
            "dominance": number(dominance[place]),
            "direction": _direction(coefficients[place]),
        }


def _direction(coefficients: Floats) -> str | None:
    """Say whether the outcome rises or falls with a factor; None when that hangs on the penalty."""
    if (coefficients > 0).all():
        return "rises"
    return "falls" if (coefficients < 0).all() else None


def told_direction(figures: Mapping[str, Any]) -> str | None:
    """Return the direction of a factor where there is one to speak of.

    What is left of a small part, or of one whose limits reach 0, after all others were held still
    would only be read as more than it is.
    """
    is_small = figures["share"] < SMALLEST_TOLD or figures["low"] == 0
    direction: str | None = None if is_small else figures["direction"]
    return direction


def _dominance(whole: Correlations) -> Floats:
    n_factors = len(whole.outcome)
    if n_factors > MAX_FACTORS:
        return np.full(n_factors, np.nan)
    return general_dominance(whole)


def _model(
    whole: Correlations, parts: list[Products], factors: tuple[str, ...], dominance: Floats
) -> dict[str, Any]:
    inside = within_groups(parts) if parts else None
    weights = relative_weights(whole)
    known = not np.isnan(dominance).any()
    same_order = bool((np.argsort(weights) == np.argsort(dominance)).all())
    return {
        "explained": number(whole.explained),
        "explained_within": number(inside.explained) if inside else None,
        "same_order": same_order if known else None,
        "alike": [[factors[one], factors[other]] for one, other in too_alike(whole)],
    }
