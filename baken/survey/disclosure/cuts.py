r"""Two ways of dividing the same people, both published: what follows from them together.

Units divide the organisation, and so does a background question. Every part of either is known. A
reader adds and subtracts parts of both, so every group that can be reached counts each person
p(part in the first) - q(part in the second) times, and that number is 0 or 1.

Draw an edge for every pair of parts with people in it. On each piece that hangs together p and q
are whole numbers apart, and at every threshold t the parts with a number of at least t form a set T
that no edge enters backwards: if the second part of an edge is in T, so is the first. The edges
with the first part in T and the second outside are a *directed cut*; the group is the union of
these cuts, one per threshold. A cut by itself can be reached too (take the parts of T of the second
division away from those of the first). So everything that can be reached is safe exactly when every
directed cut is: a union of safe groups is safe.

References
----------
.. [1] D. Gusfield, SIAM J. Comput. 17, 552-571 (1988): two-way tables as graphs.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from .leaks import Leak, leak_of
from .plan import Cell

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pair = tuple[Hashable, Hashable]

MOST_SETS = 12
"""Up to this many parts on one side of a piece, all sets of them are looked at."""

_UNCUTTABLE = 2**30


@dataclass(frozen=True, slots=True)
class Piece:
    """Parts that hang together: one entry per pair with people in it.

    `first` and `second` number the parts from 0; `counts` is an (n_pairs, 1 + n_telling) array of
    people and of those apart from each telling value.
    """

    pairs: tuple[Pair, ...]
    first: Ints
    second: Ints
    counts: Ints

    @property
    def turned(self) -> "Piece":
        """The same with the two divisions exchanged; the same groups can be reached."""
        return Piece(self.pairs, self.second, self.first, self.counts)


def find_leak(table: Mapping[Pair, Cell], k: int) -> Leak | None:
    """Find a group that follows from two divisions of the same people and is not safe.

    Parameters
    ----------
    table : Mapping of (part of the first, part of the second) to Cell
        The people in both parts. Every part of both divisions is taken to be published.
    k : int
        Minimum group of this statistic.

    Returns
    -------
    Leak or None
        Its keys are pairs. None: nothing about fewer than k people follows, nor what the members
        of a group all answered.
    """
    cells = {pair: cell for pair, cell in table.items() if cell.n}
    for piece in _pieces(cells):
        few = min(_n_parts(piece.first), _n_parts(piece.second)) <= MOST_SETS
        cut = unsafe_by_sets(piece, k) if few else unsafe_by_flows(piece, k)
        if cut is not None:
            return leak_of((piece.pairs[place] for place in np.flatnonzero(cut)), cells, k)
    return None


def unsafe_by_sets(piece: Piece, k: int) -> Bools | None:
    """Look at every set of parts of the shorter side.

    For a set J of second parts the smallest cut takes the first parts that touch J, and of these
    the people outside J: somebody, since the piece hangs together. Any other cut with the same J
    adds whole first parts.
    """
    if _n_parts(piece.second) > _n_parts(piece.first):
        piece = piece.turned
    touches = np.zeros(_n_parts(piece.first), dtype=np.int64)
    np.bitwise_or.at(touches, piece.first, 1 << piece.second)
    for part in range(len(touches)):
        alone: Bools = piece.first == part
        if _is_unsafe(piece, alone, k):
            return alone
    reach, bit = touches[piece.first], 1 << piece.second
    for chosen in range(1, (1 << _n_parts(piece.second)) - 1):
        cut: Bools = ((reach & chosen) != 0) & ((bit & chosen) == 0)
        if _is_unsafe(piece, cut, k):
            return cut
    return None


def unsafe_by_flows(piece: Piece, k: int) -> Bools | None:
    """Find for every small pair the smallest cut through it, as a largest flow.

    The weight of a cut is the number of people, or of those apart from a telling value; weights
    are clipped where more does not matter.
    """
    n, *telling = piece.counts.T
    for edge in np.flatnonzero(n < k):
        weight, cut = _smallest_cut(piece, np.minimum(n, k), int(edge))
        if weight < k:
            return cut
    for apart in telling:
        for edge in np.flatnonzero(apart <= 1):
            others, cut = _smallest_cut(piece, np.minimum(apart, 2), int(edge))
            if others == 0:
                return cut
            # One person apart gives the others away in a group below 2k: people count second.
            both = 4 * k * np.minimum(apart, 2) + np.minimum(n, 2 * k)
            weight, cut = _smallest_cut(piece, both, int(edge))
            if weight < 6 * k:
                return cut
    return None


def _smallest_cut(piece: Piece, weights: Ints, edge: int) -> tuple[int, Bools]:
    """Return weight and pairs of the smallest directed cut through one pair."""
    n_first = _n_parts(piece.first)
    size = n_first + _n_parts(piece.second)
    ahead, back = piece.first, piece.second + n_first
    capacity = scipy.sparse.csr_array(
        (
            np.concatenate([weights, np.full(len(weights), _UNCUTTABLE)]).astype(np.int32),
            (np.concatenate([ahead, back]), np.concatenate([back, ahead])),
        ),
        shape=(size, size),
    )
    source = int(ahead[edge])
    found = scipy.sparse.csgraph.maximum_flow(capacity, source, int(back[edge]))
    left = scipy.sparse.csr_array(capacity - found.flow)
    left.eliminate_zeros()
    inside = np.zeros(size, dtype=bool)
    inside[scipy.sparse.csgraph.breadth_first_order(left, source, return_predecessors=False)] = True
    return int(found.flow_value), inside[ahead] & ~inside[back]


def _is_unsafe(piece: Piece, cut: Bools, k: int) -> bool:
    n, *apart = piece.counts[cut].sum(axis=0).tolist()
    allowed = 1 if n < 2 * k else 0
    return bool(n < k or any(others <= allowed for others in apart))


def _n_parts(side: Ints) -> int:
    return int(side.max()) + 1


def _pieces(cells: Mapping[Pair, Cell]) -> Iterator[Piece]:
    """Divide the pairs into pieces that have no part in common."""
    pairs = tuple(cells)
    if not pairs:
        return
    first = _numbered([pair[0] for pair in pairs])
    second = _numbered([pair[1] for pair in pairs])
    counts = np.array([(cell.n, *cell.apart) for cell in cells.values()], dtype=np.int64)
    n_first, size = _n_parts(first), _n_parts(first) + _n_parts(second)
    graph = scipy.sparse.csr_array(
        (np.ones(len(pairs)), (first, second + n_first)), shape=(size, size)
    )
    _, piece_of = scipy.sparse.csgraph.connected_components(graph, directed=False)
    home = piece_of[first]
    order = np.argsort(home, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(home[order])) + 1):
        yield Piece(
            tuple(pairs[place] for place in places),
            np.unique(first[places], return_inverse=True)[1],
            np.unique(second[places], return_inverse=True)[1],
            counts[places],
        )


def _numbered(parts: list[Hashable]) -> Ints:
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(part, len(places)) for part in parts], dtype=np.int64)
