"""Background bands of the organisation and of departments, as they may stand beside the units."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from baken.analysis.releases.figures import describe
from baken.analysis.releases.numbers import by_line, nothing
from baken.analysis.releases.plans import ScaleTable, scale_table
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.tallies.breakdowns import Breakdowns, Place, Statistic, bands_within
from baken.analysis.tallies.cells import Cells
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.survey.disclosure.labels import LabelCounts
from baken.survey.disclosure.tree import ROOT

BAND_FIGURES = ("n", "mean", "sd", "low", "high", "share_at_risk", "share_low", "share_high")

Entries = dict[str, dict[str, Any]]
"""Band to its entry."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a release says about background groups.

    Attributes
    ----------
    figures : dict
        Unit to question to band to its entry: the organisation, and every department that is
        shown; a question that may not be shown there is absent.
    withheld : dict
        Unit to the questions that are absent, with the reason.
    plan : dict
        Unit to question to what is shown: the scales, and those whose share is.
    """

    figures: dict[str, dict[str, Entries]] = field(default_factory=dict)
    withheld: dict[str, dict[str, str]] = field(default_factory=dict)
    plan: dict[str, dict[str, dict[Statistic, list[str]]]] = field(default_factory=dict)


def add_groups(
    found: dict[str, Any],
    plan: dict[str, Any],
    tally: Tally,
    population: Population,
    reports: Sequence[ScaleReport],
) -> None:
    """Add what may be shown of background groups to the results and to the plan."""
    groups = grouped(tally, population, reports, plan["min_group"])
    plan["breakdowns"] = groups.plan
    found["groups"] = groups.figures.pop(ROOT, {})
    entries = {ROOT: found, **found["units"]}
    for unit, figures in groups.figures.items():
        entries[unit]["groups"] = figures
    for unit, reasons in groups.withheld.items():
        entries[unit]["withheld"]["groups"] = reasons


def grouped(
    tally: Tally, population: Population, reports: Sequence[ScaleReport], min_group: int
) -> Grouped:
    """Return the figures of background groups: of a question all bands are shown or none.

    What may stand beside the units was decided while answers were counted. Here it is held against
    the units that are shown now, a smallest group that was raised, and earlier releases.
    """
    found = Grouped()
    if population.merging is None:
        _fill_openly(found, tally, population, reports)
        return found
    kept = tally.breakdowns or Breakdowns(min_group, (), {}, {})
    shown_units = [report.shown_units(population.tree) for report in reports]
    for unit in _divisible(population, reports):
        found.figures[unit], found.plan[unit] = {}, {}
        for question in kept.questions:
            if kept.may_count((unit, question), min_group) and population.may_break_down(
                unit, question
            ):
                cells = kept.kept[unit, question].cells
                beside = zip(reports, shown_units, _tables(cells, tally, reports), strict=True)
                shown = _shown(kept, population, beside, (unit, question))
                found.plan[unit][question] = shown
                found.figures[unit][question] = _entries(cells, tally, reports, shown)
            else:
                found.withheld.setdefault(unit, {})[question] = "privacy"
    return found


def _divisible(population: Population, reports: Sequence[ScaleReport]) -> Iterator[str]:
    """Return the organisation and the departments that are shown: units with units below them."""
    tree = population.tree
    any_scale = np.logical_or.reduce([report.plan.shown for report in reports])
    for key, is_shown in zip(tree.keys, any_scale.tolist(), strict=True):
        if is_shown and (key == ROOT or tree.children(key)):
            yield key


def _shown(
    kept: Breakdowns,
    population: Population,
    beside: Iterable[tuple[ScaleReport, Mapping[Statistic, Collection[str]], ScaleTable]],
    place: Place,
) -> dict[Statistic, list[str]]:
    """Return the scales whose figures, and whose share, may be shown of all bands.

    That every band is safe by itself was seen when they were chosen; counts of earlier versions
    say less, and no mistake there may print three people.
    """
    found: dict[Statistic, list[str]] = {"scales": [], "shares": []}
    for report, shown_units, table in beside:
        for statistic, units in shown_units.items():
            people = table.answers if statistic == "scales" else table.by_risk
            if not (
                kept.may_show(place, statistic, report.scale.key, units)
                and population.may_break_down(*place, statistic, report.scale.key)
                and LabelCounts.of(people, report.plan.k).are_safe(report.plan.k)
            ):
                break
            found[statistic].append(report.scale.key)
    return found


def _fill_openly(
    found: Grouped, tally: Tally, population: Population, reports: Sequence[ScaleReport]
) -> None:
    """Show every band of every question, in every unit with people and units below it."""
    crossing = tally.crossing
    if crossing is None:
        return
    every: dict[Statistic, list[str]] = {
        "scales": [report.scale.key for report in reports],
        "shares": [report.scale.key for report in reports if report.table.risky is not None],
    }
    for unit in _divisible(population, reports):
        found.figures[unit] = {}
        for question in crossing.questions:
            cells = bands_within(crossing, population.tree, unit, question)
            found.figures[unit][question] = _entries(cells, tally, reports, every)


def _entries(
    cells: Cells,
    tally: Tally,
    reports: Sequence[ScaleReport],
    shown: Mapping[Statistic, Sequence[str]],
) -> Entries:
    """Return one entry for every band, with its figures per scale."""
    found: Entries = {
        band: {"n": int(n), "scales": {}}
        for band, n in zip(cells.labels, cells.rows, strict=True)
        if band != NO_BAND
    }
    for report, table in zip(reports, _tables(cells, tally, reports), strict=True):
        key = report.scale.key
        figures = _figures(
            table,
            report,
            is_shown=key in shown["scales"],
            share_shown=key in shown["shares"],
        )
        for band, of_band in zip(cells.labels, figures, strict=True):
            if band != NO_BAND:
                found[band]["scales"][key] = of_band
    return found


def _tables(cells: Cells, tally: Tally, reports: Iterable[ScaleReport]) -> list[ScaleTable]:
    """Return the scores of every band, scale by scale."""
    parts = zip(reports, cells.scales, tally.shape.scales, strict=True)
    return [scale_table(counts, shape.rule, report.scale) for report, counts, shape in parts]


def _figures(
    table: ScaleTable, report: ScaleReport, *, is_shown: bool, share_shown: bool
) -> list[dict[str, Any]]:
    n = table.n_own
    if not is_shown:
        return [dict(nothing(BAND_FIGURES)) for _ in n]
    unknown = np.full(len(n), np.nan)
    described = describe(table.own, table, report.scale, unknown, np.full(len(n), share_shown))
    return [
        {"n": people, **figures} if people else dict(nothing(BAND_FIGURES))
        for people, figures in zip(n.tolist(), by_line(described.columns), strict=True)
    ]
