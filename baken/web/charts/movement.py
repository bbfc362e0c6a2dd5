"""The chart of a measure: does the agreed figure move, with its margins and the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

HEIGHT: Final = 300
ROOM: Final = 1.15  # above the highest value, so that its label stands free
SIDE: Final = 0.2  # of the days shown, left and right, so that the outer labels fit
# What a label takes of a narrow screen, as a share of the width and of the height.
LABEL_WIDTH: Final = 0.3
LABEL_HEIGHT: Final = 0.12
LINE: Final = 22  # pixels of one line of labels


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure on a day; the words are those of the reader."""

    on: date
    when: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def top(self) -> float:
        return self.value if self.high is None else self.high

    @property
    def bottom(self) -> float:
        return self.value if self.low is None else self.low


def movement(spots: Sequence[Spot], *, target: float, target_label: str) -> dict[str, Any]:
    """Return the figure: dots with their interval on the days they were read, and the target."""
    first, last = _days(spots)
    highest = max(*(spot.top for spot in spots), target, 1.0) * ROOM
    lowest = min(0.0, min(*(spot.bottom for spot in spots), target) * ROOM)
    places = [_share(spot.on, first, last) for spot in spots]
    heights = [(spot.top - lowest) / (highest - lowest) for spot in spots]
    lines = _lines_of_days(places)
    lifts = _lifts(places, heights)
    return {
        "data": [_dots(spots)],
        "layout": {
            "height": HEIGHT + LINE * (max(lines) + max(lifts)),
            # Room above for the words of the target and for labels that stand on each other.
            "margin": {"l": 8, "r": 16, "t": LINE * (2 + max(lifts)), "b": 40},
            "xaxis": {
                "type": "date",
                "tickvals": [spot.on.isoformat() for spot in spots],
                "ticktext": ["<br>" * n + s.when for s, n in zip(spots, lines, strict=True)],
                "tickangle": 0,
                "range": [first.isoformat(), last.isoformat()],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "range": [lowest, highest],
                "nticks": 4,
                "zeroline": False,
                "fixedrange": True,
            },
            "shapes": [
                {**_GOAL, "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target},
                _KEY_LINE,
            ],
            "annotations": [
                _KEY_WORDS | {"text": target_label},
                *(_label(spot, lift) for spot, lift in zip(spots, lifts, strict=True)),
            ],
        },
    }


_GOAL: Final = {"type": "line", "line": {"dash": "dot", "width": 2, "color": "--green"}}
# What the dotted line is stands above the picture, where no reading can cover it.
_KEY_LINE: Final = {
    **_GOAL,
    "xref": "paper",
    "yref": "paper",
    "xsizemode": "pixel",
    "ysizemode": "pixel",
    "xanchor": 0,
    "yanchor": 1,
    "x0": 0,
    "x1": 28,
    "y0": 12,
    "y1": 12,
}
_KEY_WORDS: Final = {
    "xref": "paper",
    "yref": "paper",
    "x": 0,
    "y": 1,
    "xanchor": "left",
    "yanchor": "middle",
    "xshift": 34,
    "yshift": 12,
    "showarrow": False,
    "font": {"color": "--green"},
}


def _dots(spots: Sequence[Spot]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [spot.on.isoformat() for spot in spots],
        "y": [spot.value for spot in spots],
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"size": 12, "color": "--sea"},
        "line": {"dash": "dot", "width": 1.5, "color": "--sea"},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [spot.top - spot.value for spot in spots],
            "arrayminus": [spot.value - spot.bottom for spot in spots],
            "color": "--sea",
            "thickness": 2.5,
            "width": 0,
        },
    }


def _label(spot: Spot, lift: int) -> dict[str, Any]:
    return {
        "x": spot.on.isoformat(),
        "y": spot.top,
        "yanchor": "bottom",
        "yshift": 8 + LINE * lift,
        "showarrow": False,
        "text": spot.label,
        "bgcolor": "--paper",
        "borderpad": 1,
    }


def _days(spots: Sequence[Spot]) -> tuple[date, date]:
    """The first and the last day of the axis, with room at both sides."""
    days = [spot.on for spot in spots]
    room = timedelta(days=max(1.0, (max(days) - min(days)).days * SIDE))
    return min(days) - room, max(days) + room


def _share(on: date, first: date, last: date) -> float:
    return (on - first) / (last - first)


def _lines_of_days(places: Sequence[float]) -> list[int]:
    """The line on which each day stands below the axis: the first where nothing is in its way."""
    ends: list[float] = []
    found = []
    for place in places:
        line = next((n for n, end in enumerate(ends) if place - end >= LABEL_WIDTH), len(ends))
        ends[line : line + 1] = [place]
        found.append(line)
    return found


def _lifts(places: Sequence[float], heights: Sequence[float]) -> list[int]:
    """How many lines each label goes up, so that it stands on none before it."""
    taken: list[tuple[float, float]] = []
    found = []
    for place, height in zip(places, heights, strict=True):
        lift = 0
        while any(
            abs(place - x) < LABEL_WIDTH and abs(height + lift * LABEL_HEIGHT - y) < LABEL_HEIGHT
            for x, y in taken
        ):
            lift += 1
        taken.append((place, height + lift * LABEL_HEIGHT))
        found.append(lift)
    return found
