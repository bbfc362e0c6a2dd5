"""Everything about one scale on the lines of the tree, before it is laid out per unit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.comparisons import benjamini_hochberg
from baken.analysis.methods.lights import Light
from baken.analysis.methods.moments import Moments, moments
from baken.analysis.methods.shrinkage import Variances, reml, shrunken_means
from baken.analysis.releases.figures import Columns, agree, compare, describe
from baken.analysis.releases.plans import (
    ScalePlan,
    ScaleTable,
    open_plan,
    protected_plan,
    scale_table,
)
from baken.analysis.releases.population import Population
from baken.analysis.tallies.breakdowns import Statistic
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.shape import ScaleShape
from baken.instruments.definition import Scale
from baken.survey.disclosure.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class ScaleReport:
    """One scale.

    Attributes
    ----------
    scale : Scale
        Its definition.
    table : ScaleTable
        Its histogram.
    plan : ScalePlan
        What is shown.
    people, groups, variances
        The groups of the released partition: their histograms, what follows from these, and how
        much lies between and within them.
    n, light
        Per line of the tree: valid answers, and the colour.
    columns : dict
        Named figures, each with one entry per line; NaN where there is none.
    """

    scale: Scale
    table: ScaleTable
    plan: ScalePlan
    people: Ints
    groups: Moments
    variances: Variances
    n: list[int]
    light: list[Light]
    columns: Columns

    def shown_units(self, tree: Tree) -> dict[Statistic, frozenset[str]]:
        """Return the keys whose figures are shown, and those whose share at risk is."""

        def named(lines: NDArray[np.bool_]) -> frozenset[str]:
            return frozenset(key for key, on in zip(tree.keys, lines, strict=True) if on)

        return {"scales": named(self.plan.shown), "shares": named(self.plan.share_shown)}


def scale_reports(
    population: Population,
    shapes: tuple[ScaleShape, ...],
    scales: tuple[Scale, ...],
    min_group: int,
) -> list[ScaleReport]:
    """Return the report of every scale; q values are one family over all that is shown."""
    reports = [
        _scale_report(population, position, shape, scale, min_group)
        for position, (shape, scale) in enumerate(zip(shapes, scales, strict=True))
    ]
    for test in ("welch", "mwu"):
        p = [np.where(one.plan.shown, one.columns[f"p_{test}"], np.nan) for one in reports]
        for report, q in zip(reports, benjamini_hochberg(np.stack(p)), strict=True):
            report.columns[f"q_{test}"] = q
    return reports


def _scale_report(
    population: Population, position: int, shape: ScaleShape, scale: Scale, min_group: int
) -> ScaleReport:
    counts = population.cells.scales[position]
    table = scale_table(counts, shape.rule, scale, population.tree)
    if population.merging is None:
        plan = open_plan(population, table)
    else:
        plan = protected_plan(population, table, counts, shape.rule, scale, min_group=min_group)
    people = plan.people(table.own)
    groups = moments(people, table.values)
    variances = reml(groups)
    described = describe(table.within, table, scale, population.headcount, plan.share_shown)
    agreement = agree(counts, shape.rule, population.tree)
    more = {
        "rwg": np.where(plan.rwg_shown, agreement, np.nan),
        "shrunken": shrunken_means(described.moments, variances),
    }
    return ScaleReport(
        scale=scale,
        table=table,
        plan=plan,
        people=people,
        groups=groups,
        variances=variances,
        n=described.moments.n.tolist(),
        light=described.light,
        columns=described.columns | compare(table, described.moments, people.sum(axis=0)) | more,
    )
