"""Random small organisations as Baken would release them, for the attackers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.breakdowns import Breakdown, release_breakdowns
from baken.survey.disclosure.plan import Plan, release_plan
from baken.survey.disclosure.successive import Issue, find_leak_over_time
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference import worlds
from tests.reference.attacker import Group

Ints = NDArray[np.int64]
VALUES = (0.0, 1.0, 2.0)
Kind = tuple[str, str, int]
"""Label, band, and the release in which these people were first counted."""


@dataclass(frozen=True)
class Case:
    """One organisation: who answered what, by kind of people."""

    tree: Tree
    k: int
    kinds: tuple[Kind, ...]
    counts: Ints
    """(n_kinds, n_types), as in `worlds.Worlds`."""
    with_second: bool

    @property
    def by_score(self) -> Ints:
        scores, _ = worlds.types(with_second=self.with_second)
        return self.counts @ (scores[:, None] == worlds.SCORES[None, :]).astype(np.int64)

    @property
    def answers(self) -> Answers[Kind]:
        counts = dict(zip(self.kinds, map(tuple, self.by_score.tolist()), strict=True))
        return Answers(counts, VALUES)

    @property
    def releases(self) -> int:
        return 1 + max(kind[2] for kind in self.kinds)

    def by_label(self, release: int) -> dict[str, tuple[int, ...]]:
        """How many gave each answer, of everybody who was counted in a release."""
        counts = np.zeros((len(self.tree.keys), len(VALUES)), dtype=np.int64)
        for (label, _, first), mine in zip(self.kinds, self.by_score, strict=True):
            counts[self.tree.keys.index(label)] += mine * (first <= release)
        return dict(zip(self.tree.keys, map(tuple, counts.tolist()), strict=True))

    def members(self, unit: str, release: int, band: str | None = None) -> list[int]:
        """A row of 0 and 1: which kinds are in a cell."""
        return [
            int(self.tree.is_within(label, unit) and first <= release and band in (None, mine))
            for label, mine, first in self.kinds
        ]

    def parts(self, labels: tuple[str, ...], release: int) -> list[int]:
        return [int(label in labels and first <= release) for label, _, first in self.kinds]

    @property
    def groups(self) -> dict[Kind, Group]:
        """For the attacker who adds and subtracts: both ends are telling for everybody."""
        n = self.by_score.sum(axis=1)
        apart = n[:, None] - self.by_score[:, [0, -1]]
        return {
            kind: Group(int(n[place]), tuple(apart[place].tolist()))
            for place, kind in enumerate(self.kinds)
        }


@dataclass(frozen=True)
class Released:
    """What is printed of a case: the cells, and the groups behind figures between units."""

    cells: Ints
    units: tuple[Ints, ...]
    """Per release: the shown units."""
    groups: tuple[Ints, ...]
    """Per release: the released partition."""
    breakdowns: tuple[Breakdown, ...] = ()

    def figures(self, case: Case) -> Iterator[worlds.Figure]:
        yield worlds.histogram(self.cells)
        for units, groups in zip(self.units, self.groups, strict=True):
            yield worlds.between(groups)
            yield worlds.tests_and_order(units, groups)
            if case.with_second:
                yield worlds.drivers(groups)


def released(case: Case) -> Released:
    """Release a case as Baken does: units, then breakdowns or late answers, where they are safe."""
    plans: list[Plan] = []
    issues: list[Issue] = []
    for release in range(case.releases):
        counts = case.by_label(release)
        plan = release_plan(case.tree, Answers(counts, VALUES).cells(case.k), case.k)
        tried = [*issues, Issue(counts, plan.shown)]
        if find_leak_over_time(case.tree, tried, VALUES, case.k) is None:
            plans.append(plan)
            issues = tried
        else:
            plans.append(Plan(frozenset(), {}, ()))
    kept: tuple[Breakdown, ...] = ()
    if any(band for _, band, _ in case.kinds):
        counted = case.answers.counts
        people = Answers({kind[:2]: counts for kind, counts in counted.items()}, VALUES)
        kept = release_breakdowns(case.tree, people, plans[0].shown, case.k)
    return printed(case, plans, kept)


def printed(case: Case, plans: list[Plan], kept: tuple[Breakdown, ...] = ()) -> Released:
    """Lay out what is printed as rows of who is in it."""
    width = len(case.kinds)
    units = [
        _rows([case.members(unit, at) for unit in sorted(plan.shown)], width)
        for at, plan in enumerate(plans)
    ]
    groups = [
        _rows([case.parts(labels, at) for labels in plan.groups], width)
        for at, plan in enumerate(plans)
    ]
    bands = sorted({band for _, band, _ in case.kinds})
    broken = [case.members(one.unit, 0, band) for one in kept for band in bands]
    cells = np.concatenate([*units, _rows(broken, width)])
    told = [place for place, plan in enumerate(plans) if plan.shown]
    return Released(cells, tuple(units[at] for at in told), tuple(groups[at] for at in told), kept)


def _rows(rows: list[list[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


SORTS = ("units", "bands", "late", "second")
"""Units alone, with a background question, with late answers, with a second scale."""


def random_case(chance: np.random.Generator, sort: str) -> Case:
    """A tree of up to six units, small enough to try every answer."""
    while True:
        case = _drawn(chance, sort)
        sizes = case.counts.sum(axis=1).tolist()
        if worlds.n_worlds(sizes, case.counts.shape[1]) <= worlds.MOST_WORLDS:
            return case


def _drawn(chance: np.random.Generator, sort: str) -> Case:
    k = int(chance.integers(3, 6))
    nodes = [UnitNode("org", None, None)]
    for place in range(int(chance.integers(1, 6))):
        above = nodes[int(chance.integers(0, len(nodes)))].key
        nodes.append(UnitNode(f"u{place}", above, None))
    tree = Tree.of(nodes)
    bands = ("w", "m") if sort == "bands" else ("",)
    releases = int(chance.integers(2, 4)) if sort == "late" else 1
    scores, _ = worlds.types(with_second=sort == "second")
    lean = chance.dirichlet(np.full(len(scores), 0.7))
    drawn = {}
    for label, band, release in product(tree.keys, bands, range(releases)):
        some = [0, 0, 0, k, k + 1] if release else [0, 0, 1, 2, k - 1, k, k + 1, 2 * k]
        if n := int(chance.choice(some)):
            drawn[label, band, release] = chance.multinomial(n, lean)
    drawn = drawn or {(ROOT, "", 0): np.eye(len(scores), dtype=np.int64)[0]}
    return Case(tree, k, tuple(drawn), np.array(list(drawn.values())), sort == "second")
