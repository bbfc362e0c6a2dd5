"""Reading the lights and bands of a screening, and checking that they fit its items."""

from collections.abc import Mapping
from typing import cast

from baken.instruments.definition import Instrument, Item, Texts
from baken.instruments.screening import READINGS, Bands, By, Light, LightTexts, Screening
from baken.instruments.tables import Report, Table, suggestion

_STANDS_IN = Bands("", "ratio", 1, 2, "")
"""For bands nobody defined, so that the rest is read as well; the instrument is refused."""


def build_screening(table: Table) -> Screening | None:
    """Return the screening of a definition; None where it has none."""
    if table.is_absent:
        return None
    is_official = table.flag("official")
    overall = _bands("", table.table("overall"), by="count")
    written = table.table("bands", optional=True)
    bands = {key: _bands(key, written.table(key)) for key in written}
    lights = tuple(_light(entry, bands) for entry in table.tables("lights"))
    table.no_more()
    return Screening(is_official, overall, tuple(bands.values()), lights)


def build_light_texts(table: Table) -> dict[str, LightTexts]:
    """Return the texts of the lights in one language."""
    return {key: _light_texts(table.table(key)) for key in table}


def check_screening(instrument: Instrument, file: str, report: Report) -> None:
    """Report where kind, items, lights and bands do not fit together."""
    found = instrument.screening
    if (instrument.kind == "screening") != (found is not None):
        what, remedy = (
            ("the lights of this screening are missing.", "Add [screening].")
            if found is None
            else ("only a screening has lights.", "Write kind = “screening”, or remove the table.")
        )
        report.add(file, "screening", what, remedy)
    if found is None:
        return
    _check_items(found, instrument.items, file, report)
    _check_overall(found, len(instrument.items), file, report)
    for bands in found.bands:
        _check_bands(bands, file, report)


def check_light_texts(instrument: Instrument, texts: Texts, file: str, report: Report) -> None:
    """Report lights without texts, texts without a light, and a missing note."""
    codes = [light.item for light in instrument.screening.lights] if instrument.screening else []
    _compare(texts.lights, codes, file, report)
    if instrument.screening is not None and not texts.screening_note:
        report.add(
            file,
            "screening_note",
            "nothing says what this screening is, and what it is not.",
            "Write one or two sentences.",
        )


def _bands(key: str, table: Table, by: By | None = None) -> Bands:
    found = by or cast("By", table.choice("by", ("ratio", "difference")))
    orange, red = table.number("orange_from"), table.number("red_from")
    bands = Bands(
        key,
        found,
        1 if orange is None else orange,
        2 if red is None else red,
        table.text("source"),
    )
    table.no_more()
    return bands


def _light(entry: Table, bands: Mapping[str, Bands]) -> Light:
    item = entry.text("item")
    sector, size, change = (_chosen(entry, reading, bands) for reading in READINGS)
    light = Light(item, sector, size, change, low_is_worse=entry.flag("low_is_worse"))
    entry.no_more()
    return light


def _chosen(entry: Table, reading: str, bands: Mapping[str, Bands]) -> Bands | None:
    name = entry.text(reading, "")
    if name and name not in bands:
        entry.problem(
            reading,
            f"there are no bands “{name}”.",
            suggestion(name, bands, f"Add [screening.bands.{name}]."),
        )
        return _STANDS_IN
    return bands.get(name)


def _light_texts(table: Table) -> LightTexts:
    texts = LightTexts(*(table.text(key) for key in ("name", "on_when", "figure", "find")))
    table.no_more()
    return texts


def _check_items(found: Screening, items: tuple[Item, ...], file: str, report: Report) -> None:
    codes = [item.code for item in items]
    named = [light.item for light in found.lights]
    for code in named:
        if code not in codes:
            report.add(
                file,
                "screening.lights",
                f"item {code} does not exist.",
                suggestion(code, codes, "Add it under [[items]], or remove the light."),
            )
    if [code for code in named if code in codes] != codes:
        report.add(
            file,
            "screening.lights",
            "the lights are not the items, each once and in the same order.",
            f"Write one [[screening.lights]] for each of {', '.join(codes)}, in this order.",
        )
    for item in items:
        if item.format.n_values != 2 or not item.format.unknown:
            report.add(
                file,
                f"items ({item.code}).format",
                "a light is off, on or unknown.",
                "Use a format with low = 0, high = 1 and unknown = true.",
            )


def _check_overall(found: Screening, n_lights: int, file: str, report: Report) -> None:
    orange, red = found.overall.orange_from, found.overall.red_from
    if not (0 < orange < red <= n_lights and orange == int(orange) and red == int(red)):
        report.add(
            file,
            "screening.overall",
            f"the colour of all lights changes at {orange} and {red}.",
            f"Use whole numbers from 1 to {n_lights}, orange_from below red_from.",
        )


def _check_bands(bands: Bands, file: str, report: Report) -> None:
    least = 1 if bands.by == "ratio" else 0
    if not least < bands.orange_from < bands.red_from < float("inf"):
        report.add(
            file,
            f"screening.bands.{bands.key}",
            f"the colour changes at {bands.orange_from} and {bands.red_from}.",
            f"Use numbers above {least}, orange_from below red_from.",
        )


def _compare(given: Mapping[str, LightTexts], codes: list[str], file: str, report: Report) -> None:
    for code in codes:
        if code not in given:
            report.add(file, f"lights.{code}", "the texts are missing.", "Write them.")
    for code in given:
        if code not in codes:
            report.add(
                file,
                f"lights.{code}",
                "nothing in definition.toml has this name.",
                suggestion(code, codes, "Remove the texts."),
            )
