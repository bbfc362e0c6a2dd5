"""The recommendation score as a page shows it: never without its three shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from baken.survey.disclosure.thresholds import threshold
from baken.survey.disclosure.tree import ROOT
from baken.web import numerals
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_views import UnitHead, unit_head

WIDTH: Final = 200
CLASSES: Final = (("against", 0), ("neutral", 2), ("recommending", 4))


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the three shares, and where it lies in the bar."""

    kind: str
    share: float
    left: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a cell as people read it, with its margin and its shares."""

    n: int
    score: str
    low: str
    high: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    """The whole organisation, and every unit with its score or without."""

    whole: Score | None
    units: tuple[tuple[UnitHead, Score | None], ...]
    least: int


def recommended_view(reading: Reading) -> Recommended | None:
    """Lay out the scores of a release; None when the question was not asked, or not counted."""
    asked = reading.instrument.recommendation
    cells: Mapping[str, Any] | None = reading.results.get("recommendation", {}).get(asked)
    if cells is None:
        return None
    min_group = reading.instrument.scale(asked).min_group
    language = reading.say.language
    heads = [unit_head(reading, unit) for unit in reading.ordered_units()]
    return Recommended(
        whole=_score(cells.get(ROOT), language),
        units=tuple((head, _score(cells.get(head.key), language)) for head in heads),
        least=2 * threshold(reading.results["min_group"], min_group),
    )


def _score(figures: Mapping[str, Any] | None, language: str) -> Score | None:
    if figures is None:
        return None
    return Score(
        n=figures["n"],
        score=numerals.signed(figures["score"], language),
        low=numerals.signed(figures["low"], language),
        high=numerals.signed(figures["high"], language),
        pieces=_pieces(figures),
    )


def _pieces(figures: Mapping[str, Any]) -> tuple[Piece, ...]:
    pieces, left = [], 0.0
    for kind, shade in CLASSES:
        share = figures[kind]
        pieces.append(Piece(kind, share, round(left, 2), round(WIDTH * share, 2), shade))
        left += WIDTH * share
    return tuple(pieces)
