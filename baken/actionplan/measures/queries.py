"""Reading measures, their notes and where they happen."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.rules import PlanWarning, list_warnings
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.references import find
from baken.storage.session import Session


def get_measure(session: Session, measure_id: UUID) -> Measure:
    """Return one measure."""
    return find(session, Measure, measure_id)


def list_measures(
    session: Session,
    *,
    annual_plan_id: UUID | None = None,
    objective_ids: Iterable[UUID] | None = None,
) -> list[Measure]:
    """Return measures in the order in which they start: all, of one year or of objectives."""
    wanted = select(Measure).order_by(Measure.starts_on, Measure.title, Measure.id)
    if annual_plan_id is not None:
        wanted = wanted.where(Measure.annual_plan_id == annual_plan_id)
    if objective_ids is not None:
        wanted = wanted.where(Measure.objective_id.in_(list(objective_ids)))
    return list(session.scalars(wanted))


def list_notes(session: Session, measure_id: UUID) -> list[ProgressNote]:
    """Return the notes on a measure, oldest first."""
    wanted = select(ProgressNote).where(ProgressNote.measure_id == measure_id)
    return list(session.scalars(wanted.order_by(ProgressNote.noted_at, ProgressNote.id)))


def warnings_of(measures: Iterable[Measure]) -> tuple[PlanWarning, ...]:
    """What the measures of a plan lack together."""
    return list_warnings(
        (PreventionLevel(measure.prevention_level), Scope(measure.scope)) for measure in measures
    )
