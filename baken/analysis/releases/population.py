"""The counts laid out along the unit tree: labels merged, units added up, headcounts beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from baken.analysis.tallies.cells import Cells, Ints
from baken.analysis.tallies.tally import Tally
from baken.survey.disclosure.labels import within
from baken.survey.disclosure.merging import Merging
from baken.survey.disclosure.tree import NO_UNIT, Tree

Floats = NDArray[np.float64]
Kind = Literal["shown", "share_shown", "rwg_shown"]


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Who answered, in tree order: line 0 is the organisation, then every unit.

    Attributes
    ----------
    tree : Tree
        Units of the campaign.
    cells : Cells
        One line per node: the people who carry exactly that label.
    n : (n_nodes,) array
        People who answered in the node and everything below it.
    own_headcount, headcount : (n_nodes,) arrays
        People who carry the label; people in the node and everything below. NaN when unknown.
    whole : frozenset[str]
        Units that may be cells.
    merging : Merging or None
        How labels were merged; None without disclosure control.
    root_is_loose : bool
        The label of the root holds nobody but people without a unit.
    earlier : sequence of plans
        Of earlier releases of the same answers.
    """

    tree: Tree
    cells: Cells
    n: Ints
    own_headcount: Floats
    headcount: Floats
    whole: frozenset[str]
    merging: Merging | None
    root_is_loose: bool
    earlier: Sequence[Mapping[str, Any]] = ()

    def may_show(self, scale: str, kind: Kind) -> frozenset[str]:
        """Return the units that may be cells of a statistic: whole, and shown ever since."""
        return self.whole.intersection(*(plan["scales"][scale][kind] for plan in self.earlier))

    def may_break_down(
        self, unit: str, question: str, statistic: str | None = None, scale: str = ""
    ) -> bool:
        """Whether every earlier release showed the bands of a question in a unit.

        With a statistic: of this scale. Releases made before bands stood in the plan say nothing.
        """
        known = (plan["breakdowns"] for plan in self.earlier if "breakdowns" in plan)
        shown = [plan.get(unit, {}).get(question) for plan in known]
        return all(
            one is not None and (statistic is None or scale in one[statistic]) for one in shown
        )

    def response_rate(self, line: int) -> float:
        """Share of the people who answered, NaN when the headcount is unknown."""
        headcount = float(self.headcount[line])
        return int(self.n[line]) / headcount if headcount > 0 else np.nan


def protected_population(
    tally: Tally, merging: Merging, earlier: Sequence[Mapping[str, Any]] = ()
) -> Population:
    """Lay the counts out with small labels merged, as they were at opening."""
    tree = merging.tree
    own = _own_headcount(tree, tally)
    moved = np.zeros(len(tree.keys))
    place = {key: line for line, key in enumerate(tree.keys)}
    for unit, label in merging.label_of.items():
        moved[place[label]] += own[place[unit]]
    cells = tally.cells.placed(tree.keys, lambda label: merging.label_of[tree.key_of(label)])
    return Population(
        tree=tree,
        cells=cells,
        n=within(tree, cells.rows),
        own_headcount=moved,
        headcount=_headcount_within(tree, moved),
        whole=merging.whole,
        merging=merging,
        root_is_loose=merging.root_is_loose,
        earlier=earlier,
    )


def open_population(tally: Tally, tree: Tree) -> Population:
    """Lay the counts out as they are, for results that are marked as not for release."""
    cells = tally.cells.placed(tree.keys, tree.key_of)
    own = _own_headcount(tree, tally)
    return Population(
        tree=tree,
        cells=cells,
        n=within(tree, cells.rows),
        own_headcount=own,
        headcount=_headcount_within(tree, own),
        whole=frozenset(tree.units),
        merging=None,
        root_is_loose=0 < tally.rows.get(NO_UNIT, 0) == int(cells.rows[0]),
    )


def _own_headcount(tree: Tree, tally: Tally) -> Floats:
    """Return people attached directly, NaN when unknown.

    A department that has units below it and no answers of its own is usually given without a
    number because nobody belongs to it directly.
    """
    own = np.full(len(tree.keys), np.nan)
    answered = {tree.key_of(label) for label, n in tally.rows.items() if n and label != NO_UNIT}
    for line, key in enumerate(tree.keys):
        given = tree.headcount(key)
        if given is not None:
            own[line] = given
        elif tree.children(key) and key not in answered:
            own[line] = 0
    return own


def _headcount_within(tree: Tree, own: Floats) -> Floats:
    unknown = within(tree, np.isnan(own).astype(np.int64))
    known = within(tree, np.nan_to_num(own).astype(np.int64))
    return np.where(unknown > 0, np.nan, known)
