"""Units between the lines of chance, as the page of a scale words them."""

from types import SimpleNamespace

import pytest

from baken.analysis.methods.funnel import Place
from baken.web.pages.results_around import around_view
from tests.analysis.test_units_around import INSTRUMENT, SCALE, released


@pytest.mark.parametrize(("high_is", "is_worse"), [("risk", True), ("resource", False)])
def test_a_unit_that_stands_out_is_said_to_be_worse_or_better(high_is, is_worse):
    sizes = {"a": 40, "b": 35, "c": 30, "d": 25, "e": 20, "high": 12}
    tree, report = released(sizes, moved="high")
    # items drawn apart from each other hardly hang together
    report.results["scales"][SCALE]["alpha"] = 0.8
    reading = SimpleNamespace(
        results=report.results, tree=tree, unit_name=str, unit_url=str, say=str
    )
    release = SimpleNamespace(results=report.results, plan=report.plan)
    scale = SimpleNamespace(key=SCALE, high_is=high_is)
    found = around_view(reading, release, scale)
    first = found.lines[0]
    assert (first.name, first.place, first.is_worse) == ("high", Place.SPECIAL_ATTENTION, is_worse)
    assert found.n_special == sum(one.place is Place.SPECIAL_ATTENTION for one in found.lines)
    # a scale that is too rough for units has no picture
    report.results["scales"][SCALE]["alpha"] = 0.59
    assert around_view(reading, release, scale) is None
    assert INSTRUMENT.scale(SCALE).high_is == "resource"
