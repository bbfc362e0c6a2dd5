"""What results hold beside scales and units: response, weights, drivers, recommendation."""

from collections.abc import Mapping, Sequence
from typing import Any

from baken.analysis.releases.drivers import driver_figures
from baken.analysis.releases.population import Population
from baken.analysis.releases.recommending import recommendation_figures
from baken.analysis.releases.response import response_figures
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.releases.weighting import overfull, weights_by_bands
from baken.analysis.tallies.driver_cells import DriverCells
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally

Weights = Mapping[str, Mapping[str, Any]]


def add_response(
    found: dict[str, Any],
    tally: Tally,
    population: Population,
    reports: Sequence[ScaleReport],
    *,
    headcounts: Mapping[str, Mapping[str, int]],
    kept: Weights,
) -> None:
    """Add who answered, and the mean over all staff by groups whose headcounts are known."""
    groups = found["groups"]
    if headcounts:
        weights = weights_by_bands(tally, population, reports, groups, headcounts)
        found["weights"] = _with_kept(weights, kept)
        refused = [
            one for one, people in headcounts.items() if overfull(groups.get(one, {}), people)
        ]
        if refused:
            found["withheld"]["weights"] = dict.fromkeys(refused, "responses_above_headcount")
    found["nonresponse"], withheld = response_figures(population, reports, groups, headcounts)
    if withheld:
        found["withheld"]["nonresponse"] = withheld


def _with_kept(weights: dict[str, dict[str, Any]], kept: Weights) -> dict[str, dict[str, Any]]:
    """Take over what was weighed by units and groups at once while the answers were counted."""
    return {
        column: {
            scale: kept[column][scale] if _is_raked(kept, column, scale) else found
            for scale, found in scales.items()
        }
        for column, scales in weights.items()
    }


def _is_raked(kept: Weights, column: str, scale: str) -> bool:
    figures = kept.get(column, {}).get(scale)
    return figures is not None and bool(figures["raked"])


def add_drivers(
    found: dict[str, Any],
    plan: dict[str, Any],
    population: Population,
    drivers: Sequence[DriverCells],
    reports: Sequence[ScaleReport],
) -> None:
    """Add what hangs together with each outcome, and to the plan on what it was computed."""
    about = driver_figures(population, drivers, reports)
    found |= {"drivers": about.figures, "driver_models": about.models}
    if about.withheld:
        found["withheld"]["drivers"] = about.withheld
    plan["drivers"] = about.plan
    plan["driver_outcomes"] = about.asked


def add_recommendation(
    found: dict[str, Any],
    plan: dict[str, Any],
    population: Population,
    shape: Shape,
    report: ScaleReport,
) -> None:
    """Add the recommendation score of every cell that may have one."""
    cells, shown = recommendation_figures(population, shape, report)
    found["recommendation"] = {report.scale.key: cells}
    plan["recommendation"] = {report.scale.key: shown}
