"""Reliability of a scale whose items measure one thing unequally well."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_UNIQUENESS = 0.005
"""Bound of the search; a solution at the bound is a Heywood case."""

MOST_STEPS = 500
"""A dozen do, except beside a Heywood case."""


def mcdonald_omega(covariance: Floats) -> float:
    r"""Omega from one common factor, fitted by maximum likelihood, in raw units.

    Parameters
    ----------
    covariance : (n_items, n_items) array
        Covariances of the items, keyed in one direction.

    Returns
    -------
    float
        From 0 to 1. NaN for fewer than three items, an item without variance, items that follow
        from each other, a solution at the edge (Heywood case), or a search that found none: alpha
        alone is printed then.

    Notes
    -----
    With loadings :math:`\lambda_i` and uniquenesses :math:`\psi_i` in the units of the items,

    .. math:: \omega = \frac{(\sum \lambda_i)^2}{(\sum \lambda_i)^2 + \sum \psi_i}

    The likelihood is concentrated over the loadings: for given uniquenesses they follow from the
    first eigenvector of the rescaled correlations.

    References
    ----------
    .. [1] R. P. McDonald, Test Theory (1999), equation 6.20.
    .. [2] K. G. Joreskog, Psychometrika 32, 443-482 (1967).
    """
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or not np.all(spread > 0):
        return np.nan
    correlation = covariance / np.outer(spread, spread)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        return np.nan
    start = np.clip((1 - 0.5 / len(covariance)) / np.diag(np.linalg.inv(correlation)), 0.01, 0.99)
    unique = _uniquenesses(correlation, start)
    if not np.all(unique > LEAST_UNIQUENESS * 1.0001):
        return np.nan
    common = float((_loadings(unique, correlation) * spread).sum() ** 2)
    return common / (common + float((unique * spread**2).sum()))


def _uniquenesses(correlation: Floats, start: Floats) -> Floats:
    r"""Return the uniquenesses of the best factor, none below the least; NaN when not found.

    Newton's method on their logarithms. With the eigenvalues :math:`\theta_m` and eigenvectors
    :math:`w_m` of the rescaled correlations, the largest left out, the misfit is
    :math:`\sum_m \theta_m - \log \theta_m - 1`, its gradient
    :math:`\sum_m (1 - \theta_m) w_{im}^2`, and its curvature close to
    :math:`(\sum_m w_{im} w_{jm})^2` [2]_.
    """
    least, found = np.log(LEAST_UNIQUENESS), np.log(start)
    for _ in range(MOST_STEPS):
        values, vectors = _factors(np.exp(found), correlation)
        others = vectors[:, :-1]
        gradient = others**2 @ (1 - values[:-1])
        # at the edge a uniqueness that wants to be smaller stays where it is
        free = (found > least) | (gradient < 0)
        curvature = ((others @ others.T) ** 2)[np.ix_(free, free)]
        step = np.zeros_like(found)
        step[free] = np.clip(np.linalg.lstsq(curvature, gradient[free])[0], -1, 1)
        before, found = found, np.clip(found - step, least, 0.0)
        if np.abs(found - before).max() < 1e-10:
            unique: Floats = np.exp(found)
            return unique
    return np.full_like(found, np.nan)


def _factors(unique: Floats, correlation: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues, ascending, and eigenvectors of the rescaled correlations."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    return values, vectors


def _loadings(unique: Floats, correlation: Floats) -> Floats:
    values, vectors = _factors(unique, correlation)
    loadings: Floats = np.sqrt(unique * max(float(values[-1]) - 1, 0.0)) * vectors[:, -1]
    return loadings
