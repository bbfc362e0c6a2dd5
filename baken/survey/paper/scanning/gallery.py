"""Boxes side by side, ordered by their ink, for people to judge where the thresholds stand.

A box without its page says nothing about anybody: no question, no sheet, no order of the scan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from baken.survey.paper.scanning.readings import CROP, BoxCrop, BoxState, Picture

_COLUMNS: Final = 20
_GAP: Final = 4
# Of each state half of the room goes to the least certain boxes, half to a fair sample.
_ROOM: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes that were given one state: how many there were, and a picture (PNG) of some."""

    state: BoxState
    count: int
    least_ink: float
    most_ink: float
    picture: bytes


def make_gallery(crops: Iterable[BoxCrop], room: int = _ROOM) -> tuple[Row, ...]:
    """Return a row for each state that occurs, boxes with least ink first."""
    by_state: dict[BoxState, list[BoxCrop]] = {state: [] for state in BoxState}
    for crop in crops:
        by_state[crop.state].append(crop)
    return tuple(_row(state, found, room) for state, found in by_state.items() if found)


def _row(state: BoxState, crops: Sequence[BoxCrop], room: int) -> Row:
    ordered = sorted(crops, key=lambda crop: (crop.ink, -crop.confidence, crop.picture))
    return Row(
        state,
        len(crops),
        ordered[0].ink,
        ordered[-1].ink,
        _draw(choose(ordered, room)),
    )


def choose(ordered: Sequence[BoxCrop], room: int) -> list[BoxCrop]:
    """Return at most `room` boxes in the order given: the doubtful half and a fair sample."""
    if len(ordered) <= room:
        return list(ordered)
    by_doubt = sorted(range(len(ordered)), key=lambda place: ordered[place].confidence)
    kept = set(by_doubt[: room // 2])
    others = [place for place in range(len(ordered)) if place not in kept]
    evenly = np.linspace(0, len(others) - 1, room - len(kept)).round().astype(int)
    kept |= {others[place] for place in evenly}
    return [ordered[place] for place in sorted(kept)]


def _draw(crops: Sequence[BoxCrop]) -> bytes:
    rows = -(-len(crops) // _COLUMNS)
    pitch = CROP + _GAP
    sheet: Picture = np.full((rows * pitch + _GAP, _COLUMNS * pitch + _GAP), 224, np.uint8)
    for place, crop in enumerate(crops):
        row, column = divmod(place, _COLUMNS)
        top, left = row * pitch + _GAP, column * pitch + _GAP
        piece = np.frombuffer(crop.picture, np.uint8).reshape(CROP, CROP)
        sheet[top : top + CROP, left : left + CROP] = piece
    _, content = cv2.imencode(".png", sheet)
    return content.tobytes()
