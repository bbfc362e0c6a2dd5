"""Only what a release shows can be read from it."""

from copy import deepcopy

import pytest

from baken.actionplan.errors import NotFound
from baken.actionplan.indicators.cells import CellWithheld, released_cell

SHOWN = {
    "n": 22,
    "mean": 61.5,
    "low": 56.0,
    "high": 67.0,
    "share_at_risk": 0.52,
    "light": "red",
    "rwg": 0.7,
}
RESULTS = {
    "n": 300,
    "scales": {"rosters": SHOWN | {"n": 300}, "support": SHOWN | {"n": 300}},
    "units": {
        "night": {
            "n": 22,
            "scales": {"rosters": SHOWN, "support": None},
            "withheld": {"scales": {"support": "privacy"}},
        },
        "kitchen": {
            # A hidden unit never carries figures; if one did, they would still stay unread.
            "n": 4,
            "scales": {"rosters": SHOWN | {"n": 4}},
            "withheld": {"unit": "merged", "counted_in": "night"},
        },
        "stores": {"n": None, "scales": {"rosters": SHOWN | {"n": None, "mean": None}}},
        "office": {"n": 12, "scales": {"rosters": SHOWN}},
    },
}


def test_a_shown_cell_is_copied_as_it_stands():
    cell = released_cell(RESULTS, "night", "rosters")
    assert (cell.n, cell.mean, cell.low, cell.high) == (22, 61.5, 56.0, 67.0)
    assert (cell.share_at_risk, cell.share_low, cell.light) == (0.52, None, "red")
    assert cell.as_figures()["n"] == 22
    assert "rwg" not in cell.as_figures()


@pytest.mark.parametrize("unit", ["night", "ALL"])
@pytest.mark.parametrize(("reason", "is_hidden"), [("privacy", True), ("no_cutoff", False)])
def test_a_cell_knows_whether_its_share_is_withheld(unit, reason, is_hidden):
    results = deepcopy(RESULTS)
    entry = results if unit == "ALL" else results["units"][unit]
    entry["scales"]["rosters"] = SHOWN | {"share_at_risk": None}
    entry["withheld"] = {"figures": {"rosters": {"share_at_risk": reason}}}
    assert released_cell(results, unit, "rosters").share_hidden is is_hidden
    assert not released_cell(RESULTS, unit, "rosters").share_hidden


def test_the_whole_organisation_is_a_cell_too():
    assert released_cell(RESULTS, "ALL", "rosters").n == 300


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("night", "support"),  # hidden by the plan
        ("kitchen", "rosters"),  # counted elsewhere
        ("stores", "rosters"),  # without figures
        ("office", "support"),  # absent here, shown elsewhere
    ],
)
def test_a_withheld_cell_cannot_be_read(unit, scale):
    with pytest.raises(CellWithheld) as refused:
        released_cell(RESULTS, unit, scale)
    assert "22" not in str(refused.value)
    assert "4" not in str(refused.value)


def test_results_that_are_withheld_as_a_whole_cannot_be_read():
    hidden = deepcopy(RESULTS) | {"withheld": "privacy"}
    with pytest.raises(CellWithheld):
        released_cell(hidden, "ALL", "rosters")


@pytest.mark.parametrize(
    ("unit", "scale", "key"),
    [
        ("moon", "rosters", "actionplan.unit_not_released"),
        ("night", "weather", "actionplan.scale_not_released"),
        ("ALL", "weather", "actionplan.scale_not_released"),
    ],
)
def test_an_unknown_cell_is_missing(unit, scale, key):
    with pytest.raises(NotFound) as refused:
        released_cell(RESULTS, unit, scale)
    assert refused.value.key == key
