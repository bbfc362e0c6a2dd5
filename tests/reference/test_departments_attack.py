"""Whole results files with background groups of departments, against who tries every answer.

``BAKEN_TABLES=2000 pytest tests/reference/test_departments_attack.py -s`` is the long campaign;
with ``BAKEN_FIRST_TABLE`` it can be run in parts.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import AnswerFormat, CutOff, Item, Scale
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference import worlds
from tests.reference.attacker import Group, leaks
from tests.reference.test_release_attack import INSTRUMENT as WIDE

N_TABLES = int(os.environ.get("BAKEN_TABLES", "8"))
FIRST_TABLE = int(os.environ.get("BAKEN_FIRST_TABLE", "0"))

pytestmark = pytest.mark.attacker

ANSWERS = AnswerFormat("0-2", 0, 2)
INSTRUMENT = replace(
    WIDE,
    dimensions=("A1",),
    items=(Item("I1", ANSWERS, "load", reversed=False, dimension="A1"),),
    scales=(Scale("load", "A1", ("I1",), high_is="risk", cutoff=CutOff(">=", 100.0, "own")),),
)
HOUSES = (
    {"care": "house", "day": "care", "night": "care"},
    {"care": "house", "day": "care", "night": "care", "kitchen": "house"},
    {"care": "house", "day": "care", "tech": "house", "shop": "tech"},
)


@dataclass(frozen=True)
class Case:
    """Who answered what: kinds of people by label and band of every question."""

    tree: Tree
    k: int
    questions: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    counts: np.ndarray
    """(n_kinds, 3): how many gave each answer."""

    def report(self) -> Report:
        everybody = np.repeat(np.arange(self.counts.size), self.counts.ravel())
        who, answer = np.divmod(everybody, 3)
        people = [self.kinds[at] for at in who]
        bands = {one: [p[at + 1] for p in people] for at, one in enumerate(self.questions)}
        tally = Tally.count(
            INSTRUMENT, answer[:, None].astype(np.int8), [p[0] for p in people], backgrounds=bands
        )
        return analyse(tally, self.tree, INSTRUMENT, min_group=self.k)

    def members(self, unit: str, question: str = "", band: str = "") -> list[int]:
        place = 1 + self.questions.index(question) if question else 0
        return [
            int(self.tree.is_within(kind[0], unit) and (not question or kind[place] == band))
            for kind in self.kinds
        ]


@dataclass(frozen=True)
class Printed:
    """Everything that stands in the results of a case."""

    case: Case
    report: Report

    def cells_of(self, unit: str, entry: dict[str, Any]) -> Iterator[list[int]]:
        if entry["scales"]["load"]["n"] is not None:
            yield self.checked(self.case.members(unit), entry["scales"]["load"])
        for question, bands in entry.get("groups", {}).items():
            for band, about in bands.items():
                if about["scales"]["load"]["n"] is not None:
                    members = self.case.members(unit, question, band)
                    yield self.checked(members, about["scales"]["load"])

    def checked(self, members: list[int], figures: dict[str, Any]) -> list[int]:
        """The figures are those of these people."""
        found = np.array(members) @ self.case.counts
        assert figures["n"] == found.sum()
        assert figures["mean"] == pytest.approx(50 * (found @ [0, 1, 2]) / found.sum())
        return members

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        return {ROOT: self.report.results, **self.report.results["units"]}

    @cached_property
    def cells(self) -> np.ndarray:
        found = [
            cell for unit, entry in self.entries.items() for cell in self.cells_of(unit, entry)
        ]
        return np.array(found, dtype=np.int64).reshape(-1, len(self.case.kinds))

    def figures(self) -> list[worlds.Figure]:
        plan = self.report.plan["scales"]["load"]
        label_of = self.report.plan["labels"]
        units = [self.case.members(unit) for unit in plan["shown"]]
        groups = [
            [int(label_of[kind[0]] in group) for kind in self.case.kinds]
            for group in plan["groups"]
        ]
        units, groups = (
            np.array(rows, dtype=np.int64).reshape(-1, len(self.case.kinds))
            for rows in (units, groups)
        )
        return [
            worlds.histogram(self.cells),
            worlds.between(groups),
            worlds.tests_and_order(units, groups),
        ]


def drawn(chance: np.random.Generator) -> Case:
    """A small house; two questions in every third one, of which few kinds of people exist."""
    tree = Tree.of(
        [UnitNode("house", None, None)]
        + [UnitNode(*pair, None) for pair in HOUSES[chance.integers(len(HOUSES))].items()]
    )
    k, two = int(chance.integers(3, 5)), chance.random() < 0.34
    bands = [("w", "m"), ("old", "young")][: 1 + two]
    labels = [key for key in tree.keys if not tree.children(key)]
    sizes = [0, 0, 1, k, 2 * k] if two else [0, 1, k - 1, k, k + 1, 2 * k]
    lean = chance.dirichlet(np.full(3, 0.8))
    drawn = {
        kind: chance.multinomial(n, lean)
        for kind in product(labels, *bands)
        if (n := int(chance.choice(sizes)))
    }
    drawn = drawn or {(labels[0], *(of_one[0] for of_one in bands)): np.array([1, 0, 0])}
    return Case(tree, k, ("sex", "age")[: 1 + two], tuple(drawn), np.array([*drawn.values()]))


def small_enough(seed: int) -> Case:
    chance = np.random.default_rng(seed)
    while True:
        case = drawn(chance)
        if worlds.n_worlds(case.counts.sum(axis=1).tolist(), 3) <= worlds.MOST_WORLDS:
            return case


def attacked(case: Case, printed: Printed, *more: worlds.Figure) -> list[Any]:
    """What follows by adding and subtracting, and by trying every answer."""
    sizes = case.counts.sum(axis=1)
    apart = sizes[:, None] - case.counts[:, [0, 2]]
    groups = {
        kind: Group(int(n), tuple(others.tolist()))
        for kind, n, others in zip(case.kinds, sizes, apart, strict=True)
    }
    cells = [
        {kind for kind, is_in in zip(case.kinds, row, strict=True) if is_in}
        for row in printed.cells
    ]
    everything = worlds.every_world(case.kinds, sizes.tolist(), with_second=False)
    figures = [*printed.figures(), *more]
    return leaks(groups, cells, case.k) + worlds.betrayed(everything, case.counts, figures, case.k)


def test_results_with_groups_of_departments_tell_nothing_about_few_people():
    found, n_cells, n_broken, n_two = [], 0, 0, 0
    for seed in range(FIRST_TABLE, FIRST_TABLE + N_TABLES):
        case = small_enough(seed)
        printed = Printed(case, case.report())
        if len(printed.cells) and (betrayed := attacked(case, printed)):
            found.append((seed, betrayed))
        n_cells += len(printed.cells)
        kept = printed.report.plan["breakdowns"]
        n_broken += any(kept[unit] for unit in kept if unit != ROOT)
        n_two += any(len(questions) > 1 for questions in kept.values())
    print(f"{N_TABLES} files, {n_cells} cells, {n_broken} with groups of a department, ")
    print(f"{n_two} with two questions at once: {len(found)} leaks")
    assert found == []
    assert n_broken


def test_the_attacker_finds_a_department_that_was_not_looked_at():
    """Men of the house less men of care are the two men of the kitchen."""
    tree = Tree.of(
        [UnitNode("house", None, None), *(UnitNode(*p, None) for p in HOUSES[1].items())]
    )
    kinds = tuple(product(("day", "kitchen"), "wm"))
    case = Case(tree, 3, ("sex",), kinds, np.array([[1, 2, 1], [2, 1, 1], [1, 1, 2], [1, 1, 0]]))
    printed = Printed(case, case.report())
    assert printed.report.results["units"]["care"]["groups"] == {}
    assert attacked(case, printed) == []
    careless = worlds.histogram(np.array([case.members("care", "sex", "m")]))
    assert {kinds[3]} in [one.kinds for one in attacked(case, printed, careless)]


def test_people_nothing_tells_apart_may_change_places_whatever_is_broken_down():
    """People of two teams that hide each other, of one band: not a byte of the file changes."""
    chance = np.random.default_rng(8)
    tree = Tree.of(
        [UnitNode("house", None, None), *(UnitNode(*p, None) for p in HOUSES[1].items())]
    )
    people = [("day", band) for band in "wm" * 20]
    people += [(team, band) for team in ("night", "kitchen") for band in "wm" * 8]
    tops = [item.format.high - item.format.low for item in WIDE.items]
    sheet = np.stack([chance.integers(0, top + 1, len(people)) for top in tops], axis=1)
    sheet = sheet.astype(np.int8)
    # of night and kitchen fewer than k have a score
    sheet[[*range(40, 48), *range(56, 64)]] = -1

    def released(matrix: np.ndarray) -> Report:
        bands = {"sex": [band for _, band in people]}
        tally = Tally.count(WIDE, matrix, [team for team, _ in people], backgrounds=bands)
        return analyse(tally, tree, WIDE, min_group=10)

    report = released(sheet)
    assert report.plan["breakdowns"][ROOT]["sex"]["scales"]
    same = []
    for one, other in combinations(range(48, 72), 2):
        alike = classes(tree, report.plan, people[one]) == classes(tree, report.plan, people[other])
        if not alike or people[one][0] == people[other][0] or (one * other) % 7 or other < 64:
            continue
        rival = sheet.copy()
        rival[[one, other]] = sheet[[other, one]]
        again = released(rival)
        if again.plan == report.plan:
            same.append((one, other))
            assert again.results == report.results
    assert len(same) > 1


def classes(tree: Tree, plan: dict[str, Any], person: tuple[str, str]) -> list[Any]:
    """The shown unit of every statistic somebody is in, and the group where that is broken down."""
    shown = [
        set(scale[kind])
        for scale in plan["scales"].values()
        for kind in ("shown", "share_shown", "rwg_shown")
    ]
    broken = [unit for unit, asked in plan["breakdowns"].items() if asked]
    within = [unit for unit in broken if tree.is_within(person[0], unit)]
    return [tree.nearest(units)[person[0]] for units in shown] + [(u, person[1]) for u in within]
