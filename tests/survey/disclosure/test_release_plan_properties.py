from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.tree import ROOT
from tests.reference.attacker import Group, leaks
from tests.reference.random_trees import organisations


@st.composite
def statistics(draw, most):
    """An organisation and one statistic: valid answers per unit, many of them alike."""
    case = draw(organisations(most=most))
    cells = {}
    for key, n in case.own.items():
        valid = max(0, n - draw(st.sampled_from([0, 0, 1, 2, case.k])))
        at_low = draw(st.sampled_from([0, 0, valid, max(0, valid - 1), valid // 2]))
        at_high = draw(st.integers(0, valid - at_low))
        cells[key] = Cell(valid, (valid - at_low, valid - at_high))
    return case, cells


def published(tree, shown):
    return [{unit, *tree.below(unit)} for unit in shown]


def as_groups(cells):
    return {key: Group(cell.n, cell.apart) for key, cell in cells.items()}


@given(statistics(most=9))
def test_the_attacker_gets_nothing_from_a_plan(drawn):
    case, cells = drawn
    plan = release_plan(case.tree, cells, case.k)
    assert leaks(as_groups(cells), published(case.tree, plan.shown), case.k) == []


@given(statistics(most=5))
def test_the_plan_is_the_best_of_all_safe_releases(drawn):
    case, cells = drawn
    groups = as_groups(cells)
    size = {
        key: sum(cells[unit].n for unit in (key, *case.tree.below(key))) for key in case.tree.keys
    }
    filled = [key for key in case.tree.keys if size[key]]
    safe = [
        set(chosen)
        for n in range(len(filled) + 1)
        for chosen in combinations(filled, n)
        if (ROOT in chosen or not chosen)
        and not leaks(groups, published(case.tree, chosen), case.k)
    ]

    def rank(chosen):
        levels = [len(case.tree.ancestors(key)) for key in chosen]
        return (
            len(chosen),
            [levels.count(level) for level in range(6)],
            sum(size[key] for key in chosen),
            [key in chosen for key in case.tree.keys],
        )

    assert release_plan(case.tree, cells, case.k).shown == max(safe, key=rank)


@given(statistics(most=9))
def test_after_merging_the_attacker_gets_nothing_about_single_units_either(drawn):
    case, cells = drawn
    merging = merge_labels(case.tree, case.own, case.k)
    labels = {}
    for unit, cell in cells.items():
        label = merging.label_of[unit]
        labels[label] = labels[label] + cell if label in labels else cell
    plan = release_plan(case.tree, labels, case.k, whole=merging.whole)
    assert plan.shown <= merging.whole | {ROOT}
    # The attacker knows the units people came from, not only the labels they were given.
    of_units = [
        {unit for unit in cells if merging.label_of[unit] in {cell, *case.tree.below(cell)}}
        for cell in plan.shown
    ]
    assert leaks(as_groups(cells), of_units, case.k) == []


@given(statistics(most=12))
def test_the_released_partition_holds_every_valid_answer_once(drawn):
    case, cells = drawn
    plan = release_plan(case.tree, cells, case.k)
    labels = [label for group in plan.groups for label in group]
    if plan.shown:
        assert sorted(labels) == sorted(key for key, cell in cells.items() if cell.n)
        assert all(sum(cells[label].n for label in group) >= case.k for group in plan.groups)
    else:
        assert labels == []


@given(statistics(most=12), st.integers(0, 20))
def test_a_higher_threshold_never_shows_more(drawn, more):
    case, cells = drawn
    shown = len(release_plan(case.tree, cells, case.k).shown)
    assert len(release_plan(case.tree, cells, case.k + more).shown) <= shown
