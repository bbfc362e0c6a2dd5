"""One self-contained page with results: no script, no other file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from baken.analysis.methods.reliability import level_of
from baken.analysis.releases.figures import is_fit_for_units
from baken.instruments.definition import Instrument, Scale, Texts
from baken.survey.disclosure.tree import ROOT, Tree
from baken.web.rendering import render

from .sections import Sections, sections

STYLES: Final = Path(__file__).parents[2] / "static" / "css"
SHEETS: Final = ("tokens", "base", "tables", "heatmap", "notices", "print")
FONT_FACE: Final = re.compile(r"@font-face \{[^}]*\}\s*")

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A scale as a column of the heat map."""

    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The scales of one dimension."""

    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One unit on one scale: a light and the share at risk or the mean."""

    light: str
    share: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: what it counts, or where it is counted; figures in the order of the scales."""

    key: str
    label: str
    depth: int
    n: int | None
    headcount: int | None
    counted_in: str
    figures: tuple[Figures, ...]

    @property
    def is_hidden(self) -> bool:
        return self.n is None


@dataclass(frozen=True, slots=True)
class ScaleTable:
    """One scale of the whole organisation, with the units under it by their position."""

    position: int
    name: str
    note: str
    has_cutoff: bool
    figures: Figures
    reliability: str
    is_unfit: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """The release that results were frozen in, where they come from a survey on a server."""

    campaign: str
    number: int
    made_on: date
    sha256: str
    software: str


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """Everything the page says, unrounded."""

    title: str
    name: str
    not_for_release: bool
    too_few: bool
    min_group: int
    n: int | None
    headcount: int | None
    response_rate: float | None
    worst: str
    worst_share: float | None
    best: str
    groups: tuple[Columns, ...]
    scales: tuple[ScaleTable, ...]
    units: tuple[UnitRow, ...]
    more: Sections
    limits: tuple[str, ...]
    has_unwanted: bool
    has_unfit: bool
    version: str
    software: str
    frozen: Frozen | None


def analysis_page(
    found: Mapping[str, Any],
    instrument: Instrument,
    tree: Tree,
    language: str,
    frozen: Frozen | None = None,
) -> str:
    """Render results (the content of results.json) as an HTML page."""
    return render(
        "documents/analysis.html",
        "",
        language=language,
        page=_page(found, instrument, tree, language, frozen),
        styles=_styles(),
    )


def _page(
    found: Mapping[str, Any],
    instrument: Instrument,
    tree: Tree,
    language: str,
    frozen: Frozen | None,
) -> AnalysisPage:
    spoken = language if language in instrument.texts else instrument.languages[0]
    texts = instrument.texts[spoken]
    # In the order of the dimensions, so that the heat map can head them together.
    scales = [scale for key in instrument.dimensions for scale in instrument.scales_of(key)]
    shares = _shares(found, scales)
    worst = max(shares, key=lambda key: shares[key], default="")
    best = _best(found, scales, shares)
    return AnalysisPage(
        title=texts.title,
        name=tree.name(ROOT) if tree.root_key else "",
        not_for_release=bool(found.get("not_for_release")),
        too_few=found["withheld"] == "privacy",
        min_group=found["min_group"],
        n=found["n"],
        headcount=found["headcount"],
        response_rate=found["response_rate"],
        worst=texts.scales.get(worst, ""),
        worst_share=shares.get(worst),
        best=texts.scales.get(best, ""),
        groups=tuple(
            Columns(
                texts.dimensions[key],
                tuple(
                    Column(texts.short_scales[scale.key], texts.scales[scale.key])
                    for scale in instrument.scales_of(key)
                ),
            )
            for key in instrument.dimensions
        ),
        scales=tuple(
            ScaleTable(
                position,
                texts.scales[scale.key],
                texts.scale_notes[scale.key],
                scale.cutoff is not None,
                found["scales"][scale.key],
                level_of(found["scales"][scale.key]["alpha"]),
                not is_fit_for_units(found["scales"][scale.key]),
            )
            for position, scale in enumerate(scales)
        ),
        units=tuple(_units(found, tree, scales)),
        more=sections(found, texts, tuple(scale.key for scale in scales), tree),
        limits=tuple(_limits(scales, texts)),
        has_unwanted=not all(scale.is_ever_green for scale in scales),
        has_unfit=not all(map(is_fit_for_units, found["scales"].values())),
        version=instrument.version,
        software=frozen.software if frozen else version("baken"),
        frozen=frozen,
    )


def _shares(found: Mapping[str, Any], scales: list[Scale]) -> dict[str, float]:
    shares = {scale.key: found["scales"][scale.key]["share_at_risk"] for scale in scales}
    return {key: share for key, share in shares.items() if share is not None}


def _best(found: Mapping[str, Any], scales: list[Scale], shares: Mapping[str, float]) -> str:
    """Return the resource that certainly holds best; that few meet violence is no such thing."""
    holds = [
        scale.key
        for scale in scales
        if scale.high_is == "resource" and found["scales"][scale.key]["light"] == "green"
    ]
    return min(holds, key=lambda key: shares[key], default="")


def _limits(scales: list[Scale], texts: Texts) -> Iterator[str]:
    """Yield where the limits come from, each source once."""
    sources = (
        texts.cutoff_sources.get(scale.key, scale.cutoff.source)
        for scale in scales
        if scale.cutoff is not None
    )
    yield from dict.fromkeys(source for source in sources if source)


def _units(found: Mapping[str, Any], tree: Tree, scales: list[Scale]) -> Iterator[UnitRow]:
    for key in tree.units:
        unit = found["units"][key]
        counted_in = unit.get("withheld", {}).get("counted_in", "")
        yield UnitRow(
            key=key,
            label=tree.name(key),
            depth=len(tree.ancestors(key)),
            n=unit["n"],
            headcount=unit["headcount"],
            counted_in=tree.name(counted_in) if counted_in else "",
            figures=tuple(unit["scales"][scale.key] for scale in scales),
        )


def _styles() -> Markup:
    """The style sheets of the house in one piece; fonts are those of the reader's machine."""
    sheets = (STYLES / f"{name}.css" for name in SHEETS)
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return Markup(FONT_FACE.sub("", text))  # noqa: S704 - our own files, no input
