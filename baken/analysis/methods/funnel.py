"""Which units lie further from the whole than their size explains."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.between import anova
from baken.analysis.methods.means import Interval
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.quantiles import normal_quantile

Floats = NDArray[np.float64]

MIN_UNITS = 5
INNER = normal_quantile(0.975)
OUTER = normal_quantile(0.999)


class Place(StrEnum):
    """Where a unit lies."""

    INSIDE = "inside"
    KEEP_AN_EYE = "keep_an_eye"
    SPECIAL_ATTENTION = "special_attention"


@dataclass(frozen=True, slots=True)
class Funnel:
    """The limits, and how far each unit lies from the whole.

    Attributes
    ----------
    whole : float
        Mean of all people.
    inner, outer : Interval
        Limits at 1.96 and 3.09 standard errors, one entry per unit.
    distance : (n_units,) array
        In standard errors of a unit of that size; NaN for units without answers.
    """

    whole: float
    inner: Interval
    outer: Interval
    distance: Floats

    def places(self) -> tuple[Place | None, ...]:
        """Where each unit lies; None for units without answers."""
        return tuple(None if np.isnan(z) else _place(abs(float(z))) for z in self.distance)


def funnel(units: Moments) -> Funnel | None:
    r"""Control limits around the mean of the whole.

    Parameters
    ----------
    units : Moments
        Groups that do not overlap.

    Returns
    -------
    Funnel or None
        None below `MIN_UNITS` units with answers, or without variance within them.

    Notes
    -----
    .. math:: m \mp z \sqrt{MSW / n_u}, \qquad z = 1.96,\; 3.09

    References
    ----------
    .. [1] D. J. Spiegelhalter, Stat. Med. 24, 1185-1202 (2005).
    """
    found = anova(units)
    if found.n_groups < MIN_UNITS or not found.msw > 0:
        return None
    filled = units.n > 0
    whole = float(units.n[filled] @ units.mean[filled] / found.n)
    error = np.sqrt(found.msw / np.where(filled, units.n, np.nan))
    limits = [Interval(whole - z * error, whole + z * error) for z in (INNER, OUTER)]
    return Funnel(whole, limits[0], limits[1], (units.mean - whole) / error)


def _place(distance: float) -> Place:
    if distance > OUTER:
        return Place.SPECIAL_ATTENTION
    return Place.KEEP_AN_EYE if distance > INNER else Place.INSIDE
