"""Whether those who answered look like those who were asked, by unit and by background group.

Over the units this is computed on the units whose counts are shown and what is left of the others,
as everything between units: counts that are hidden follow from such figures as hidden means do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.nonresponse import MIN_EXPECTED, representativity, response_test
from baken.analysis.releases.numbers import Reason, nothing, number
from baken.analysis.releases.plans import partition
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.releases.strata import headcounts_of
from baken.survey.disclosure.required import margin, precision
from baken.survey.disclosure.tree import ROOT

RESPONSE_FIGURES = (
    *("n_groups", "chi2", "df", "p", "cramers_v", "min_expected"),
    *("r_indicator", "r_indicator_adjusted", "largest_bias"),
)

Floats = NDArray[np.float64]
Entries = Mapping[str, Mapping[str, Any]]


def response_figures(
    population: Population,
    reports: Sequence[ScaleReport],
    groups: Mapping[str, Entries],
    headcounts: Mapping[str, Mapping[str, int]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stands under `nonresponse`, and why some of it does not.

    Parameters
    ----------
    groups : Mapping
        Background question to band to its entry, as they are shown.
    headcounts : Mapping
        Background question to the number of people per band, as far as known.
    """
    found, withheld = _margin(population)
    units, reason = _tested(*_by_unit(population, reports))
    found["units"] = units
    found["groups"] = {}
    withheld |= {"units": reason} if reason else {}
    for column, people in headcounts.items():
        bands = {band: entry["n"] for band, entry in groups.get(column, {}).items()}
        if not bands:
            withheld.setdefault("groups", {})[column] = "privacy"
            continue
        asked = np.array([people.get(band, np.nan) for band in bands], dtype=np.float64)
        found["groups"][column], reason = _tested(np.array([*bands.values()], np.float64), asked)
        found["groups"][column]["bands"] = {
            band: _rate(n, people.get(band)) for band, n in bands.items()
        }
        if reason:
            withheld.setdefault("groups", {})[column] = reason
    return found, withheld


def _margin(population: Population) -> tuple[dict[str, Any], dict[str, Any]]:
    n, people = int(population.n[0]), float(population.headcount[0])
    if not people > 0:
        return nothing(("margin", "precision")), {"margin": "headcount_unknown"}
    if n > people:
        return nothing(("margin", "precision")), {"margin": "responses_above_headcount"}
    points = margin(n, int(people))
    return {"margin": points, "precision": str(precision(points))}, {}


def _by_unit(population: Population, reports: Sequence[ScaleReport]) -> tuple[Floats, Floats]:
    """Return answers and headcounts of the groups whose counts follow from what is shown."""
    tree = population.tree
    if population.merging is None:
        first = 1 if population.root_is_loose else 0
        rows, people = population.cells.rows[first:], population.own_headcount[first:]
        here = (rows > 0) | (people != 0)
        return rows[here].astype(np.float64), people[here]
    any_scale = np.logical_or.reduce([report.plan.shown for report in reports])
    shown = frozenset(
        key
        for key, on in zip(tree.keys, any_scale, strict=True)
        if key == ROOT or (on and key in population.whole)
    )
    groups = partition(population, population.cells.rows, shown)
    rows = np.array([population.cells.rows[list(lines)].sum() for lines in groups])
    return rows.astype(np.float64), headcounts_of(population, groups, shown)


def _tested(answered: Floats, people: Floats) -> tuple[dict[str, Any], Reason | None]:
    found: dict[str, Any] = nothing(RESPONSE_FIGURES)
    if np.isnan(people).any():
        return found, "headcount_unknown"
    if (answered > people).any():
        return found, "responses_above_headcount"
    test, alike = response_test(answered, people), representativity(answered, people)
    if np.isnan(test.statistic):
        return found, "not_estimable"
    return {
        "n_groups": len(answered),
        "chi2": number(test.statistic),
        "df": test.df,
        # a rough probability is worse than none
        "p": number(test.p) if test.min_expected >= MIN_EXPECTED else None,
        "cramers_v": number(test.cramers_v),
        "min_expected": number(test.min_expected),
        "r_indicator": number(alike.indicator),
        "r_indicator_adjusted": number(alike.indicator_adjusted),
        "largest_bias": number(alike.largest_bias),
    }, None


def _rate(n: int, people: int | None) -> dict[str, Any]:
    return {"n": n, "headcount": people, "response_rate": n / people if people else None}
