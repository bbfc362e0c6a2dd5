"""Attackers who lay the figures of driver models beside those of scales and units.

``BAKEN_FUZZ=1000 pytest tests/analysis/test_driver_attack.py -s`` is the long campaign.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.driver_cells import count_models, declared_models
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

CASES = int(os.environ.get("BAKEN_FUZZ", "16"))
K = 10
TOP = 20
UNITS = tuple(f"u{i}" for i in range(5))
LABELS = np.array(UNITS * 48)


@pytest.fixture(scope="module")
def make_model(make_instrument: Callable) -> Callable[..., Instrument]:
    """Return an instrument of scales of one question: factors, and outcomes."""

    def make(factors: list[str], outcomes: list[str]) -> Instrument:
        scales = {key: ([(key.upper(), 0, TOP, False)], {}) for key in (*factors, *outcomes)}
        made = make_instrument(scales)
        placed = [
            replace(one, dimension="O" if one.key in outcomes else "A1") for one in made.scales
        ]
        return replace(made, scales=tuple(placed), dimensions=("A1", "O"))

    return make


def released(instrument: Instrument, sheets: np.ndarray, *, protected: bool = True) -> Report:
    names, lines = np.unique(LABELS, return_inverse=True)
    models = declared_models(instrument)
    return analyse(
        Tally.count(instrument, sheets, LABELS.tolist()),
        Tree.of([UnitNode(unit, None, 60) for unit in UNITS]),
        instrument,
        min_group=K,
        protected=protected,
        drivers=count_models(Shape.of(instrument), models, sheets, lines, names.tolist()),
    )


def answered(chance: np.random.Generator, n_scales: int) -> np.ndarray:
    """All scales follow one level; nobody has left anything open yet."""
    level = chance.integers(4, TOP - 3, (len(LABELS), 1))
    sheets = level + chance.integers(-4, 5, (len(LABELS), n_scales))
    return np.clip(sheets, 0, TOP).astype(np.int8)


def guessed(found: dict, digits: int | None) -> set[int]:
    """Answers to `tired` of the one person without `pace`, as results leave them possible.

    Both scales are known in steps; everybody with `pace` is complete, and the sum of the products
    of two answers is a whole number.
    """
    pace, tired = found["scales"]["pace"], found["scales"]["tired"]
    n = pace["n"]
    assert tired["n"] == n + 1
    x, xx = sums(pace)
    y, yy = sums(tired)
    explained = found["driver_models"]["tired"]["explained"]
    off = 0.5 * 10**-digits if digits else 1e-12
    possible = set()
    for answer in range(TOP + 1):
        rest = y - answer
        spread = np.sqrt((xx - x * x / n) * (yy - answer**2 - rest * rest / n))
        low, high = (
            np.sqrt(max(0.0, limit)) * spread + x * rest / n
            for limit in (explained - off, explained + off)
        )
        if np.floor(high + 1e-6) >= low - 1e-6:
            possible.add(answer)
    return possible


def sums(scale: dict) -> tuple[int, int]:
    n, step = scale["n"], 100 / TOP
    total = round(scale["mean"] * n / step)
    return total, round((scale["sd"] / step) ** 2 * (n - 1) + total * total / n)


def test_one_person_who_left_a_scale_open_stays_unknown(make_model: Callable) -> None:
    instrument, known, possible = make_model(["pace"], ["tired"]), 0, []
    for seed in range(CASES):
        sheets = answered(np.random.default_rng(seed), 2)
        sheets[7, 0] = -1
        found = released(instrument, sheets).results
        assert (found["drivers"], found["withheld"]["drivers"]) == ({}, {"tired": "privacy"})
        # the control: without the rule and with all digits the answer is known
        bare = released(instrument, sheets, protected=False).results
        known += guessed(bare, None) == {int(sheets[7, 1])}
        model = bare["driver_models"]["tired"]
        model["explained"] = round(model["explained"], 3)
        possible.append(len(guessed(bare, 3)))
    print(f"{CASES} releases: 0 known; {known} without the rule; with three digits alone ")
    print(f"{min(possible)} to {max(possible)} of {TOP + 1} answers remain possible")
    assert known > 0.9 * CASES
    assert min(possible) > 1


def left_open(chance: np.random.Generator, sheets: np.ndarray) -> None:
    """Leave some scales open: here and there, in one unit, or for nearly nobody."""
    for scale in range(sheets.shape[1]):
        n = int(chance.choice([0, 0, 0, 1, 4, K, 30, 60]))
        among = np.flatnonzero(np.isin(LABELS, UNITS[: int(chance.integers(1, 6))]))
        if n:
            sheets[chance.choice(among, min(n, len(among) // 2), replace=False), scale] = -1


def few_left(sheets: np.ndarray, scales: list[int], groups: list[list[str]]) -> int:
    """How many groups have 1 to k-1 people with a score on one of these scales, not complete."""
    complete = (sheets >= 0).all(axis=1)
    left = [
        int(((sheets[:, scale] >= 0) & ~complete & np.isin(LABELS, group)).sum())
        for scale in scales
        for group in [*groups, list(UNITS)]
    ]
    return sum(0 < n < K for n in left)


def test_nowhere_a_few_have_a_score_and_are_in_no_model(make_model: Callable) -> None:
    instrument = make_model(["pace", "voice"], ["tired", "bored"])
    n_shown = n_without = 0
    for seed in range(CASES):
        chance = np.random.default_rng(seed)
        sheets = answered(chance, 4)
        left_open(chance, sheets)
        report = released(instrument, sheets)
        parts = report.plan["drivers"]
        assert len({str(groups) for groups in parts.values()}) <= 1
        for outcome, groups in parts.items():
            scales = [0, 1, 2 + ["tired", "bored"].index(outcome)]
            assert few_left(sheets, scales, groups) == 0
        n_shown += len(parts) > 0
        n_without += few_left(sheets, [0, 1, 2, 3], [[unit] for unit in UNITS]) > 0
    print(
        f"{CASES} releases: {n_shown} with models, 0 with a few left; {n_without} without the rule"
    )
    assert n_shown > CASES / 8
    assert n_without > CASES / 4


def test_models_of_two_outcomes_are_about_the_same_people(make_model: Callable) -> None:
    instrument = make_model(["pace"], ["tired", "bored"])
    sheets = answered(np.random.default_rng(3), 3)
    sheets[:15, 2] = -1
    both = released(instrument, sheets).results
    whole = both["driver_models"]
    assert set(whole) == {"tired", "bored"}
    same = sheets.copy()
    same[:15] = -1
    alone = released(instrument, same).results
    assert alone["driver_models"]["tired"]["explained"] == whole["tired"]["explained"]
    # one person more in the model of one outcome than in that of the other
    sheets[:, 2] = answered(np.random.default_rng(4), 3)[:, 2]
    sheets[7, 2] = -1
    one = released(instrument, sheets).results
    assert one["withheld"]["drivers"] == {"tired": "privacy", "bored": "privacy"}


def test_an_outcome_that_was_not_asked_takes_nothing_from_the_other(make_model: Callable) -> None:
    instrument = make_model(["pace"], ["tired", "bored"])
    sheets = answered(np.random.default_rng(5), 3)
    sheets[:, 2] = -1
    for protected, reason in ((True, "privacy"), (False, "not_estimable")):
        found = released(instrument, sheets, protected=protected).results
        assert set(found["drivers"]) == {"tired"}
        assert found["withheld"]["drivers"] == {"bored": reason}
    sheets[:] = -1
    nobody = released(instrument, sheets, protected=False).results
    assert set(nobody["withheld"]["drivers"]) == {"tired", "bored"}
