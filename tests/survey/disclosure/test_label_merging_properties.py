from hypothesis import given

from baken.survey.disclosure.merging import merge_labels, recall_merging
from baken.survey.disclosure.tree import ROOT
from tests.reference.random_trees import organisations


@given(organisations())
def test_no_label_stands_for_one_to_k_minus_one_answers(case):
    merging = merge_labels(case.tree, case.rows, case.k)
    assert merging.too_few == (sum(case.rows.values()) < case.k)
    if not merging.too_few:
        assert all(n >= case.k for n in merging.rows.values())


@given(organisations())
def test_answers_and_people_are_neither_lost_nor_made(case):
    merging = merge_labels(case.tree, case.rows, case.k)
    assert sum(merging.rows.values()) == sum(case.rows.values())
    for label, n in merging.rows.items():
        units = [unit for unit in case.tree.keys if merging.label_of[unit] == label]
        assert n == sum(case.own[unit] for unit in units)
    assert merging.headcount_of(merging.headcount) == case.tree.headcount_with_below(ROOT)


@given(organisations())
def test_a_label_is_the_unit_or_one_above_it(case):
    merging = merge_labels(case.tree, case.rows, case.k)
    assert set(merging.label_of) == set(case.tree.keys)
    for unit, label in merging.label_of.items():
        assert label == unit or label in case.tree.ancestors(unit)


@given(organisations())
def test_whole_units_kept_all_their_people_and_are_large_enough(case):
    merging = merge_labels(case.tree, case.rows, case.k)
    assert merging.whole | set(merging.counted_in) == set(case.tree.units)
    assert merging.whole.isdisjoint(merging.counted_in)
    for unit in merging.whole:
        within = (unit, *case.tree.below(unit))
        assert merging.rows_within(unit) == sum(case.own[key] for key in within)
        assert merging.rows_within(unit) >= case.k or merging.too_few
        assert merging.headcount_within(unit) == case.tree.headcount_with_below(unit)
    for unit, key in merging.counted_in.items():
        assert key in case.tree.ancestors(unit)
        assert key == ROOT or key in merging.whole


@given(organisations())
def test_the_same_counts_give_the_same_labels(case):
    backwards = dict(reversed(case.rows.items()))
    assert merge_labels(case.tree, case.rows, case.k) == merge_labels(case.tree, backwards, case.k)


@given(organisations())
def test_a_merging_can_be_recalled_when_the_headcounts_are_known(case):
    merging = merge_labels(case.tree, case.rows, case.k)
    loose = merging.root_is_loose
    again = recall_merging(case.tree, merging.label_of, merging.rows, case.k, root_is_loose=loose)
    counted = [unit for unit in case.tree.units if case.own[unit]]
    if all(case.tree.headcount(unit) for unit in counted):
        assert again == merging
