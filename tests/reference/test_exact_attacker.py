"""Attackers who use everything that is printed, on many random organisations.

``BAKEN_TABLES=10000 pytest tests/reference/test_exact_attacker.py -s`` is the long campaign; with
``BAKEN_FIRST_TABLE`` it can be run in parts.
"""

import os
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from baken.survey.disclosure.breakdowns import Breakdown
from baken.survey.disclosure.plan import Cell, Plan, release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference import worlds
from tests.reference.attack_tables import SORTS, Case, Released, printed, random_case, released
from tests.reference.attacker import Group, leaks

N_TABLES = int(os.environ.get("BAKEN_TABLES", "16"))
FIRST_TABLE = int(os.environ.get("BAKEN_FIRST_TABLE", "0"))
SEEDS = range(FIRST_TABLE, FIRST_TABLE + N_TABLES)

pytestmark = pytest.mark.attacker


def attacked(case: Case, release: Released) -> list[worlds.Betrayed]:
    sizes = case.counts.sum(axis=1).tolist()
    everything = worlds.every_world(case.kinds, sizes, with_second=case.with_second)
    return worlds.betrayed(everything, case.counts, list(release.figures(case)), case.k)


def members(case: Case, release: Released) -> list[set]:
    return [
        {kind for kind, is_in in zip(case.kinds, row, strict=True) if is_in}
        for row in release.cells
    ]


def test_random_releases_tell_nothing_about_few_people():
    found, n_cells, n_broken, n_late = [], 0, 0, 0
    for seed in SEEDS:
        case = random_case(np.random.default_rng(seed), SORTS[seed % len(SORTS)])
        release = released(case)
        by_adding = leaks(case.groups, members(case, release), case.k)
        by_trying = attacked(case, release)
        found += [(seed, *by_adding, *by_trying)] if by_adding or by_trying else []
        n_cells += len(release.cells)
        n_broken += bool(release.breakdowns)
        n_late += len(release.units) > 1
    print(f"{N_TABLES} tables, {n_cells} cells, {n_broken} with a background question, ")
    print(f"{n_late} with more than one release: {len(found)} leaks")
    assert found == []
    assert n_cells > N_TABLES


HOUSE = Tree.of([UnitNode("org", None, None), *(UnitNode(key, "org", None) for key in "abc")])


def house(*, with_second: bool = False, late: bool = False, bands: bool = False) -> Case:
    """Unit a has 4 people, b two and c one; b and c are hidden, and three together."""
    counts = {("a", "", 0): [1, 2, 1], ("b", "", 0): [1, 0, 1], ("c", "", 0): [0, 1, 0]}
    if late:
        counts["b", "", 1] = [1, 0, 0]
    if bands:
        counts = {
            ("a", "w", 0): [1, 1, 1],
            ("a", "m", 0): [1, 1, 1],
            ("b", "w", 0): [1, 2, 1],
            ("b", "m", 0): [0, 1, 0],
        }
    table = np.array(list(counts.values()))
    if with_second:
        table = np.array([[1, 0, 1, 1, 0, 1], [1, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]])
    return Case(HOUSE, 3, tuple(counts), table, with_second)


BY_ITSELF = Plan(frozenset({ROOT, "a"}), {}, (("b", "c"), ("a",)))
EACH_LABEL = (("a",), ("b",), ("c",))


def test_the_house_is_safe_as_baken_releases_it():
    for case in (house(), house(with_second=True), house(late=True), house(bands=True)):
        assert attacked(case, released(case)) == []
    assert printed(house(), [BY_ITSELF]).groups[0].tolist() == [[0, 1, 1], [1, 0, 0]]


def test_hiding_cell_by_cell_is_found():
    case = replace(house(), counts=np.array([[1, 2, 1], [1, 1, 1], [0, 1, 0]]))
    release = printed(case, [replace(BY_ITSELF, shown=frozenset({ROOT, "a", "b"}))])
    assert [leak.n for leak in leaks(case.groups, members(case, release), 3)] == [1]
    assert [(one.n, one.mean) for one in attacked(case, release)] == [(1, 1.0)]


