"""Everything about one scale on the lines of the tree, before it is laid out per unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from baken.analysis.methods.comparisons import benjamini_hochberg
from baken.analysis.releases.figures import Columns, agree, compare, describe, shrink
from baken.analysis.releases.plans import (
    ScalePlan,
    ScaleTable,
    open_plan,
    protected_plan,
    scale_table,
)
from baken.analysis.releases.population import Population
from baken.analysis.tallies.shape import ScaleShape
from baken.instruments.definition import Scale


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
    n, light
        Per line of the tree: valid answers, and the colour.
    columns : dict
        Named figures, each with one entry per line; NaN where there is none.
    """

    scale: Scale
    table: ScaleTable
    plan: ScalePlan
    n: Sequence[int]
    light: Sequence[str]
    columns: Columns


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
    described = describe(table.within, table, scale, population.headcount, plan.share_shown)
    # line 0 is the organisation, which has no rest to be compared with
    compared = {
        name: np.concatenate([[np.nan], column]) for name, column in compare(table, plan).items()
    }
    agreement = agree(counts, shape.rule, population.tree)
    more = {
        "rwg": np.where(plan.rwg_shown, agreement, np.nan),
        "shrunken": shrink(table, plan),
    }
    return ScaleReport(
        scale=scale,
        table=table,
        plan=plan,
        n=described.n.tolist(),
        light=described.light,
        columns=described.columns | compared | more,
    )
