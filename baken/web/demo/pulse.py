"""What people in the demonstration answer to the short pulse, drawn from one generator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.instruments.definition import Instrument, Item
from baken.instruments.sheet import MISSING
from baken.survey.box.sheet import Sheet
from baken.web.demo.stories import read_story, spoken

Numbers = NDArray[np.float64]

_POINT = "point_"
# How much an answer owes to the person, and to the moment.
_PERSON, _MOMENT = 0.6, 0.9
_STEPS = (-1.5, -0.5, 0.5, 1.5)
# Of 0 to 10: what somebody in the usual mood says, what a mood takes away, and the unit with it.
_USUAL, _MOOD, _UNIT, _HABIT = 7.6, 1.6, 0.35, 1.1
_SKIPPED = 0.01


def draw_pulse(
    instrument: Instrument,
    unit: str,
    n: int,
    rng: np.random.Generator,
    *,
    worse: Mapping[str, Any],
    written: Sequence[str],
) -> list[Sheet]:
    """Return the sheets of `n` people of the unit with this number.

    `worse` says of a theme by how much it was worse than the story has it, everywhere or, under the
    number of a unit, in that unit. `written` is what the first few say in their own words.
    """
    told = read_story("answers")
    extra: Mapping[str, float] = told["units"].get(unit, {})
    here = {**worse, **worse.get(unit, {})}
    levels = {
        key: level + extra.get(key, 0.0) + here.get(key, 0.0)
        for key, level in told["scales"].items()
    }
    mood, load = rng.normal(size=n), sum(extra.values())
    columns = [
        _recommended(mood + _UNIT * load, rng)
        if item.scale == instrument.recommendation
        else _point(instrument, item, levels, mood, rng)
        for item in instrument.items
    ]
    rows = np.column_stack(columns)
    rows = np.where(rng.random(rows.shape) < _SKIPPED, MISSING, rows)
    texts = [*written, *[""] * n][:n]
    return [
        Sheet(
            spoken(), tuple(int(code) for code in row), (), (text,) * len(instrument.open_questions)
        )
        for row, text in zip(rows, texts, strict=True)
    ]


def _recommended(worse: Numbers, rng: np.random.Generator) -> NDArray[np.int64]:
    """Answers of 0 to 10: the worse the mood and the load of the unit, the lower."""
    felt = np.rint(_USUAL - _MOOD * worse + _HABIT * rng.normal(size=len(worse)))
    return np.clip(felt, 0, 10).astype(np.int64)


def _point(
    instrument: Instrument,
    item: Item,
    levels: Mapping[str, float],
    mood: Numbers,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    level = levels[item.scale.removeprefix(_POINT)]
    felt = level + _PERSON * mood + _MOMENT * rng.normal(size=len(mood))
    worse = np.searchsorted(_STEPS, felt).astype(np.int64)
    is_risk = instrument.scale(item.scale).high_is == "risk"
    return worse if is_risk != item.reversed else len(_STEPS) - worse
