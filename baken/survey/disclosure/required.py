"""How precise the answers of a unit are, and how many it needs."""

from enum import StrEnum
from math import ceil, sqrt

from .errors import DisclosureError

Z = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""


class Precision(StrEnum):
    """What a margin in points allows one to say."""

    PRECISE = "precise"
    USABLE = "usable"
    ROUGH = "rough"
    NOT_ON_ITS_OWN = "not_on_its_own"


GRADES = ((5.0, Precision.PRECISE), (10.0, Precision.USABLE), (20.0, Precision.ROUGH))
"""Largest margin in points for each word."""


def margin(n: int, headcount: int) -> float:
    r"""Largest error of a share among the people of a unit, in points.

    Parameters
    ----------
    n : int
        Answers, 0 or more.
    headcount : int
        People in the unit, 1 or more.

    Returns
    -------
    float
        0 (everybody answered) to 50 points.

    Raises
    ------
    DisclosureError
        When there is no headcount or a negative number of answers.

    Notes
    -----
    The smaller of the sampling margin at a share of one half, with finite population correction,
    and half of the part that did not answer, which holds whatever they would have said:

    .. math:: \min\Bigl(100 z \sqrt{\tfrac{1}{4n}\tfrac{N-n}{N-1}},\; 50 (1 - n/N)\Bigr)

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed., Wiley (1977), chapter 3.
    """
    _check_counts(n, headcount)
    if n >= headcount:
        return 0.0
    unanswered = 50 * (1 - n / headcount)
    if n == 0:
        return unanswered
    sampling = 100 * Z * sqrt(0.25 / n * (headcount - n) / (headcount - 1))
    return min(sampling, unanswered)


def precision(margin_points: float) -> Precision:
    """The word for a margin."""
    for largest, word in GRADES:
        if margin_points <= largest:
            return word
    return Precision.NOT_ON_ITS_OWN


def required_answers(headcount: int, margin_points: float = 10.0) -> int:
    r"""Smallest number of answers that brings the margin down to the given points.

    Parameters
    ----------
    headcount : int
        People in the unit, 1 or more.
    margin_points : float
        Wanted margin, more than 0 and at most 50 points.

    Returns
    -------
    int
        0 to `headcount`.

    Notes
    -----
    .. math::
        \min\Bigl(\frac{N n_0}{n_0 + N - 1},\; N (1 - 2e)\Bigr), \quad n_0 = z^2 / (4 e^2)

    both rounded up; e is the margin as a fraction.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed., Wiley (1977), chapter 4.
    """
    _check_counts(0, headcount)
    if not 0 < margin_points <= 50:
        raise DisclosureError(
            "disclosure.margin_out_of_range",
            "A margin of {points} points cannot be asked for; choose one above 0, at most 50.",
            points=margin_points,
        )
    e = margin_points / 100
    n0 = Z**2 * 0.25 / e**2
    sampling = headcount * n0 / (n0 + headcount - 1)
    return min(_rounded_up(sampling), _rounded_up(headcount * (1 - 2 * e)))


def _rounded_up(value: float) -> int:
    # 15 * (1 - 2 * 0.1) is a hair above 12 in binary; it still means 12.
    return ceil(value - 1e-9)


def _check_counts(n: int, headcount: int) -> None:
    if n < 0 or headcount < 1:
        raise DisclosureError(
            "disclosure.no_headcount",
            "A margin needs a headcount of 1 or more and no negative number of answers; "
            "given: {n} answers of {headcount}.",
            n=n,
            headcount=headcount,
        )
