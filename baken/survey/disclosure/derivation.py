r"""What follows from any published sums by adding and subtracting, whatever their form.

A set of people can be worked out exactly when its 0/1 indicator is a linear combination of the
indicators of the published sums. People whom no sum tells apart are one group; when every such
group is safe, everything is, since a reader reaches unions of groups only (the *atom rule*: quick,
and stricter than needed). Otherwise an integer programme looks for a counterexample,

.. math:: A^\top y = x, \quad x \in \{0, 1\}^m, \quad y \in \mathbb{R}^p,

where row j of A says who is in sum j, x is the set of people and y how often each sum is taken:
with 1 to k - 1 people, or with everybody (or everybody but one) at a telling value. When it has no
solution there is no such set, of any number of groups.

Most programmes need not be run. What follows and leaves out everybody who cannot be in the set is a
linear space of some dimension d; d of the groups decide about all others, so that each of the 2^d
ways to take these in or leave them out gives one candidate. Only where these are too many is there
a programme.

References
----------
.. [1] A. Hundepool et al., Statistical Disclosure Control, Wiley (2012), chapter 4: what an
   attacker works out from the linear relations of a table.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from .leaks import Key, Leak, leak_of
from .patterns import Patterns, patterns
from .plan import Cell
from .thresholds import is_safe

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Range = tuple[Ints, float, float]
"""Weights per group, and between which limits their sum over the set lies."""

MOST_NODES = 100_000
"""Branches of one integer programme; counted instead of timed, so every machine decides alike."""

MOST_SUMS = 1_000
"""Published sums up to which their rank is worked out; with more, nothing is promised."""

MOST_DECIDING = 12
"""Deciding groups up to which all ways of taking them are tried, without a programme."""

TOLERANCE = 1e-7
"""Eigenvalues and differences below this are rounding."""

_SOLVED, _IMPOSSIBLE = 0, 2


def find_leak(
    people: Mapping[Key, Cell],
    published: Iterable[Collection[Hashable]],
    k: int,
    *,
    hides_few: bool = False,
    most_nodes: int = MOST_NODES,
) -> Leak | None:
    """Find a group that follows from the published sums and is not safe.

    Parameters
    ----------
    people : Mapping to Cell
        Everybody, by the finest description a reader may know them by.
    published : iterable of collections of keys
        Who is in each published sum.
    k : int
        Minimum group of this statistic.
    hides_few : bool
        It is known already that nothing about fewer than k people follows.
    most_nodes : int
        Where the search gives up.

    Returns
    -------
    Leak or None
        None: nothing about fewer than k people follows, nor what the members of a group all
        answered. A search that gave up is a leak of the kind `undecided`.
    """
    found = patterns(people, published)
    if all(is_safe(cell.n, cell.apart, k) for cell in found.cells):
        return None
    if found.n_sums > MOST_SUMS:
        return Leak("undecided", frozenset(), 0)
    for ranges, allowed in _programmes(found, k, hides_few=hides_few):
        status, chosen = _searched(found, ranges, allowed, most_nodes)
        if status not in (_SOLVED, _IMPOSSIBLE):
            return Leak("undecided", frozenset(), 0)
        if status == _SOLVED:
            members = (key for place in chosen for key in found.keys[place])
            return leak_of(members, people, k)
    return None


def _programmes(
    found: Patterns[Key], k: int, *, hides_few: bool
) -> Iterable[tuple[Sequence[Range], NDArray[np.bool_]]]:
    """Return what a leak can look like: limits on sums over the set, and who can be in it."""
    n = found.n
    if not hides_few:
        yield [(n, 1, k - 1)], n < k
    for apart in found.apart:
        yield [(n, k, np.inf)], apart == 0
        yield [(n, k, 2 * k - 1), (apart, 0, 1)], apart <= 1


def _searched(
    found: Patterns[Key], ranges: Sequence[Range], allowed: NDArray[np.bool_], most_nodes: int
) -> tuple[int, list[int]]:
    """Return how the search ended and, when there is a set, the groups in it."""
    by_deciding = _by_deciding(found, allowed)
    if by_deciding.shape[1] > MOST_DECIDING:
        return _solve(found, ranges, allowed, most_nodes)
    there = np.flatnonzero(allowed)
    for taken in _candidates(by_deciding).T:
        chosen = there[taken]
        if all(low <= weights[chosen].sum() <= top for weights, low, top in ranges):
            return _SOLVED, chosen.tolist()
    return _IMPOSSIBLE, []


def _by_deciding(found: Patterns[Key], allowed: NDArray[np.bool_]) -> Floats:
    """Return how the groups that can be in a set depend on the d that decide about the others.

    A (n_allowed, d) table: a row of a deciding group has a single 1. Eigenvalues of overlaps are
    those of whole numbers: far above the tolerance, or zero but for rounding far below it.
    """
    matrix = found.matrix.toarray()
    outside = matrix[~allowed]
    size, directions = np.linalg.eigh(outside.T @ outside)
    inside: Floats = matrix[allowed] @ directions[:, size < TOLERANCE]
    if not inside.size:
        return np.zeros((len(inside), 0))
    triangle, order = scipy.linalg.qr(inside.T, mode="r", pivoting=True)
    d = int((np.abs(np.diag(triangle)) > np.sqrt(TOLERANCE)).sum())
    by_deciding: Floats = np.zeros((len(inside), d))
    by_deciding[order] = scipy.linalg.solve_triangular(triangle[:d, :d], triangle[:d]).T
    return by_deciding


def _candidates(by_deciding: Floats) -> NDArray[np.bool_]:
    """Return every set that the deciding groups allow, as (n_allowed, n_sets), never nobody."""
    d = by_deciding.shape[1]
    taken = (np.arange(1, 1 << d) >> np.arange(d)[:, None]) & 1
    amount = by_deciding @ taken
    whole = (np.abs(amount - (amount > 0.5)) < TOLERANCE).all(axis=0)
    sets: NDArray[np.bool_] = amount[:, whole] > 0.5
    return sets


def _solve(
    found: Patterns[Key], ranges: Sequence[Range], allowed: NDArray[np.bool_], most_nodes: int
) -> tuple[int, list[int]]:
    """Return how the search ended and, when it found a set, the groups in it."""
    n_groups, n_sums = len(found.cells), found.n_sums
    nothing = np.zeros(n_sums)
    follows = scipy.sparse.hstack([found.matrix, -scipy.sparse.csr_array(np.eye(n_groups))])
    limits = np.array([np.concatenate([nothing, weights]) for weights, _, _ in ranges])
    end = scipy.optimize.milp(
        np.concatenate([nothing, found.n]),
        integrality=np.concatenate([nothing, np.ones(n_groups)]),
        bounds=scipy.optimize.Bounds(
            np.concatenate([np.full(n_sums, -np.inf), np.zeros(n_groups)]),
            np.concatenate([np.full(n_sums, np.inf), allowed]),
        ),
        constraints=[
            scipy.optimize.LinearConstraint(follows, 0, 0),
            scipy.optimize.LinearConstraint(
                limits, [low for _, low, _ in ranges], [top for _, _, top in ranges]
            ),
        ],
        options={"node_limit": most_nodes},
    )
    chosen = [] if end.x is None else np.flatnonzero(end.x[n_sums:] > 0.5).tolist()
    return int(end.status), chosen
