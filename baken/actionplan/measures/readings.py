"""What was read of the agreed figure so far, and what each reading says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from baken.actionplan.errors import NoShareAtRisk
from baken.actionplan.findings.queries import get_finding, get_release_of
from baken.actionplan.indicators.cells import CellWithheld, released_cell
from baken.actionplan.indicators.followed import PeriodReading, readings_of
from baken.actionplan.indicators.types import (
    Judgement,
    Reading,
    ScaleIndicator,
    SeriesIndicator,
    Verdict,
)
from baken.actionplan.measures.carrying import list_history
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import list_notes
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import list_releases
from baken.organisation.permissions import Actor
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Point:
    """One later reading; `reading` is None where the release withholds it."""

    on: date
    release_id: UUID | None
    reading: Reading | None
    judgement: Judgement


# A figure that stays hidden shows nothing: neither gain, nor loss, nor that nothing changed.
HIDDEN = Judgement(Verdict.HIDDEN, is_reached=False, change=None)
BEFORE = Judgement(Verdict.BEFORE, is_reached=False, change=None)


def list_points(
    session: Session, measure: Measure, *, by: Actor, releases: Sequence[Release] | None = None
) -> list[Point]:
    """Return the readings of the agreed figure after the first one, oldest first.

    A scale is read from the newest release of each later campaign with the same questionnaire; an
    own figure from the notes, also those of the earlier years that the measure goes on from; a
    series from its later periods. What was read before the measure began is no judgement of it.

    Parameters
    ----------
    releases : sequence of Release, optional
        All releases of the organisation, the newest first, for whoever asks for many measures.
    """
    indicator = measure.indicator
    if not isinstance(indicator, (SeriesIndicator, ScaleIndicator)):
        return _noted(session, measure)
    begun_on = (*list_history(session, measure), measure)[0].starts_on
    if isinstance(indicator, SeriesIndicator):
        found = [_period(one, indicator) for one in readings_of(session, indicator)]
    elif measure.finding_id is None:
        return _noted(session, measure)
    else:
        first = get_release_of(session, get_finding(session, measure.finding_id), by=by)
        known = list_releases(session, by=by) if releases is None else releases
        found = [_released(release, indicator) for release in _later(first, known)]
    return [replace(one, judgement=BEFORE) if one.on < begun_on else one for one in found]


def _period(one: PeriodReading, indicator: SeriesIndicator) -> Point:
    if one.reading is None:
        return Point(one.on, None, None, HIDDEN)
    return Point(one.on, None, one.reading, indicator.judge(one.reading))


def _noted(session: Session, measure: Measure) -> list[Point]:
    noted = [
        (note.noted_at.date(), Reading(note.value))
        for each in (*list_history(session, measure), measure)
        for note in list_notes(session, each.id)
        if note.value is not None
    ]
    return [Point(on, None, reading, measure.indicator.judge(reading)) for on, reading in noted]


def _later(first: Release, releases: Sequence[Release]) -> list[Release]:
    """Another release of the same campaign counts the same answers: it measures nothing new."""
    newest: dict[UUID, Release] = {}
    for release in reversed(releases):
        is_later = release.created_on > first.created_on
        is_same = (release.instrument_key, release.instrument_version) == (
            first.instrument_key,
            first.instrument_version,
        )
        if is_later and is_same and release.campaign_id != first.campaign_id:
            newest[release.campaign_id] = release
    return sorted(newest.values(), key=lambda each: each.created_on)


def _released(release: Release, indicator: ScaleIndicator) -> Point:
    try:
        cell = released_cell(release.results, indicator.unit_key, indicator.scale)
        reading = indicator.read(cell)
    except (CellWithheld, NoShareAtRisk):
        return Point(release.created_on, release.id, None, HIDDEN)
    return Point(release.created_on, release.id, reading, indicator.judge(reading))
