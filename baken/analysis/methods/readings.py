"""Two readings of alert lights: what a group decided from figures, and what everybody says."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ON_FROM = 0.5
"""Share of those who know from which a light is on for everybody."""
MIN_UNITS = 5
"""Units with both readings below which no agreement is shown."""
MIN_UNITS_FOR_KAPPA = 10
N_COLOURS = 3
"""1 green, 2 orange, 3 red."""


@dataclass(frozen=True, slots=True)
class LightAgreement:
    """How the two readings of one light compare over the units.

    Attributes
    ----------
    n_units : int
        Units with both readings.
    table : tuple
        Units by the group's reading (off, on) and everybody's (off, on).
    agreement : float
        Share of units with equal readings.
    gap : float
        Share of units on for everybody minus share on for the group.
    p : float
        Two-sided sign test on the units that differ; NaN when none does.
    """

    n_units: int
    table: tuple[tuple[int, int], tuple[int, int]]
    agreement: float
    gap: float
    p: float


@dataclass(frozen=True, slots=True)
class ColourAgreement:
    """How the two overall colours compare over the units.

    Attributes
    ----------
    n_units : int
        Units with both readings.
    table : tuple
        Units by the group's colour (rows) and everybody's (columns), green to red.
    agreement : float
        Share of units with equal colours.
    gap : float
        Mean of everybody's colour minus the group's; above 0: the group is more optimistic.
    n_worse, n_better : int
        Units that everybody sees worse, and better, than the group.
    p : float
        Two-sided sign test on these; NaN when there are none.
    kappa : float
        Linearly weighted; NaN where it is undefined or would mislead.
    """

    n_units: int
    table: tuple[tuple[int, ...], ...]
    agreement: float
    gap: float
    n_worse: int
    n_better: int
    p: float
    kappa: float


def everybodys_reading(on: int, off: int, k: int) -> bool | None:
    """Whether a light is on for everybody; None when fewer than k people know."""
    known = on + off
    return None if known < k else on >= ON_FROM * known


def compare_lights(group: Bools, everybody: Bools) -> LightAgreement | None:
    r"""Compare the two readings of one light.

    Parameters
    ----------
    group, everybody : (n_units,) arrays of bool
        Whether the light is on, for units with both readings.

    Returns
    -------
    LightAgreement or None
        None below `MIN_UNITS` units.

    Notes
    -----
    The sign test is exact: binomial with one half.

    References
    ----------
    .. [1] Q. McNemar, Psychometrika 12, 153-157 (1947).
    """
    n = len(group)
    if n < MIN_UNITS:
        return None
    table = tuple(
        (int(((group == row) & ~everybody).sum()), int(((group == row) & everybody).sum()))
        for row in (False, True)
    )
    return LightAgreement(
        n,
        (table[0], table[1]),
        float((group == everybody).mean()),
        float(everybody.mean() - group.mean()),
        _sign_test(table[0][1], table[1][0]),
    )


def compare_colours(group: Ints, everybody: Ints) -> ColourAgreement | None:
    r"""Compare the two overall colours.

    Parameters
    ----------
    group, everybody : (n_units,) arrays
        1 green, 2 orange, 3 red, for units with both readings.

    Returns
    -------
    ColourAgreement or None
        None below `MIN_UNITS` units.

    Notes
    -----
    .. math:: \kappa_w = 1 - \frac{\sum_{ij} |i-j|\, p_{ij}}
       {\sum_{ij} |i-j|\, p_{i\cdot}\, p_{\cdot j}}

    References
    ----------
    .. [1] J. Cohen, Psychol. Bull. 70, 213-220 (1968).
    """
    n = len(group)
    if n < MIN_UNITS:
        return None
    table = np.zeros((N_COLOURS, N_COLOURS), dtype=np.int64)
    np.add.at(table, (group - 1, everybody - 1), 1)
    worse, better = int((everybody > group).sum()), int((everybody < group).sum())
    return ColourAgreement(
        n,
        tuple(tuple(map(int, row)) for row in table),
        float((group == everybody).mean()),
        float((everybody - group).mean()),
        worse,
        better,
        _sign_test(worse, better),
        _kappa(table),
    )


def _kappa(table: Ints) -> float:
    n = table.sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    is_varied = (rows > 0).sum() > 1 and (columns > 0).sum() > 1
    if n < MIN_UNITS_FOR_KAPPA or not is_varied:
        return float("nan")
    apart = np.abs(np.subtract.outer(np.arange(N_COLOURS), np.arange(N_COLOURS)))
    return float(1 - (apart * table).sum() * n / (apart * np.outer(rows, columns)).sum())


def _sign_test(more: int, fewer: int) -> float:
    if more + fewer == 0:
        return float("nan")
    return min(1.0, 2 * float(scipy.special.bdtr(min(more, fewer), more + fewer, 0.5)))
