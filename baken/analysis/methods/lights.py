"""Green, orange, red: firm or only possible."""

from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Light = Literal["green", "orange", "red", "green?", "orange?", "red?", "grey"]

Floats = NDArray[np.float64]


def lights(
    share: Floats, low: Floats, high: Floats, *, orange_from: float, red_from: float
) -> list[Light]:
    r"""Colour of a unit, and whether its interval leaves room for another one.

    Parameters
    ----------
    share, low, high : (n_groups,) arrays
        Share of people at risk and its limits, fractions from 0 to 1; NaN when there is none.
    orange_from, red_from : float
        Thresholds of the zones, fractions; both belong to orange. There is no green zone when
        `orange_from` is 0.

    Returns
    -------
    list of str
        `red`, `orange`, `green` when the whole interval lies in the zone of the share; with a
        question mark when it crosses a threshold; `grey` without share, and where there is no green
        zone and nobody at risk: that nobody said so is no proof that nobody is.

    Notes
    -----
    Red above `red_from`, green below `orange_from`, orange between and at both thresholds.

    References
    ----------
    .. [1] E. B. Wilson, J. Am. Stat. Assoc. 22, 209-212 (1927), for the limits.
    """
    return [
        light_of(p, below, above, orange_from=orange_from, red_from=red_from)
        for p, below, above in zip(share.tolist(), low.tolist(), high.tolist(), strict=True)
    ]


def light_of(p: float, low: float, high: float, *, orange_from: float, red_from: float) -> Light:
    """Colour of one share; arguments as for `lights`."""
    if isnan(p) or p == orange_from == 0:
        return "grey"
    if p > red_from:
        return "red" if low > red_from else "red?"
    if p < orange_from:
        return "green" if high < orange_from else "green?"
    return "orange" if low >= orange_from and high <= red_from else "orange?"
