"""How a unit stands against a reference from elsewhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.comparisons import Welch, welch
from baken.analysis.methods.means import LEVEL, Interval
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import t_both_tails, t_quantile

Floats = NDArray[np.float64]

MIN_REFERENCE = 100
"""People behind a reference below which nobody is compared with it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Mean and spread of a reference population, 0-100; `n` is None when it is not known."""

    mean: float
    sd: float
    n: int | None


def against_reference(units: Moments, reference: Reference) -> Welch:
    r"""Difference of units from a reference, with its test.

    Parameters
    ----------
    units : Moments
        The units.
    reference : Reference
        One that was made with the same answers.

    Returns
    -------
    Welch
        One entry per unit. With an unknown `n` the reference counts as exact and the page says so.

    Raises
    ------
    ValueError
        When fewer than `MIN_REFERENCE` people stand behind the reference.

    Notes
    -----
    Welch's test from summary numbers; without n

    .. math:: t = \frac{m - m_{ref}}{s/\sqrt{n}}, \quad \nu = n - 1

    References
    ----------
    .. [1] B. L. Welch, Biometrika 34, 28-35 (1947).
    """
    if reference.n is None:
        return _one_sample(units, reference.mean)
    if reference.n < MIN_REFERENCE:
        raise ValueError(f"A reference of {reference.n} people is too small to compare with.")
    shape = units.n.shape
    people = np.full(shape, reference.n)
    return welch(
        units, Moments(people, np.full(shape, reference.mean), np.full(shape, reference.sd))
    )


def _one_sample(units: Moments, constant: float) -> Welch:
    defined = (units.n > 1) & (units.sd > 0)
    n = np.where(defined, units.n, 2)
    error = np.where(defined, units.sd, np.nan) / np.sqrt(n)
    difference = units.mean - constant
    t = difference / error
    half = t_quantile((1 + LEVEL) / 2, n - 1) * error
    return Welch(
        difference,
        t,
        np.where(defined, n - 1.0, np.nan),
        np.asarray(t_both_tails(t, n - 1)),
        Interval(difference - half, difference + half),
    )
