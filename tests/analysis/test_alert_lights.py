"""Everybody's reading of the alert lights: out of released figures, and no wider than these."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.releases.alert_lights import everybody_in, lights_asked, lowest
from baken.instruments.library import load_instrument
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

LIGHTS = load_instrument("knipperlichten", "2")
OVERALL = LIGHTS.screening.overall
ASKED = lights_asked(LIGHTS)
CODES = [item.code for item in LIGHTS.items]


def entry(said: dict[str, tuple[int, int] | None]) -> dict[str, Any]:
    """What a release says of a unit: of each light how many call it on and off, or nothing."""
    scales = {}
    for code, people in said.items():
        n = sum(people) if people else None
        scales[ASKED[code]] = {"n": n, "mean": 100 * people[0] / n if people else None}
    return {"scales": scales}


def test_every_light_is_a_scale_of_the_newest_version_and_none_of_the_first():
    assert list(ASKED) == CODES
    assert set(ASKED.values()).isdisjoint({"health", "functioning"})
    assert lights_asked(load_instrument("knipperlichten", "1")) == {}


@pytest.mark.parametrize(
    ("on", "off", "reading"),
    [(5, 5, True), (6, 5, True), (5, 6, False), (9, 0, None), (0, 10, False)],
)
def test_half_of_those_who_know_is_on_and_fewer_than_k_is_no_reading(on, off, reading):
    found = everybody_in(entry({"ABS": (on, off)}), ASKED, CODES, OVERALL, k=10)
    assert (found.lights["ABS"] if found else None) is reading


@given(
    st.lists(st.booleans(), min_size=12, max_size=12),
    st.sets(st.sampled_from(CODES), max_size=11),
)
def test_what_is_hidden_leaves_the_colour_open_and_never_moves_it(states, hidden):
    said = {
        code: None if code in hidden else ((20, 10) if on else (10, 20))
        for code, on in zip(CODES, states, strict=True)
    }
    found = everybody_in(entry(said), ASKED, CODES, OVERALL, k=10)
    assert found.n_hidden == len(hidden)
    assert found.colour <= OVERALL.colour(Fraction(sum(states))) <= found.worst
    assert found.is_certain or hidden


def test_nothing_shown_is_no_reading():
    assert everybody_in(entry(dict.fromkeys(CODES)), ASKED, CODES, OVERALL, k=10) is None


def test_of_units_below_each_other_only_the_lowest_count():
    nodes = [("care", None), ("day", "care"), ("night", "care"), ("office", None)]
    tree = Tree.of(UnitNode(key, parent, 20) for key, parent in nodes)
    assert lowest([ROOT, "care", "day", "office"], tree) == {"day", "office"}
    assert lowest([ROOT], tree) == {ROOT}
