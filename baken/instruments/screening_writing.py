"""What the files of a screening say of its lights and bands, beside those of a questionnaire."""

from typing import Any

from baken.instruments.definition import Texts
from baken.instruments.screening import READINGS, Bands, Light, Screening

Table = dict[str, Any]


def screening_table(screening: Screening) -> Table:
    """Return the table [screening] of `definition.toml`."""
    written: Table = {"official": screening.is_official, "overall": _bands(screening.overall)}
    if screening.bands:
        written["bands"] = {bands.key: _bands(bands) for bands in screening.bands}
    written["lights"] = [_light(light) for light in screening.lights]
    return written


def light_tables(texts: Texts) -> Table:
    """Return the tables of a file of texts that only a screening has."""
    return {
        "screening_note": texts.screening_note,
        "lights": {
            code: {
                "name": light.name,
                "on_when": light.on_when,
                "figure": light.figure,
                "find": light.find,
            }
            for code, light in texts.lights.items()
        },
    }


def _bands(bands: Bands) -> Table:
    # all lights together are always counted: the file does not say so
    written: Table = {} if bands.by == "count" else {"by": bands.by}
    return written | {
        "orange_from": bands.orange_from,
        "red_from": bands.red_from,
        "source": bands.source,
    }


def _light(light: Light) -> Table:
    written: Table = {"item": light.item}
    for reading in READINGS:
        if (bands := light.bands(reading)) is not None:
            written[reading] = bands.key
    if light.low_is_worse:
        written["low_is_worse"] = True
    return written
