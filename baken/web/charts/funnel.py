"""Units by size and mean between the lines of chance: small ones may lie further out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

HEIGHT: Final = 380
POINTS: Final = 40
FULL: Final = 100.0
# Two points lie close together within this share of the picture.
NEAR: Final = 0.05


@dataclass(frozen=True, slots=True)
class Dot:
    """One unit; `sign` stands beside it where it lies outside the lines.

    Names would run into each other, and out of the picture.
    """

    sign: str
    n: int
    mean: float


@dataclass(frozen=True, slots=True)
class Lines:
    """The mean of the whole, and for some sizes how far out chance reaches: inner and outer."""

    whole: float
    sizes: tuple[int, ...]
    inner: tuple[tuple[float, float], ...]
    outer: tuple[tuple[float, float], ...]


def sizes_between(least: int, most: int) -> tuple[int, ...]:
    """Sizes at which the lines are drawn: closer together where they bend."""
    steps = (least * (most / least) ** (step / (POINTS - 1)) for step in range(POINTS))
    return tuple(dict.fromkeys(round(step) for step in steps))


def funnel_chart(dots: Sequence[Dot], lines: Lines, *, people: str, mean: str) -> dict[str, Any]:
    """Return the figure; `people` and `mean` are the words beside the axes."""
    found = [*(dot.mean for dot in dots), *(end for pair in lines.outer for end in pair)]
    low, high = max(0.0, min(found) - 2), min(FULL, max(found) + 2)
    ends = [
        _line(lines.sizes, [pair[side] for pair in limits], dash)
        for limits, dash in ((lines.inner, "dot"), (lines.outer, "solid"))
        for side in (0, 1)
    ]
    axis = {"zeroline": False, "fixedrange": True}
    return {
        "data": [*ends, _line(lines.sizes, [lines.whole] * len(lines.sizes), "solid"), _dots(dots)],
        "layout": {
            "height": HEIGHT,
            "showlegend": False,
            "xaxis": {**axis, "title": {"text": people}, "rangemode": "tozero"},
            "yaxis": {**axis, "title": {"text": mean}, "range": [low, high]},
        },
    }


def _place(dot: Dot, dots: Sequence[Dot]) -> str:
    """Where the sign of a point stands: away from the one that lies close by."""
    near = NEAR * max(one.n for one in dots)
    close = [
        one
        for one in dots
        if one.sign and one is not dot
        if abs(one.n - dot.n) <= near and abs(one.mean - dot.mean) <= FULL * NEAR
    ]
    if not close:
        return "top center"
    first = min(close, key=lambda one: (one.n, one.mean))
    return "middle left" if (dot.n, dot.mean) < (first.n, first.mean) else "middle right"


def _line(sizes: Sequence[int], heights: Sequence[float], dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(sizes),
        "y": [round(min(FULL, max(0.0, height)), 3) for height in heights],
        "hoverinfo": "skip",
        "line": {"width": 1.5, "dash": dash, "color": "--ink-2"},
    }


def _dots(dots: Sequence[Dot]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [dot.n for dot in dots],
        "y": [round(dot.mean, 3) for dot in dots],
        "text": [dot.sign for dot in dots],
        "textposition": [_place(dot, dots) for dot in dots],
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {
            "size": 10,
            "color": "--sea",
            "symbol": ["diamond" if dot.sign else "circle" for dot in dots],
        },
    }
