"""Bands of a question about the person that are too small, and what to take together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from baken.instruments.definition import Background
from baken.survey.campaigns.stratum import band_totals


class Peopled(Protocol):
    """What says how many people there are; a campaign has all of it."""

    background_headcounts: dict[str, dict[str, int]]
    stratum: Any


def known_headcounts(campaign: Peopled, asked: Sequence[Background]) -> dict[str, dict[str, int]]:
    """Return the people of each band of the questions of which all bands are known.

    They were entered before the launch; where they were not, the category of the codes stands in
    when it has the very bands of the question.
    """
    known = dict(campaign.background_headcounts)
    totals = band_totals(campaign.stratum) if campaign.stratum else {}
    for question in asked:
        if question.key not in known and set(totals) == set(question.bands):
            known[question.key] = totals
    return {
        question.key: {band: known[question.key][band] for band in question.bands}
        for question in asked
        if set(question.bands) <= set(known.get(question.key, {}))
    }


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
