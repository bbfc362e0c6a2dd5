"""Measures that wait for somebody: late, not begun, silent, or to be measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from baken.actionplan.indicators.types import OwnFigure
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.rules import ENDED, MeasureStatus
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

SILENT_FOR: Final = timedelta(days=90)
"""A measure that runs is spoken of at least once in this time."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """When a measure was last written about, and last measured."""

    noted_on: date | None = None
    measured_on: date | None = None


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits of one's own measures; who keeps the plans sees everybody's."""
    if not may(by, Action.FOLLOW_UP):
        return []
    wanted = select(Measure).where(Measure.status.not_in(ENDED))
    if Role.PREVENTION_ADVISER not in by.roles:
        own_units = _units_below(session, by.unit_ids)
        wanted = wanted.where(
            or_(Measure.responsible_id == by.person_id, Measure.unit_id.in_(list(own_units)))
        )
    measures = session.scalars(wanted).all()
    spoken = _list_spoken(session) if measures else {}
    return [
        waiting
        for measure in measures
        if (waiting := next_step(measure, spoken.get(measure.id, Spoken()), today=today))
    ]


def next_step(measure: Measure, spoken: Spoken, *, today: date) -> Waiting | None:
    """Return the one thing that a measure asks for today; None when it is on its way."""
    path = f"/measures/{measure.id}"
    if measure.ends_on < today:
        return Waiting(kind="measure_late", path=path, what=measure.title, due_on=measure.ends_on)
    if measure.status != MeasureStatus.RUNNING:
        if measure.starts_on > today:
            return None
        return Waiting(
            kind="measure_begin", path=path, what=measure.title, due_on=measure.starts_on
        )
    indicator = measure.indicator
    if isinstance(indicator, OwnFigure) and _is_to_measure(indicator.by_on, spoken, today):
        return Waiting(
            kind="measure_figure", path=f"{path}/note", what=measure.title, due_on=indicator.by_on
        )
    last = max(spoken.noted_on or measure.starts_on, measure.starts_on)
    if today - last >= SILENT_FOR:
        return Waiting(
            kind="measure_silent", path=f"{path}/note", what=measure.title, since_on=last
        )
    return None


def _is_to_measure(by_on: date, spoken: Spoken, today: date) -> bool:
    return by_on <= today and (spoken.measured_on is None or spoken.measured_on < by_on)


def _list_spoken(session: Session) -> dict[UUID, Spoken]:
    noted = _newest(session, only_values=False)
    measured = _newest(session, only_values=True)
    return {key: Spoken(on, measured.get(key)) for key, on in noted.items()}


def _newest(session: Session, *, only_values: bool) -> Mapping[UUID, date]:
    newest = select(ProgressNote.measure_id, func.max(ProgressNote.noted_at))
    if only_values:
        newest = newest.where(ProgressNote.value.is_not(None))
    rows = session.execute(newest.group_by(ProgressNote.measure_id))
    return {measure_id: at.date() for measure_id, at in rows}


def _units_below(session: Session, heads: frozenset[UUID]) -> frozenset[UUID]:
    """Return these units and all below them."""
    if not heads:
        return frozenset()
    children: dict[UUID | None, list[UUID]] = {}
    for unit_id, parent_id in session.execute(select(Unit.id, Unit.parent_id)):
        children.setdefault(parent_id, []).append(unit_id)
    found: set[UUID] = set()
    ahead = list(heads)
    while ahead:
        unit_id = ahead.pop()
        if unit_id not in found:
            found.add(unit_id)
            ahead += children.get(unit_id, [])
    return frozenset(found)
