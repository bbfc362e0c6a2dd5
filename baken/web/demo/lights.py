"""What everybody in the demonstration says of the alert lights, drawn from one generator."""

import numpy as np

from baken.instruments.definition import Instrument
from baken.instruments.sheet import MISSING, NOT_APPLICABLE
from baken.survey.box.sheet import Sheet
from baken.web.demo.stories import read_story

_SKIPPED = 0.01


def draw_lights(instrument: Instrument, unit: str, rng: np.random.Generator) -> list[Sheet]:
    """Return the sheets of everybody who answers in the unit with this number."""
    told = read_story("lights")
    unit_told = told["units"].get(unit, {"on": [], "answered": 0})
    n = unit_told["answered"]
    columns = []
    for item in instrument.items:
        seen = told["seen_on"] if item.code in unit_told["on"] else told["seen_off"]
        codes = (rng.random(n) < seen).astype(np.int64)
        chance = rng.random(n)
        codes = np.where(chance < told["unknown"][item.code], NOT_APPLICABLE, codes)
        columns.append(np.where(chance > 1 - _SKIPPED, MISSING, codes))
    rows = np.column_stack(columns)
    return [Sheet("nl", tuple(int(code) for code in row), (), ()) for row in rows]
