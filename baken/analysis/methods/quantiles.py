"""Quantiles and tails of the distributions that intervals and tests rest on.

They come from `scipy.special`: the same digits as `scipy.stats`, which takes a second to load. What
is asked of `scipy` by its full name is loaded at the first question, so that a command or a worker
which counts nothing does not wait for it.
"""

from statistics import NormalDist
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def t_quantile(p: float, df: float | Floats) -> Any:
    """Value below which a share `p` of Student's t lies; NaN where `df` is not above 0."""
    return scipy.special.stdtrit(df, p)


def t_both_tails(t: float | Floats, df: float | Floats) -> Any:
    """Probability that Student's t is at least as far from 0 as `t`."""
    return 2 * scipy.special.stdtr(df, -np.abs(t))


def normal_quantile(p: float) -> float:
    """Value below which a share `p` of the standard normal distribution lies."""
    return NormalDist().inv_cdf(p)


def normal_tail(z: float | Floats) -> Any:
    """Probability that a standard normal value is above `z`."""
    return scipy.special.ndtr(-np.asarray(z))


def chi2_quantile(p: float, df: float) -> float:
    """Value below which a share `p` of the chi-square distribution lies."""
    return float(2 * scipy.special.gammaincinv(df / 2, p))


def chi2_tail(x: float, df: float) -> float:
    """Probability that a chi-square value is at least `x`."""
    return float(scipy.special.chdtrc(df, x))


def f_quantile(p: float, df1: float, df2: float) -> float:
    """Value below which a share `p` of the F distribution lies; NaN where a `df` is 0."""
    return float(scipy.special.fdtri(df1, df2, p))


def beta_quantile(p: float, a: float, b: float) -> float:
    """Value below which a share `p` of the beta distribution lies."""
    return float(scipy.special.betaincinv(a, b, p))
