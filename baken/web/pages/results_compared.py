"""Released results beside references and benchmarks: what the organisation and scale pages show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from baken.analysis.benchmarks.comparing import ComparedCell, Comparison
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.releases.story import CLEAR_Q
from baken.instruments.definition import Scale
from baken.survey.disclosure.tree import ROOT
from baken.web import numerals
from baken.web.pages.reference_views import where
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import Shown

ALL: Final = "ALL"


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One shown cell beside the reference.

    `between` is how far organisations lie apart, for a benchmark.
    """

    name: str
    href: str
    depth: int
    own: float
    there: float
    n_there: int | None
    between: float | None
    signed: str
    whole: int
    low: str
    high: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """A publication or a benchmark, and the lines that stand beside it.

    `n_hidden` counts what cannot be compared, because it is hidden.
    """

    key: str
    is_pool: bool
    source: str
    year: str
    population: str
    where: str
    is_other_country: bool
    is_other_sector: bool
    n_organisations: int
    is_exact: bool
    lines: tuple[ComparedLine, ...]
    n_hidden: int


def compared_themes(reading: Reading, found: list[Comparison]) -> tuple[ComparedWith, ...]:
    """The whole organisation beside each reference, theme by theme."""
    return tuple(
        _with(reading, place, one, [*_themes(reading, one)]) for place, one in enumerate(found)
    )


def compared_units(
    reading: Reading, scale: Scale, found: list[Comparison]
) -> tuple[ComparedWith, ...]:
    """One theme beside each reference: the whole organisation, and every unit that is shown."""
    fitting = [one for one in found if one.cells.get(scale.key)]
    return tuple(
        _with(reading, place, one, [*_units(reading, scale, one)])
        for place, one in enumerate(fitting)
    )


def compared_unit(reading: Reading, unit: str, found: list[Comparison]) -> tuple[ComparedWith, ...]:
    """One unit beside each reference, theme by theme; nothing of a unit that is hidden."""
    sections = (
        _with(reading, place, one, [*_themes(reading, one, unit)])
        for place, one in enumerate(found)
    )
    return tuple(section for section in sections if section.lines)


def _with(
    reading: Reading, place: int, one: Comparison, lines: list[ComparedLine | None]
) -> ComparedWith:
    """Describe a comparison; None stands for a line that is hidden."""
    shown = tuple(line for line in lines if line is not None)
    row, language = one.row, reading.say.language
    return ComparedWith(
        key=f"compared-{place}",
        is_pool=one.kind == "pool",
        source=one.source,
        year=str(one.year),
        population=one.population,
        where=where(row, language) if row else "",
        is_other_country=row.is_other_country if row else False,
        is_other_sector=row.is_other_sector if row else False,
        n_organisations=one.n_organisations,
        is_exact=any(line.n_there is None for line in shown),
        lines=shown,
        n_hidden=len(lines) - len(shown),
    )


def _themes(reading: Reading, one: Comparison, unit: str = ROOT) -> Iterator[ComparedLine | None]:
    for scale in reading.scales:
        if scale.key in one.references:
            name, href = reading.texts.scales[scale.key], reading.scale_url(scale.key)
            line = _line(reading, one, scale, unit, name=name, href=href)
            yield replace(line, depth=0) if line else None


def _units(reading: Reading, scale: Scale, one: Comparison) -> Iterator[ComparedLine | None]:
    whole = reading.unit_name(ROOT)
    yield _line(reading, one, scale, ROOT, name=whole, href=reading.unit_url(ROOT))
    for unit in reading.ordered_units():
        name, href = reading.unit_name(unit), reading.unit_url(unit)
        yield _line(reading, one, scale, unit, name=name, href=href)


def _line(
    reading: Reading, one: Comparison, scale: Scale, unit: str, *, name: str, href: str
) -> ComparedLine | None:
    own = reading.cell(unit, scale)
    cells: Mapping[str, ComparedCell] = one.cells.get(scale.key, {})
    cell = cells.get(ALL if unit == ROOT else unit)
    if cell is None or not isinstance(own, Shown):
        return None
    there: Reference = one.references[scale.key].figures
    language = reading.say.language
    points = numerals.change(there.mean, own.mean)
    return ComparedLine(
        name=name,
        href=href,
        depth=0 if unit == ROOT else min(reading.depth(unit) + 1, 3),
        own=own.mean,
        there=there.mean,
        n_there=there.n,
        between=one.between.get(scale.key),
        signed=numerals.signed(points, language),
        whole=abs(points),
        low=numerals.signed(cell.low, language),
        high=numerals.signed(cell.high, language),
        verdict=_verdict(cell, scale),
    )


def _verdict(cell: ComparedCell, scale: Scale) -> str:
    """What the difference comes to, in a word of the catalogue."""
    if cell.q is None:
        return "not_estimable"
    if cell.q >= CLEAR_Q or cell.difference == 0:
        return "alike"
    return "worse" if (cell.difference > 0) == (scale.high_is == "risk") else "better"
