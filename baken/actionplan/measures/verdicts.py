"""What the agreed figures of several measures say by now, for lists and boards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.indicators.types import OwnFigure, Reading, ScaleIndicator, Verdict
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.sight import may_see_agreed
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import list_releases
from baken.organisation.permissions import Actor
from baken.storage.session import Session


class SaidSoFar(StrEnum):
    """What the figure of a measure says; unread while nobody read it since the measure began."""

    MOVED = "moved"
    NOT_SHOWN = "not_shown"
    WORSE = "worse"
    HIDDEN = "hidden"
    UNREAD = "unread"


def list_verdicts(
    session: Session, measures: Iterable[Measure], *, by: Actor, today: date
) -> Mapping[UUID, SaidSoFar]:
    """Return what the newest reading of each measure says.

    A measure whose figures this person may not see is missing: that it moved would say them too.
    """
    asked = list(measures)
    shelf = _Shelf(
        session,
        by,
        releases=_releases_for(session, asked, by),
        noted=_newest_noted(session, [one for one in asked if _is_noted(one)]),
    )
    return {
        one.id: shelf.read(one) for one in asked if may_see_agreed(session, one, by=by, today=today)
    }


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What several measures are read from, fetched once."""

    session: Session
    by: Actor
    releases: Sequence[Release]
    noted: Mapping[UUID, float]

    def read(self, measure: Measure) -> SaidSoFar:
        """The newest reading in one word."""
        if _is_noted(measure):
            if measure.id not in self.noted:
                return SaidSoFar.UNREAD
            judged = measure.indicator.judge(Reading(self.noted[measure.id]))
            return SaidSoFar(judged.verdict)
        points = list_points(self.session, measure, by=self.by, releases=self.releases)
        last = points[-1].judgement.verdict if points else Verdict.BEFORE
        return SaidSoFar.UNREAD if last is Verdict.BEFORE else SaidSoFar(last)


def _is_noted(measure: Measure) -> bool:
    return isinstance(measure.indicator, OwnFigure)


def _releases_for(session: Session, measures: Iterable[Measure], by: Actor) -> Sequence[Release]:
    is_needed = any(isinstance(one.indicator, ScaleIndicator) for one in measures)
    return list_releases(session, by=by) if is_needed else ()


def _newest_noted(session: Session, measures: Collection[Measure]) -> dict[UUID, float]:
    """The newest figure that was noted for each, in this year or in those it goes on from."""
    if not measures:
        return {}
    noted = select(ProgressNote.measure_id, ProgressNote.value).where(
        ProgressNote.value.is_not(None)
    )
    # The last of each remains.
    rows = session.execute(noted.order_by(ProgressNote.noted_at, ProgressNote.id))
    values = {row.measure_id: row.value for row in rows}
    years = session.execute(select(Measure.id, Measure.continues_id))
    before = {row.id: row.continues_id for row in years}
    found = {one.id: _first_of(one.id, values, before) for one in measures}
    return {measure_id: value for measure_id, value in found.items() if value is not None}


def _first_of(
    measure_id: UUID, values: Mapping[UUID, float | None], before: Mapping[UUID, UUID | None]
) -> float | None:
    at: UUID | None = measure_id
    seen: set[UUID] = set()
    while at is not None and at not in seen:
        if at in values:
            return values[at]
        seen.add(at)
        at = before.get(at)
    return None
