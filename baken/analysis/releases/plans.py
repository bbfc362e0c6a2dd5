"""Which cells of which statistic are shown, and the partition behind figures between units."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import ScoringRule, same_scores, scores
from baken.analysis.methods.shares import at_risk
from baken.analysis.releases.population import Population, within
from baken.analysis.tallies.cells import Ints, ScaleCounts
from baken.instruments.definition import Scale
from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.thresholds import is_safe, threshold
from baken.survey.disclosure.tree import ROOT, Tree

Floats = NDArray[np.float64]
Groups = tuple[tuple[int, ...], ...]
"""A partition: the lines of the tree in each group."""


@dataclass(frozen=True, slots=True, eq=False)
class ScaleTable:
    """How many people have which score, per node of the tree.

    Attributes
    ----------
    values : (n_values,) array
        Different scores, ascending, from 0 to 100.
    own, within : (n_nodes, n_values) arrays
        People of the label; of the node and everything below.
    risky : (n_values,) array or None
        Which scores are at risk; None when the scale has no cut-off.
    """

    values: Floats
    own: Ints
    within: Ints
    risky: NDArray[np.bool_] | None

    @property
    def n_own(self) -> Ints:
        """Valid answers per label."""
        counted: Ints = self.own.sum(axis=1)
        return counted

    @property
    def n(self) -> Ints:
        """Valid answers per node."""
        counted: Ints = self.within.sum(axis=1)
        return counted

    @property
    def apart(self) -> tuple[Ints, Ints]:
        """Per label, how many do not have the lowest and how many not the highest score."""
        lowest, highest = (self.own[:, self.values == end].sum(axis=1) for end in (0.0, 100.0))
        return self.n_own - lowest, self.n_own - highest

    @property
    def apart_by_risk(self) -> tuple[Ints, Ints]:
        """Per label, how many are not at risk and how many are."""
        at_risk_own = self.own[:, self.risky_values].sum(axis=1)
        return self.n_own - at_risk_own, at_risk_own

    @property
    def risky_values(self) -> NDArray[np.bool_]:
        """Which scores are at risk; none without a cut-off."""
        return np.zeros(len(self.values), dtype=bool) if self.risky is None else self.risky


@dataclass(frozen=True, slots=True, eq=False)
class ScalePlan:
    """What is released about one scale.

    Attributes
    ----------
    k : int
        Fewest valid answers of a cell.
    shown, share_shown : (n_nodes,) arrays
        Lines of the tree whose figures, and whose share at risk, are shown. A share that nobody or
        everybody has, or that follows from other shares, tells what each member answered.
    rwg_shown : (n_nodes,) array
        Lines whose agreement is shown; it is about people who answered every item, and tells
        what they said when all of them are at one end.
    groups : tuple[tuple[int, ...], ...]
        The released partition, as lines of the tree.
    """

    k: int
    shown: NDArray[np.bool_]
    share_shown: NDArray[np.bool_]
    rwg_shown: NDArray[np.bool_]
    groups: Groups

    def people(self, own: Ints) -> Ints:
        """Add the lines of each group: (n_groups, ...) array."""
        if not self.groups:
            return np.zeros((0, *own.shape[1:]), dtype=np.int64)
        starts = np.cumsum([0, *map(len, self.groups)])[:-1]
        lines = np.fromiter(chain.from_iterable(self.groups), dtype=np.intp)
        summed: Ints = np.add.reduceat(own[lines], starts, axis=0)
        return summed


def scale_table(
    counts: ScaleCounts, rule: ScoringRule, scale: Scale, tree: Tree | None = None
) -> ScaleTable:
    """Lay the histogram of a scale out by score; equal scores stand together.

    Without a tree the lines are cells beside each other, and `within` is `own`.
    """
    rank, n_values = same_scores(counts.keys[:, 0], counts.keys[:, 1])
    values = np.zeros(n_values)
    values[rank] = scores(counts.keys[:, 0], counts.keys[:, 1], rule)
    own = np.zeros((len(counts.people), n_values), dtype=np.int64)
    np.add.at(own.T, rank, counts.people.T)
    risky = None
    if scale.cutoff is not None:
        risky = at_risk(values, scale.cutoff.value, scale.cutoff.operator)
    return ScaleTable(values, own, within(tree, own) if tree else own, risky)


def complete_apart(counts: ScaleCounts, rule: ScoringRule) -> tuple[Ints, Ints]:
    """Per label, of those who answered every item: how many are not at the lowest and highest."""
    sums, answered = counts.keys.T
    everything = answered == rule.n_items
    not_lowest = counts.people[:, everything & (sums > 0)].sum(axis=1)
    not_highest = counts.people[:, everything & (sums < rule.step * answered)].sum(axis=1)
    return not_lowest, not_highest


def protected_plan(
    population: Population,
    table: ScaleTable,
    counts: ScaleCounts,
    rule: ScoringRule,
    scale: Scale,
    *,
    min_group: int,
) -> ScalePlan:
    """Find the largest release that tells nothing about fewer than k people."""
    k = threshold(min_group, scale.min_group)
    tree = population.tree
    cells = LabelCounts(table.n_own, table.apart)
    whole = population.may_show(scale.key, "shown")
    shown = safe_cells(tree, cells, k, whole)
    may_show_share = population.may_show(scale.key, "share_shown") & shown
    may_show_rwg = population.may_show(scale.key, "rwg_shown") & shown
    complete = LabelCounts(counts.complete, complete_apart(counts, rule))
    return ScalePlan(
        k=k,
        shown=_lines(tree, shown),
        share_shown=_lines(tree, _share_plan(tree, table, k, may_show_share)),
        rwg_shown=_lines(tree, safe_cells(tree, complete, k, may_show_rwg)),
        groups=partition(population, table.n_own, shown),
    )


def open_plan(population: Population, table: ScaleTable) -> ScalePlan:
    """Show everything that has an answer; every label is a group."""
    shown = table.n > 0
    first = 1 if population.root_is_loose else 0
    groups = tuple((line,) for line in range(first, len(shown)) if table.n_own[line])
    share_shown = shown & (table.risky is not None)
    return ScalePlan(1, shown, share_shown, shown, groups)


def _share_plan(tree: Tree, table: ScaleTable, k: int, may_show: frozenset[str]) -> frozenset[str]:
    """Find where the share at risk may stand, among the cells whose figures are shown."""
    if table.risky is None:
        return frozenset()
    return safe_cells(tree, LabelCounts(table.n_own, table.apart_by_risk), k, may_show)


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
    """Return the cells of the largest safe release.

    When every label that has answers is safe by itself, so is every union of labels: all cells
    that may be shown are. Only otherwise something has to be given up, and the search begins.
    """
    n_within = within(tree, labels.n)
    if n_within[0] and labels.are_safe(k):
        filled = (key for key, n in zip(tree.keys, n_within.tolist(), strict=True) if n)
        return may_show.intersection(filled) | {ROOT}
    return release_plan(tree, labels.cells(tree), k, whole=may_show).shown


def partition(population: Population, n_own: Ints, shown: frozenset[str]) -> Groups:
    """Return, for every shown cell, the labels in it that lie in no shown cell below it.

    People without a unit are left out when they are all of the root's part.
    """
    tree = population.tree
    held: dict[str, list[int]] = {key: [] for key in tree.keys if key in shown}
    nearest = tree.nearest(shown)
    for line in np.flatnonzero(n_own).tolist() if shown else ():
        held[nearest[tree.keys[line]]].append(line)
    groups = tuple(tuple(lines) for lines in held.values() if lines)
    return tuple(lines for lines in groups if not (population.root_is_loose and lines == (0,)))


def _lines(tree: Tree, keys: frozenset[str]) -> NDArray[np.bool_]:
    return np.array([key in keys for key in tree.keys])
