"""Units and bands of background questions stand beside each other: what follows from them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.binary import from_bytes, to_bytes
from baken.analysis.tallies.breakdowns import Breakdowns
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

K = 5
TREE = Tree.of(UnitNode(unit, None, 90) for unit in ("a", "b", "c"))
HOUSE = Tree.of(
    [UnitNode("house", None, 0), UnitNode("care", "house", 0)]
    + [UnitNode(team, "care", 60) for team in ("day", "night")]
    + [UnitNode("kitchen", "house", 60)]
)


def people(atoms: Mapping[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    return [kind for kind, n in atoms.items() for _ in range(n)]


def counted(
    instrument: Instrument,
    sheets: Callable | np.ndarray,
    atoms: Mapping[tuple[str, ...], int],
    questions: Sequence[str] = ("shift",),
) -> Tally:
    """Everybody as (label, band of each question), with answers that vary."""
    kinds = people(atoms)
    answers = sheets(instrument, len(kinds), 40, 0.0) if callable(sheets) else sheets
    bands = {one: [kind[place + 1] for kind in kinds] for place, one in enumerate(questions)}
    return Tally.count(instrument, answers, [kind[0] for kind in kinds], backgrounds=bands)


def kept(tally: Tally, instrument: Instrument, tree: Tree = TREE, k: int = K) -> Breakdowns:
    merging = merge_labels(tree, tally.rows, k)
    found = tally.broken_down(instrument, merging, k).breakdowns
    assert found is not None
    return found


def report(tally: Tally, instrument: Instrument, tree: Tree = TREE, k: int = K, **more: Any) -> Any:
    return analyse(tally, tree, instrument, min_group=k, **more)


def groups(tally: Tally, instrument: Instrument, tree: Tree = TREE, **more: Any) -> dict:
    return report(tally, instrument, tree, **more).results["groups"]


def smallest_derivable(atoms: Mapping[tuple[str, ...], int]) -> int:
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
def test_a_question_is_kept_exactly_when_nothing_small_follows(
    two_scales: Instrument, sheets: Callable, atoms: dict[tuple[str, ...], int]
) -> None:
    tally = counted(two_scales, sheets, atoms)
    if tally.n == 0 or any(0 < n < K for n in tally.rows.values()):
        return
    # what every scale adds is looked at below
    found = kept(tally, replace(two_scales, scales=())).kept
    assert ((ROOT, "shift") in found) == (smallest_derivable(atoms) >= K)


def test_units_that_split_people_by_band_give_the_others_away(
    two_scales: Instrument, sheets: Callable
) -> None:
    # all of night works in a, so a without night is the three others of a
    atoms = {("a", "night"): 30, ("a", "day"): 3, ("b", "day"): 40}
    tally = counted(two_scales, sheets, atoms)
    hidden = report(tally, two_scales).results
    assert (hidden["groups"], hidden["withheld"]["groups"]) == ({}, {"shift": "privacy"})
    assert set(groups(tally, two_scales, protected=False)) == {"shift"}


def test_small_unit_labels_are_merged_before_they_are_crossed(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = {("a", "night"): 30, ("a", "day"): 30, ("b", "day"): 30, ("c", "night"): 3}
    atoms |= {("b", "night"): 30}
    assert set(groups(counted(two_scales, sheets, atoms), two_scales)) == {"shift"}


def test_answers_that_are_missing_make_a_crossing_small(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = dict.fromkeys(product("ab", ("day", "night")), 30)
    answers = sheets(two_scales, 120, 41, 0.0)
    # nobody of the night in a and three of the day in a have a score: they are a without night
    answers[33:60, 4:] = -1
    answers[:27, 4:] = -1
    answers[90:, 4:] = -1
    answers[30:33, 4:] = 2
    tally = counted(two_scales, answers, atoms)
    one = kept(tally, two_scales).kept[ROOT, "shift"]
    assert one.scales == one.shares == ("pressure",)
    found = groups(tally, two_scales)["shift"]
    assert found["day"]["scales"]["pressure"]["n"] == 60
    assert found["day"]["scales"]["support"]["n"] is None


def test_everybody_on_one_middle_answer_is_hidden_as_at_an_end(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = dict.fromkeys(product("ab", ("day", "night")), 12)
    answers = sheets(two_scales, 48, 42, 0.0)
    answers[:, 4:] = [2, 1, 3]
    tally = counted(two_scales, answers, atoms)
    found = report(tally, two_scales)
    assert found.plan["scales"]["support"]["shown"] == []
    assert found.results["groups"]["shift"]["day"]["scales"]["support"]["n"] is None
    assert found.results["groups"]["shift"]["day"]["scales"]["pressure"]["n"] == 24
    assert found.results["withheld"]["items"] == {f"S{i}": "privacy" for i in (1, 2, 3)}


def test_departments_are_broken_down_and_teams_are_not(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = dict.fromkeys(product(("day", "night", "kitchen"), ("w", "m")), 20)
    tally = counted(two_scales, sheets, atoms, ("gender",))
    found = report(tally, two_scales, HOUSE)
    units = found.results["units"]
    assert [unit for unit in units if "groups" in units[unit]] == ["care"]
    women = units["care"]["groups"]["gender"]["w"]
    assert (women["n"], women["scales"]["pressure"]["n"]) == (40, 40)
    whole = found.results["groups"]["gender"]["w"]
    assert whole["n"] == 60
    kinds = [kind for kind in people(atoms) if kind[1] == "w"]
    assert len(kinds) == 60
    assert found.plan["breakdowns"] == {
        unit: {"gender": {kind: ["pressure", "support"] for kind in ("scales", "shares")}}
        for unit in (ROOT, "care")
    }
    open_units = report(tally, two_scales, HOUSE, protected=False).results["units"]
    assert open_units["care"]["groups"] == units["care"]["groups"]


def test_a_department_may_be_hidden_where_the_organisation_is_not(
    two_scales: Instrument, sheets: Callable
) -> None:
    # men of the house less men of care would be the three men of the kitchen
    atoms = dict.fromkeys(product(("day", "night", "kitchen"), ("w", "m")), 20)
    atoms["kitchen", "m"] = 3
    found = report(counted(two_scales, sheets, atoms, ("gender",)), two_scales, HOUSE).results
    assert set(found["groups"]) == {"gender"}
    care = found["units"]["care"]
    assert (care["groups"], care["withheld"]["groups"]) == ({}, {"gender": "privacy"})


def test_many_bands_are_looked_at_as_well(two_scales: Instrument, sheets: Callable) -> None:
    atoms = {(unit, f"band {number:02}"): 10 for unit in "ab" for number in range(14)}
    assert len(groups(counted(two_scales, sheets, atoms), two_scales)["shift"]) == 14


@pytest.mark.parametrize(("later", "shown"), [(K, True), (K + 1, False)])
def test_what_was_chosen_holds_for_the_group_it_was_chosen_for(
    two_scales: Instrument, sheets: Callable, later: int, shown: bool
) -> None:
    tally = counted(two_scales, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    chosen = tally.broken_down(two_scales, merge_labels(TREE, tally.rows, K), K)
    stored = from_bytes(to_bytes(chosen, min_group=K))
    assert stored.crossing is None
    found = report(stored, two_scales, k=later).results
    assert ("shift" in found["groups"]) is shown
    assert (found["withheld"].get("groups") is None) is shown
    assert to_bytes(stored, min_group=K) == to_bytes(chosen, min_group=K)


def test_parts_that_were_stored_apart_are_no_longer_known_to_be_safe(
    two_scales: Instrument, sheets: Callable
) -> None:
    part = counted(two_scales, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    chosen = part.broken_down(two_scales, merge_labels(TREE, part.rows, K), K)
    stored = from_bytes(to_bytes(chosen, min_group=K))
    assert (stored + stored).breakdowns is None
    assert groups(stored + stored, two_scales) == {}
    assert kept(part + part, two_scales).kept[ROOT, "shift"].cells.rows.tolist() == [80, 80]


def test_bands_within_units_are_never_written(two_scales: Instrument, sheets: Callable) -> None:
    tally = counted(two_scales, sheets, {("a", "day"): 8, ("a", "night"): 8, ("b", "day"): 20})
    assert tally.crossing is not None
    assert tally.crossing.kinds == (("a", "day"), ("a", "night"), ("b", "day"))
    assert tally.crossing.rows.tolist() == [8, 8, 20]
    stored = from_bytes(to_bytes(tally, min_group=K))
    assert (stored.crossing, stored.breakdowns) == (None, None)


def test_a_scale_without_cutoff_has_no_share_to_show(
    two_scales: Instrument, sheets: Callable
) -> None:
    bare = replace(two_scales, scales=tuple(replace(s, cutoff=None) for s in two_scales.scales))
    tally = counted(bare, sheets, dict.fromkeys(product("ab", ("day", "night")), 20))
    one = kept(tally, bare).kept[ROOT, "shift"]
    assert (one.scales, one.shares) == (("pressure", "support"), ())


def test_of_two_questions_that_give_somebody_away_the_first_is_shown(
    two_scales: Instrument, sheets: Callable
) -> None:
    # everybody of the night is old, so old without night is the two others who are old
    atoms = {(unit, "night", "old"): 15 for unit in "ab"}
    atoms |= {(unit, "day", "old"): 1 for unit in "ab"}
    atoms |= {(unit, "day", "young"): 34 for unit in "ab"}
    tally = counted(two_scales, sheets, atoms, ("shift", "age"))
    assert set(kept(tally, two_scales).kept) == {(ROOT, "shift")}
    found = report(tally, two_scales).results
    assert (set(found["groups"]), found["withheld"]["groups"]) == ({"shift"}, {"age": "privacy"})
    turned = {(unit, age, shift): n for (unit, shift, age), n in atoms.items()}
    tally = counted(two_scales, sheets, turned, ("age", "shift"))
    assert set(groups(tally, two_scales)) == {"age"}


def test_two_questions_stand_side_by_side_where_nothing_small_follows(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = dict.fromkeys(product("ab", ("day", "night"), ("old", "young")), 12)
    tally = counted(two_scales, sheets, atoms, ("shift", "age"))
    found = groups(tally, two_scales)
    assert {question: set(bands) for question, bands in found.items()} == {
        "shift": {"day", "night"},
        "age": {"old", "young"},
    }
    first = groups(counted(two_scales, sheets, {k[:2]: 24 for k in atoms}), two_scales)
    assert first["shift"]["day"]["n"] == found["shift"]["day"]["n"]


def test_what_an_earlier_release_hid_of_groups_stays_hidden(
    two_scales: Instrument, sheets: Callable
) -> None:
    atoms = dict.fromkeys(product(("day", "night", "kitchen"), ("w", "m")), 20)
    tally = counted(two_scales, sheets, atoms, ("gender",))
    first: Report = report(tally, two_scales, HOUSE)
    hidden = {**first.plan, "breakdowns": {ROOT: {"gender": {"scales": ["support"], "shares": []}}}}
    later = report(tally, two_scales, HOUSE, earlier=[hidden]).results
    figures = later["groups"]["gender"]["w"]["scales"]
    assert figures["pressure"]["n"] is None
    assert (figures["support"]["n"], figures["support"]["share_at_risk"]) == (60, None)
    assert later["units"]["care"]["groups"] == {}
    # plans of before groups stood in them say nothing about groups
    old = {name: part for name, part in first.plan.items() if name != "breakdowns"}
    again = report(tally, two_scales, HOUSE, earlier=[old, first.plan])
    assert (again.results, again.plan) == (first.results, first.plan)


def test_a_unit_that_was_not_looked_at_takes_the_groups_away(
    two_scales: Instrument, sheets: Callable
) -> None:
    """Groups were chosen beside the units that were shown then; with another one they go."""
    answers = sheets(two_scales, 75, 43, 0.0)
    answers[60:, 4:] = -1
    atoms = {("a", "day"): 15, ("a", "night"): 15, ("b", "day"): 15, ("b", "night"): 15}
    tally = counted(two_scales, answers, atoms | {("c", "day"): 15})
    chosen = tally.broken_down(two_scales, merge_labels(TREE, tally.rows, K), K)
    assert chosen.breakdowns is not None
    assert chosen.breakdowns.hidden["scales", "support"] == ("c",)
    fuller = counted(two_scales, sheets, atoms | {("c", "day"): 15})
    mixed = replace(fuller, crossing=None, breakdowns=chosen.breakdowns)
    found = groups(mixed, two_scales)["shift"]["day"]["scales"]
    assert (found["pressure"]["n"], found["support"]["n"]) == (45, None)


def test_counts_that_were_stored_before_departments_had_groups_are_read(
    two_scales: Instrument, sheets: Callable
) -> None:
    """Two questions were kept, each looked at alone: the one with more scales is shown."""
    lines = (Path(__file__).parent / "tally_form_1.txt").read_text(encoding="ascii")
    tally = from_bytes(base64.b64decode(lines))
    assert tally.breakdowns is not None
    assert tally.breakdowns.questions == ("age", "shift")
    found = groups(replace(tally, shape=tally.shape), two_scales)
    answers = sheets(two_scales, 80, 43, 0.0)
    answers[43:, 4:] = -1
    bands = ["early", "late"] * 40
    same = Tally.count(two_scales, answers, ["a", "a", "b", "b"] * 20, backgrounds={"shift": bands})
    assert found == groups(same, two_scales)
    assert NO_BAND not in found["shift"]
    again = from_bytes(to_bytes(tally, min_group=K))
    assert groups(again, two_scales) == found


def test_a_band_with_few_answers_is_never_printed_whatever_the_counts_say(
    two_scales: Instrument, sheets: Callable
) -> None:
    """Counts of form 1 call scales safe beside the units, not the bands by themselves."""
    answers = sheets(two_scales, 80, 43, 0.0)
    night = np.arange(80) % 2 == 1
    answers[np.flatnonzero(night)[3:], 4:] = -1  # 3 of those at night have the second scale
    bands = ["night" if late else "day" for late in night]
    labels = ["a", "a", "b", "b"] * 20
    tally = Tally.count(two_scales, answers, labels, backgrounds={"shift": bands})
    chosen = kept(tally, two_scales)
    assert chosen.kept[ROOT, "shift"].scales == ("pressure",)
    both = ("pressure", "support")
    told = {ROOT: replace(chosen.kept[ROOT, "shift"], scales=both, shares=both)}
    careless = replace(chosen, hidden={}, kept={(unit, "shift"): one for unit, one in told.items()})
    found = groups(replace(tally, crossing=None, breakdowns=careless), two_scales)["shift"]
    assert found["night"]["scales"]["pressure"]["n"] == 40
    assert found["night"]["scales"]["support"]["n"] is None
    assert found["day"]["scales"]["support"]["n"] is None
