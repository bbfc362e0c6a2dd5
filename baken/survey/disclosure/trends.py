"""Whether a unit has a trend between two campaigns, and with which words.

Answers of two campaigns are different answers, so taking one from the other reaches nobody exactly.
Who joined or left is a number per unit; no list of them is kept. When one person left, the change
in the sum is that person's score within an error of about s sqrt(2 n (1 - rho)): with a spread of
20, 7 people and a correlation of 0.7 between both times that is 41 points and harmless; with 5
people and 0.95 it is 14 points and not.
"""

from enum import StrEnum

from .thresholds import DEFAULT_MIN_GROUP

MANY_MOVERS = 0.25
"""Joiners and leavers, as a part of the headcount, above which the trend has a warning."""

FEW_MOVERS = 2
"""With a smaller minimum group than usual, so few joiners and leavers hide the trend."""


class TrendState(StrEnum):
    """What may be said about the change of one unit."""

    SHOWN = "shown"
    WARNED = "warned"
    HIDDEN = "hidden"
    REORGANISED = "reorganised"


def trend_state(
    *, is_whole_in_both: bool, movers: int | None, headcount: int | None, k: int
) -> TrendState:
    """Return whether the trend of a unit is shown.

    Parameters
    ----------
    is_whole_in_both : bool
        Both campaigns contain the same frozen units there, and no part of them was merged
        elsewhere; the whole organisation always is.
    movers : int or None
        People who joined or left in between; None when nobody entered it.
    headcount : int or None
        People in the unit at the later campaign; None when unknown.
    k : int
        The smaller of the minimum groups of both campaigns.

    Returns
    -------
    TrendState
        `REORGANISED`: no trend, only a reference to the predecessor. `HIDDEN`: below the usual
        minimum group, with one or two movers, or with a number nobody entered. `WARNED`: more than
        a quarter of the people moved.
    """
    if not is_whole_in_both:
        return TrendState.REORGANISED
    if k < DEFAULT_MIN_GROUP and (movers is None or 0 < movers <= FEW_MOVERS):
        return TrendState.HIDDEN
    if movers and headcount and movers > MANY_MOVERS * headcount:
        return TrendState.WARNED
    return TrendState.SHOWN
