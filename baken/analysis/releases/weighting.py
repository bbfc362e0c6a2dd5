"""The mean over all staff when background groups weigh as many people as they have.

By the groups alone it follows from figures that are shown. Weighed by units and groups at once it
is one more equation about the people of one group in one unit, so that is done only when each of
these could be shown by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.moments import Moments, moments
from baken.analysis.methods.totals import weighted_mean
from baken.analysis.methods.weights import (
    NotWeighable,
    effective_answers,
    post_stratified,
    raked,
    trimmed,
)
from baken.analysis.releases.numbers import number
from baken.analysis.releases.plans import scale_table
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.releases.strata import group_headcounts
from baken.analysis.tallies.cells import Cells, Ints
from baken.analysis.tallies.crossing import BETWEEN
from baken.analysis.tallies.shape import ScaleShape
from baken.analysis.tallies.tally import Tally
from baken.survey.disclosure.thresholds import is_safe

WEIGHT_FIGURES = ("mean", "low", "high", "effective_n", "largest", "raked")

Floats = NDArray[np.float64]
Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """People by unit label and band, and how many people each band has in all.

    Attributes
    ----------
    cells : Cells
        One line per band in each label, small labels merged.
    people : Mapping[str, int]
        Band to headcount.
    """

    cells: Cells
    people: Mapping[str, int]


def weights_by_bands(
    tally: Tally,
    population: Population,
    reports: Sequence[ScaleReport],
    groups: Mapping[str, Entries],
    headcounts: Mapping[str, Mapping[str, int]],
) -> dict[str, dict[str, Any]]:
    """Return, per background question and scale, the mean over all staff as `WEIGHT_FIGURES`.

    Answers that were crossed exist while they are counted only; later it is by bands alone. Nothing
    of a question with a band of more answers than people: see `overfull`.
    """
    found: dict[str, dict[str, Any]] = {}
    for column, people in headcounts.items():
        if overfull(groups.get(column, {}), people):
            continue
        both = _crossing(tally, population, column, people)
        for position, (report, shape) in enumerate(zip(reports, tally.shape.scales, strict=True)):
            key = report.scale.key
            weighed = _band_weighted(groups.get(column, {}), people, key)
            if weighed and both:
                weighed = _raked_mean(population, report, shape, position, both) or weighed
            if weighed:
                found.setdefault(column, {})[key] = weighed
    return found


def overfull(entries: Entries, people: Mapping[str, int]) -> bool:
    """Whether a band has more answers than people: then its headcount cannot weigh anything."""
    return any(
        (entry["n"] or 0) > people[band] for band, entry in entries.items() if people.get(band)
    )


def _crossing(
    tally: Tally, population: Population, column: str, people: Mapping[str, int]
) -> Crossing | None:
    """Return units and bands at once; None when that is not known, or not safe to use.

    Bands of another question were looked at beside the units, not beside bands within units.
    """
    in_use = {question for _, question in tally.breakdowns.kept} if tally.breakdowns else {column}
    if tally.crossing is None or column not in tally.crossing.questions or in_use != {column}:
        return None
    tree, merging = population.tree, population.merging
    label_of = merging.label_of if merging else {key: key for key in tree.keys}
    crossing = tally.crossing.relabelled(lambda label: label_of[tree.key_of(label)])
    return Crossing(crossing.pairs(column), people)


def _band_weighted(
    entries: Entries, people: Mapping[str, int], scale: str
) -> dict[str, Any] | None:
    """Weigh the bands of a scale by their headcounts.

    None when one of them is not known, or is nobody though somebody answered.
    """
    shown = [(band, entry["scales"][scale]) for band, entry in entries.items()]
    if any(figures["n"] and people.get(band) == 0 for band, figures in shown):
        return None
    used = [(figures, people.get(band, 0)) for band, figures in shown if people.get(band) != 0]
    if not used or any(figures["n"] is None or not n for figures, n in used):
        return None
    if set(people) - set(entries):
        return None
    n = np.array([figures["n"] for figures, _ in used], dtype=np.int64)
    headcount = np.array([count for _, count in used], dtype=np.float64)
    mean, sd = (
        np.array([figures[name] for figures, _ in used], dtype=float) for name in ("mean", "sd")
    )
    weights = post_stratified(n, headcount).weights
    found = _weighed(weights, n, mean) | {"raked": False}
    if (trimmed(weights, n) == weights).all():
        total = weighted_mean(Moments(n, mean, sd), headcount)
        found |= {"low": number(total.low), "high": number(total.high)}
    return found


def _raked_mean(
    population: Population, report: ScaleReport, shape: ScaleShape, position: int, both: Crossing
) -> dict[str, Any] | None:
    """Weigh by the released partition and the bands at once; None when that may not be told.

    Every part of a group that one band has must hold k people who differ, and so must those
    without a band and those without a unit: the figures of the band, of the group and of the whole
    tell about them what they tell about the part. The headcounts of units and bands must add up to
    the same number.
    """
    counts = both.cells.scales[position]
    table = scale_table(counts, shape.rule, report.scale)
    bands = sorted(both.people)
    laid_out = _laid_out(population, report, both.cells, table.own, bands)
    cells_of = (cell for part in laid_out for cell in part)
    if population.merging and not all(_may_be_told(one, report.plan.k) for one in cells_of):
        return None
    weighed = laid_out[:-1, :-1]
    answered = weighed.sum(axis=2)
    rows = group_headcounts(population, report.plan)
    columns = np.array([both.people[band] for band in bands], dtype=np.float64)
    try:
        weights = raked(answered, rows, columns).weights
    except NotWeighable:
        return None
    cells = moments(weighed.reshape(answered.size, -1), table.values)
    return _weighed(weights.ravel(), cells.n, cells.mean) | {"raked": True}


def _laid_out(
    population: Population, report: ScaleReport, crossed: Cells, own: Ints, bands: list[str]
) -> Ints:
    """Return people by group of the released partition, band and score; the last ones are none."""
    line_of = {key: line for line, key in enumerate(population.tree.keys)}
    group_of = {line: at for at, lines in enumerate(report.plan.groups) for line in lines}
    nowhere = len(report.plan.groups)
    table = np.zeros((nowhere + 1, len(bands) + 1, own.shape[1]), dtype=np.int64)
    for name, people in zip(crossed.labels, own, strict=True):
        label, _, band = name.rpartition(BETWEEN)
        group = group_of.get(line_of[population.tree.key_of(label)], nowhere)
        table[group, bands.index(band) if band in bands else len(bands)] += people
    return table


def _may_be_told(people: Ints, k: int) -> bool:
    n = int(people.sum())
    return n == 0 or is_safe(n, tuple((n - people).tolist()), k)


def _weighed(weights: Floats, n: Ints, mean: Floats) -> dict[str, Any]:
    some = n > 0
    cut = trimmed(weights[some], n[some])
    share = cut * n[some] / (cut * n[some]).sum()
    average = float((weights[some] * n[some]).sum() / n[some].sum())
    return {
        "mean": number(float(share @ mean[some])),
        "low": None,
        "high": None,
        "effective_n": number(effective_answers(cut, n[some])),
        "largest": number(float(weights[some].max() / average)),
    }
