"""Measures that wait for somebody: late, not begun, silent, or to be measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from baken.actionplan.findings.models import Finding
from baken.actionplan.indicators.types import OwnFigure, ScaleIndicator
from baken.actionplan.measures.carrying import carried_ids
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.reviewing import last_reviewed
from baken.actionplan.measures.rules import ENDED, MeasureStatus
from baken.actionplan.references import list_units_below
from baken.analysis.releases.models import Release
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

SILENT_FOR: Final = timedelta(days=90)
"""A measure that runs is spoken of at least once in this time."""

REVIEWED_EVERY: Final = timedelta(days=365)
"""A measure is looked back at once a year at least (art. I.3-6 of the codex)."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """When a measure was last written about, measured and looked back at, and what came since.

    `released_on` is the day of the newest results of a survey, `unit_ended_on` the last day of the
    unit in which it happens; `is_carried`: it goes on in the plan of a later year.
    """

    noted_on: date | None = None
    measured_on: date | None = None
    reviewed_on: date | None = None
    released_on: date | None = None
    unit_ended_on: date | None = None
    is_carried: bool = False


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits of one's own measures; who keeps the plans sees everybody's."""
    if not may(by, Action.FOLLOW_UP):
        return []
    wanted = select(Measure).where(Measure.status.not_in(ENDED))
    if Role.PREVENTION_ADVISER not in by.roles:
        own_units = list_units_below(session, by.unit_ids)
        wanted = wanted.where(
            or_(Measure.responsible_id == by.person_id, Measure.unit_id.in_(list(own_units)))
        )
    measures = session.scalars(wanted).all()
    spoken = _list_spoken(session, measures, today=today) if measures else {}
    return [
        waiting
        for measure in measures
        if (waiting := next_step(measure, spoken.get(measure.id, Spoken()), today=today))
    ]


def next_step(measure: Measure, spoken: Spoken, *, today: date) -> Waiting | None:
    """Return the one thing that a measure asks for today; None when it is on its way."""
    if spoken.is_carried and measure.ends_on < today:
        return None  # its plan goes on elsewhere; the end of the year closes it
    path = f"/measures/{measure.id}"
    if spoken.unit_ended_on is not None:
        return Waiting(
            kind="measure_unit_ended",
            path=path,
            what=measure.title,
            since_on=spoken.unit_ended_on,
        )
    if measure.ends_on < today:
        return Waiting(kind="measure_late", path=path, what=measure.title, due_on=measure.ends_on)
    if measure.status != MeasureStatus.RUNNING:
        if measure.starts_on > today:
            return None
        return Waiting(
            kind="measure_begin", path=path, what=measure.title, due_on=measure.starts_on
        )
    return _of_running(measure, spoken, path, today)


def _of_running(measure: Measure, spoken: Spoken, path: str, today: date) -> Waiting | None:
    indicator = measure.indicator
    if isinstance(indicator, OwnFigure) and _is_to_measure(indicator.by_on, spoken, today):
        return Waiting(
            kind="measure_figure", path=f"{path}/note", what=measure.title, due_on=indicator.by_on
        )
    since = review_since(measure, spoken)
    if since is not None and since <= today:
        return Waiting(
            kind="measure_review", path=f"{path}/review", what=measure.title, since_on=since
        )
    last = max(spoken.noted_on or measure.starts_on, measure.starts_on)
    if today - last >= SILENT_FOR:
        return Waiting(
            kind="measure_silent", path=f"{path}/note", what=measure.title, since_on=last
        )
    return None


def review_since(measure: Measure, spoken: Spoken) -> date | None:
    """Since when somebody has to look back at a measure that runs; None when nobody has to.

    At once when results or a figure came after the last look back, and a year after it.
    """
    seen = max(spoken.reviewed_on or measure.starts_on, measure.starts_on)
    is_scale = isinstance(measure.indicator, ScaleIndicator)
    fresh = spoken.released_on if is_scale else None
    if fresh is not None and fresh > seen:
        return fresh
    return seen + REVIEWED_EVERY


def _is_to_measure(by_on: date, spoken: Spoken, today: date) -> bool:
    return by_on <= today and (spoken.measured_on is None or spoken.measured_on < by_on)


def _list_spoken(
    session: Session, measures: Sequence[Measure], *, today: date
) -> dict[UUID, Spoken]:
    noted = _newest(session, only_values=False)
    measured = _newest(session, only_values=True)
    ids = [measure.id for measure in measures]
    reviewed = last_reviewed(session, ids)
    carried = carried_ids(session, measures)
    released = _list_released(session, ids)
    ended = _list_ended(session, today)
    return {
        measure.id: Spoken(
            noted.get(measure.id),
            measured.get(measure.id),
            reviewed.get(measure.id),
            released.get(measure.id),
            ended.get(measure.unit_id) if measure.unit_id else None,
            measure.id in carried,
        )
        for measure in measures
    }


def _list_released(session: Session, measure_ids: Iterable[UUID]) -> Mapping[UUID, date]:
    """The newest results of a later survey with the questionnaire that a measure began with."""
    first, later = aliased(Release), aliased(Release)
    asked = (
        select(Measure.id, func.max(later.created_on))
        .join(Finding, Finding.id == Measure.finding_id)
        .join(first, first.id == Finding.release_id)
        .join(
            later,
            and_(
                later.instrument_key == first.instrument_key,
                later.instrument_version == first.instrument_version,
                later.campaign_id != first.campaign_id,
            ),
        )
        .where(Measure.id.in_(list(measure_ids)))
        .group_by(Measure.id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _list_ended(session: Session, today: date) -> Mapping[UUID, date]:
    asked = select(Unit.id, Unit.until_on).where(Unit.until_on < today)
    return {unit_id: on for unit_id, on in session.execute(asked) if on is not None}


def _newest(session: Session, *, only_values: bool) -> Mapping[UUID, date]:
    newest = select(ProgressNote.measure_id, func.max(ProgressNote.noted_at))
    if only_values:
        newest = newest.where(ProgressNote.value.is_not(None))
    rows = session.execute(newest.group_by(ProgressNote.measure_id))
    return {measure_id: at.date() for measure_id, at in rows}
