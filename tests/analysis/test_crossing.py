"""Units and bands of a background question stand beside each other: what follows from the two."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.releases.results import results
from baken.analysis.tallies.binary import from_bytes, to_bytes
from baken.analysis.tallies.crossing import MOST_BANDS
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

K = 5
TREE = Tree.of(UnitNode(unit, None, 90) for unit in ("a", "b", "c"))


def counted(instrument: Instrument, sheets: Callable, atoms: dict[tuple[str, str], int]) -> Tally:
    labels = [unit for (unit, _), n in atoms.items() for _ in range(n)]
    bands = [band for (_, band), n in atoms.items() for _ in range(n)]
    answers = sheets(instrument, len(labels), 40, 0.0)
    return Tally.count(instrument, answers, labels, backgrounds={"shift": bands})


def smallest_derivable(atoms: dict[tuple[str, str], int]) -> int:
    """By brute force: the smallest set of people whose indicator follows from units and bands."""
    present = [atom for atom, n in atoms.items() if n]
    units = sorted({unit for unit, _ in present})
    bands = sorted({band for _, band in present})
    cells = [[float(unit == name) for unit, _ in present] for name in units]
    cells += [[float(band == name) for _, band in present] for name in bands]
    span = np.array(cells)
    rank = np.linalg.matrix_rank(span)
    sizes = []
    for chosen in product((0.0, 1.0), repeat=len(present)):
        if any(chosen) and np.linalg.matrix_rank(np.vstack([span, chosen])) == rank:
            pairs = zip(chosen, present, strict=True)
            sizes.append(sum(atoms[atom] for take, atom in pairs if take))
    return min(sizes)


ATOMS = st.lists(st.sampled_from([0, 0, 1, 3, 5, 6, 12]), min_size=9, max_size=9).map(
    lambda counts: dict(zip(product("abc", "xyz"), counts, strict=True))
)


@given(ATOMS)
def test_a_question_is_shown_exactly_when_nothing_small_follows(
    two_scales: Instrument, sheets: Callable, atoms: dict[tuple[str, str], int]
) -> None:
    tally = counted(two_scales, sheets, atoms)
    if tally.n == 0 or any(0 < n < K for n in tally.rows.values()):
        return
    # answers are spread, so only sizes decide here, up to those a telling share gives away
    kept = "shift" in tally.with_safe_bands(two_scales, K).bands
    if smallest_derivable(atoms) < K:
        assert not kept
    elif smallest_derivable(atoms) >= 2 * K:
        assert kept


def test_units_that_split_people_by_band_give_the_others_away(
    two_scales: Instrument, sheets: Callable
) -> None:
    # all of night works in a, so a without night is the three others of a
    atoms = {("a", "night"): 30, ("a", "day"): 3, ("b", "day"): 40}
    tally = counted(two_scales, sheets, atoms)
    assert results(tally, TREE, two_scales, min_group=K)["groups"] == {}
    assert set(results(tally, TREE, two_scales, min_group=K, protected=False)["groups"]) == {
        "shift"
    }


def test_small_unit_labels_are_merged_before_they_are_crossed(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = {("a", "night"): 30, ("a", "day"): 30, ("b", "day"): 30, ("c", "night"): 3}
    atoms |= {("b", "night"): 30}
    tally = counted(two_scales, sheets, atoms)
    assert set(results(tally, TREE, two_scales, min_group=K)["groups"]) == {"shift"}


def test_answers_that_are_missing_make_a_crossing_small(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = ["a"] * 60 + ["b"] * 60
    bands = (["day"] * 30 + ["night"] * 30) * 2
    answers = sheets(two_scales, 120, 41, 0.0)
    tally = Tally.count(two_scales, answers, labels, backgrounds={"shift": bands})
    assert "shift" in tally.with_safe_bands(two_scales, K).bands
    # nobody of the night in a and three of the day in a have a score: they are a without night
    answers[33:60, 4:] = -1
    answers[:27, 4:] = -1
    answers[90:, 4:] = -1
    answers[30:33, 4:] = 2
    tally = Tally.count(two_scales, answers, labels, backgrounds={"shift": bands})
    check = tally.with_safe_bands(two_scales, K).band_checks["shift"]
    assert check.scales == check.shares == ("pressure",)
    found = results(tally, TREE, two_scales, min_group=K)["groups"]["shift"]
    assert found["day"]["scales"]["pressure"]["n"] == 60
    assert found["day"]["scales"]["support"]["n"] is None


def test_too_many_bands_to_look_at_are_not_shown(two_scales: Instrument, sheets: Callable) -> None:
    atoms = {("a", f"band {number}"): 10 for number in range(MOST_BANDS + 1)}
    tally = counted(two_scales, sheets, atoms)
    assert tally.with_safe_bands(two_scales, K).bands == {}


@pytest.mark.parametrize(("later", "kept"), [(K, True), (K + 1, False)])
def test_a_check_holds_for_the_group_it_was_made_for(
    two_scales: Instrument, sheets: Callable, later: int, kept: bool
) -> None:
    tally = counted(two_scales, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    stored = to_bytes(tally.with_safe_bands(two_scales, K), min_group=K)
    assert ("shift" in from_bytes(stored).with_safe_bands(two_scales, later).bands) is kept


def test_parts_that_were_stored_apart_are_no_longer_known_to_be_safe(
    two_scales: Instrument, sheets: Callable
) -> None:
    part = counted(two_scales, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    checked = part.with_safe_bands(two_scales, K)
    assert (checked + checked).with_safe_bands(two_scales, K).bands == {}


def test_crossed_cells_are_never_written(two_scales: Instrument, sheets: Callable) -> None:
    tally = counted(two_scales, sheets, {("a", "day"): 8, ("a", "night"): 8, ("b", "day"): 20})
    assert tally.crossed["shift"].rows.tolist() == [8, 8, 20]
    assert from_bytes(to_bytes(tally, min_group=K)).crossed == {}


def test_a_scale_without_cutoff_has_no_share_to_show(
    two_scales: Instrument, sheets: Callable
) -> None:
    bare = replace(two_scales, scales=tuple(replace(s, cutoff=None) for s in two_scales.scales))
    tally = counted(bare, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    check = tally.with_safe_bands(bare, K).band_checks["shift"]
    assert (check.scales, check.shares) == (("pressure", "support"), ())


def test_two_questions_never_stand_beside_each_other(
    two_scales: Instrument, sheets: Callable
) -> None:
    # everybody of the night is old, so old without night is the two others who are old
    shifts = ["night"] * 30 + ["day"] * 70
    ages = ["old"] * 32 + ["young"] * 68
    labels = ["a", "b"] * 50
    answers = sheets(two_scales, 100, 42, 0.0)
    columns = {"shift": shifts, "age": ages}
    tally = Tally.count(two_scales, answers, labels, backgrounds=columns)
    assert set(tally.with_safe_bands(two_scales, K).bands) == set(columns)
    assert set(results(tally, TREE, two_scales, min_group=K)["groups"]) == {"age"}
    without_age = Tally.count(two_scales, answers, labels, backgrounds={"shift": shifts})
    assert set(results(without_age, TREE, two_scales, min_group=K)["groups"]) == {"shift"}


def test_of_two_questions_the_one_with_more_scales_is_shown(
    two_scales: Instrument, sheets: Callable
) -> None:
    answers = sheets(two_scales, 80, 43, 0.0)
    # three scores of support are left in the day, so that question shows one scale less
    answers[43:, 4:] = -1
    columns = {"age": ["night"] * 40 + ["day"] * 40, "shift": ["early", "late"] * 40}
    tally = Tally.count(two_scales, answers, ["a", "a", "b", "b"] * 20, backgrounds=columns)
    checks = tally.with_safe_bands(two_scales, K).band_checks
    assert (checks["age"].scales, checks["shift"].scales) == (
        ("pressure",),
        ("pressure", "support"),
    )
    assert set(results(tally, TREE, two_scales, min_group=K)["groups"]) == {"shift"}
