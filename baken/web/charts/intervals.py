"""Means with their intervals, one line per scale, against the mean of the whole organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

LINE: Final = 44
AXIS: Final = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """One line of the chart: a mean with its limits, or words in their place.

    `whole` is the mean of the whole organisation, drawn as a thin mark.
    """

    label: str
    mean: float | None
    low: float | None
    high: float | None
    whole: float | None
    words: str = ""


def intervals(spots: Sequence[Spot]) -> dict[str, Any]:
    """Return the figure; the first line stands at the top."""
    shown = [(place, spot) for place, spot in enumerate(spots) if spot.mean is not None]
    marks = [(place, spot) for place, spot in enumerate(spots) if spot.whole is not None]
    return {
        "data": [_marks(marks), _dots(shown)],
        "layout": {
            "height": LINE * len(spots) + AXIS,
            "xaxis": {
                "range": [-2, 102],
                "tickvals": [0, 25, 50, 75, 100],
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "tickvals": list(range(len(spots))),
                "ticktext": [spot.label for spot in spots],
                "range": [len(spots) - 0.5, -0.5],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "annotations": [_words(place, spot) for place, spot in enumerate(spots) if spot.words],
        },
    }


def _dots(shown: Sequence[tuple[int, Spot]]) -> dict[str, Any]:
    means = [spot.mean or 0.0 for _, spot in shown]
    ends = [(spot.low, spot.high) for _, spot in shown]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": means,
        "y": [place for place, _ in shown],
        "text": [f"{round(mean)}" for mean in means],
        "textposition": "top center",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"size": 11, "color": "--sea"},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [
                0 if high is None else high - mean
                for mean, (_, high) in zip(means, ends, strict=True)
            ],
            "arrayminus": [
                0 if low is None else mean - low for mean, (low, _) in zip(means, ends, strict=True)
            ],
            "color": "--sea",
            "thickness": 2.5,
            "width": 0,
        },
    }


def _marks(marks: Sequence[tuple[int, Spot]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [spot.whole for _, spot in marks],
        "y": [place for place, _ in marks],
        "hoverinfo": "skip",
        "marker": {
            "symbol": "line-ns-open",
            "size": 14,
            "color": "--ink-2",
            "line": {"width": 1.5, "color": "--ink-2"},
        },
    }


def _words(place: int, spot: Spot) -> dict[str, Any]:
    return {
        "x": 0,
        "xanchor": "left",
        "y": place,
        "showarrow": False,
        "text": spot.words,
        "font": {"color": "--ink-2"},
    }
