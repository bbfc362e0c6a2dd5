"""Reliability of a scale whose items measure one thing unequally well."""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]

LEAST_UNIQUENESS = 0.005
"""Bound of the search; a solution at the bound is a Heywood case."""


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
        from each other, or a solution at the edge (Heywood case): alpha alone is printed then.

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
    found = optimize.minimize(
        _misfit,
        start,
        args=(correlation,),
        jac=True,
        method="SLSQP",
        bounds=[(LEAST_UNIQUENESS, 1.0)] * len(start),
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    unique: Floats = found.x
    if np.any(unique <= LEAST_UNIQUENESS * 1.0001):
        return np.nan
    common = float((_loadings(unique, correlation) * spread).sum() ** 2)
    return common / (common + float((unique * spread**2).sum()))


def _misfit(unique: Floats, correlation: Floats) -> tuple[float, Floats]:
    """Return the discrepancy of the best loadings for these uniquenesses, and its gradient."""
    root = np.sqrt(unique)
    others = np.linalg.eigvalsh(correlation / np.outer(root, root))[:-1]
    loadings = _loadings(unique, correlation)
    error = np.outer(loadings, loadings) + np.diag(unique) - correlation
    return float((others - np.log(others) - 1).sum()), np.diag(error) / unique**2


def _loadings(unique: Floats, correlation: Floats) -> Floats:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings: Floats = root * vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0.0))
    return loadings
