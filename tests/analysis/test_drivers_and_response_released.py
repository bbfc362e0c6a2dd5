"""Drivers, response and weights of a release: what is said, and why not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.binary import from_bytes, to_bytes
from baken.analysis.tallies.driver_cells import (
    DriverCells,
    DriverModel,
    count_models,
    declared_models,
)
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.tree import NO_UNIT, Tree, UnitNode

UNITS = tuple(f"u{i:02}" for i in range(20))


@pytest.fixture(scope="module")
def asked(make_instrument: Callable) -> Instrument:
    made = make_instrument(
        {
            "pace": ([("P1", 0, 20, False)], {}),
            "voice": ([("V1", 0, 20, False)], {}),
            "harm": ([("H1", 0, 20, False)], {}),
            "tired": ([("T1", 0, 20, False)], {}),
        }
    )
    dimensions = ("A1", "A2", "B", "O")
    scales = tuple(
        replace(scale, dimension=dimension)
        for scale, dimension in zip(made.scales, dimensions, strict=True)
    )
    return replace(made, scales=scales, dimensions=dimensions)


def answers(n: int, seed: int = 1) -> np.ndarray:
    """Tiredness follows pace, voice has nothing to do with it."""
    chance = np.random.default_rng(seed)
    sheets = chance.integers(3, 18, (n, 4))
    sheets[:, 3] = np.clip(sheets[:, 0] + chance.integers(-4, 5, n), 0, 20)
    return sheets.astype(np.int8)


def report(
    instrument: Instrument,
    sheets: np.ndarray,
    labels: Sequence[str],
    *,
    people: int | None = 20,
    protected: bool = True,
    **more: Any,
) -> Report:
    names, lines = np.unique(labels, return_inverse=True)
    shape = Shape.of(instrument)
    models = declared_models(instrument)
    bands = more.pop("bands", None)
    return analyse(
        Tally.count(instrument, sheets, labels, backgrounds={"shift": bands} if bands else None),
        Tree.of([UnitNode(unit, None, people) for unit in UNITS]),
        instrument,
        min_group=10,
        protected=protected,
        drivers=count_models(shape, models, sheets, lines, names.tolist()),
        **more,
    )


def test_every_outcome_has_a_model_of_the_five_a(asked: Instrument) -> None:
    assert declared_models(asked) == (DriverModel("tired", ("pace", "voice")),)
    total = replace(asked.scales[0], key="all", items=("P1", "V1"), is_total=True)
    assert declared_models(replace(asked, scales=(*asked.scales, total))) == declared_models(asked)
    bare = replace(asked, scales=(asked.scales[3],), dimensions=("O",))
    assert declared_models(bare) == ()


def test_what_hangs_together_is_found_and_its_parts_add_up(asked: Instrument) -> None:
    sheets = answers(240)
    rounded = report(asked, sheets, UNITS * 12).results
    found = report(asked, sheets, UNITS * 12, protected=False).results
    pace, voice = (found["drivers"]["tired"][key] for key in ("pace", "voice"))
    model = found["driver_models"]["tired"]
    for name, value in pace.items():
        told = rounded["drivers"]["tired"]["pace"][name]
        assert told == (round(value, 3) if isinstance(value, float) else value)
    assert rounded["driver_models"]["tired"]["explained"] == round(model["explained"], 3)
    assert pace["weight"] + voice["weight"] == pytest.approx(model["explained"])
    assert pace["share"] + voice["share"] == pytest.approx(1)
    assert pace["share"] > 0.9
    assert pace["low"] <= pace["weight"] <= pace["high"]
    assert pace["direction"] == "rises"
    turned = sheets.copy()
    turned[:, 3] = 20 - turned[:, 3]
    fallen = report(asked, turned, UNITS * 12).results["drivers"]["tired"]["pace"]
    assert fallen == rounded["drivers"]["tired"]["pace"] | {"direction": "falls"}
    assert model["same_order"] is True
    assert model["alike"] == []
    # with two factors both ways are the same
    assert pace["dominance"] == pytest.approx(pace["weight"])
    assert "n" not in model


def test_counting_in_parts_and_any_order_gives_the_same_counts(asked: Instrument) -> None:
    sheets, labels = answers(200, 3), np.array(UNITS * 10)
    (model,) = declared_models(asked)
    shape = Shape.of(asked)

    def counted(rows: np.ndarray) -> DriverCells:
        names, lines = np.unique(labels[rows], return_inverse=True)
        return DriverCells.count(shape, model, sheets[rows], lines, names.tolist())

    whole = counted(np.arange(200))
    first, second, third = (counted(np.arange(start, 200, 3)) for start in range(3))
    for added in (first + second + third, third + (second + first)):
        assert added.labels == whole.labels
        assert (added.table == whole.table).all()
    assert (DriverCells.empty(shape, model) + whole).labels == whole.labels


def few(sheets: np.ndarray) -> np.ndarray:
    return sheets[:99]


def unrelated(sheets: np.ndarray) -> np.ndarray:
    sheets[:, 3] = np.random.default_rng(9).integers(0, 21, len(sheets))
    return sheets


def repeated(sheets: np.ndarray) -> np.ndarray:
    sheets[:, 1] = sheets[:, 0]
    return sheets


def constant(sheets: np.ndarray) -> np.ndarray:
    sheets[:, 1] = 7
    return sheets


def hardly_asked(sheets: np.ndarray) -> np.ndarray:
    sheets[9:, 1] = -1
    return sheets


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (few, "too_few"),
        (unrelated, "weak"),
        (repeated, "not_estimable"),
        (constant, "privacy"),
        (hardly_asked, "privacy"),
    ],
)
def test_a_model_that_is_not_shown_says_why(
    asked: Instrument, change: Callable, reason: str
) -> None:
    sheets = change(answers(240))
    found = report(asked, sheets, (UNITS * 12)[: len(sheets)]).results
    assert (found["drivers"], found["driver_models"]) == ({}, {})
    assert found["withheld"]["drivers"] == {"tired": reason}


def test_groups_of_a_model_hold_k_people_who_are_complete(asked: Instrument) -> None:
    sheets, labels = answers(240), UNITS * 12
    # five of the twelve of the first unit, and four of the second, answered everything
    for unit, n in ((0, 7), (1, 8)):
        sheets[[row for row in range(240) if row % 20 == unit][:n], 1] = -1
    shown = report(asked, sheets, labels)
    groups = shown.plan["drivers"]["tired"]
    complete = {unit: 12 - {"u00": 7, "u01": 8}.get(unit, 0) for unit in UNITS}
    assert min(sum(complete.get(label, 0) for label in group) for group in groups) >= 10
    # a group less than twenty, so no limits
    assert len(groups) < 20
    assert shown.results["drivers"]["tired"]["pace"]["low"] is None
    free = report(asked, sheets, labels, protected=False)
    assert len(free.plan["drivers"]["tired"]) == 20


def test_without_counts_of_models_there_is_no_word_about_drivers(asked: Instrument) -> None:
    tree = Tree.of([UnitNode(unit, None, 20) for unit in UNITS])
    found = analyse(Tally.count(asked, answers(240), UNITS * 12), tree, asked, min_group=10).results
    assert not {"drivers", "driver_models"} & set(found)
    assert found["nonresponse"]["units"]["n_groups"] == 20


def test_response_over_units_is_that_of_the_shown_and_what_is_left(asked: Instrument) -> None:
    # two small units are counted together with the organisation, whose own they become
    sizes = {unit: 12 + i % 7 for i, unit in enumerate(UNITS)} | {"u03": 4, "u08": 8}
    labels = [unit for unit, n in sizes.items() for _ in range(n)]
    found = report(asked, answers(len(labels)), labels).results
    shown = [unit for unit, entry in found["units"].items() if entry["n"] is not None]
    assert not {"u03", "u08"} & set(shown)
    table = [(sizes[unit], 20 - sizes[unit]) for unit in shown]
    left = [sizes[unit] for unit in UNITS if unit not in shown]
    table.append((sum(left), 20 * len(left) - sum(left)))
    expected = stats.chi2_contingency(np.array(table), correction=False)
    test = found["nonresponse"]["units"]
    assert test["n_groups"] == len(table)
    assert test["chi2"] == pytest.approx(expected.statistic)
    assert test["p"] == pytest.approx(expected.pvalue)
    rates = np.array([n / (n + silent) for n, silent in table])
    everybody = np.repeat(rates, np.array(table).sum(axis=1))
    assert test["r_indicator"] == pytest.approx(1 - 2 * everybody.std(ddof=1))
    assert found["nonresponse"]["precision"] == "precise"
    free = report(asked, answers(len(labels)), labels, protected=False).results
    assert free["nonresponse"]["units"]["n_groups"] == 20


@pytest.mark.parametrize(
    ("people", "reason"),
    [(None, "headcount_unknown"), (11, "responses_above_headcount"), (12, "not_estimable")],
)
def test_a_response_that_cannot_be_judged_says_why(
    asked: Instrument, people: int | None, reason: str
) -> None:
    found = report(asked, answers(240), UNITS * 12, people=people).results
    assert found["withheld"]["nonresponse"]["units"] == reason
    assert set(found["nonresponse"]["units"].values()) == {None}
    margin = found["nonresponse"]["margin"]
    assert margin == (0 if people == 12 else None)


def test_groups_weigh_as_many_people_as_they_have(asked: Instrument) -> None:
    sheets, bands = answers(240), ["day"] * 160 + ["night"] * 80
    people = {"day": 200, "night": 300}

    def released() -> dict:
        return report(
            asked, sheets, UNITS * 12, bands=bands, headcounts={"shift": people}, people=20
        ).results

    found = released()
    scores = 5.0 * sheets[:, 0]
    weighed = found["weights"]["shift"]["pace"]
    expected = (200 * scores[:160].mean() + 300 * scores[160:].mean()) / 500
    # 8 and 4 people of each unit: too few to be weighed by units as well
    assert weighed["raked"] is False
    assert weighed["mean"] == pytest.approx(expected)
    weights = np.repeat([200 / 160, 300 / 80], [160, 80])
    assert weighed["effective_n"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert weighed["largest"] == pytest.approx(3.75 / weights.mean())
    rates = found["nonresponse"]["groups"]["shift"]
    assert rates["bands"]["night"] == {"n": 80, "headcount": 300, "response_rate": 80 / 300}
    # more of the day answered than there are: that is said, and nothing is computed from it
    people["day"] = 159
    withheld = released()["withheld"]
    assert withheld["nonresponse"]["groups"] == {"shift": "responses_above_headcount"}
    assert withheld["weights"] == {"shift": "responses_above_headcount"}
    assert released()["weights"] == {}


def test_units_and_groups_are_weighed_at_once_where_each_crossing_is_large(
    asked: Instrument,
) -> None:
    sheets = answers(480, 5)
    labels = [UNITS[(row // 2) % 4] for row in range(480)]
    bands = ["night" if row % 3 == 0 else "day" for row in range(480)]
    people = {"day": 900, "night": 700}

    def weighed(protected_answers: np.ndarray) -> dict:
        return analyse(
            Tally.count(asked, protected_answers, labels, backgrounds={"shift": bands}),
            Tree.of([UnitNode(unit, None, size) for unit, size in sizes.items()]),
            asked,
            min_group=10,
            headcounts={"shift": people},
        ).results["weights"]["shift"]["pace"]

    sizes = dict(zip(UNITS[:4], (200, 300, 500, 600), strict=True))
    found = weighed(sheets)
    assert found["raked"] is True
    units, shifts = np.array(labels), np.array(bands)
    weights = np.ones(480)
    for _ in range(200):
        for margin, counts in ((units, sizes), (shifts, people)):
            for name, size in counts.items():
                weights[margin == name] *= size / weights[margin == name].sum()
    assert found["mean"] == pytest.approx(np.average(5.0 * sheets[:, 0], weights=weights))
    assert found["low"] is None
    # nine of the night in one unit are too few for that: by the shifts alone
    night = np.flatnonzero((units == "u00") & (shifts == "night"))
    sheets[night[9:], 0] = -1
    assert weighed(sheets)["raked"] is False
    sizes["u00"] += 1
    assert weighed(answers(480, 5))["raked"] is False


def test_what_was_weighed_while_answers_were_counted_is_kept(asked: Instrument) -> None:
    sheets = answers(480, 5)
    labels = [UNITS[(row // 2) % 4] for row in range(480)]
    bands = ["night" if row % 3 == 0 else "day" for row in range(480)]
    sizes = dict(zip(UNITS[:4], (200, 300, 500, 600), strict=True))
    tree = Tree.of([UnitNode(unit, None, size) for unit, size in sizes.items()])
    counted = Tally.count(asked, sheets, labels, backgrounds={"shift": bands})
    counted = counted.broken_down(asked, merge_labels(tree, counted.rows, 10), 10)
    stored = from_bytes(to_bytes(counted, min_group=10))

    def weights(tally: Tally, kept: dict | None = None) -> dict:
        headcounts = {"shift": {"day": 900, "night": 700}}
        made = analyse(tally, tree, asked, min_group=10, headcounts=headcounts, kept_weights=kept)
        return made.results["weights"]

    first = weights(counted)
    assert first["shift"]["pace"]["raked"] is True
    # who has which band in which unit is not stored
    assert weights(stored)["shift"]["pace"]["raked"] is False
    assert weights(stored, first) == first
    assert weights(stored, {"shift": {}}) == weights(stored)


def test_a_group_without_a_headcount_or_without_answers_is_not_weighed(asked: Instrument) -> None:
    bands = ["day"] * 120 + ["night"] * 120
    nobody = {"day": 0, "night": 400}  # though 120 of the day answered
    for people in ({"day": 200}, {"day": 200, "night": 200, "none": 9}, nobody):
        found = report(
            asked, answers(240), UNITS * 12, bands=bands, headcounts={"shift": people}
        ).results
        assert found["weights"] == {}
    hidden = report(
        asked,
        answers(240),
        UNITS * 12,
        bands=["day"] * 235 + ["night"] * 5,
        headcounts={"shift": {"day": 300, "night": 100}},
    ).results
    assert hidden["weights"] == {}
    assert hidden["withheld"]["nonresponse"]["groups"] == {"shift": "privacy"}


@pytest.mark.parametrize(("loose_of_the_night", "raked"), [(1, False), (12, True)])
def test_weighing_by_units_and_groups_tells_nothing_about_those_without_a_unit(
    asked: Instrument, loose_of_the_night: int, raked: bool
) -> None:
    # of the night 16 in the unit and one without: both means and the weighed one give the three
    labels = ["a"] * 36 + [NO_UNIT] * (17 + loose_of_the_night)
    bands = ["day"] * 20 + ["night"] * 16 + ["day"] * 17 + ["night"] * loose_of_the_night
    found = analyse(
        Tally.count(asked, answers(len(labels)), labels, backgrounds={"shift": bands}),
        Tree.of([UnitNode("org", None, None), UnitNode("a", "org", 80)]),
        asked,
        min_group=10,
        headcounts={"shift": {"day": 45, "night": 35}},
    ).results
    assert found["units"]["a"]["n"] == 36
    assert found["weights"]["shift"]["pace"]["raked"] is raked


def test_a_later_release_never_cuts_through_a_group_of_an_earlier_one(asked: Instrument) -> None:
    """With a raised minimum the best partition is another one: together they tell about 5."""
    tree = Tree.of(
        [UnitNode("o", None, 60), UnitNode("P", "o", 0), UnitNode("p1", "P", 60),
         UnitNode("p2", "P", 60), UnitNode("Q", "o", 80), UnitNode("Q2", "o", 90)]
    )  # fmt: skip
    sheets, labels = [], []
    for unit, complete, others in (("o", 5, 55), ("p1", 10, 40), ("p2", 10, 40), ("Q", 21, 50),
                                   ("Q2", 80, 0)):  # fmt: skip
        drawn = answers(complete + others, seed=len(labels))
        drawn[complete::2, 0] = -1
        drawn[complete + 1 :: 2, 1] = -1
        sheets.append(drawn)
        labels += [unit] * (complete + others)
    matrix = np.concatenate(sheets)
    tally = Tally.count(asked, matrix, labels)
    names, lines = np.unique(labels, return_inverse=True)
    models = declared_models(asked)
    drivers = count_models(tally.shape, models, matrix, lines.astype(np.intp), names.tolist())
    first = analyse(tally, tree, asked, min_group=10, drivers=drivers)
    assert first.results["drivers"]
    again = analyse(tally, tree, asked, min_group=10, drivers=drivers, earlier=[first.plan])
    assert again.results["drivers"] == first.results["drivers"]
    alone = analyse(tally, tree, asked, min_group=11, drivers=drivers)
    assert alone.plan["drivers"] != first.plan["drivers"]
    later = analyse(tally, tree, asked, min_group=11, drivers=drivers, earlier=[first.plan])
    assert later.results["drivers"] == {}
    assert set(later.results["withheld"]["drivers"].values()) == {"privacy"}
