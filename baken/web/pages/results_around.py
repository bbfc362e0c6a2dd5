"""The units of a scale between the lines of chance, as the page of the scale shows them."""

from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from baken.analysis.methods.funnel import INNER, OUTER, Place
from baken.analysis.releases.around import Around, units_around
from baken.analysis.releases.figures import is_fit_for_units
from baken.analysis.releases.models import Release
from baken.instruments.definition import Scale
from baken.web.charts.funnel import Dot, Lines, funnel_chart, sizes_between
from baken.web.pages.results_reading import Reading

_SMALLEST_DRAWN: Final = 5


@dataclass(frozen=True, slots=True)
class AroundLine:
    """One unit and where it lies, as a word; both sides of the whole have lines.

    `sign` numbers those outside them.
    """

    name: str
    href: str
    n: int
    mean: float
    place: Place
    is_worse: bool
    sign: str


@dataclass(frozen=True, slots=True)
class AroundView:
    """The picture with its lines; how many units lie beyond the inner and the outer line."""

    figure: dict[str, Any]
    lines: tuple[AroundLine, ...]
    n_eye: int
    n_special: int


def around_view(reading: Reading, release: Release, scale: Scale) -> AroundView | None:
    """Return the picture; None where units say nothing on this scale, or are too few."""
    if not is_fit_for_units(reading.results["scales"][scale.key]):
        return None
    found = units_around(release.results, release.plan, scale.key, reading.tree)
    if found is None or not found.units:
        return None
    signs = count(1)
    lines = tuple(
        AroundLine(
            name=reading.unit_name(one.unit),
            href=reading.unit_url(one.unit),
            n=one.n,
            mean=one.mean,
            place=one.place,
            is_worse=(one.mean > found.whole) == (scale.high_is == "risk"),
            sign="" if one.place is Place.INSIDE else str(next(signs)),
        )
        for one in found.units
    )
    return AroundView(
        figure=_figure(reading, found, lines),
        lines=lines,
        n_eye=sum(line.place is Place.KEEP_AN_EYE for line in lines),
        n_special=sum(line.place is Place.SPECIAL_ATTENTION for line in lines),
    )


def _figure(reading: Reading, found: Around, lines: tuple[AroundLine, ...]) -> dict[str, Any]:
    most = max(line.n for line in lines)
    sizes = sizes_between(min(_SMALLEST_DRAWN, most), most)
    inner, outer = (tuple(found.limits(z, n) for n in sizes) for z in (INNER, OUTER))
    dots = [Dot(line.sign, line.n, line.mean) for line in lines]
    words = {"people": reading.say("results.answered"), "mean": reading.say("results.mean")}
    return funnel_chart(dots, Lines(found.whole, sizes, inner, outer), **words)
