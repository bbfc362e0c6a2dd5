"""Small instruments and answer sheets for the analysis."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from baken.instruments.definition import (
    AnswerFormat,
    Background,
    CutOff,
    Instrument,
    Item,
    Scale,
)

MakeInstrument = Callable[..., Instrument]


def _make_scale(key: str, items: Sequence[tuple[str, int, int, bool]], **more: object) -> tuple:
    made = tuple(
        Item(code, AnswerFormat(f"{low}-{high}", low, high), key, turned, "A1")
        for code, low, high, turned in items
    )
    values = {"high_is": "risk", "cutoff": CutOff(">=", 50.0, "own"), **more}
    return made, Scale(key, "A1", tuple(item.code for item in made), **values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def make_instrument() -> MakeInstrument:
    """Build an instrument from scales: key -> (items as (code, low, high, reversed), options)."""

    def build(
        scales: dict[str, tuple[Sequence[tuple[str, int, int, bool]], dict[str, object]]],
        backgrounds: tuple[Background, ...] = (),
    ) -> Instrument:
        made = [_make_scale(key, items, **more) for key, (items, more) in scales.items()]
        items = tuple(item for items, _ in made for item in items)
        return Instrument(
            key="test",
            version="1",
            kind="questionnaire",
            languages=("nl",),
            dimensions=("A1",),
            formats=(),
            items=items,
            scales=tuple(scale for _, scale in made),
            backgrounds=backgrounds,
            open_questions=(),
            texts={},
            source="",
            licence="",
            fingerprint="0" * 64,
        )

    return build


@pytest.fixture(scope="session")
def two_scales(make_instrument: MakeInstrument) -> Instrument:
    """Pressure: four items 1-5 of which one reversed, a risk. Support: three items 0-4."""
    return make_instrument(
        {
            "pressure": (
                [(f"P{i}", 1, 5, i == 2) for i in range(1, 5)],
                {"high_is": "risk", "cutoff": CutOff(">=", 60.0, "own")},
            ),
            "support": (
                [(f"S{i}", 0, 4, False) for i in range(1, 4)],
                {"high_is": "resource", "cutoff": CutOff("<", 40.0, "own")},
            ),
        }
    )


def random_sheets(
    instrument: Instrument, n: int, seed: int, missing: float = 0.1
) -> NDArray[np.int8]:
    random = np.random.default_rng(seed)
    tops = [item.format.high - item.format.low for item in instrument.items]
    level = random.normal(0.5, 0.22, (n, 1))
    noise = random.normal(0, 0.2, (n, len(tops)))
    sheets = np.clip(np.rint((level + noise) * tops), 0, tops).astype(np.int8)
    gone = random.random(sheets.shape) < missing
    sheets[gone] = random.choice(np.array([-1, -2, -3], np.int8), size=int(gone.sum()))
    return sheets


@pytest.fixture(scope="session")
def sheets() -> Callable[..., NDArray[np.int8]]:
    return random_sheets
