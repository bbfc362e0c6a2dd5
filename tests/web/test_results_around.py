"""Units between the lines of chance, as the page of a scale words them."""

from types import SimpleNamespace

import pytest

from baken.analysis.methods.funnel import Place
from baken.web.charts.funnel import Dot, Lines, funnel_chart
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
    # a number stands beside the point, as in the list of names below it
    outside = [line for line in found.lines if line.place is not Place.INSIDE]
    assert [line.sign for line in outside] == [str(place + 1) for place in range(len(outside))]
    assert found.figure["data"][-1]["text"] == [line.sign for line in found.lines]
    # a scale that is too rough for units has no picture
    report.results["scales"][SCALE]["alpha"] = 0.59
    assert around_view(reading, release, scale) is None
    assert INSTRUMENT.scale(SCALE).high_is == "resource"


def test_signs_of_points_that_lie_close_stand_apart():
    dots = [Dot("1", 42, 74.0), Dot("2", 43, 75.0), Dot("3", 20, 75.0), Dot("", 42, 74.5)]
    lines = Lines(50.0, (5, 43), ((1, 99), (1, 99)), ((0, 100), (0, 100)))
    drawn = funnel_chart(dots, lines, people="n", mean="m")["data"][-1]
    assert drawn["textposition"][:3] == ["middle left", "middle right", "top center"]
    assert drawn["marker"]["symbol"] == ["diamond"] * 3 + ["circle"]
