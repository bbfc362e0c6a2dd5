"""Whether people would recommend working here: a score that never stands without its three shares.

A score with its number of answers and its limits gives the three counts behind it, so it has a plan
of its own: twice the smallest group, in every cell and in everything that follows from cells, and
none of the three shares may be nobody or everybody.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from baken.analysis.methods.recommendation import ADVISING_AGAINST, RECOMMENDING, recommendation
from baken.analysis.releases.numbers import by_line
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.shape import N_SPECIAL, Shape
from baken.survey.disclosure.labels import LabelCounts, safe_cells, within
from baken.survey.disclosure.tree import ROOT

RECOMMENDATION_FIGURES: Final = (
    *("n", "score", "sd", "low", "high"),
    *("against", "neutral", "recommending"),
)

Cells = dict[str, dict[str, Any]]


def recommendation_figures(
    population: Population, shape: Shape, report: ScaleReport
) -> tuple[Cells, list[str]]:
    """Return the score of every cell that may be shown, and the keys of these cells.

    Parameters
    ----------
    report : ScaleReport
        Of the scale that has the question as its only item.

    Returns
    -------
    dict
        Unit, or ``ALL``, to `RECOMMENDATION_FIGURES`.
    list of str
        For the plan.
    """
    own = _answers(population, shape, report)
    tree = population.tree
    shown = _shown(population, own, report)
    found = recommendation(within(tree, own), population.headcount)
    lines = by_line(
        {
            "n": found.n.tolist(),
            "score": found.score,
            "sd": found.sd,
            "low": found.shown.low,
            "high": found.shown.high,
            "against": found.against,
            "neutral": found.neutral,
            "recommending": found.recommending,
        }
    )
    cells = {key: line for key, line in zip(tree.keys, lines, strict=True) if key in shown}
    return cells, list(cells)


def _answers(population: Population, shape: Shape, report: ScaleReport) -> Ints:
    """Return how many people of each label gave each answer from 0 to 10."""
    (code,) = report.scale.items
    column = shape.items.index(code)
    begin, end = shape.offsets[column] + N_SPECIAL, shape.offsets[column + 1]
    return population.cells.answers[:, begin:end]


def _shown(population: Population, own: Ints, report: ScaleReport) -> frozenset[str]:
    keys = population.tree.keys
    on_scale = frozenset(key for key, on in zip(keys, report.plan.shown, strict=True) if on)
    if population.merging is None or ROOT not in on_scale:
        return on_scale
    told = (plan.get("recommendation", {}).get(report.scale.key) for plan in population.earlier)
    may_show = on_scale.intersection(*(cells for cells in told if cells is not None))
    n = own.sum(axis=1)
    classes = (
        own[:, : ADVISING_AGAINST + 1],
        own[:, ADVISING_AGAINST + 1 : RECOMMENDING],
        own[:, RECOMMENDING:],
    )
    having = [part.sum(axis=1) for part in classes]
    apart = tuple(np.concatenate([[n - one, one] for one in having]))
    return safe_cells(population.tree, LabelCounts(n, apart), 2 * report.plan.k, may_show - {ROOT})


def shown_scores(results: Mapping[str, Any], scale: str) -> Cells:
    """Return the scores that results show, each as a mean with the headcount it is a part of."""
    cells: Mapping[str, Mapping[str, Any]] = results.get("recommendation", {}).get(scale, {})
    people = {ROOT: results["headcount"]}
    people |= {unit: entry["headcount"] for unit, entry in results["units"].items()}
    return {
        unit: {**figures, "mean": figures["score"], "headcount": people[unit]}
        for unit, figures in cells.items()
    }
