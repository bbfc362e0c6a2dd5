"""Share of people at risk in a unit of known size."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.means import LEVEL, Interval
from baken.analysis.methods.quantiles import normal_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Z = normal_quantile((1 + LEVEL) / 2)


def at_risk(scores: Floats, cut_off: float, operator: Literal[">=", "<"]) -> NDArray[np.bool_]:
    r"""Which scores lie in the zone of risk.

    Parameters
    ----------
    scores : array
        Scores from 0 to 100.
    cut_off : float
        On the same range.
    operator : {">=", "<"}
        `>=` when a high score is a risk, `<` when it is a resource.

    Returns
    -------
    array of bool
        Of the same shape.

    Notes
    -----
    .. math:: y \ge c \quad\text{or}\quad y < c

    References
    ----------
    .. [1] W. B. Schaufeli et al., Scand J Work Environ Health 49, 293-302 (2023).
    """
    return scores >= cut_off if operator == ">=" else scores < cut_off


def effective_n(n: Ints, headcount: Floats) -> Floats:
    r"""Size of the simple random sample that would be as precise.

    Parameters
    ----------
    n : (n_groups,) array
        Valid answers.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    (n_groups,) array
        At least n; infinite when everybody answered; n when the headcount is unknown or below n.

    Notes
    -----
    .. math:: n^* = n \frac{N-1}{N-n}

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed. (1977), equation 3.8.
    """
    usable = (headcount > 0) & (n <= headcount)
    complete = usable & (n == headcount)
    silent = np.where(usable & ~complete, headcount - n, 1.0)
    effective = np.where(usable, n * (headcount - 1) / silent, n)
    return np.where(complete, np.inf, effective)


def share_interval(n_at_risk: Ints, n: Ints, headcount: Floats) -> Interval:
    r"""Wilson interval for a share in a finite group, cut off at what is possible.

    Parameters
    ----------
    n_at_risk : (n_groups,) array
        People in the zone of risk.
    n : (n_groups,) array
        Valid answers.
    headcount : (n_groups,) array
        People in each group; NaN or 0 when unknown.

    Returns
    -------
    Interval
        Fractions from 0 to 1; NaN when nobody answered.

    Notes
    -----
    .. math:: \frac{p + z^2/(2n^*)}{1 + z^2/n^*} \mp \frac{z}{1 + z^2/n^*}
       \sqrt{\frac{p(1-p)}{n^*} + \frac{z^2}{4 n^{*2}}}

    with the size of `effective_n`, then within :math:`[x/N, (x+N-n)/N]`.

    References
    ----------
    .. [1] E. B. Wilson, J. Am. Stat. Assoc. 22, 209-212 (1927).
    .. [2] L. D. Brown, T. T. Cai and A. DasGupta, Stat. Sci. 16, 101-133 (2001), equation 4.
    """
    answered = n > 0
    p = np.where(answered, n_at_risk / np.where(answered, n, 1), np.nan)
    inverse = 1.0 / np.where(answered, effective_n(n, headcount), 1.0)
    stretch = 1.0 + Z**2 * inverse
    centre = (p + Z**2 * inverse / 2) / stretch
    half = Z / stretch * np.sqrt(p * (1 - p) * inverse + Z**2 * inverse**2 / 4)
    usable = (headcount > 0) & (n <= headcount)
    size = np.where(usable, headcount, 1.0)
    possible = Interval(
        np.where(usable, n_at_risk / size, 0.0),
        np.where(usable, (n_at_risk + size - n) / size, 1.0),
    )
    return Interval(centre - half, centre + half).within(possible)
