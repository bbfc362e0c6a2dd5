"""The recommendation score in results: what is shown, what is not, and what changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.analysis.releases.comparing import with_previous_recommendation
from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import NO_UNIT, Tree, UnitNode

K = 10
TREE = Tree.of(
    [
        UnitNode("dep", None, 0),
        *(UnitNode(unit, "dep", 60) for unit in ("a", "b", "c")),
        UnitNode("d", None, 60),
    ]
)


@pytest.fixture(scope="module")
def asked(make_instrument: Callable) -> Instrument:
    made = make_instrument(
        {"again": ([("R1", 0, 10, False)], {"high_is": "resource", "cutoff": None})}
    )
    return replace(made, recommendation="again")


def report(
    instrument: Instrument, answers: dict[str, Sequence[int]], *, protected: bool = True
) -> Report:
    labels = [unit for unit, given in answers.items() for _ in given]
    sheets = np.array([[one] for given in answers.values() for one in given], dtype=np.int8)
    tally = Tally.count(instrument, sheets, labels)
    return analyse(tally, TREE, instrument, min_group=K, protected=protected)


def spread(against: int, neutral: int, recommending: int) -> list[int]:
    """People of each class, with different answers in it."""
    return (
        [at % 7 for at in range(against)]
        + [7 + at % 2 for at in range(neutral)]
        + [9 + at % 2 for at in range(recommending)]
    )


def test_the_score_stands_with_its_three_shares(asked: Instrument) -> None:
    answers = {unit: spread(8, 10, 12) for unit in ("a", "b", "c")} | {"d": spread(12, 4, 4)}
    found = report(asked, answers).results["recommendation"]["again"]
    assert set(found) == {"ALL", "dep", "a", "b", "c", "d"}
    whole = found["ALL"]
    assert whole["n"] == 110
    assert whole["score"] == pytest.approx(100 * (40 - 36) / 110)
    shares = [whole[name] for name in ("against", "neutral", "recommending")]
    assert shares == [pytest.approx(n / 110) for n in (36, 34, 40)]
    assert whole["low"] < whole["score"] < whole["high"]
    assert found["d"]["score"] == pytest.approx(-40)


@pytest.mark.parametrize(
    ("given", "is_shown"),
    [
        (spread(7, 6, 7), True),
        (spread(6, 6, 7), False),  # 19 people: below twice the smallest group
        (spread(0, 10, 20), False),  # nobody advises against
        (spread(0, 0, 30), False),  # a score of 100
        (spread(30, 0, 0), False),
        (spread(1, 14, 15), False),  # the one exception knows all the others
        (spread(2, 14, 15), True),
    ],
)
def test_a_unit_of_few_or_of_one_opinion_has_no_score(
    asked: Instrument, given: list[int], is_shown: bool
) -> None:
    answers = {unit: spread(10, 10, 10) for unit in ("a", "b", "c")} | {"d": given}
    made = report(asked, answers)
    cells = made.results["recommendation"]["again"]
    assert ("d" in cells) is is_shown
    assert made.plan["recommendation"]["again"] == list(cells)
    # the department is what is left of the organisation without the unit
    assert ("dep" in cells) is is_shown


def classes(answers: Sequence[int]) -> list[int]:
    given = np.array(answers)
    return [int(np.sum(part)) for part in (given < 7, (given > 6) & (given < 9), given > 8)]


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "d", NO_UNIT]),
        st.lists(st.sampled_from([2, 7, 10]), max_size=45),
        min_size=3,
    )
)
def test_nothing_follows_about_few_or_about_one_opinion(
    asked: Instrument, answers: dict[str, list[int]]
) -> None:
    if sum(map(len, answers.values())) < K:
        return
    made = report(asked, answers)
    shown = made.plan.get("recommendation", {}).get("again", [])
    labels = made.plan["labels"]
    held: dict[str, list[int]] = {}
    for unit, of_unit in answers.items():
        label = labels[TREE.key_of(unit)]
        nearest = next((key for key in (label, *TREE.ancestors(label)) if key in shown), None)
        if nearest:
            held.setdefault(nearest, []).extend(of_unit)
    for people in filter(None, held.values()):
        assert len(people) >= 2 * K
        assert all(0 < n < len(people) for n in classes(people))


def test_without_protection_everything_is_said_and_nothing_without_the_question(
    asked: Instrument,
) -> None:
    answers = {"a": [9, 9, 9], "d": [1]}
    bare = report(asked, answers, protected=False).results["recommendation"]["again"]
    assert bare["a"]["score"] == 100
    assert bare["d"]["low"] is None or bare["d"]["low"] <= -100
    unasked = replace(asked, recommendation="")
    assert "recommendation" not in report(unasked, answers, protected=False).results


def test_an_earlier_release_keeps_its_score_to_itself(asked: Instrument) -> None:
    answers = {unit: spread(10, 10, 10) for unit in ("a", "b", "c", "d")}
    first = report(asked, answers)
    hidden = {**first.plan, "recommendation": {"again": ["ALL", "a"]}}
    labels = [unit for unit, given in answers.items() for _ in given]
    sheets = np.array([[one] for given in answers.values() for one in given], dtype=np.int8)
    tally = Tally.count(asked, sheets, labels)
    for earlier, cells in (
        (hidden, {"ALL", "a"}),
        ({**first.plan, "recommendation": {}}, {"ALL", "dep", "a", "b", "c", "d"}),
    ):
        again = analyse(tally, TREE, asked, min_group=K, earlier=[earlier])
        assert set(again.results["recommendation"]["again"]) == cells


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        (spread(2, 12, 26), "better"),
        (spread(26, 12, 2), "worse"),
        (spread(14, 12, 14), "not_shown"),
    ],
)
def test_a_change_of_ten_points_matters(asked: Instrument, later: list[int], verdict: str) -> None:
    before = {unit: spread(14, 12, 14) for unit in ("a", "b", "c", "d")}
    first = report(asked, before).results
    second = report(asked, dict.fromkeys(before, later)).results
    trend: dict[str, Any] = with_previous_recommendation(second, first, asked, (TREE, TREE))[
        "again"
    ]
    assert set(trend) == {"ALL", "dep", "a", "b", "c", "d"}
    assert trend["d"]["verdict"] == verdict
    assert trend["d"]["diff"] == pytest.approx(trend["d"]["after"] - trend["d"]["before"])
    assert (
        with_previous_recommendation(second, first, replace(asked, recommendation=""), (TREE, TREE))
        == {}
    )
