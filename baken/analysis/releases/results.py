"""From counts to results: the one function behind `baken analyse` and every results page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import NotTheSameQuestions
from baken.analysis.releases.beside_scales import (
    Weights,
    add_drivers,
    add_recommendation,
    add_response,
)
from baken.analysis.releases.figures import is_fit_for_units
from baken.analysis.releases.groups import add_groups
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
from baken.analysis.releases.scale_reports import ScaleReport, scale_reports
from baken.analysis.releases.units import (
    head,
    head_withheld,
    scale_withheld,
    unit_entries,
)
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
    kept_weights: Weights | None = None,
) -> Report:
    """Return results together with the release plan; arguments as for `results`.

    `earlier` are the plans of earlier releases of the same answers: only cells that all of them
    show are shown again, so that the releases together tell no more than the first one. `drivers`
    are the counts of each model of an outcome; without them there are no drivers. `headcounts` says
    of background questions how many people each band has. `kept_weights` are those of an earlier
    release with the same k, made while bands within units were still known.
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
    if protected and tally.breakdowns is None:
        tally = tally.broken_down(instrument, merging, min_group)
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
    unfit = {key for key, whole in found["scales"].items() if not is_fit_for_units(whole)}
    found["units"] = unit_entries(population, reports, unfit)
    add_groups(found, plan, tally, population, reports)
    add_response(
        found, tally, population, reports, headcounts=headcounts or {}, kept=kept_weights or {}
    )
    if drivers is not None:
        add_drivers(found, plan, population, drivers, reports)
    for report in reports:
        if report.scale.key == instrument.recommendation:
            add_recommendation(found, plan, population, shape, report)
    return Report(found, plan)


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
        "breakdowns": {},
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
