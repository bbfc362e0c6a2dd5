"""Mean and spread of several organisations taken together, from the figures of each."""

from dataclasses import dataclass

import numpy as np

from baken.analysis.methods.moments import Moments


@dataclass(frozen=True, slots=True)
class Pooled:
    """Several organisations as one population, 0-100.

    Attributes
    ----------
    organisations, n : int
        Organisations, and people in them.
    mean, sd : float
        Of all people, whatever organisation they are in.
    within : float
        Spread of people around the mean of their own organisation.
    between : float
        Spread of the means of organisations around the mean of all, each weighing as many people
        as it has.
    """

    organisations: int
    n: int
    mean: float
    sd: float
    within: float
    between: float


def pooled(organisations: Moments) -> Pooled:
    r"""Mean, spread within and spread between of organisations taken together.

    Parameters
    ----------
    organisations : Moments
        One entry per organisation, at least one; each has two answers or more.

    Returns
    -------
    Pooled
        The mean lies within those of the organisations; mean and `sd` are those of all people in
        one file.

    Notes
    -----
    .. math:: M = \frac{\sum_o n_o m_o}{N}, \quad
       W = \sum_o (n_o - 1) s_o^2, \quad B = \sum_o n_o (m_o - M)^2,

    .. math:: s^2 = \frac{W + B}{N - 1}, \quad s_{within}^2 = \frac{W}{N - K}, \quad
       s_{between}^2 = \frac{B}{N}

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, Am. Stat. 37, 242-247 (1983).
    """
    n, means = organisations.n, organisations.mean
    people = int(n.sum())
    mean = float(np.clip(n @ means / people, means.min(), means.max()))
    inside = float((n - 1) @ organisations.sd**2)
    apart = float(n @ (means - mean) ** 2)
    return Pooled(
        organisations=len(n),
        n=people,
        mean=mean,
        sd=float(np.sqrt((inside + apart) / (people - 1))),
        within=float(np.sqrt(inside / (people - len(n)))),
        between=float(np.sqrt(apart / people)),
    )
