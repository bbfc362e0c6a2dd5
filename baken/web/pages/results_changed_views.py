"""A survey beside an earlier one, in words: values of both publications only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.analysis.methods.trend import Verdict
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.comparing import (
    ALL,
    with_previous,
    with_previous_recommendation,
)
from baken.analysis.releases.earlier import Earlier
from baken.analysis.releases.models import Release
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.disclosure.trends import TrendState
from baken.web import numerals
from baken.web.pages.results_reading import Reading

SLIGHT: Final = {Verdict.SLIGHTLY_BETTER, Verdict.SLIGHTLY_WORSE}

Trends = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One cell in both surveys; points and limits as people read them."""

    unit: str
    unit_href: str
    theme: str
    theme_href: str
    before: float
    after: float
    signed: str
    whole: int
    low: str
    high: str
    verdict: Verdict
    size: float
    is_complete: bool
    has_many_movers: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """Everything the page says.

    Attributes
    ----------
    themes : tuple of ChangedLine
        The whole organisation, in the order of the themes; the recommendation score is the last.
    units : tuple of ChangedLine
        Units that demonstrably changed by as much as matters, the largest change first.
    n_better, n_worse, n_slight, n_unclear : int
        Themes of the whole organisation by verdict.
    n_units_compared, n_units_slight, n_units_stable, n_units_unclear : int
        Cells of units: all; by less than matters; as before; too imprecise to tell.
    is_complete : bool
        Somewhere everybody answered both times.
    is_intact : bool
        The earlier results are still those that were released.
    without : tuple of (name, href)
        Units of which no theme can be compared.
    n_left_out : int
        Themes that are new or whose questions changed.
    only_whole : bool
        With so small a group the change of a unit is told only where it is known who moved.
    has_many_movers : bool
        Somewhere more than a quarter of the people joined or left.
    """

    since: str
    title: str
    on: date
    href: str
    themes: tuple[ChangedLine, ...]
    units: tuple[ChangedLine, ...]
    n_better: int
    n_worse: int
    n_slight: int
    n_unclear: int
    n_units_compared: int
    n_units_slight: int
    n_units_stable: int
    n_units_unclear: int
    is_complete: bool
    is_intact: bool
    without: tuple[tuple[str, str], ...]
    n_left_out: int
    only_whole: bool
    has_many_movers: bool


def changed_view(
    reading: Reading, release: Release, earlier: Earlier, movers: Mapping[str, int]
) -> Changed:
    """Put what both publications show beside each other."""
    found, previous = release.results, earlier.release.results
    trees = (reading.tree, earlier.campaign.tree)
    asked = (found, previous, reading.instrument, trees, movers)
    trends: Trends = with_previous(*asked)
    scores: Trends = with_previous_recommendation(*asked)
    themes = tuple(_lines(reading, trends, scores, ALL))
    units = [
        line for unit in reading.ordered_units() for line in _lines(reading, trends, scores, unit)
    ]
    compared = {unit for cells in (*trends.values(), *scores.values()) for unit in cells}
    return Changed(
        since=str(earlier.campaign.id),
        title=earlier.campaign.title,
        on=earlier.campaign.closes_on,
        href=f"{reading.root.rpartition('/')[0]}/{earlier.campaign.id}/results",
        themes=themes,
        units=_demonstrable(units),
        n_better=_count(themes, {Verdict.BETTER}),
        n_worse=_count(themes, {Verdict.WORSE}),
        n_slight=_count(themes, SLIGHT),
        n_unclear=_count(themes, {Verdict.NOT_SHOWN}),
        n_units_compared=len(units),
        n_units_slight=_count(units, SLIGHT),
        n_units_stable=_count(units, {Verdict.STABLE}),
        n_units_unclear=_count(units, {Verdict.NOT_SHOWN}),
        is_complete=any(line.is_complete for line in (*themes, *units)),
        is_intact=has_intact_results(earlier.release),
        without=tuple(
            (reading.unit_name(unit), reading.unit_url(unit))
            for unit in reading.ordered_units()
            if unit not in compared
        ),
        n_left_out=len(reading.scales) - len(trends),
        only_whole=min(found["min_group"], previous["min_group"]) < DEFAULT_MIN_GROUP,
        has_many_movers=any(line.has_many_movers for line in (*themes, *units)),
    )


def _lines(reading: Reading, trends: Trends, scores: Trends, unit: str) -> Iterator[ChangedLine]:
    for scale in reading.scales:
        if cell := trends.get(scale.key, {}).get(unit):
            name, href = reading.texts.scales[scale.key], reading.scale_url(scale.key)
            yield _line(reading, cell, unit, theme=name, theme_href=href)
    for cells in scores.values():
        if cell := cells.get(unit):
            name = reading.say("changed.recommendation")
            yield _line(reading, cell, unit, theme=name, theme_href="")


def _line(
    reading: Reading, cell: Mapping[str, Any], unit: str, *, theme: str, theme_href: str
) -> ChangedLine:
    language = reading.say.language
    points = numerals.change(cell["before"], cell["after"])
    return ChangedLine(
        unit="" if unit == ALL else reading.unit_name(unit),
        unit_href="" if unit == ALL else reading.unit_url(unit),
        theme=theme,
        theme_href=theme_href,
        before=cell["before"],
        after=cell["after"],
        signed=numerals.signed(points, language),
        whole=abs(points),
        low=numerals.signed(cell["low"], language),
        high=numerals.signed(cell["high"], language),
        verdict=Verdict(cell["verdict"]),
        size=abs(cell["diff"]),
        is_complete=cell["complete"],
        has_many_movers=cell["state"] == TrendState.WARNED,
    )


def _demonstrable(lines: list[ChangedLine]) -> tuple[ChangedLine, ...]:
    found = [line for line in lines if line.verdict in {Verdict.BETTER, Verdict.WORSE}]
    return tuple(sorted(found, key=lambda line: (-line.size, line.unit, line.theme)))


def _count(lines: tuple[ChangedLine, ...] | list[ChangedLine], verdicts: set[Verdict]) -> int:
    return sum(line.verdict in verdicts for line in lines)
