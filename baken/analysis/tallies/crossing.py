"""Whether a background question may stand beside the units without singling people out.

Units and bands both add up to the organisation. A reader can take a set of bands away from the
units its people work in, and is left with the others in those units: nobody else can be reached.
(Whatever follows from two partitions of the same people by adding and subtracting is a union of
such differences.) With few bands all of them are looked at.
"""

from dataclasses import dataclass

import numpy as np

from baken.analysis.methods.scoring import ScoringRule, scores
from baken.analysis.methods.shares import at_risk
from baken.analysis.tallies.cells import Cells, Ints, ScaleCounts
from baken.analysis.tallies.shape import Shape
from baken.instruments.definition import Instrument, Scale
from baken.survey.disclosure.thresholds import is_safe, threshold

MOST_BANDS = 12
"""With more bands there are too many sets to look at; such a question is not shown."""

BETWEEN = "\x1f"
"""Stands between label and band in the name of a crossed cell; no band contains it."""


def crossed_name(label: str, band: str) -> str:
    """Return the name of the cell of one band in one label."""
    return f"{label}{BETWEEN}{band}"


@dataclass(frozen=True, slots=True)
class BandCheck:
    """What a background question may show beside the units.

    Attributes
    ----------
    min_group : int
        Fewest people of anything that follows from units and bands together.
    scales, shares : tuple[str, ...]
        Scales whose figures, and whose share at risk, may be shown.
    """

    min_group: int
    scales: tuple[str, ...]
    shares: tuple[str, ...]


def may_cross(crossed: Cells, min_group: int) -> bool:
    """Whether the numbers of people in units and bands tell about `min_group` or more only.

    Parameters
    ----------
    crossed : Cells
        One line per label and band, named by `crossed_name`.
    min_group : int
        Fewest people of anything that is shown.
    """
    bands = {name.rpartition(BETWEEN)[2] for name in crossed.labels}
    return len(bands) <= MOST_BANDS and _is_safe_table(
        _laid_out(crossed, crossed.rows[:, None]), min_group
    )


def check_crossing(crossed: Cells, instrument: Instrument, min_group: int) -> BandCheck:
    """Look at every scale by its own valid answers, smallest group and cut-off."""
    scales, shares = [], []
    shape = Shape.of(instrument)
    for position, (own, scale) in enumerate(zip(shape.scales, instrument.scales, strict=True)):
        k = threshold(min_group, scale.min_group)
        counts = crossed.scales[position]
        if _is_safe_table(_laid_out(crossed, _apart_by_score(counts, own.rule)), k):
            scales.append(scale.key)
            by_risk = _apart_by_risk(counts, own.rule, scale)
            if by_risk is not None and _is_safe_table(_laid_out(crossed, by_risk), k):
                shares.append(scale.key)
    return BandCheck(min_group, tuple(scales), tuple(shares))


def _laid_out(crossed: Cells, counts: Ints) -> Ints:
    """Turn lines into a table by label and band."""
    names = [name.rpartition(BETWEEN) for name in crossed.labels]
    labels = {label: at for at, label in enumerate(sorted({label for label, _, _ in names}))}
    bands = {band: at for at, band in enumerate(sorted({band for _, _, band in names}))}
    table = np.zeros((len(labels), len(bands), counts.shape[1]), dtype=np.int64)
    rows, columns = [labels[label] for label, _, _ in names], [bands[band] for _, _, band in names]
    table[rows, columns] = counts
    return table


def _apart_by_score(counts: ScaleCounts, rule: ScoringRule) -> Ints:
    """Return per line: valid answers, those not at the lowest and those not at the highest."""
    sums, answered = counts.keys.T
    columns = [np.ones(len(sums), dtype=bool), sums > 0, sums < rule.step * answered]
    told: Ints = counts.people @ np.array(columns, dtype=np.int64).T
    return told


def _apart_by_risk(counts: ScaleCounts, rule: ScoringRule, scale: Scale) -> Ints | None:
    """Return per line: valid answers, those not at risk and those at risk."""
    if scale.cutoff is None:
        return None
    values = scores(counts.keys[:, 0], counts.keys[:, 1], rule)
    risky = at_risk(values, scale.cutoff.value, scale.cutoff.operator)
    columns = [np.ones(len(values), dtype=bool), ~risky, risky]
    told: Ints = counts.people @ np.array(columns, dtype=np.int64).T
    return told


def _is_safe_table(table: Ints, k: int) -> bool:
    """Look at what is left of the units of every set of bands when these bands are taken away."""
    n_bands = table.shape[1]
    sets = np.arange(1, 2**n_bands - 1)
    taken = (sets[:, None] >> np.arange(n_bands)) & 1
    units = (taken @ (table[:, :, 0] > 0).T > 0).astype(np.float64)
    # sums of whole numbers, exact in double precision
    in_units = np.tensordot(units, table.astype(np.float64), axes=1)
    left = (in_units * (1 - taken)[:, :, None]).sum(axis=1).astype(np.int64)
    return all(is_safe(n, tuple(apart), k) for n, *apart in left.tolist() if n)
