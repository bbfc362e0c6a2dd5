"""The results of whole sets of answers: shape, agreement with raw answers, what is withheld."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from baken.analysis.errors import NotTheSameQuestions
from baken.analysis.releases.results import analyse, results
from baken.analysis.tallies.tally import NO_BAND, Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree, UnitNode

FLAT = Tree.of([UnitNode("a", None, 30), UnitNode("b", None, 20), UnitNode("c", None, 25)])
DEEP = Tree.of(
    [
        UnitNode("home", None, 2),
        UnitNode("care", "home", 3),
        UnitNode("north", "care", 30),
        UnitNode("south", "care", 30),
        UnitNode("kitchen", "home", 25),
    ]
)


def labels_of(**n: int) -> list[str]:
    return [label for label, times in n.items() for _ in range(times)]


def person_scores(instrument: Instrument, sheets: np.ndarray, scale: str) -> np.ndarray:
    """Scores by the plainest route: item by item, person by person."""
    found = []
    for sheet in sheets:
        parts = []
        for item in instrument.scale_items(scale):
            answer = int(sheet[instrument.position(item.code)])
            top = item.format.high - item.format.low
            if answer >= 0:
                parts.append(100 * (top - answer if item.reversed else answer) / top)
        enough = 2 * len(parts) >= len(instrument.scale_items(scale))
        found.append(np.mean(parts) if enough else np.nan)
    return np.array(found)


@pytest.fixture(scope="module")
def survey(two_scales: Instrument, sheets: Callable) -> tuple[np.ndarray, list[str], Tally]:
    labels = labels_of(a=25, b=20, c=18)
    answers = sheets(two_scales, len(labels), 11)
    return answers, labels, Tally.count(two_scales, answers, labels)


@pytest.mark.parametrize("scale", ["pressure", "support"])
@pytest.mark.parametrize("unit", ["a", "b", "c"])
def test_figures_of_a_unit_agree_with_raw_answers(
    two_scales: Instrument, survey: tuple, unit: str, scale: str
) -> None:
    answers, labels, tally = survey
    found = results(tally, FLAT, two_scales, min_group=5, protected=False)
    figures = found["units"][unit]["scales"][scale]
    y = person_scores(two_scales, answers, scale)
    here = np.array(labels) == unit
    x, rest = y[here & ~np.isnan(y)], y[~here & ~np.isnan(y)]
    assert figures["n"] == len(x)
    assert figures["mean"] == pytest.approx(x.mean())
    assert figures["sd"] == pytest.approx(x.std(ddof=1))
    risky = x >= 60 if scale == "pressure" else x < 40
    assert figures["share_at_risk"] == pytest.approx(risky.mean())
    assert figures["diff_rest"] == pytest.approx(x.mean() - rest.mean())
    assert figures["p_welch"] == pytest.approx(stats.ttest_ind(x, rest, equal_var=False).pvalue)
    rounded = np.round(x, 9), np.round(rest, 9)
    by_rank = stats.mannwhitneyu(*rounded, method="asymptotic")
    assert figures["p_mwu"] == pytest.approx(by_rank.pvalue)
    assert figures["cliff"] == pytest.approx(2 * by_rank.statistic / (len(x) * len(rest)) - 1)


@pytest.mark.parametrize("scale", ["pressure", "support"])
def test_figures_of_the_organisation_agree_with_raw_answers(
    two_scales: Instrument, survey: tuple, scale: str
) -> None:
    answers, labels, tally = survey
    found = results(tally, FLAT, two_scales, min_group=5, protected=False)
    figures = found["scales"][scale]
    y = person_scores(two_scales, answers, scale)
    groups = [np.round(y[(np.array(labels) == unit) & ~np.isnan(y)], 9) for unit in ("a", "b", "c")]
    kruskal = stats.kruskal(*groups)
    assert figures["kruskal_h"] == pytest.approx(kruskal.statistic)
    assert figures["kruskal_p"] == pytest.approx(kruskal.pvalue)
    weights = np.array([30, 20, 25]) / 75
    assert figures["mean_weighted"] == pytest.approx(weights @ [g.mean() for g in groups])
    assert figures["mean"] == pytest.approx(np.nanmean(y))
    columns = [two_scales.position(code) for code in two_scales.scale(scale).items]
    complete = answers[:, columns][(answers[:, columns] >= 0).all(axis=1)].astype(float)
    if scale == "pressure":
        complete[:, 1] = 4 - complete[:, 1]
    j = complete.shape[1]
    alpha = j / (j - 1) * (1 - complete.var(0, ddof=1).sum() / complete.sum(1).var(ddof=1))
    assert figures["alpha"] == pytest.approx(alpha)
    for position, code in enumerate(two_scales.scale(scale).items):
        item = figures["items"][code]
        raw = answers[:, columns[position]]
        valid = raw[raw >= 0] + two_scales.item(code).format.low
        assert (item["n"], item["mean"]) == (len(valid), pytest.approx(valid.mean()))
        assert sum(item["counts"]) == len(valid)
        rest = np.delete(complete, position, axis=1).sum(axis=1)
        expected = np.corrcoef(complete[:, position], rest)[0, 1]
        assert item["item_rest"] == pytest.approx(expected)


def test_q_values_are_one_family_over_units_and_scales(
    two_scales: Instrument, survey: tuple
) -> None:
    found = results(survey[2], FLAT, two_scales, min_group=5)
    cells = [
        unit["scales"][scale]
        for scale in ("pressure", "support")
        for unit in found["units"].values()
    ]
    for test in ("welch", "mwu"):
        p = [cell[f"p_{test}"] for cell in cells]
        q = stats.false_discovery_control(p)
        assert [cell[f"q_{test}"] for cell in cells] == pytest.approx(list(q))


def test_protection_changes_nothing_where_nothing_is_small(
    two_scales: Instrument, survey: tuple
) -> None:
    shown = results(survey[2], FLAT, two_scales, min_group=5)
    raw = results(survey[2], FLAT, two_scales, min_group=5, protected=False)
    assert shown["units"] == raw["units"]
    assert shown["scales"] == raw["scales"]
    assert (shown["protected"], raw["protected"]) == (True, False)


def test_results_are_plain_json(two_scales: Instrument, survey: tuple) -> None:
    found = analyse(survey[2], FLAT, two_scales, min_group=5)
    assert json.loads(json.dumps(found.results, allow_nan=False)) == found.results
    assert json.loads(json.dumps(found.plan, allow_nan=False)) == found.plan


def test_a_small_unit_and_its_sibling_are_counted_above(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(a=21, b=16, c=3)
    tally = Tally.count(two_scales, sheets(two_scales, 40, 3, 0.0), labels)
    found = results(tally, FLAT, two_scales, min_group=10)
    assert found["n"] == 40
    assert found["units"]["a"]["n"] == 21
    for unit in ("b", "c"):
        entry = found["units"][unit]
        assert entry["withheld"] == {"unit": "merged", "counted_in": "ALL"}
        assert [entry[name] for name in ("n", "headcount", "response_rate")] == [None] * 3
        assert all(value is None for scale in entry["scales"].values() for value in scale.values())


def test_counts_that_were_merged_before_give_the_same_results(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(home=1, care=4, north=21, south=12, kitchen=15)
    tally = Tally.count(two_scales, sheets(two_scales, len(labels), 4), labels)
    first = analyse(tally, DEEP, two_scales, min_group=10)
    label_of = first.plan["labels"]
    merged = tally.relabel(lambda label: label_of[DEEP.key_of(label)])
    assert analyse(merged, DEEP, two_scales, min_group=10).results == first.results


def test_an_inner_unit_is_itself_with_everything_below(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(home=2, care=3, north=20, south=15, kitchen=12)
    answers = sheets(two_scales, len(labels), 5, 0.0)
    found = results(
        Tally.count(two_scales, answers, labels), DEEP, two_scales, min_group=5, protected=False
    )
    assert set(found["units"]) == {"care", "north", "south", "kitchen"}
    assert (found["units"]["care"]["n"], found["units"]["care"]["headcount"]) == (38, 63)
    assert found["headcount"] == 90
    y = person_scores(two_scales, answers, "pressure")
    inside = np.isin(labels, ["care", "north", "south"])
    care = found["units"]["care"]["scales"]["pressure"]
    assert care["mean"] == pytest.approx(y[inside].mean())
    assert care["diff_rest"] == pytest.approx(y[inside].mean() - y[~inside].mean())


def test_people_without_a_unit_count_in_totals_only(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(a=20, b=20, c=20) + [""] * 15
    answers = sheets(two_scales, len(labels), 6, 0.0)
    tally = Tally.count(two_scales, answers, labels)
    found = results(tally, FLAT, two_scales, min_group=10)
    assert found["n"] == 75
    y = person_scores(two_scales, answers, "support")
    figures = found["scales"]["support"]
    assert figures["mean"] == pytest.approx(y.mean())
    groups = [np.round(y[np.array(labels) == unit], 9) for unit in ("a", "b", "c")]
    assert figures["kruskal_h"] == pytest.approx(stats.kruskal(*groups).statistic)
    rest = np.concatenate(groups[1:])
    unit = found["units"]["a"]["scales"]["support"]
    assert unit["diff_rest"] == pytest.approx(groups[0].mean() - rest.mean())


@pytest.mark.parametrize(("n", "silent"), [(0, True), (1, True), (9, True), (10, False)])
def test_too_few_answers_in_all_say_nothing(
    two_scales: Instrument, sheets: Callable, n: int, silent: bool
) -> None:
    tally = Tally.count(two_scales, sheets(two_scales, n, 8, 0.0), ["a"] * n)
    found = results(tally, FLAT, two_scales, min_group=10)
    if silent:
        assert found["withheld"] == "privacy"
        assert [found[name] for name in ("n", "headcount", "response_rate")] == [None] * 3
        assert not _figures(found["scales"])
        assert not _figures(found["units"], skip="withheld")
    else:
        assert found["n"] == 10


def _figures(value: Any, skip: str = "") -> list[Any]:
    if isinstance(value, dict):
        # where a unit stands is no figure
        kept = [part for key, part in value.items() if key not in {skip, "parent"}]
        return [one for part in kept for one in _figures(part, skip)]
    return [] if value is None else [value]


def test_a_scale_few_answered_is_hidden_in_the_unit(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(a=15, b=15, c=15)
    answers = sheets(two_scales, 45, 9, 0.0)
    answers[:8, 4:] = -1
    found = analyse(Tally.count(two_scales, answers, labels), FLAT, two_scales, min_group=10)
    unit = found.results["units"]["a"]
    assert unit["n"] == 15
    assert unit["withheld"]["scales"] == {"support": "privacy"}
    assert not _figures(unit["scales"]["support"])
    assert unit["scales"]["pressure"]["n"] == 15
    # seven answers may not follow from the total and the two other units either
    shown = found.plan["scales"]["support"]["shown"]
    assert shown in (["ALL", "b"], ["ALL", "c"])


def test_when_every_scale_is_hidden_so_is_the_count(
    two_scales: Instrument, sheets: Callable
) -> None:
    labels = labels_of(a=15, b=15, c=15)
    answers = sheets(two_scales, 45, 9, 0.0)
    answers[:8] = -1
    unit = results(Tally.count(two_scales, answers, labels), FLAT, two_scales, min_group=10)[
        "units"
    ]["a"]
    assert unit["withheld"] == {"scales": {"pressure": "privacy", "support": "privacy"}}
    assert not _figures(unit, skip="withheld")


def test_a_scale_may_ask_for_a_larger_group(two_scales: Instrument, sheets: Callable) -> None:
    stricter = replace(
        two_scales,
        scales=(two_scales.scales[0], replace(two_scales.scales[1], min_group=18)),
    )
    labels = labels_of(a=20, b=20, c=15)
    tally = Tally.count(stricter, sheets(stricter, 55, 10, 0.0), labels)
    found = analyse(tally, FLAT, stricter, min_group=10)
    assert found.plan["scales"]["pressure"]["shown"] == ["ALL", "a", "b", "c"]
    assert found.plan["scales"]["support"]["k"] == 18
    assert "c" not in found.plan["scales"]["support"]["shown"]
    # 15 people are too few for this scale, so one of the others keeps them company
    assert len(found.plan["scales"]["support"]["shown"]) == 2


def test_equal_extreme_answers_are_hidden(two_scales: Instrument, sheets: Callable) -> None:
    labels = labels_of(a=15, b=15, c=15)
    answers = sheets(two_scales, 45, 12, 0.0)
    answers[:15, 4:] = 4
    found = results(Tally.count(two_scales, answers, labels), FLAT, two_scales, min_group=10)
    assert found["units"]["a"]["withheld"]["scales"] == {"support": "privacy"}
    assert found["units"]["a"]["scales"]["pressure"]["mean"] is not None


@pytest.mark.parametrize(("at_risk", "shown"), [(0, False), (1, False), (2, True), (14, False)])
def test_a_share_that_speaks_for_everybody_is_hidden(
    two_scales: Instrument, sheets: Callable, at_risk: int, shown: bool
) -> None:
    labels = labels_of(a=15, b=15, c=15)
    answers = sheets(two_scales, 45, 13, 0.0)
    # two scores of people at risk and two of others: nobody agrees on one
    answers[:15, 4:] = 3
    answers[1:15:2, 4:] = 2
    answers[:at_risk, 4:] = 1
    answers[1:at_risk:2, 4:] = 0
    unit = results(Tally.count(two_scales, answers, labels), FLAT, two_scales, min_group=10)[
        "units"
    ]["a"]
    figures = unit["scales"]["support"]
    assert figures["mean"] is not None
    assert (figures["share_at_risk"] is not None) is shown
    assert (figures["light"] != "grey") is shown
    if not shown:
        assert unit["withheld"]["figures"]["support"]["share_at_risk"] == "privacy"


def test_every_null_of_a_shown_scale_has_a_reason(two_scales: Instrument, sheets: Callable) -> None:
    no_cutoff = replace(
        two_scales, scales=(replace(two_scales.scales[0], cutoff=None), two_scales.scales[1])
    )
    tree = Tree.of([UnitNode("a", None, None), UnitNode("b", None, 20)])
    labels = labels_of(a=1, b=8)
    tally = Tally.count(no_cutoff, sheets(no_cutoff, 9, 14, 0.0), labels)
    found = results(tally, tree, no_cutoff, min_group=5, protected=False)
    for unit in found["units"].values():
        for scale, figures in unit["scales"].items():
            nulls = {name for name, value in figures.items() if value is None}
            assert nulls == set(unit["withheld"].get("figures", {}).get(scale, {}))
    alone = found["units"]["a"]
    assert alone["withheld"]["headcount"] == "headcount_unknown"
    assert alone["headcount"] is None
    assert alone["withheld"]["figures"]["support"]["sd"] == "not_estimable"
    assert alone["withheld"]["figures"]["pressure"]["share_at_risk"] == "no_cutoff"
    assert found["units"]["b"]["scales"]["pressure"]["light"] == "grey"
    assert found["headcount"] is None
    assert found["scales"]["pressure"]["mean_weighted"] is None


def test_without_protection_a_unit_without_answers_says_so(
    two_scales: Instrument, sheets: Callable
) -> None:
    tally = Tally.count(two_scales, sheets(two_scales, 30, 15, 0.0), labels_of(a=15, b=15))
    found = results(tally, FLAT, two_scales, min_group=5, protected=False)
    empty = found["units"]["c"]
    assert (empty["n"], empty["headcount"], empty["response_rate"]) == (0, 25, 0.0)
    assert empty["withheld"] == {"scales": {"pressure": "no_answers", "support": "no_answers"}}


def test_without_protection_and_without_answers_everything_is_empty(
    two_scales: Instrument,
) -> None:
    found = results(Tally.empty(two_scales), FLAT, two_scales, min_group=5, protected=False)
    assert found["n"] == 0
    assert found["withheld"]["scales"]["pressure"] == "no_answers"
    assert found["scales"]["pressure"]["items"]["P1"]["n"] == 0


def test_rare_answers_are_not_counted_out(two_scales: Instrument, sheets: Callable) -> None:
    tally = Tally.count(two_scales, sheets(two_scales, 19, 16, 0.0), ["a"] * 19)
    item = results(tally, FLAT, two_scales, min_group=10)["scales"]["pressure"]["items"]["P1"]
    assert item["n"] == 19
    assert item["counts"] is None
    twenty = Tally.count(two_scales, sheets(two_scales, 20, 16, 0.0), ["a"] * 20)
    item = results(twenty, FLAT, two_scales, min_group=10)["scales"]["pressure"]["items"]["P1"]
    assert sum(item["counts"]) == 20


def test_of_a_long_row_of_answers_none_is_counted_out(make_instrument: Any) -> None:
    asked = make_instrument(
        {"years": ([("Y1", 0, 11, False), ("Y2", 0, 10, False)], {"high_is": "risk"})}
    )
    answered = np.array([[place % 11, place % 11] for place in range(40)], np.int8)
    tally = Tally.count(asked, answered, ["a"] * 40)
    for protected, counted in ((True, None), (False, 40)):
        found = results(tally, FLAT, asked, min_group=10, protected=protected)
        first, second = found["scales"]["years"]["items"].values()
        assert (first["counts"] and sum(first["counts"])) == counted
        assert sum(second["counts"]) == 40
        assert first["mean"] is not None


def test_an_item_few_answered_is_hidden(two_scales: Instrument, sheets: Callable) -> None:
    answers = sheets(two_scales, 40, 17, 0.0)
    answers[9:, 0] = -2
    found = results(Tally.count(two_scales, answers, ["a"] * 40), FLAT, two_scales, min_group=10)
    pressure = found["scales"]["pressure"]
    assert pressure["items"]["P1"] == dict.fromkeys(pressure["items"]["P1"])
    assert pressure["items"]["P2"]["n"] == 40
    assert found["withheld"]["items"] == {"P1": "privacy"}
    # nine complete sheets are too few for alpha as well
    assert pressure["alpha"] is None
    assert pressure["items"]["P2"]["item_rest"] is None


def test_an_item_everybody_answered_alike_hides_the_items_of_its_scale(
    two_scales: Instrument, sheets: Callable
) -> None:
    answers = sheets(two_scales, 40, 18, 0.0)
    answers[:, 5] = 0
    found = results(Tally.count(two_scales, answers, ["a"] * 40), FLAT, two_scales, min_group=10)
    assert found["withheld"]["items"] == {f"S{i}": "privacy" for i in (1, 2, 3)}
    assert found["scales"]["support"]["mean"] is not None


def test_counts_of_another_questionnaire_are_refused(two_scales: Instrument, survey: tuple) -> None:
    other = replace(two_scales, version="2")
    with pytest.raises(NotTheSameQuestions, match="test 1, not with test 2"):
        results(survey[2], FLAT, other, min_group=5)


def banded(
    instrument: Instrument, sheets: Callable, bands: Sequence[str], seed: int = 20
) -> tuple[np.ndarray, Tally]:
    answers = sheets(instrument, len(bands), seed, 0.0)
    labels = ["a"] * len(bands)
    return answers, Tally.count(instrument, answers, labels, backgrounds={"shift": bands})


def test_bands_agree_with_raw_answers(two_scales: Instrument, sheets: Callable) -> None:
    bands = ["day"] * 20 + ["night"] * 15 + [NO_BAND] * 12
    answers, tally = banded(two_scales, sheets, bands)
    found = results(tally, FLAT, two_scales, min_group=10)["groups"]["shift"]
    assert set(found) == {"day", "night"}
    y = person_scores(two_scales, answers, "support")[:20]
    figures = found["day"]["scales"]["support"]
    assert (found["day"]["n"], figures["n"]) == (20, 20)
    assert figures["mean"] == pytest.approx(y.mean())
    limits = stats.t.interval(0.95, 19, y.mean(), stats.sem(y))
    assert (figures["low"], figures["high"]) == pytest.approx(limits)
    assert figures["share_at_risk"] == pytest.approx((y < 40).mean())


def test_a_scale_of_bands_is_shown_whole_or_not_at_all(
    two_scales: Instrument, sheets: Callable
) -> None:
    answers = sheets(two_scales, 40, 21, 0.0)
    answers[:12, 4:] = -1
    bands = ["day"] * 20 + ["night"] * 20
    tally = Tally.count(two_scales, answers, ["a"] * 40, backgrounds={"shift": bands})
    found = results(tally, FLAT, two_scales, min_group=10)["groups"]["shift"]
    assert not _figures(found["day"]["scales"]["support"])
    assert not _figures(found["night"]["scales"]["support"])
    assert found["night"]["scales"]["pressure"]["n"] == 20
    raw = results(tally, FLAT, two_scales, min_group=10, protected=False)["groups"]["shift"]
    assert raw["day"]["scales"]["support"]["n"] == 8


def test_a_band_nobody_chose_has_no_figures(two_scales: Instrument, sheets: Callable) -> None:
    answers = sheets(two_scales, 30, 22, 0.0)
    answers[:15, 4:] = -1
    bands = ["day"] * 15 + ["night"] * 15
    tally = Tally.count(two_scales, answers, ["a"] * 30, backgrounds={"shift": bands})
    found = results(tally, FLAT, two_scales, min_group=10)["groups"]["shift"]
    assert not _figures(found["day"]["scales"]["support"])
    assert found["night"]["scales"]["support"]["n"] == 15


def test_small_bands_leave_no_trace(two_scales: Instrument, sheets: Callable) -> None:
    _, tally = banded(two_scales, sheets, ["day"] * 30 + ["night"] * 9)
    assert results(tally, FLAT, two_scales, min_group=10)["groups"] == {}


def test_what_was_hidden_once_stays_hidden(two_scales: Instrument, sheets: Callable) -> None:
    labels = labels_of(a=20, b=20, c=15)
    tally = Tally.count(two_scales, sheets(two_scales, 55, 10, 0.0), labels)
    first = analyse(tally, FLAT, two_scales, min_group=10)
    hidden = json.loads(json.dumps(first.plan))
    hidden["scales"]["support"]["shown"].remove("b")
    again = analyse(tally, FLAT, two_scales, min_group=10, earlier=[hidden])
    assert again.plan["scales"]["support"]["shown"] == ["ALL", "a", "c"]
    assert again.plan["scales"]["pressure"] == first.plan["scales"]["pressure"]


def test_a_department_without_answers_of_its_own_lends_its_people_to_those_below(
    two_scales: Instrument, sheets: Callable
) -> None:
    tree = Tree.of(
        [
            UnitNode("home", None, 0),
            UnitNode("care", "home", 10),
            UnitNode("north", "care", 30),
            UnitNode("south", "care", 10),
            UnitNode("kitchen", "home", 50),
        ]
    )
    labels = labels_of(north=15, south=5, kitchen=25)
    answers = sheets(two_scales, len(labels), 30, 0.0)
    found = results(
        Tally.count(two_scales, answers, labels), tree, two_scales, min_group=5, protected=False
    )
    y = person_scores(two_scales, answers, "pressure")
    means = [y[np.array(labels) == unit].mean() for unit in ("north", "south", "kitchen")]
    # the ten of the department count as 7.5 of north and 2.5 of south
    expected = np.array([37.5, 12.5, 50]) @ means / 100
    assert found["scales"]["pressure"]["mean_weighted"] == pytest.approx(expected)


def test_a_department_without_a_number_has_nobody_of_its_own(
    two_scales: Instrument, sheets: Callable
) -> None:
    tree = Tree.of(
        [
            UnitNode("care", None, None),
            UnitNode("north", "care", 30),
            UnitNode("kitchen", None, 20),
        ]
    )
    tally = Tally.count(
        two_scales, sheets(two_scales, 40, 31, 0.0), labels_of(north=20, kitchen=20)
    )
    found = results(tally, tree, two_scales, min_group=10)
    assert found["headcount"] == 50
    assert found["units"]["care"]["headcount"] == 30


def test_people_of_the_top_who_all_stayed_silent_are_spread_over_everybody(
    two_scales: Instrument, sheets: Callable
) -> None:
    tree = Tree.of(
        [UnitNode("home", None, 20), UnitNode("a", "home", 30), UnitNode("b", "home", 30)]
    )
    answers = sheets(two_scales, 60, 32, 0.0)
    labels = labels_of(a=30, b=30)
    found = results(Tally.count(two_scales, answers, labels), tree, two_scales, min_group=10)
    figures = found["scales"]["support"]
    assert figures["mean_weighted"] == pytest.approx(figures["mean"])


def test_without_any_cutoff_no_share_is_planned(two_scales: Instrument, sheets: Callable) -> None:
    bare = replace(two_scales, scales=tuple(replace(s, cutoff=None) for s in two_scales.scales))
    tally = Tally.count(bare, sheets(bare, 30, 33, 0.0), labels_of(a=15, b=15))
    found = analyse(tally, FLAT, bare, min_group=10)
    assert found.plan["scales"]["support"]["share_shown"] == []
    assert found.results["scales"]["support"]["light"] == "grey"
    assert set(found.results["withheld"]["figures"]["support"].values()) == {"no_cutoff"}


def test_answers_from_units_said_to_be_empty_have_no_weighted_mean(
    two_scales: Instrument, sheets: Callable
) -> None:
    tree = Tree.of([UnitNode("home", None, 9), UnitNode("a", "home", 0)])
    tally = Tally.count(two_scales, sheets(two_scales, 15, 34, 0.0), ["a"] * 15)
    found = results(tally, tree, two_scales, min_group=10, protected=False)
    assert found["scales"]["support"]["mean_weighted"] is None
    assert found["units"]["a"]["withheld"]["headcount"] == "headcount_unknown"
