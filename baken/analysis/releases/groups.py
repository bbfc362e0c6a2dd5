"""Background bands of the whole organisation: a breakdown is shown whole or not at all."""

from typing import Any

import numpy as np

from baken.analysis.releases.figures import describe
from baken.analysis.releases.numbers import nothing, numbers
from baken.analysis.releases.plans import scale_table
from baken.analysis.tallies.cells import Cells, Ints
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.analysis.tallies.tally import NO_BAND
from baken.instruments.definition import Scale
from baken.survey.disclosure.thresholds import is_homogeneous, threshold

BAND_FIGURES = ("n", "mean", "sd", "low", "high", "share_at_risk", "share_low", "share_high")


def group_figures(
    cells: Cells, shape: Shape, scales: tuple[Scale, ...], min_group: int
) -> dict[str, dict[str, Any]]:
    """Return the entry of one background question: every band with its figures per scale.

    Parameters
    ----------
    cells : Cells
        One line per band, people without an answer included: they are the rest of the others.
    min_group : int
        Fewest people of a band; 1 without disclosure control.
    """
    bands = [band for band in cells.labels if band != NO_BAND]
    found: dict[str, dict[str, Any]] = {}
    for line, band in enumerate(cells.labels):
        if band in bands:
            found[band] = {"n": int(cells.rows[line]), "scales": {}}
    for position, (scale, scale_shape) in enumerate(zip(scales, shape.scales, strict=True)):
        per_band = _scale_figures(cells, position, scale_shape, scale, min_group)
        for line, band in enumerate(cells.labels):
            if band in bands:
                found[band]["scales"][scale.key] = per_band[line]
    return found


def _scale_figures(
    cells: Cells, position: int, shape: ScaleShape, scale: Scale, min_group: int
) -> list[dict[str, Any]]:
    table = scale_table(cells.scales[position], shape.rule, scale)
    k = threshold(min_group, scale.min_group) if min_group > 1 else 1
    n = table.n_own
    if not _is_safe(n, table.apart, k):
        return [dict(nothing(BAND_FIGURES)) for _ in n]
    share_safe = table.risky is not None and _is_safe(n, table.apart_by_risk, k)
    unknown = np.full(len(n), np.nan)
    described = describe(table.own, table, scale, unknown, np.full(len(n), share_safe))
    return [
        {"n": int(n[line]), **numbers(described.columns, line)}
        if n[line]
        else dict(nothing(BAND_FIGURES))
        for line in range(len(n))
    ]


def _is_safe(n: Ints, apart: tuple[Ints, ...], k: int) -> bool:
    """Whether every band that has answers has at least k, and none gives its members away."""
    if k <= 1:
        return True
    return all(
        n[line] >= k
        and not is_homogeneous(int(n[line]), tuple(int(others[line]) for others in apart), k)
        for line in np.flatnonzero(n)
    )
