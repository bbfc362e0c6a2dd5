"""Which bodies an employer needs, and who answers where one is not there: facts of `organs.toml`.

Committee, then union delegation, then the workers themselves (art. 52 and 53 of the Act of
4 August 1996).
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from baken.actionplan.bodies.rules import BodyKind

FILE: Final = Path(__file__).with_name("organs.toml")


@dataclass(frozen=True, slots=True)
class Organ:
    """From how many workers a body is needed (0: no one number), and who takes its place."""

    kind: BodyKind
    workers_from: int
    source: str
    status: str
    in_its_place: tuple[BodyKind, ...]
    place_source: str
    place_status: str


class Need(StrEnum):
    """How a body stands against the number of workers."""

    HERE = "here"
    MISSING = "missing"  # enough workers, and no such body runs
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"  # nobody counted the workers, or no one number holds


@dataclass(frozen=True, slots=True)
class Place:
    """A body of the law in this organisation; nobody answers where `answers` is None."""

    organ: Organ
    need: Need
    answers: BodyKind | None


@cache
def organs() -> Mapping[BodyKind, Organ]:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))["organ"]
    return {
        BodyKind(key): Organ(
            kind=BodyKind(key),
            workers_from=one["workers_from"],
            source=one["source"],
            status=one["status"],
            in_its_place=tuple(map(BodyKind, one["in_its_place"])),
            place_source=one["place_source"],
            place_status=one["place_status"],
        )
        for key, one in data.items()
    }


def who_answers(asked: BodyKind, present: Collection[BodyKind]) -> BodyKind | None:
    """Who answers a question to a body: itself, or the first in its place that is there.

    The workers themselves are always there, as nobody has to set them up.
    """
    organ = organs().get(asked)
    line = (asked, *(organ.in_its_place if organ else ()))
    return next((one for one in line if one in present or one == BodyKind.WORKERS), None)


def place_of(organ: Organ, present: Collection[BodyKind], *, workers: float | None) -> Place:
    """How a body of the law stands here.

    Parameters
    ----------
    workers : float or None
        The workers as the law counts them; None where nobody counted.
    """
    return Place(organ, _need(organ, present, workers), who_answers(organ.kind, present))


def _need(organ: Organ, present: Collection[BodyKind], workers: float | None) -> Need:
    if organ.kind in present:
        return Need.HERE
    if workers is None or not organ.workers_from:
        return Need.UNKNOWN
    return Need.MISSING if workers >= organ.workers_from else Need.NOT_NEEDED
