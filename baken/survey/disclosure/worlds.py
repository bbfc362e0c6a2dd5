r"""Whether the answers of a hidden group could have been other ones with the same figures.

The strongest reader tries every answer sheet: whole people with one of the possible answers each,
so that all published cells keep their number, sum and sum of squares, and with them every mean,
spread, test and figure between units. With n(a, v) people of group a who answered v,

.. math:: \sum_{a \in P} \sum_v n_{av} v^q = S_{Pq}\; (q = 1, 2),\quad
    \sum_v n_{av} = n_a,\quad n_{av} \in \mathbb{N},

for every published cell P. A hidden group is open when its sum is not the same in all solutions.
The true answers are one. Most others are close by: two people of the same classes as two others,
only crossed, change answers with them, and no cell changes. What that does not open is left to
integer programmes, and every solution that is met opens many groups at once.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import chain

import numpy as np
import scipy
from numpy.typing import NDArray

from .answers import Answers
from .exchanges import GAINS, a_few_of_each, exchanges
from .leaks import Key, Leak
from .patterns import Patterns, patterns, small_sets
from .thresholds import is_safe

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NODES = 1_000
"""Branches of one integer programme; counted instead of timed, so every machine decides alike."""

MOST_SEARCHED = 1_000
"""Groups times the square of values up to which integer programmes are run: they take long where a
few people have many values. In larger tables a group that no exchange opens counts as determined.
"""

ENOUGH = 3
"""Exchanges of one group that are looked for: they open it, and nearly all sets it is in."""

MOST_UNKNOWNS = 500
"""Groups times values up to which this is looked at; more people leave more room."""


def find_determined(
    answers: Answers[Key],
    published: Iterable[Collection[Hashable]],
    k: int,
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
    values = np.array(answers.values)
    met = list(_exchanged(found, true))
    for groups in chain([_alike(found, k)], small_sets(found.n, k)):
        closed = _still_closed(groups, met)
        while len(closed):
            other = None
            if true.size * len(values) <= MOST_SEARCHED:
                other = _other_world(found, true, values, closed[0])
            if other is None:
                keys = frozenset(key for place in closed[0] for key in found.keys[place])
                return Leak("near", keys, int(found.n[closed[0]].sum()))
            met.append(other)
            closed = _still_closed(closed, [other])
    return None


def _still_closed(groups: Ints, worlds: Iterable[Floats]) -> Ints:
    """Return the sets whose sum is the true one in all worlds; (n_sets, size) arrays.

    A world is given by how much the sum of each group differs from the true one.
    """
    for off in worlds:
        groups = groups[np.abs(off[groups].sum(axis=1)) < 1e-6]
    return groups


def _exchanged(found: Patterns[Key], true: Ints) -> Iterator[Floats]:
    """Return worlds in which two people of one answer and two of another changed places.

    When one of p and one of q have one answer, and one of r and one of s another, they may have had
    each other's (`exchanges`).
    """
    moves = exchanges(found)
    gave = true > 0
    here, there = (gave[moves[:, at]] & gave[moves[:, at + 1]] for at in (0, 2))
    low, high = here.argmax(axis=1), true.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    possible = here.any(axis=1) & there.any(axis=1) & (low != high)
    for move in a_few_of_each(moves[possible], ENOUGH):
        # how much the two answers differ does not matter here, only that they do
        off = np.zeros(len(true))
        off[move] = GAINS
        yield off


def _alike(found: Patterns[Key], k: int) -> Ints:
    """Return the groups of k people or more who agree: with one mean, each of them is known."""
    agree = [cell.n >= k and not is_safe(cell.n, cell.apart, k) for cell in found.cells]
    return np.flatnonzero(agree)[:, None]


def _other_world(found: Patterns[Key], true: Ints, values: Floats, group: Ints) -> Floats | None:
    """Return how the sums of all groups differ in a world where that of one set is another."""
    n_groups, n_values = true.shape
    least = np.diff(values).min()
    steps = (values - values[0]) / least
    per_cell = scipy.sparse.kron(found.matrix.T, np.stack([steps, steps**2]))
    per_group = scipy.sparse.kron(scipy.sparse.csr_array(np.eye(n_groups)), np.ones((1, n_values)))
    fixed = scipy.sparse.vstack([per_cell, per_group], format="csr")
    known = fixed @ true.ravel()
    chosen = np.zeros(true.shape)
    chosen[group] = steps
    total = float((chosen * true).sum())
    for low, high in ((total + 0.5, np.inf), (-np.inf, total - 0.5)):
        end = scipy.optimize.milp(
            np.zeros(true.size),
            integrality=np.ones(true.size, dtype=np.int64),
            bounds=scipy.optimize.Bounds(0, np.repeat(found.n, n_values)),
            constraints=[
                scipy.optimize.LinearConstraint(fixed, known, known),
                scipy.optimize.LinearConstraint(chosen.ravel()[None, :], low, high),
            ],
            options={"node_limit": MOST_NODES},
        )
        if end.x is not None:
            off: Floats = (np.round(end.x).reshape(true.shape) - true) @ values
            return off
    return None