def test_a_variance_between_all_units_is_found():
    release = printed(house(), [replace(BY_ITSELF, groups=EACH_LABEL)])
    assert leaks(house().groups, members(house(), release), 3) == []
    assert {one.kinds for one in attacked(house(), release)} == {
        frozenset({("b", "", 0)}),
        frozenset({("c", "", 0)}),
    }


def test_a_test_of_one_hidden_unit_is_found():
    case, release = house(), printed(house(), [BY_ITSELF])
    everyone = np.eye(3, dtype=np.int64)
    q_values = worlds.tests_and_order(everyone[:2], everyone)
    everything = worlds.every_world(case.kinds, [4, 2, 1], with_second=False)
    figures = [*release.figures(case), q_values]
    assert worlds.betrayed(everything, case.counts, figures, 3) != []


def test_correlations_within_all_units_are_found():
    case = house(with_second=True)
    release = printed(case, [BY_ITSELF])
    within = worlds.drivers(np.eye(3, dtype=np.int64))
    everything = worlds.every_world(case.kinds, [4, 2, 1], with_second=True)
    assert worlds.betrayed(everything, case.counts, [*release.figures(case), within], 3) != []


def test_a_background_question_that_was_not_looked_at_is_found():
    case = house(bands=True)
    plan = Plan(frozenset({ROOT, "a", "b"}), {}, (("a",), ("b",)))
    release = printed(case, [plan], (Breakdown("a", 0), Breakdown(ROOT, 0)))
    assert [one.kinds for one in attacked(case, release)] == [{("b", "m", 0)}]


def test_late_answers_that_were_not_looked_at_are_found():
    case = house(late=True)
    release = printed(case, [BY_ITSELF, BY_ITSELF])
    assert {("b", "", 1)} in [one.kinds for one in attacked(case, release)]


def test_numbers_of_answers_follow_from_a_rate_over_hidden_units_only():
    people, answered = [6, 4, 2], [5, 2, 1]
    cells, groups = np.array([[1, 1, 1], [1, 0, 0]]), np.array([[0, 1, 1], [1, 0, 0]])
    known = worlds.response_worlds(people, answered, cells, None)
    assert len(known) == 3
    assert len(worlds.response_worlds(people, answered, cells, groups)) == 3
    each_unit = np.eye(3, dtype=np.int64)
    assert worlds.response_worlds(people, answered, cells, each_unit).tolist() == [answered]


def test_plans_show_as_much_as_trying_every_release_does():
    shown = best = 0
    for seed in SEEDS[: max(8, N_TABLES // 10)]:
        chance = np.random.default_rng(seed)
        k = int(chance.integers(3, 8))
        nodes = [UnitNode("org", None, None)]
        for place in range(int(chance.integers(2, 8))):
            nodes.append(UnitNode(f"u{place}", nodes[int(chance.integers(len(nodes)))].key, None))
        tree = Tree.of(nodes)
        cells = {}
        for key in tree.keys:
            n = int(chance.choice([0, 1, k - 1, k, 2 * k]))
            cells[key] = Cell(n, (int(chance.integers(0, n + 1)), n))
        groups = {key: Group(cell.n, cell.apart) for key, cell in cells.items()}
        shown += len(release_plan(tree, cells, k).shown)
        best += most_cells(tree, groups, k)
    print(f"{shown} of {best} cells")
    assert shown == best


def most_cells(tree: Tree, groups: dict[str, Group], k: int) -> int:
    """The most cells with people, the organisation among them, that give the attacker nothing."""
    within = {key: {key, *tree.below(key)} for key in tree.keys}
    filled = [key for key in tree.units if any(groups[unit].n for unit in within[key])]
    if not any(group.n for group in groups.values()) or leaks(groups, [within[ROOT]], k):
        return 0
    return 1 + max(
        size
        for size in range(len(filled) + 1)
        if any(
            not leaks(groups, [within[ROOT], *(within[key] for key in chosen)], k)
            for chosen in combinations(filled, size)
        )
    )
