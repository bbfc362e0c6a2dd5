"""Parts of a whole, one bar per theme with its interval, the largest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

LINE: Final = 36
AXIS: Final = 60
ROOM: Final = 1.18  # right of the longest bar, so that its number stands free
STEPS: Final = (5, 10, 20, 25)
MOST_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One bar: a share from 0 to 1, its number in words, and limits where all bars have some."""

    label: str
    share: float
    low: float | None
    high: float | None
    words: str


def parts(bars: Sequence[Part], sign: str) -> dict[str, Any]:
    """Return the figure; `sign` is the percent sign as the language sets it."""
    longest = max(100 * (bar.high if bar.high is not None else bar.share) for bar in bars)
    step = next((one for one in STEPS if longest / one <= MOST_TICKS), STEPS[-1])
    ticks = [tick for tick in range(0, 101, step) if tick <= longest * ROOM]
    return {
        "data": [_bars(bars)],
        "layout": {
            "height": LINE * len(bars) + AXIS,
            "bargap": 0.45,
            "xaxis": {
                "range": [0, longest * ROOM],
                "tickvals": ticks,
                "ticktext": [f"{tick}{sign}" for tick in ticks],
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "tickvals": list(range(len(bars))),
                "ticktext": [bar.label for bar in bars],
                "range": [len(bars) - 0.5, -0.5],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "annotations": [_words(place, bar) for place, bar in enumerate(bars)],
        },
    }


def _bars(bars: Sequence[Part]) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": [100 * bar.share for bar in bars],
        "y": list(range(len(bars))),
        "hoverinfo": "skip",
        "marker": {"color": "--sea"},
    }
    limits = [(bar.low, bar.high) for bar in bars if bar.low is not None and bar.high is not None]
    if len(limits) < len(bars):
        return drawn
    ends = list(zip(bars, limits, strict=True))
    return drawn | {
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (high - bar.share) for bar, (_, high) in ends],
            "arrayminus": [100 * (bar.share - low) for bar, (low, _) in ends],
            "color": "--ink-2",
            "thickness": 2,
            "width": 4,
        },
    }


def _words(place: int, bar: Part) -> dict[str, Any]:
    end = bar.share if bar.high is None else bar.high
    return {
        "x": 100 * end,
        "xanchor": "left",
        "xshift": 6,
        "y": place,
        "showarrow": False,
        "text": bar.words,
        "font": {"color": "--ink-2"},
    }
