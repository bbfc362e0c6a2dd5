"""Background bands of the whole organisation: a breakdown is shown whole or not at all."""

from typing import Any

import numpy as np

from baken.analysis.releases.figures import describe
from baken.analysis.releases.numbers import by_line, nothing
from baken.analysis.releases.plans import scale_table
from baken.analysis.tallies.cells import Cells, Ints
from baken.analysis.tallies.crossing import BandCheck
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.analysis.tallies.tally import NO_BAND
from baken.instruments.definition import Scale
from baken.survey.disclosure.thresholds import is_safe, threshold

BAND_FIGURES = ("n", "mean", "sd", "low", "high", "share_at_risk", "share_low", "share_high")


def group_figures(
    cells: Cells, shape: Shape, scales: tuple[Scale, ...], check: BandCheck | None = None
) -> dict[str, dict[str, Any]]:
    """Return the entry of one background question: every band with its figures per scale.

    Parameters
    ----------
    cells : Cells
        One line per band, people without an answer included: they are the rest of the others.
    check : BandCheck or None
        What may be shown; None without disclosure control.
    """
    bands = [band for band in cells.labels if band != NO_BAND]
    found: dict[str, dict[str, Any]] = {}
    for line, band in enumerate(cells.labels):
        if band in bands:
            found[band] = {"n": int(cells.rows[line]), "scales": {}}
    for position, (scale, scale_shape) in enumerate(zip(scales, shape.scales, strict=True)):
        per_band = _scale_figures(cells, position, scale_shape, scale, check)
        for line, band in enumerate(cells.labels):
            if band in bands:
                found[band]["scales"][scale.key] = per_band[line]
    return found


def _scale_figures(
    cells: Cells, position: int, shape: ScaleShape, scale: Scale, check: BandCheck | None
) -> list[dict[str, Any]]:
    table = scale_table(cells.scales[position], shape.rule, scale)
    n = table.n_own
    hidden = check is not None and not (
        scale.key in check.scales and _is_safe(n, table.apart, check, scale)
    )
    if hidden:
        return [dict(nothing(BAND_FIGURES)) for _ in n]
    share_safe = table.risky is not None and (
        check is None
        or (scale.key in check.shares and _is_safe(n, table.apart_by_risk, check, scale))
    )
    unknown = np.full(len(n), np.nan)
    described = describe(table.own, table, scale, unknown, np.full(len(n), share_safe))
    return [
        {"n": people, **figures} if people else dict(nothing(BAND_FIGURES))
        for people, figures in zip(n.tolist(), by_line(described.columns), strict=True)
    ]


def _is_safe(n: Ints, apart: tuple[Ints, ...], check: BandCheck, scale: Scale) -> bool:
    """Whether every band that has answers has enough, and none gives its members away."""
    k = threshold(check.min_group, scale.min_group)
    return all(
        is_safe(int(n[line]), tuple(int(others[line]) for others in apart), k)
        for line in np.flatnonzero(n)
    )
