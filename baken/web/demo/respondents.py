"""Invented people who answer: units that differ, people who differ, and noise.

Everything is drawn from one generator, so that the same seed gives the same answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.instruments.definition import Instrument, Item
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT
from baken.survey.box.sheet import Sheet
from baken.web.demo.stories import read_story

Numbers = NDArray[np.float64]

# How much an answer owes to the person, to the person in this matter, and to the moment.
_PERSON, _MATTER, _MOMENT = 0.5, 0.65, 0.75
_STEPS = (-1.5, -0.5, 0.5, 1.5)
# Unwanted behaviour is rare: most people answer "never".
_EVENTS = (1.45, 2.1, 2.7, 3.2)
_SKIPPED, _PREFERRED_NOT, _DELICATE = 0.015, 0.006, 0.05
_DOES_NOT_APPLY = 0.18
_FRENCH = 0.1
_COMMENTED = 0.6


@dataclass(slots=True)
class Crowd:
    """Draws the answer sheets of units, one after the other."""

    instrument: Instrument
    rng: np.random.Generator
    languages: tuple[str, ...] = ("nl", "fr")
    change: Mapping[str, float] = field(default_factory=dict)

    def draw(self, unit: str, n: int) -> list[Sheet]:
        """Return the sheets of `n` people of the unit with this number."""
        answers = self._answers(unit, n)
        backgrounds = self._backgrounds(unit, n)
        comments = self._comments(unit, n)
        french = self.rng.random(n) < _FRENCH
        return [
            Sheet(
                language="fr" if french[row] and "fr" in self.languages else "nl",
                answers=tuple(int(code) for code in answers[row]),
                backgrounds=tuple(int(band) for band in backgrounds[row]),
                comments=(comments[row],),
            )
            for row in range(n)
        ]

    def _answers(self, unit: str, n: int) -> NDArray[np.int64]:
        told = read_story("answers")
        extra: Mapping[str, float] = told["units"].get(unit, {})
        mood = self.rng.normal(size=n)
        latent: dict[str, Numbers] = {}
        for scale in self.instrument.scales:
            level = told["scales"][scale.key] + extra.get(scale.key, 0.0)
            level += self.change.get(scale.key, 0.0)
            latent[scale.key] = level + _PERSON * mood + _MATTER * self.rng.normal(size=n)
        columns = [self._column(item, latent[item.scale]) for item in self.instrument.items]
        return np.column_stack(columns)

    def _column(self, item: Item, latent: Numbers) -> NDArray[np.int64]:
        n = len(latent)
        is_event = item.format.low == 0
        felt = latent + _MOMENT * self.rng.normal(size=n)
        worse = np.searchsorted(_EVENTS if is_event else _STEPS, felt)
        rises = (self.instrument.scale(item.scale).high_is == "risk") != item.reversed
        codes = worse if rises else item.format.n_values - 1 - worse
        chance = self.rng.random(n)
        refused = _DELICATE if is_event else _PREFERRED_NOT
        codes = np.where(chance < _SKIPPED, MISSING, codes)
        codes = np.where((chance >= _SKIPPED) & (chance < _SKIPPED + refused), PREFER_NOT, codes)
        if item.not_applicable:
            codes = np.where(chance > 1 - _DOES_NOT_APPLY, NOT_APPLICABLE, codes)
        return codes.astype(np.int64)

    def _backgrounds(self, unit: str, n: int) -> NDArray[np.int64]:
        shares: dict[str, Any] = read_story("answers")["bands"]
        columns = []
        for question in self.instrument.backgrounds:
            own = shares.get(unit, {}).get(question.key, shares["usual"][question.key])
            chances = np.array([own[band] for band in question.bands])
            drawn = self.rng.choice(len(question.bands), size=n, p=chances / chances.sum())
            silent = self.rng.random(n) < 2 * _SKIPPED
            columns.append(np.where(silent, PREFER_NOT, drawn))
        return np.column_stack(columns)

    def _comments(self, unit: str, n: int) -> list[str]:
        written = list(read_story("answers")["comments"].get(unit, ()))
        shown = written[: max(0, int(_COMMENTED * n))]
        rows = self.rng.permutation(n)
        places = dict(zip(rows.tolist(), shown, strict=False))
        return [places.get(row, "") for row in range(n)]
