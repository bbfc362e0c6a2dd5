"""The chart of a measure: does the agreed figure move, with its margins and the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

HEIGHT: Final = 280
ROOM: Final = 1.15  # above the highest value, so that its label stands free


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure on a day; the words are those of the reader."""

    when: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None


def movement(spots: Sequence[Spot], *, target: float, target_label: str) -> dict[str, Any]:
    """Return the figure: dots with their interval, a dotted line at the target."""
    values = [spot.value for spot in spots]
    ends = [*values, target, *(spot.high for spot in spots if spot.high is not None)]
    starts = [*values, target, *(spot.low for spot in spots if spot.low is not None)]
    places = list(range(len(spots)))
    above = [(spot.high if spot.high is not None else spot.value) - spot.value for spot in spots]
    below = [spot.value - (spot.low if spot.low is not None else spot.value) for spot in spots]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "x": places,
                "y": values,
                "text": [spot.label for spot in spots],
                "textposition": "top center",
                "cliponaxis": False,
                "hoverinfo": "skip",
                "marker": {"size": 12, "color": "--sea"},
                "line": {"dash": "dot", "width": 1.5, "color": "--sea"},
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": above,
                    "arrayminus": below,
                    "color": "--sea",
                    "thickness": 2.5,
                    "width": 0,
                },
            }
        ],
        "layout": {
            "height": HEIGHT,
            "xaxis": {
                "tickvals": places,
                "ticktext": [spot.when for spot in spots],
                "range": [-0.6, len(spots) - 0.4],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "range": [min(0.0, min(starts) * ROOM), max(*ends, 1.0) * ROOM],
                "nticks": 4,
                "zeroline": False,
                "fixedrange": True,
            },
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": target,
                    "y1": target,
                    "line": {"dash": "dot", "width": 2, "color": "--green"},
                }
            ],
            "annotations": [
                {
                    "xref": "paper",
                    "x": 1,
                    "xanchor": "right",
                    "y": target,
                    "yanchor": "bottom",
                    "showarrow": False,
                    "text": target_label,
                    "font": {"color": "--green"},
                }
            ],
        },
    }
