"""Background groups on a page of results: of the organisation, or of one department."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baken.survey.disclosure.tree import ROOT
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import Cell, band_cell
from baken.web.pages.results_views import ScaleName, scale_name


@dataclass(frozen=True, slots=True)
class Band:
    """One group: its name, and how many of its people answered."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One scale, with a cell for every group; no cells where it is withheld of all of them."""

    scale: ScaleName
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """One background question; without bands where it is withheld."""

    question: str
    bands: tuple[Band, ...]
    rows: tuple[GroupRow, ...]


def group_tables(reading: Reading, unit: str) -> tuple[GroupTable, ...]:
    """Return a table for every question that was looked at for a unit; none for a team."""
    entry = reading.results if unit == ROOT else reading.results["units"][unit]
    return tuple(_tables(reading, entry))


def departments_with_groups(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Return name and address of every department of which a question is shown."""
    return tuple(
        (reading.unit_name(unit), reading.unit_url(unit))
        for unit in reading.ordered_units()
        if reading.results["units"][unit].get("groups")
    )


def _tables(reading: Reading, entry: Mapping[str, Any]) -> Iterator[GroupTable]:
    withheld = entry["withheld"].get("groups", {}) if isinstance(entry["withheld"], dict) else {}
    for background in reading.instrument.backgrounds:
        key = background.key
        title = reading.texts.backgrounds[key]
        found = entry.get("groups", {}).get(key)
        if found:
            bands = [band for band in background.bands if band in found]
            names = reading.texts.bands[key]
            yield GroupTable(
                title,
                tuple(Band(names[band], found[band]["n"]) for band in bands),
                tuple(_rows(reading, [found[band]["scales"] for band in bands])),
            )
        elif key in withheld:
            yield GroupTable(title, (), ())


def _rows(reading: Reading, bands: list[Mapping[str, Any]]) -> Iterator[GroupRow]:
    for scale in reading.scales:
        cells = tuple(band_cell(band[scale.key], scale) for band in bands)
        is_shown = any(cell.is_shown for cell in cells)
        yield GroupRow(scale_name(reading, scale), cells if is_shown else ())
