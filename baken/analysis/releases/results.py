"""From counts to results: the one function behind `baken analyse` and every results page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import NotTheSameQuestions
from baken.analysis.releases.drivers import driver_figures
from baken.analysis.releases.groups import group_figures
from baken.analysis.releases.numbers import nothing
from baken.analysis.releases.organisation import (
    ITEM_FIGURES,
    ORGANISATION_FIGURES,
    item_figures,
    organisation_figures,
    reliability_figures,
)
from baken.analysis.releases.population import (
    Population,
    open_population,
    protected_population,
)
from baken.analysis.releases.response import response_figures
from baken.analysis.releases.scale_reports import ScaleReport, scale_reports
from baken.analysis.releases.units import (
    head,
    head_withheld,
    scale_withheld,
    unit_entries,
)
from baken.analysis.releases.weighting import weights_by_bands
from baken.analysis.tallies.crossing import BandCheck
from baken.analysis.tallies.driver_cells import DriverCells
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import Merging, merge_labels
from baken.survey.disclosure.tree import Tree


@dataclass(frozen=True, slots=True)
class Report:
    """Results and the plan they keep to, both as plain values for JSON.

    Attributes
    ----------
    results : dict
        The content of `results.json`.
    plan : dict
        Per scale the smallest group, the cells that are shown and the released partition.
    """

    results: dict[str, Any]
    plan: dict[str, Any]


def results(
    tally: Tally,
    tree: Tree,
    instrument: Instrument,
    *,
    min_group: int,
    protected: bool = True,
    merging: Merging | None = None,
) -> dict[str, Any]:
    """Return the results of a set of answers: the content of `results.json`, unrounded.

    Parameters
    ----------
    tally : Tally
        Counts per unit label.
    tree : Tree
        The units and their headcounts.
    instrument : Instrument
        Scales, cut-offs and bands of the lights; the one the tally was counted with.
    min_group : int
        Fewest people of anything that is shown.
    protected : bool
        False: no merging and no plan. Such results are marked and must not be released.
    merging : Merging, optional
        How labels were merged when the answers were opened. Left out: small labels are merged
        here, in the same way.

    Raises
    ------
    NotTheSameQuestions
        The tally belongs to another instrument.
    UnknownUnit
        Answers carry a label the tree does not have.
    """
    return analyse(
        tally, tree, instrument, min_group=min_group, protected=protected, merging=merging
    ).results


def analyse(
    tally: Tally,
    tree: Tree,
    instrument: Instrument,
    *,
    min_group: int,
    protected: bool = True,
    merging: Merging | None = None,
    earlier: Sequence[Mapping[str, Any]] = (),
    drivers: Sequence[DriverCells] | None = None,
    headcounts: Mapping[str, Mapping[str, int]] | None = None,
) -> Report:
    """Return results together with the release plan; arguments as for `results`.

    `earlier` are the plans of earlier releases of the same answers: only cells that all of them
    show are shown again, so that the releases together tell no more than the first one. `drivers`
    are the counts of each model of an outcome; without them there are no drivers. `headcounts` says
    of background questions how many people each band has.
    """
    shape = Shape.of(instrument)
    if tally.shape != shape:
        raise NotTheSameQuestions(
            "analysis.other_instrument",
            "These counts were made with {theirs}, not with {ours}. Use the questionnaire the "
            "answers were given to.",
            theirs=f"{tally.shape.instrument} {tally.shape.version}",
            ours=f"{instrument.key} {instrument.version}",
        )
    merging = merging or merge_labels(tree, tally.rows, min_group)
    if protected:
        population = protected_population(tally, merging, earlier)
    else:
        population = open_population(tally, tree)
    reports = scale_reports(population, shape.scales, instrument.scales, min_group)
    found: dict[str, Any] = {
        "instrument": {"key": instrument.key, "version": instrument.version},
        "protected": protected,
        "min_group": min_group,
    }
    plan = _plan_values(population, reports, min_group)
    if protected and tally.n < min_group:
        return Report(found | _too_few(population, instrument, reports), plan)
    found |= _organisation(population, shape, instrument, reports)
    found["units"] = unit_entries(population, reports)
    found["groups"] = _groups(tally, instrument, merging if protected else None, min_group)
    _add_response(found, tally, population, reports, headcounts or {})
    if drivers is not None:
        plan["drivers"] = _add_drivers(found, population, drivers, reports)
    return Report(found, plan)


def _add_response(
    found: dict[str, Any],
    tally: Tally,
    population: Population,
    reports: list[ScaleReport],
    headcounts: Mapping[str, Mapping[str, int]],
) -> None:
    """Add who answered, and the mean over all staff by groups whose headcounts are known."""
    groups = found["groups"]
    if headcounts:
        found["weights"] = weights_by_bands(tally, population, reports, groups, headcounts)
    found["nonresponse"], withheld = response_figures(population, reports, groups, headcounts)
    if withheld:
        found["withheld"]["nonresponse"] = withheld


def _add_drivers(
    found: dict[str, Any],
    population: Population,
    drivers: Sequence[DriverCells],
    reports: list[ScaleReport],
) -> dict[str, list[list[str]]]:
    """Add what hangs together with each outcome; return the partitions it was computed on."""
    about = driver_figures(population, drivers, reports)
    found |= {"drivers": about.figures, "driver_models": about.models}
    if about.withheld:
        found["withheld"]["drivers"] = about.withheld
    return about.plan


def _too_few(
    population: Population, instrument: Instrument, reports: list[ScaleReport]
) -> dict[str, Any]:
    """Fewer than k answers in all: nothing is said, not even how many."""
    return {
        **nothing(("n", "headcount", "response_rate")),
        "scales": {scale.key: _no_scale(scale.items) for scale in instrument.scales},
        "units": unit_entries(population, reports),
        "groups": {},
        "withheld": "privacy",
    }


def _no_scale(items: tuple[str, ...]) -> dict[str, Any]:
    return nothing(ORGANISATION_FIGURES) | {
        "items": {code: nothing(ITEM_FIGURES) for code in items}
    }


def _organisation(
    population: Population, shape: Shape, instrument: Instrument, reports: list[ScaleReport]
) -> dict[str, Any]:
    hidden: dict[str, str] = {}
    figures: dict[str, dict[str, str]] = {}
    items: dict[str, str] = {}
    scales: dict[str, dict[str, Any]] = {}
    for position, report in enumerate(reports):
        key, k = report.scale.key, report.plan.k
        counts, rule = population.cells.scales[position], shape.scales[position].rule
        alpha, correlations = reliability_figures(counts, rule, k)
        if report.plan.shown[0]:
            shown = organisation_figures(population, report) | alpha
            if reasons := scale_withheld(report, 0, shown):
                figures[key] = reasons
        else:
            shown = nothing(ORGANISATION_FIGURES)
            hidden[key] = "privacy" if population.merging else "no_answers"
        shown["items"] = item_figures(
            population, shape, instrument.scale_items(key), correlations, counts, k=k
        )
        items |= {code: "privacy" for code, item in shown["items"].items() if item["n"] is None}
        scales[key] = shown
    reasons_by_kind = {"scales": hidden, "figures": figures, "items": items}
    withheld = {kind: reasons for kind, reasons in reasons_by_kind.items() if reasons}
    return {
        **head(population, 0),
        "scales": scales,
        "withheld": withheld | head_withheld(population, 0),
    }


def _groups(
    tally: Tally, instrument: Instrument, merging: Merging | None, min_group: int
) -> dict[str, Any]:
    """Return the background question that may stand beside the labels as they were merged.

    Only one: each question was looked at together with the units, but not with another question,
    and bands of one taken away from bands of the other may leave a handful of people.
    """
    if merging is None:
        return {
            column: group_figures(cells, tally.shape, instrument.scales)
            for column, cells in tally.bands.items()
        }
    label_of, tree = merging.label_of, merging.tree
    safe = tally.relabel(lambda label: label_of[tree.key_of(label)]).with_safe_bands(
        instrument, min_group
    )
    return {
        column: group_figures(safe.bands[column], tally.shape, instrument.scales, check)
        for column, check in _most_telling(safe.band_checks)
    }


def _most_telling(checks: Mapping[str, BandCheck]) -> list[tuple[str, BandCheck]]:
    """Return the question with the most scales to show, the first by name among equals."""
    return sorted(checks.items(), key=lambda one: (-len(one[1].scales), one[0]))[:1]


def _plan_values(
    population: Population, reports: list[ScaleReport], min_group: int
) -> dict[str, Any]:
    def named(lines: NDArray[np.bool_]) -> list[str]:
        return [key for key, on in zip(population.tree.keys, lines.tolist(), strict=True) if on]

    keys = population.tree.keys
    return {
        "min_group": min_group,
        "protected": population.merging is not None,
        "labels": dict(population.merging.label_of) if population.merging else {},
        "scales": {
            report.scale.key: {
                "k": report.plan.k,
                "shown": named(report.plan.shown),
                "share_shown": named(report.plan.share_shown),
                "rwg_shown": named(report.plan.rwg_shown),
                "groups": [[keys[line] for line in group] for group in report.plan.groups],
            }
            for report in reports
        },
    }
