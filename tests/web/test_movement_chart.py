"""The chart of a measure stands on real dates and its labels stand free."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from baken.web.charts.movement import LABEL_HEIGHT, LABEL_WIDTH, Spot, _lifts, movement

places = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12)


def spot(day: int, value: float) -> Spot:
    on = date(2026, 1, 1) + timedelta(days=day)
    return Spot(on, on.isoformat(), f"{value:g}", value)


def test_dates_stand_as_far_apart_as_they_are() -> None:
    figure = movement([spot(0, 40), spot(10, 35), spot(300, 20)], target=10, target_label="10")
    axis = figure["layout"]["xaxis"]
    assert axis["type"] == "date"
    assert figure["data"][0]["x"] == axis["tickvals"] == ["2026-01-01", "2026-01-11", "2026-10-28"]
    # two days close to each other stand on two lines
    assert axis["ticktext"] == ["2026-01-01", "<br>2026-01-11", "2026-10-28"]
    assert axis["range"][0] < "2026-01-01"
    assert axis["range"][1] > "2026-10-28"


def test_readings_on_one_day_can_be_drawn() -> None:
    figure = movement([spot(0, 40), spot(0, 40)], target=10, target_label="10")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < "2026-01-01" < high
    labels = figure["layout"]["annotations"][1:]
    assert labels[0]["yshift"] != labels[1]["yshift"]


def test_the_words_of_the_target_stand_above_the_picture() -> None:
    figure = movement([spot(0, 40), spot(90, 11)], target=10, target_label="doel 10")
    words = figure["layout"]["annotations"][0]
    assert (words["text"], words["yref"], words["y"]) == ("doel 10", "paper", 1)
    assert words["yshift"] > 0


@given(places)
def test_no_label_stands_on_another(found: list[tuple[float, float]]) -> None:
    xs, ys = zip(*sorted(found), strict=True)
    lifts = _lifts(xs, ys)
    stand = [(x, y + lift * LABEL_HEIGHT) for x, y, lift in zip(xs, ys, lifts, strict=True)]
    for place, (x, y) in enumerate(stand):
        for other_x, other_y in stand[:place]:
            assert abs(x - other_x) >= LABEL_WIDTH or abs(y - other_y) >= LABEL_HEIGHT
