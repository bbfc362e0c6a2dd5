"""Measures of units that end: who is warned, and where the measures go."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.measures import queries, rules
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import ENDED, MeasureStatus, PlanFrame
from baken.actionplan.references import find
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def list_open_in(session: Session, unit_ids: Collection[UUID]) -> list[Measure]:
    """Return the measures of these units that are not over, in the order in which they start."""
    asked = (
        select(Measure)
        .where(Measure.unit_id.in_(list(unit_ids)), Measure.status.not_in(ENDED))
        .order_by(Measure.starts_on, Measure.title, Measure.id)
    )
    return list(session.scalars(asked))


def move_to_unit(
    session: Session,
    measure_id: UUID,
    unit_id: UUID | None,
    *,
    heirs: Collection[UUID],
    within: PlanFrame,
    seen: int,
    by: Actor,
) -> Measure:
    """Move a measure of a unit that ended to one that went on from it, or to the whole house.

    Parameters
    ----------
    heirs : collection of UUID
        The units in which the one that ended goes on.
    """
    require(by, Action.EDIT_PLANS)
    measure = queries.get_measure(session, measure_id)
    check_version(measure, seen)
    rules.check_may_change(MeasureStatus(measure.status), within)
    if unit_id is not None:
        find(session, Unit, unit_id)
        if unit_id not in heirs:
            raise Invalid(
                "actionplan.no_successor",
                "This unit did not follow the one that ended. Choose one that did, or the whole "
                "organisation.",
            )
    measure.unit_id = unit_id
    session.flush()
    record(session, "measure.moved", by=by.person_id, subject=f"measure:{measure.id}")
    return measure
