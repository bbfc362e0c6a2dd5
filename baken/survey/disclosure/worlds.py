r"""Whether the answers of a hidden group could have been other ones with the same figures.

The strongest reader tries every answer sheet: whole people with one of the possible answers each,
so that all published cells keep their number, sum and sum of squares, and with them every mean,
spread, test and figure between units. With n(a, v) people of group a who answered v,

.. math:: \sum_{a \in P} \sum_v n_{av} v^q = S_{Pq}\; (q = 1, 2),\quad
    \sum_v n_{av} = n_a,\quad n_{av} \in \mathbb{N},

for every published cell P. A hidden group is open when its sum is not the same in all solutions.
The true answers are one; integer programmes look for others, and every solution that is met opens
many groups at once.
"""

from collections.abc import Collection, Hashable, Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, kron, vstack

from .answers import Answers
from .leaks import Key, Leak
from .patterns import Patterns, patterns, small_sets
from .thresholds import is_safe

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NODES = 10_000
"""Branches of one integer programme; counted instead of timed, so every machine decides alike."""

MOST_UNKNOWNS = 500
"""Groups times values up to which this is looked at; more people leave more room."""


def find_determined(
    answers: Answers[Key],
    published: Iterable[Collection[Hashable]],
    k: int,
    *,
    most_nodes: int = MOST_NODES,
) -> Leak | None:
    """Find a hidden group whose mean no other answers would allow: small, or of one mind.

    Parameters
    ----------
    answers : Answers
        How people answered, by the finest description a reader may know them by.
    published : iterable of collections of keys
        Who is in each published cell.
    k : int
        Minimum group of this statistic.
    most_nodes : int
        Where the search for other answers gives up; the group then counts as determined.

    Returns
    -------
    Leak or None
        Of the kind `near`: the first group of k people or more who all agree, otherwise the first
        of 1 to k - 1 people, smaller ones first.
    """
    found = patterns(answers.cells(k), published)
    true = np.array(
        [np.sum([answers.counts[key] for key in keys], axis=0) for keys in found.keys]
    ).reshape(-1, len(answers.values))
    if true.size > MOST_UNKNOWNS:
        return None
    sums = true @ np.array(answers.values)
    met = [sums]
    for groups in chain([_alike(found, k)], small_sets(found.n, k)):
        for group in groups:
            if all(_is_same(other[group].sum(), sums[group].sum()) for other in met):
                other_sums = _other_worlds(found, true, answers.values, group, most_nodes)
                met += other_sums
                if all(_is_same(other[group].sum(), sums[group].sum()) for other in other_sums):
                    keys = frozenset(key for place in group for key in found.keys[place])
                    return Leak("near", keys, int(found.n[group].sum()))
    return None


def _alike(found: Patterns[Key], k: int) -> Ints:
    """Return the groups of k people or more who agree: with one mean, each of them is known."""
    agree = [cell.n >= k and not is_safe(cell.n, cell.apart, k) for cell in found.cells]
    return np.flatnonzero(agree)[:, None]


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6


def _other_worlds(
    found: Patterns[Key], true: Ints, values: tuple[float, ...], group: Ints, most_nodes: int
) -> list[Floats]:
    """Return the sums of all groups in the worlds where one set has least and most."""
    n_groups, n_values = true.shape
    steps = (np.array(values) - values[0]) / np.diff(values).min()
    per_cell = kron(found.matrix.T, np.stack([steps, steps**2]))
    per_group = kron(csr_array(np.eye(n_groups)), np.ones((1, n_values)))
    fixed = vstack([per_cell, per_group], format="csr")
    known = fixed @ true.ravel()
    weights = np.zeros(true.shape)
    weights[group] = values
    worlds = []
    for sign in (1.0, -1.0):
        end = milp(
            sign * weights.ravel(),
            integrality=np.ones(true.size, dtype=np.int64),
            bounds=Bounds(0, np.repeat(found.n, n_values)),
            constraints=LinearConstraint(fixed, known, known),
            options={"node_limit": most_nodes},
        )
        if end.x is not None:
            worlds.append(np.round(end.x).reshape(true.shape) @ np.array(values))
    return worlds
