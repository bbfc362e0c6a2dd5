"""What the results page and its neighbours show: values only, nothing that was withheld."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.analysis.methods.reliability import level_of
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.models import Release
from baken.instruments.definition import Scale
from baken.survey.campaigns.models import Campaign
from baken.survey.disclosure.tree import ROOT
from baken.web.pages.library_words import version_name
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import MERGED, Cell, Shown, Withheld

# Definitions of questionnaires are written in English.
DEFINED_IN: Final = "en"
# So many letters of a head stand above one column of the heat map, at its narrowest.
LETTERS: Final = 6


@dataclass(frozen=True, slots=True)
class ScaleName:
    """A scale as columns and rows name it."""

    key: str
    name: str
    short: str
    note: str
    high_is: str
    is_ever_green: bool
    href: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a cut-off comes from, with the language it is said in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A dimension with its scales."""

    name: str
    scales: tuple[ScaleName, ...]

    @property
    def is_upright(self) -> bool:
        """Whether a word of the name is wider than its columns in the heat map."""
        return max(map(len, self.name.split())) > LETTERS * len(self.scales)


@dataclass(frozen=True, slots=True)
class UnitHead:
    """A unit without its figures. `hidden` is the sentence that stands in their place."""

    key: str
    name: str
    href: str
    depth: int
    n: int | None
    headcount: int | None
    hidden: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A row of the heat map."""

    head: UnitHead
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """A scale of the whole organisation."""

    scale: ScaleName
    cell: Cell
    alpha: float | None
    reliability: str
    cutoff: str
    finding: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """Where the figures come from; `has_unwanted` when people were asked what they met."""

    campaign: str
    number: int
    made_on: date
    instrument: str
    version: str
    min_group: int
    sha256: str
    software: str
    is_intact: bool
    headcount: int | None
    has_unwanted: bool

    @classmethod
    def of(cls, release: Release, campaign: Campaign, reading: Reading) -> "ReleaseView":
        return cls(
            campaign=campaign.title,
            number=release.number,
            made_on=release.created_on,
            instrument=reading.texts.title,
            version=version_name(release.instrument_version, reading.say.language),
            min_group=release.min_group,
            sha256=release.sha256,
            software=release.software_version,
            is_intact=has_intact_results(release),
            headcount=release.results["headcount"],
            has_unwanted=not all(scale.is_ever_green for scale in reading.scales),
        )


def scale_name(reading: Reading, scale: Scale) -> ScaleName:
    texts = reading.texts
    return ScaleName(
        key=scale.key,
        name=texts.scales[scale.key],
        short=texts.short_scales[scale.key],
        note=texts.scale_notes[scale.key],
        high_is=scale.high_is,
        is_ever_green=scale.is_ever_green,
        href=reading.scale_url(scale.key),
    )


def themes(reading: Reading) -> tuple[Theme, ...]:
    """The dimensions in use, in the order they are asked, with their scales."""
    instrument = reading.instrument
    return tuple(
        Theme(
            reading.texts.dimensions[key],
            tuple(scale_name(reading, scale) for scale in instrument.scales_of(key)),
        )
        for key in instrument.dimensions
    )


def unit_head(reading: Reading, unit: str) -> UnitHead:
    cells = [reading.cell(unit, scale) for scale in reading.scales]
    hidden = "" if any(cell.is_shown for cell in cells) else _in_words(reading, cells[0])
    entry: dict[str, Any] = {} if hidden else reading.results["units"][unit]
    return UnitHead(
        key=unit,
        name=reading.unit_name(unit),
        href=reading.unit_url(unit),
        depth=reading.depth(unit),
        n=entry.get("n"),
        headcount=entry.get("headcount"),
        hidden=hidden,
    )


def unit_lines(reading: Reading) -> tuple[UnitLine, ...]:
    """The rows of the heat map."""
    return tuple(
        UnitLine(
            unit_head(reading, unit), tuple(reading.cell(unit, scale) for scale in reading.scales)
        )
        for unit in reading.ordered_units()
    )


def scale_lines(reading: Reading, organisation: str) -> Iterator[ScaleLine]:
    """The rows of the table of the whole organisation."""
    for scale in reading.scales:
        yield scale_line(reading, scale, organisation)


def scale_line(reading: Reading, scale: Scale, organisation: str) -> ScaleLine:
    cell = reading.cell(ROOT, scale)
    is_shown = isinstance(cell, Shown)
    alpha = reading.results["scales"][scale.key]["alpha"] if is_shown else None
    return ScaleLine(
        scale=scale_name(reading, scale),
        cell=cell,
        alpha=alpha,
        reliability=level_of(alpha),
        cutoff=_cutoff(reading, scale),
        finding=reading.finding_url(organisation, ROOT, scale.key) if is_shown else "",
    )


def cutoff_sources(reading: Reading) -> tuple[Source, ...]:
    """Where the cut-offs come from, each source once."""
    found = [source_of(reading, scale) for scale in reading.scales]
    return tuple(dict.fromkeys(source for source in found if source))


def source_of(reading: Reading, scale: Scale) -> Source | None:
    """Where a cut-off comes from, in the reader's language where the questionnaire says it so."""
    if scale.cutoff is None:
        return None
    texts = reading.texts
    if scale.key in texts.cutoff_sources:
        return Source(texts.cutoff_sources[scale.key], texts.language)
    return Source(scale.cutoff.source, DEFINED_IN) if scale.cutoff.source else None


def _cutoff(reading: Reading, scale: Scale) -> str:
    if scale.cutoff is None:
        return ""
    if scale.cutoff.operator == "<":
        return reading.say("results.cutoff_below", value=scale.cutoff.value)
    return reading.say("results.cutoff_from", value=scale.cutoff.value)


def _in_words(reading: Reading, cell: Cell) -> str:
    if isinstance(cell, Withheld) and cell.reason == MERGED:
        return reading.say("results.merged", unit=reading.unit_name(cell.counted_in))
    return reading.say("results.hidden")
