"""Which cells of which statistic are shown, and the partition behind figures between units."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import ScoringRule, same_scores, scores
from baken.analysis.methods.shares import at_risk
from baken.analysis.releases.population import Population
from baken.analysis.tallies.cells import Ints, ScaleCounts
from baken.instruments.definition import Scale
from baken.survey.disclosure.labels import LabelCounts, safe_cells, within
from baken.survey.disclosure.thresholds import threshold
from baken.survey.disclosure.tree import Tree

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
    def answers(self) -> Ints:
        """People per label and score; the lowest and the highest possible one among the scores."""
        return with_ends(self.own, self.values[:1] == 0.0, self.values[-1:] == 100.0)

    @property
    def by_risk(self) -> Ints:
        """People per label who are not at risk, and who are."""
        at_risk_own = self.own[:, self.risky_values].sum(axis=1)
        return np.stack([self.n_own - at_risk_own, at_risk_own], axis=1)

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


def complete_answers(counts: ScaleCounts, rule: ScoringRule) -> Ints:
    """Return people per label and score, of those who answered every item."""
    sums, answered = counts.keys.T
    everything = answered == rule.n_items
    sums = sums[everything]
    return with_ends(
        counts.people[:, everything], sums[:1] == 0, sums[-1:] == rule.step * rule.n_items
    )


def with_ends(people: Ints, has_low: NDArray[np.bool_], has_high: NDArray[np.bool_]) -> Ints:
    """Add the lowest and the highest possible answer where nobody gave it."""
    nobody = np.zeros((len(people), 1), dtype=np.int64)
    low, high = ([] if has.any() else [nobody] for has in (has_low, has_high))
    return np.hstack([*low, people, *high])


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
    whole = population.may_show(scale.key, "shown")
    shown = safe_cells(tree, LabelCounts.of(table.answers, k), k, whole)
    may_show_share = population.may_show(scale.key, "share_shown") & shown
    may_show_rwg = population.may_show(scale.key, "rwg_shown") & shown
    complete = LabelCounts.of(complete_answers(counts, rule), k)
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
    return safe_cells(tree, LabelCounts.of(table.by_risk, k), k, may_show)


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
