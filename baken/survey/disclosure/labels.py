"""All labels of a tree at once: what is safe without a search is found without one.

The plan of a large organisation is asked for once per statistic, and nearly always every label that
has answers is safe by itself. Then so is every union of labels, and nothing has to be given up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .plan import Cell, release_plan
from .telling import telling_values
from .thresholds import is_safe
from .tree import ROOT, Tree

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LabelCounts:
    """What a plan has to know of the labels, in tree order.

    Attributes
    ----------
    n : (n_nodes,) array
        People.
    apart : tuple of such arrays
        How many of them do not have each telling value.
    """

    n: Ints
    apart: tuple[Ints, ...]

    @classmethod
    def of(cls, people: Ints, k: int) -> "LabelCounts":
        """Return what has to be known when so many people of each label gave each value.

        Parameters
        ----------
        people : (n_nodes, n_values) array
            In ascending order of the values, the lowest and the highest possible one among them.
        k : int
            Minimum group of this statistic.
        """
        n: Ints = people.sum(axis=1)
        return cls(n, tuple(n - people[:, value] for value in telling_values(people, k)))

    def are_safe(self, k: int) -> bool:
        """Whether every label that has people is safe by itself; labels alike are asked once."""
        # more people than these make no difference to a rule
        most = np.array([2 * k, *(2 for _ in self.apart)])
        table = np.minimum(np.stack([self.n, *self.apart], axis=1)[self.n > 0], most)
        return all(is_safe(n, tuple(apart), k) for n, *apart in set(map(tuple, table.tolist())))

    def cells(self, tree: Tree) -> dict[str, Cell]:
        """Return them one by one."""
        apart = zip(*(others.tolist() for others in self.apart), strict=True)
        lines = zip(tree.keys, self.n.tolist(), apart, strict=True)
        return {key: Cell(n, others) for key, n, others in lines}


def safe_cells(tree: Tree, labels: LabelCounts, k: int, may_show: frozenset[str]) -> frozenset[str]:
    """Return the cells of the largest safe release among the units that may be shown.

    The same as `release_plan` finds, without a search where every label is safe by itself.
    """
    n_within = within(tree, labels.n)
    if n_within[0] and labels.are_safe(k):
        filled = (key for key, n in zip(tree.keys, n_within.tolist(), strict=True) if n)
        return may_show.intersection(filled) | {ROOT}
    return release_plan(tree, labels.cells(tree), k, whole=may_show).shown


def within(tree: Tree, own: Ints) -> Ints:
    """Return sums over subtrees: in tree order a subtree is one stretch."""
    sums = np.concatenate([np.zeros((1, *own.shape[1:]), dtype=np.int64), np.cumsum(own, axis=0)])
    first = np.arange(len(tree.keys))
    after = first + tree.sizes
    added: Ints = sums[after] - sums[first]
    return added
