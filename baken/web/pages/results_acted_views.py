"""Units that acted beside the others, in words: values of both publications only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Final

from baken.analysis.methods.comparisons import Welch
from baken.analysis.methods.effects import MIN_UNITS, ClusteredEffect
from baken.analysis.releases.acting import (
    ActionEffect,
    UnitChange,
    effect_of_action,
    units_that_changed,
)
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.comparing import with_previous
from baken.analysis.releases.earlier import Earlier
from baken.analysis.releases.models import Release
from baken.instruments.definition import Scale
from baken.web import numerals
from baken.web.pages.results_reading import Reading

CLEAR: Final = 0.05
"""Probability below which units are said to have changed more."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference between two changes as people read it; without limits where there is no test."""

    signed: str
    whole: int
    low: str
    high: str
    p: float | None


@dataclass(frozen=True, slots=True)
class ActedLine:
    """One unit: what it was, what it is, and whether it acted."""

    unit: str
    href: str
    before: float
    after: float
    signed: str
    whole: int
    acted: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said of the units that were chosen.

    `word` is `better`, `worse`, `alike` or, below three units on either side, `too_few`.
    """

    word: str
    effect: Effect
    by_person: Effect
    same_sign: bool
    start: str
    start_whole: int
    started_worse: bool
    n_alike: int
    beside_alike: Effect | None
    lines: tuple[ActedLine, ...]


@dataclass(frozen=True, slots=True)
class Acted:
    """Everything the page says; `outcome` is None until units are chosen and others are left."""

    since: str
    title: str
    on: date
    is_intact: bool
    themes: tuple[tuple[str, str], ...]
    theme: str
    theme_name: str
    units: tuple[tuple[str, str, bool], ...]
    outcome: Outcome | None


def acted_view(
    reading: Reading,
    release: Release,
    earlier: Earlier,
    movers: Mapping[str, int],
    *,
    theme: str,
    units: Collection[str],
) -> Acted:
    """Put the units that acted beside the others, for one theme."""
    found, previous = release.results, earlier.release.results
    trees = (reading.tree, earlier.campaign.tree)
    trends = with_previous(found, previous, reading.instrument, trees, movers)
    scales = [scale for scale in reading.scales if trends.get(scale.key)]
    scale = next((one for one in scales if one.key == theme), scales[0] if scales else None)
    changed = units_that_changed(trends[scale.key], reading.tree) if scale else ()
    effect = effect_of_action(found, previous, scale.key, changed, units) if scale else None
    names = reading.texts.scales
    return Acted(
        since=str(earlier.campaign.id),
        title=earlier.campaign.title,
        on=earlier.campaign.closes_on,
        is_intact=has_intact_results(earlier.release),
        themes=tuple((one.key, names[one.key]) for one in scales),
        theme=scale.key if scale else "",
        theme_name=names[scale.key] if scale else "",
        units=tuple((unit, reading.unit_name(unit), unit in units) for unit in changed),
        outcome=_outcome(reading, scale, effect) if scale and effect else None,
    )


def _outcome(reading: Reading, scale: Scale, found: ActionEffect) -> Outcome:
    by_unit = _of_units(found.by_unit, reading)
    by_person = _of_people(found.by_person, reading)
    difference = float(found.by_unit.difference[0])
    return Outcome(
        word=_word(difference, by_unit.p, found, scale),
        effect=by_unit,
        by_person=by_person,
        same_sign=(difference < 0) == (found.by_person.effect < 0),
        start=numerals.signed(found.at_the_start, reading.say.language),
        start_whole=round(abs(found.at_the_start)),
        started_worse=(found.at_the_start > 0) == (scale.high_is == "risk"),
        n_alike=found.n_alike,
        beside_alike=_of_units(found.beside_alike, reading) if found.beside_alike else None,
        lines=tuple(_line(reading, line) for line in found.units),
    )


def _line(reading: Reading, line: UnitChange) -> ActedLine:
    points = numerals.change(line.before, line.after)
    return ActedLine(
        unit=reading.unit_name(line.unit),
        href=reading.unit_url(line.unit),
        before=line.before,
        after=line.after,
        signed=numerals.signed(points, reading.say.language),
        whole=abs(points),
        acted=line.acted,
    )


def _word(difference: float, p: float | None, found: ActionEffect, scale: Scale) -> str:
    n_acted = sum(line.acted for line in found.units)
    if min(n_acted, len(found.units) - n_acted) < MIN_UNITS:
        return "too_few"
    if p is None or p >= CLEAR:
        return "alike"
    return "better" if (difference < 0) == (scale.high_is == "risk") else "worse"


def _of_units(found: Welch, reading: Reading) -> Effect:
    limits = float(found.interval.low[0]), float(found.interval.high[0])
    return _effect(float(found.difference[0]), *limits, float(found.p[0]), reading)


def _of_people(found: ClusteredEffect, reading: Reading) -> Effect:
    return _effect(found.effect, found.low, found.high, found.p, reading)


def _effect(points: float, low: float, high: float, p: float, reading: Reading) -> Effect:
    language = reading.say.language
    known = not isnan(low)
    return Effect(
        signed="" if isnan(points) else numerals.signed(points, language),
        whole=0 if isnan(points) else round(abs(points)),
        low=numerals.signed(low, language) if known else "",
        high=numerals.signed(high, language) if known else "",
        p=None if isnan(p) else p,
    )
