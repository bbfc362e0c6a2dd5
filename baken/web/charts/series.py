"""The chart of an indicator: its figure from period to period, and its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

HEIGHT: Final = 300
ROOM: Final = 1.15
MOST_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure of a period, in words of the reader; None where readers see nothing of it."""

    when: str
    value: float | None
    words: str


def series_chart(
    spots: Sequence[Spot], *, target: float | None, target_words: str
) -> dict[str, Any]:
    """Return the figure; a period without a figure leaves a gap in the line."""
    values = [spot.value for spot in spots if spot.value is not None]
    highest = max([*values, target or 0.0, 0.1]) * ROOM
    step = max(1, -(-len(spots) // MOST_TICKS))
    # the last period always has its name
    ticks = list(range(len(spots) - 1, -1, -step))[::-1]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(range(len(spots))),
                "y": [spot.value for spot in spots],
                "text": [f"{spot.when}: {spot.words}" for spot in spots],
                "hoverinfo": "text",
                "connectgaps": False,
                "line": {"color": "--sea", "width": 2.5},
                "marker": {"size": 8, "color": "--sea"},
            }
        ],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 48, "r": 16, "t": 36, "b": 56},
            "xaxis": {
                "tickvals": ticks,
                # the year below the quarter: on a phone they would run into each other
                "ticktext": ["<br>".join(spots[place].when.split()) for place in ticks],
                "tickangle": 0,
                "range": [-0.5, len(spots) - 0.5],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {"range": [0, highest], "nticks": 5, "zeroline": False, "fixedrange": True},
            "shapes": [] if target is None else [_line(target)],
            "annotations": [] if target is None else [_words(target_words)],
        },
    }


def _line(target: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": target,
        "y1": target,
        "line": {"dash": "dot", "width": 2, "color": "--green"},
    }


def _words(text: str) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": text,
        "font": {"color": "--ink-2"},
    }
