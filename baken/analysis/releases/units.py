"""The entries of the units in a results file."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.releases.numbers import by_line, missing_figures, nothing, number
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

UNIT_FIGURES = (
    *("n", "mean", "sd", "low", "high", "share_at_risk", "share_low", "share_high"),
    *("diff_rest", "g", "g_low", "g_high", "cliff", "p_welch", "q_welch", "p_mwu", "q_mwu"),
    *("rwg", "shrunken", "light"),
)


def unit_entries(
    population: Population, reports: list[ScaleReport], unfit: Collection[str] = ()
) -> dict[str, dict[str, Any]]:
    """Return one entry for every unit of the tree, shown or not.

    `unfit` are the scales that measure too roughly to give a unit a colour.
    """
    figures = [
        by_line({"n": report.n, **report.columns, "light": _lights(report, unfit)})
        for report in reports
    ]
    # asked once for all lines: few of them lack a figure
    gaps = [_with_gaps(report) for report in reports]
    tree = population.tree
    return {
        unit: {"parent": tree.parent(unit)}
        | (
            _whole(population, line, reports, [lines[line] for lines in figures], gaps)
            if unit in population.whole
            else _merged(population, unit, reports)
        )
        for line, unit in enumerate(tree.units, start=1)
    }


def _with_gaps(report: ScaleReport) -> NDArray[np.bool_]:
    """Return the lines that lack one of their figures."""
    gaps: NDArray[np.bool_] = np.logical_or.reduce(
        [np.isnan(column) for column in report.columns.values()]
    )
    return gaps


def _lights(report: ScaleReport, unfit: Collection[str]) -> list[Any]:
    return ["grey"] * len(report.light) if report.scale.key in unfit else [*report.light]


def tree_of_results(results: Mapping[str, Any]) -> Tree | None:
    """Return the units of a results file; None when an earlier version did not write parents."""
    entries = results.get("units", {})
    if not all("parent" in entry for entry in entries.values()):
        return None
    return Tree.of(
        UnitNode(unit, entry["parent"], None)
        for unit, entry in {ROOT: {"parent": None}, **entries}.items()
    )


def head(population: Population, line: int) -> dict[str, Any]:
    """Return n, headcount and response rate of a node."""
    headcount = float(population.headcount[line])
    return {
        "n": int(population.n[line]),
        "headcount": int(headcount) if headcount > 0 else None,
        "response_rate": number(population.response_rate(line)),
    }


def head_withheld(population: Population, line: int) -> dict[str, str]:
    """Say why there is no response rate, when there is none."""
    return {} if population.headcount[line] > 0 else {"headcount": "headcount_unknown"}


def _merged(population: Population, unit: str, reports: list[ScaleReport]) -> dict[str, Any]:
    counted_in = population.merging.counted_in[unit] if population.merging else unit
    return _empty(reports) | {"withheld": {"unit": "merged", "counted_in": counted_in}}


def _empty(reports: list[ScaleReport]) -> dict[str, Any]:
    return {
        **nothing(("n", "headcount", "response_rate")),
        "scales": {report.scale.key: nothing(UNIT_FIGURES) for report in reports},
    }


def _whole(
    population: Population,
    line: int,
    reports: list[ScaleReport],
    figures: list[dict[str, Any]],
    gaps: list[NDArray[np.bool_]],
) -> dict[str, Any]:
    hidden = {report.scale.key: "privacy" for report in reports if not report.plan.shown[line]}
    if population.merging is None:
        hidden = dict.fromkeys(hidden, "no_answers")
    elif len(hidden) == len(reports):
        return _empty(reports) | {"withheld": {"scales": hidden}}
    withheld: dict[str, Any] = {"scales": hidden} if hidden else {}
    withheld |= head_withheld(population, line)
    scales: dict[str, dict[str, Any]] = {}
    missing: dict[str, dict[str, str]] = {}
    for report, found, lacking in zip(reports, figures, gaps, strict=True):
        key = report.scale.key
        if not report.plan.shown[line]:
            scales[key] = dict(nothing(UNIT_FIGURES))
            continue
        scales[key] = found
        if lacking[line]:
            missing[key] = scale_withheld(report, line, found)
    if missing:
        withheld["figures"] = missing
    return head(population, line) | {"scales": scales, "withheld": withheld}


def scale_withheld(report: ScaleReport, line: int, figures: dict[str, Any]) -> dict[str, str]:
    """Say of every null among the figures of a shown scale why it is one."""
    return dict(
        missing_figures(
            figures,
            has_cutoff=report.scale.cutoff is not None,
            share_hidden=not report.plan.share_shown[line],
            rwg_hidden=not report.plan.rwg_shown[line],
        )
    )
