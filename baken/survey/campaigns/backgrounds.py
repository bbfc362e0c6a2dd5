"""Bands of a question about the person that are too small, and what to take together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """A band with too few people, and the neighbour with which it would be enough."""

    band: str
    people: int
    neighbour: str | None
    """None: no neighbour makes it enough; leave the question out or ask in another way."""
    together: int


def advise(counts: Mapping[str, int], bands: Sequence[str], k: int) -> tuple[Advice, ...]:
    """Return what to do about every band with fewer than k people; empty when all are enough.

    The smaller neighbour that suffices is named: taken together, as little as possible is lost.
    """
    found = []
    for place, band in enumerate(bands):
        people = counts.get(band, 0)
        if people >= k:
            continue
        beside = [bands[at] for at in (place - 1, place + 1) if 0 <= at < len(bands)]
        enough = [one for one in beside if people + counts.get(one, 0) >= k and len(bands) > 2]
        chosen = min(enough, key=lambda one: counts.get(one, 0)) if enough else None
        together = people + counts.get(chosen, 0) if chosen is not None else people
        found.append(Advice(band, people, chosen, together))
    return tuple(found)
