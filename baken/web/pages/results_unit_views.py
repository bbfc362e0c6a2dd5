"""The page of one unit, and the page of one scale over all units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baken.instruments.definition import Item, Scale
from baken.survey.disclosure.tree import ROOT
from baken.web.charts.intervals import Spot, intervals
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import Cell, Shown, Withheld
from baken.web.pages.results_views import (
    ScaleLine,
    ScaleName,
    Source,
    UnitHead,
    scale_line,
    scale_name,
    source_of,
    unit_head,
)

DIRECTIONS: Final = ("risk", "resource")
FULL: Final = 100.0
STEPS: Final = 5  # shades of a bar


@dataclass(frozen=True, slots=True)
class Row:
    """One scale of one unit; `counted_in` names the unit that a merged one is part of."""

    scale: ScaleName
    head: UnitHead
    cell: Cell
    finding: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the rows it draws; all its scales mean the same when they are high."""

    direction: str
    figure: dict[str, Any]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit and everything the release says about it."""

    head: UnitHead
    merged_into: str
    merged_href: str
    whole: str
    themes: tuple[tuple[str, tuple[Row, ...]], ...]
    pictures: tuple[Picture, ...]
    n_worse: int
    n_better: int
    n_compared: int
    has_rough: bool
    has_divided: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar; `left` and `width` in hundredths of the half width."""

    label: str
    share: float
    left: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """How the organisation answered one question; no segments where that is withheld."""

    text: str
    n: int | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ScaleView:
    """A scale: the whole organisation, its questions, its units."""

    line: ScaleLine
    source: Source | None
    dimension: str
    units_hardly_differ: bool
    items: tuple[ItemLine, ...]
    rows: tuple[Row, ...]


def unit_view(reading: Reading, unit: str, organisation: str) -> UnitView:
    """The page of a unit this reader may see."""
    head = unit_head(reading, unit)
    rows = [_row(reading, head, scale, organisation) for scale in reading.scales]
    shown = [row.cell for row in rows if isinstance(row.cell, Shown)]
    differing = [cell.difference for cell in shown if cell.difference and cell.difference.is_clear]
    withheld = rows[0].cell
    into = withheld.counted_in if isinstance(withheld, Withheld) else ""
    by_dimension = (
        (key, reading.instrument.scales_of(key)) for key in reading.instrument.dimensions
    )
    named = {row.scale.key: row for row in rows}
    return UnitView(
        head=head,
        merged_into=reading.unit_name(into) if into else "",
        merged_href=reading.unit_url(into) if into else "",
        whole=reading.unit_name(ROOT),
        themes=tuple(
            (reading.texts.dimensions[key], tuple(named[scale.key] for scale in scales))
            for key, scales in by_dimension
        ),
        pictures=tuple(_pictures(reading, rows)),
        n_worse=sum(difference.is_worse for difference in differing),
        n_better=sum(not difference.is_worse for difference in differing),
        n_compared=sum(cell.difference is not None for cell in shown),
        has_rough=any(cell.is_rough for cell in shown),
        has_divided=any(cell.is_divided for cell in shown),
    )


def scale_view(reading: Reading, scale: Scale, organisation: str) -> ScaleView:
    """The page of a scale, for readers who see every unit."""
    figures = reading.results["scales"][scale.key]
    line = scale_line(reading, scale, organisation)
    icc = figures["icc1"] if line.cell.is_shown else None
    rows = [
        _row(reading, unit_head(reading, unit), scale, organisation)
        for unit in reading.ordered_units()
    ]
    return ScaleView(
        line=line,
        source=source_of(reading, scale),
        dimension=reading.texts.dimensions[scale.dimension],
        units_hardly_differ=icc is not None and icc < 0.05,
        items=tuple(_items(reading, scale, figures["items"])) if line.cell.is_shown else (),
        rows=tuple(rows),
    )


def _row(reading: Reading, head: UnitHead, scale: Scale, organisation: str) -> Row:
    cell = reading.cell(head.key, scale)
    finding = reading.finding_url(organisation, head.key, scale.key) if cell.is_shown else ""
    return Row(scale_name(reading, scale), head, cell, finding)


def _pictures(reading: Reading, rows: Sequence[Row]) -> Iterator[Picture]:
    """One chart for the risks and one for the resources: their axes mean the opposite."""
    for direction in DIRECTIONS:
        own = tuple(row for row in rows if row.scale.high_is == direction)
        if any(row.cell.is_shown for row in own):
            spots = [_spot(reading, row) for row in own]
            yield Picture(direction, intervals(spots), own)


def _spot(reading: Reading, row: Row) -> Spot:
    whole = reading.cell(ROOT, reading.instrument.scale(row.scale.key))
    mark = whole.mean if isinstance(whole, Shown) else None
    if not isinstance(row.cell, Shown):
        # Without the mark: a line on which nothing is shown shows nothing.
        return Spot(row.scale.short, None, None, None, None, reading.say("results.hidden_short"))
    return Spot(row.scale.short, row.cell.mean, row.cell.low, row.cell.high, mark)


def _items(reading: Reading, scale: Scale, figures: dict[str, Any]) -> Iterator[ItemLine]:
    for item in reading.instrument.scale_items(scale.key):
        own = figures[item.code]
        yield ItemLine(
            text=reading.texts.items[item.code],
            n=own["n"],
            segments=tuple(_segments(reading, item, own["counts"])) if own["counts"] else (),
        )


def _segments(reading: Reading, item: Item, counts: Sequence[int]) -> Iterator[Segment]:
    """Pieces from the lowest to the highest answer; the middle answer stands across the centre."""
    total, n_values = sum(counts), len(counts)
    shares = [count / total for count in counts]
    below = sum(shares[: n_values // 2]) + (shares[n_values // 2] / 2 if n_values % 2 else 0)
    left = FULL * (1 - below)
    labels = reading.texts.options.get(item.format.key, {})
    for place, (value, share) in enumerate(zip(item.format.values, shares, strict=True)):
        yield Segment(
            label=labels.get(value, str(value)),
            share=share,
            left=round(left, 2),
            width=round(FULL * share, 2),
            shade=round(place * (STEPS - 1) / max(n_values - 1, 1)),
        )
        left += FULL * share
