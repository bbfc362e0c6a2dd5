"""A trend over two versions of a questionnaire, of the scales that kept their meaning."""

import pytest

from baken.analysis.errors import NotComparable
from baken.analysis.releases.comparing import with_previous
from baken.instruments.library import load_instrument
from baken.survey.disclosure.tree import Tree, UnitNode

FULL = load_instrument("vijf-a", "2")
TREE = Tree.of([UnitNode("A", None, 100)])


def results(key, version, mean):
    """What a publication says of the whole organisation, in two scales."""
    figures = {"mean": mean, "sd": 20.0, "n": 80}
    return {
        "instrument": {"key": key, "version": version},
        "protected": True,
        "min_group": 10,
        "headcount": 100,
        "units": {},
        "scales": {"workload": figures, "exhaustion": figures},
    }


def test_scales_with_a_changed_question_have_no_trend():
    now = results("vijf-a", "2", 60.0)
    trend = with_previous(now, results("vijf-a", "1", 50.0), FULL, (TREE, TREE))
    assert trend["workload"]["ALL"]["diff"] == pytest.approx(10.0)
    assert "exhaustion" not in trend


def test_the_short_form_is_no_earlier_version_of_the_full_one():
    now = results("vijf-a", "2", 60.0)
    with pytest.raises(NotComparable, match="made with vijf-a-kort 1, these with vijf-a 2"):
        with_previous(now, results("vijf-a-kort", "1", 50.0), FULL, (TREE, TREE))


def test_a_change_of_everybody_is_a_fact_and_its_limits_are_those_of_a_sample():
    def all_of(mean, sd=20.0, n=100):
        found = results("vijf-a", "2", mean)
        found["scales"] = {"workload": {"mean": mean, "sd": sd, "n": n}}
        return found

    moved = with_previous(all_of(51.0), all_of(50.0), FULL, (TREE, TREE))["workload"]["ALL"]
    assert moved["complete"]
    assert moved["verdict"] == "not_shown"  # one point of a hundred people is no news
    # 1.972 sqrt(2 * 20^2 / 100)
    assert moved["high"] - moved["diff"] == pytest.approx(5.578, abs=1e-3)
    clear = with_previous(all_of(60.0), all_of(50.0), FULL, (TREE, TREE))["workload"]["ALL"]
    assert clear["verdict"] == "worse"


def test_equal_answers_while_somebody_was_silent_claim_no_change():
    def alike(mean):
        found = results("vijf-a", "2", mean)
        found["scales"] = {"workload": {"mean": mean, "sd": 0.0, "n": 80}}
        return found

    moved = with_previous(alike(60.0), alike(50.0), FULL, (TREE, TREE))["workload"]["ALL"]
    assert (moved["low"], moved["high"], moved["verdict"]) == (None, None, "not_shown")
    assert not moved["complete"]
